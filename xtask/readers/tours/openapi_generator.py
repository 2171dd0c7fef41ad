import json

import openapi_client as api

from tour import KEY, ORDER, PRODUCT, TENANT, URL, tour

configuration = api.Configuration(host=URL, access_token=KEY, api_key={"tenantId": TENANT})
client = api.ApiClient(configuration)
customers, orders, products = api.CustomersApi(client), api.OrdersApi(client), api.ProductsApi(client)


class Calls:
    def create_product(self):
        return products.create_product(api.ProductCreate.from_dict(PRODUCT))

    def create_order(self):
        return orders.create_order(api.OrderCreate.from_dict(ORDER))

    def delete_customer(self, customer):
        try:
            customers.delete_customer(customer)
        except api.ApiException as refusal:
            return json.loads(refusal.body)["error"]["code"]

    def cancel_order(self, order):
        return orders.cancel_order(order, order_cancel=api.OrderCancel())

    def list_customers(self, status):
        status = api.CustomerStatusFilter(status) if status else None
        return customers.list_customers(status=status).customers

    def reactivate(self, customer):
        update = api.CustomerUpdate(status="active")
        return customers.update_customer(customer, customer_update=update).customer.status.value


tour(Calls())
