import { Configuration, CustomersApi, OrdersApi, ProductsApi, ResponseError } from "../clients/typescript-fetch";
import { key, order, product, tenant, tour, url } from "./tour";

const configuration = new Configuration({ basePath: url, accessToken: key, apiKey: tenant });
const customers = new CustomersApi(configuration);
const orders = new OrdersApi(configuration);
const products = new ProductsApi(configuration);

await tour({
  createProduct: () => products.createProduct({ productCreate: product }),
  createOrder: () => orders.createOrder({ orderCreate: order }),
  deleteCustomer: async (customerId) => {
    try {
      await customers.deleteCustomer({ customerId });
      return undefined;
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      return (await error.response.json()).error.code;
    }
  },
  cancelOrder: (orderId) => orders.cancelOrder({ orderId, orderCancel: {} }),
  listCustomers: async (status) => (await customers.listCustomers({ status })).customers,
  reactivate: async (customerId) => {
    const customerUpdate = { status: "active" } as const;
    return (await customers.updateCustomer({ customerId, customerUpdate })).customer.status;
  },
});
