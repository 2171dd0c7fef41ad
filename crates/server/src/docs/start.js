"use strict";

// Shows the operations at once; what the contract says in general can be unfolded above them.
const general = () => ({
  wrapComponents: {
    InfoContainer: (Info, { React }) => (props) =>
      React.createElement(
        "details",
        { className: "general" },
        React.createElement("summary", null, "Keys, lists, errors: what all operations have in common"),
        React.createElement(Info, props),
      ),
  },
});

// A form with a file cannot be filled in beforehand: where a body may also be sent without one, that
// stands first.
const formsLast = (response) => {
  if (response.url.endsWith("/openapi.json")) {
    const contract = JSON.parse(response.text);
    for (const item of Object.values(contract.paths)) {
      for (const { requestBody } of Object.values(item)) {
        const types = Object.entries(requestBody?.content ?? {});
        types.sort(([a], [b]) => a.startsWith("multipart/") - b.startsWith("multipart/"));
        if (types.length > 1) requestBody.content = Object.fromEntries(types);
      }
    }
    response.text = JSON.stringify(contract);
  }
  return response;
};

window.addEventListener("load", () => {
  const page = document.getElementById("operations");
  const { key, tenant } = page.dataset;
  const ui = SwaggerUIBundle({
    domNode: page,
    url: "../openapi.json",
    layout: "BaseLayout",
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [general],
    deepLinking: true,
    displayOperationId: true,
    displayRequestDuration: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
    // The public validator would be asked over the network.
    validatorUrl: null,
    responseInterceptor: formsLast,
    onComplete: () => {
      // Only the page of a demo knows a key. It is kept for as long as the page is open.
      if (key) {
        ui.preauthorizeApiKey("bearerAuth", key);
        ui.preauthorizeApiKey("tenantId", tenant);
      }
    },
  });
});
