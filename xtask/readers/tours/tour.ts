// The five minutes of the README, for every client in TypeScript: each gives the calls below.
import { deepStrictEqual, ok } from "node:assert";

export const url = process.env.FLEXPORTAL_URL!;
export const key = process.env.FLEXPORTAL_KEY!;
export const tenant = process.env.FLEXPORTAL_TENANT!;
export const name = process.env.FLEXPORTAL_TOUR!;

export const product = {
  productSku: name,
  name: "Notebook",
  specification: "16 GB",
  category: "Laptops",
  brand: "Example",
  variants: [
    {
      variantSku: `${name}-14`,
      variantName: "Notebook 14",
      grade: "A",
      pricing: [{ contractLength: 12, monthlyPrice: 49.9 }],
    },
  ],
};

export const order = {
  customer: { email: `${name}@example.com`, firstName: "Ada", lastName: "Lovelace" },
  billingAddress: {
    contactName: "Ada Lovelace",
    streetAddress: "Torstrasse 1",
    city: "Berlin",
    country: "DE",
  },
  items: [{ sku: `${name}-14`, quantity: 1 }],
};

type Listed = { customerId: string }[];

export interface Calls {
  createProduct(): Promise<unknown>;
  createOrder(): Promise<{ orderId: string; order: { customer: { customerId: string } } }>;
  /** The code of the refusal, or undefined. */
  deleteCustomer(customerId: string): Promise<string | undefined>;
  cancelOrder(orderId: string): Promise<unknown>;
  listCustomers(status?: "inactive"): Promise<Listed>;
  reactivate(customerId: string): Promise<string>;
}

export async function tour(calls: Calls): Promise<void> {
  await calls.createProduct();
  const { orderId, order } = await calls.createOrder();
  const { customerId } = order.customer;
  deepStrictEqual(await calls.deleteCustomer(customerId), "CUSTOMER_HAS_PENDING_ORDERS");
  await calls.cancelOrder(orderId);
  deepStrictEqual(await calls.deleteCustomer(customerId), undefined);
  const has = (list: Listed) => list.some((it) => it.customerId === customerId);
  ok(!has(await calls.listCustomers()));
  ok(has(await calls.listCustomers("inactive")));
  deepStrictEqual(await calls.reactivate(customerId), "active");
}
