import { client } from "../clients/hey-api/client.gen";
import * as api from "../clients/hey-api/sdk.gen";
import { key, order, product, tenant, tour, url } from "./tour";

client.setConfig({
  baseUrl: url,
  auth: (scheme) => (scheme.scheme === "bearer" ? key : tenant),
});

const throwOnError = true;

await tour({
  createProduct: () => api.createProduct({ body: product, throwOnError }),
  createOrder: async () => (await api.createOrder({ body: order, throwOnError })).data,
  deleteCustomer: async (customerId) =>
    (await api.deleteCustomer({ path: { customerId } })).error?.error.code,
  cancelOrder: (orderId) => api.cancelOrder({ path: { orderId }, body: {}, throwOnError }),
  listCustomers: async (status) =>
    (await api.listCustomers({ query: { status }, throwOnError })).data.customers,
  reactivate: async (customerId) => {
    const path = { customerId };
    const body = { status: "active" } as const;
    return (await api.updateCustomer({ path, body, throwOnError })).data.customer.status;
  },
});
