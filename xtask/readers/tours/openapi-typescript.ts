import createClient from "openapi-fetch";
import type { paths } from "../clients/openapi-typescript/schema";
import { key, order, product, tenant, tour, url } from "./tour";

const client = createClient<paths>({
  baseUrl: url,
  headers: { Authorization: `Bearer ${key}`, "Tenant-ID": tenant },
});

function data<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

await tour({
  createProduct: async () =>
    data(await client.POST("/v1/products", { body: { ...product, variants: product.variants } })),
  createOrder: async () => data(await client.POST("/v1/orders", { body: order })),
  deleteCustomer: async (customerId) => {
    const path = { customerId };
    const { error } = await client.DELETE("/v1/customers/{customerId}", { params: { path } });
    return error?.error.code;
  },
  cancelOrder: async (orderId) => {
    const path = { orderId };
    return data(await client.POST("/v1/orders/{orderId}/cancel", { params: { path }, body: {} }));
  },
  listCustomers: async (status) =>
    data(await client.GET("/v1/customers", { params: { query: { status } } })).customers,
  reactivate: async (customerId) => {
    const path = { customerId };
    const body = { status: "active" } as const;
    const params = { path };
    return data(await client.PUT("/v1/customers/{customerId}", { params, body })).customer.status;
  },
});
