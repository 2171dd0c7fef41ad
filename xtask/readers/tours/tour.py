"""The five minutes of the README, for every client in Python: each gives the calls below."""

import os

URL = os.environ["FLEXPORTAL_URL"]
KEY = os.environ["FLEXPORTAL_KEY"]
TENANT = os.environ["FLEXPORTAL_TENANT"]
NAME = os.environ["FLEXPORTAL_TOUR"]

PRODUCT = {
    "productSku": NAME,
    "name": "Notebook",
    "specification": "16 GB",
    "category": "Laptops",
    "brand": "Example",
    "variants": [
        {
            "variantSku": f"{NAME}-14",
            "variantName": "Notebook 14",
            "grade": "A",
            "pricing": [{"contractLength": 12, "monthlyPrice": 49.9}],
        }
    ],
}

ORDER = {
    "customer": {"email": f"{NAME}@example.com", "firstName": "Ada", "lastName": "Lovelace"},
    "billingAddress": {
        "contactName": "Ada Lovelace",
        "streetAddress": "Torstrasse 1",
        "city": "Berlin",
        "country": "DE",
    },
    "items": [{"sku": f"{NAME}-14", "quantity": 1}],
}


def tour(calls):
    """`calls` has create_product, create_order, delete_customer (the code of a refusal or None),
    cancel_order, list_customers (status or None) and reactivate (the status)."""
    calls.create_product()
    order = calls.create_order()
    customer = order.order.customer.customer_id
    assert calls.delete_customer(customer) == "CUSTOMER_HAS_PENDING_ORDERS"
    calls.cancel_order(order.order_id)
    assert calls.delete_customer(customer) is None
    assert customer not in [it.customer_id for it in calls.list_customers(None)]
    assert customer in [it.customer_id for it in calls.list_customers("inactive")]
    assert calls.reactivate(customer) == "active"
