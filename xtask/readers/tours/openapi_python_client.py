from flex_portal_api_client import AuthenticatedClient, models
from flex_portal_api_client.api.customers import delete_customer, list_customers, update_customer
from flex_portal_api_client.api.orders import cancel_order, create_order
from flex_portal_api_client.api.products import create_product

from tour import KEY, ORDER, PRODUCT, TENANT, URL, tour

client = AuthenticatedClient(base_url=URL, token=KEY, headers={"Tenant-ID": TENANT})


def done(answer):
    assert not isinstance(answer, models.ErrorBody), answer
    return answer


class Calls:
    def create_product(self):
        body = models.ProductCreate.from_dict(PRODUCT)
        return done(create_product.sync(client=client, body=body))

    def create_order(self):
        return done(create_order.sync(client=client, body=models.OrderCreate.from_dict(ORDER)))

    def delete_customer(self, customer):
        answer = delete_customer.sync(customer, client=client)
        return answer.error.code.value if isinstance(answer, models.ErrorBody) else None

    def cancel_order(self, order):
        return done(cancel_order.sync(order, client=client, body=models.OrderCancel()))

    def list_customers(self, status):
        status = {"status": models.CustomerStatusFilter(status)} if status else {}
        return done(list_customers.sync(client=client, **status)).customers

    def reactivate(self, customer):
        body = models.CustomerUpdate(status=models.CustomerStatus.ACTIVE)
        return done(update_customer.sync(customer, client=client, body=body)).customer.status.value


tour(Calls())
