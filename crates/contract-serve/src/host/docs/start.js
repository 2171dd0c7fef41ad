"use strict";

// Shows the operations at once; what the contract says in general can be unfolded above them.
const general = () => ({
  wrapComponents: {
    InfoContainer: (Info, { React }) => (props) =>
      React.createElement(
        "details",
        { className: "general" },
        React.createElement("summary", null, "What all operations have in common"),
        React.createElement(Info, props),
      ),
  },
});

// Swagger UI resolves an operation when it is unfolded, and fills in its body after that. Pressed before,
// Execute finds no operation, or no body, and is never heard of again.
const patient = (system) => {
  const ready = ({ path, method, operation }) => {
    const resolved = system.specSelectors.specResolvedSubtree(["paths", path, method]);
    const required = operation.getIn(["requestBody", "required"]);
    return Boolean(resolved?.size) && (!required || system.oas3Selectors.requestBodyValue(path, method) !== undefined);
  };
  return {
    wrapComponents: {
      execute: (Execute, { React }) => (props) => {
        const now = React.useSyncExternalStore(system.getStore().subscribe, () => ready(props));
        return React.createElement(Execute, { ...props, disabled: props.disabled || !now });
      },
    },
  };
};

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
  const credentials = JSON.parse(page.dataset.credentials ?? "{}");
  const ui = SwaggerUIBundle({
    domNode: page,
    url: "../openapi.json",
    layout: "BaseLayout",
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [general, patient, quick],
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
      for (const [scheme, value] of Object.entries(credentials)) ui.preauthorizeApiKey(scheme, value);
    },
  });
});
