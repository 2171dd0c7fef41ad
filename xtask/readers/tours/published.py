"""The life of a rental with a client of the published contract, which knows nothing of what was
added here: only the confirmation of orders, which the published API lacks, is sent by hand."""

from published_client import AuthenticatedClient
from published_client.api.assets import create_asset, delete_asset, get_asset, update_asset
from published_client.api.customers import (
    delete_customer,
    get_customer,
    list_customers,
    update_customer,
)
from published_client.api.orders import cancel_order, create_order, get_order, update_order_notes
from published_client.api.products import create_product, list_products, list_variants
from published_client.api.subscriptions import (
    buyout_subscription,
    calculate_buyout_price,
    cancel_subscription,
    create_subscription,
    early_return_subscription,
    extend_subscription,
    get_subscription,
    list_subscriptions,
    replace_subscription_device,
)

from tour import KEY, NAME, ORDER, PRODUCT, TENANT, URL

client = AuthenticatedClient(base_url=URL, token=KEY)
SKU = f"{NAME}-14"


def call(operation, *path, body=None, expected=200, **query):
    """What `operation` answers; a body is made from JSON by the model that the client has for it."""
    if body is not None:
        name = operation.sync_detailed.__annotations__["body"]
        kind = next(it for it in getattr(name, "__args__", [name]) if hasattr(it, "from_dict"))
        query["body"] = kind.from_dict(body)
    answer = operation.sync_detailed(*path, client=client, tenant_id=TENANT, **query)
    assert answer.status_code == expected, answer
    return answer.parsed


def device(number, status="available"):
    at = "2026-01-01T00:00:00Z"
    return {
        "serialNumber": f"{NAME}-{number}", "tenantId": TENANT, "sku": SKU, "productName": "Notebook",
        "status": status, "createdAt": at, "updatedAt": at,
    }


call(create_product, body=PRODUCT, expected=201)
assert call(list_products).count >= 1
assert call(list_variants, product_sku=NAME).variants[0].variant_sku == SKU
for number in range(6):
    call(create_asset, body=device(number), expected=201)

order = {**ORDER, "items": [{"sku": SKU, "quantity": 4, "contractLength": 12}]}
order = call(create_order, body=order, expected=201).order
customer = order.customer.customer_id
call(update_order_notes, order.order_id, body={"notes": "ring twice"})
path = f"/v1/orders/{order.order_id}/confirm"
confirmed = client.get_httpx_client().post(path, headers={"Tenant-ID": TENANT})
assert confirmed.status_code == 200, confirmed.text

rentals = []
for number in range(4):
    body = {"orderId": order.order_id, "assetSerialNumber": f"{NAME}-{number}", "customerId": customer}
    rentals.append(call(create_subscription, body=body, expected=201).rental_id)
assert call(get_order, order.order_id).status.value == "fulfilled"
assert call(list_subscriptions, customer_id=customer).count == 4
assert call(delete_customer, customer, expected=409) is None  # The published contract has no 409.

extended, bought, returned, cancelled = rentals
call(extend_subscription, extended, body={"rentalId": extended, "extensionMonths": 6, "reason": "longer"})
call(replace_subscription_device, extended, body={
    "rentalId": extended, "newSerialNumber": f"{NAME}-4", "replacementReason": "damaged"})
call(calculate_buyout_price, body={"rentalId": bought})
call(buyout_subscription, bought, body={"rentalId": bought, "reason": "customer_request"})
call(early_return_subscription, returned, body={
    "rentalId": returned, "returnCondition": "good", "reason": "done"})
for rental in (extended, cancelled):
    call(cancel_subscription, rental, body={"rentalId": rental, "reason": "customer_request"})
assert call(get_subscription, extended).status.value == "cancelled"
for number in (3, 4):
    call(update_asset, f"{NAME}-{number}", body=device(number, "returned"))
    assert call(get_asset, f"{NAME}-{number}").status.value == "returned"

second = {**ORDER, "items": [{"sku": SKU, "quantity": 1, "contractLength": 12}]}
second = call(create_order, body=second, expected=201)
call(cancel_order, second.order_id, body={"reason": "changed her mind"})
call(delete_customer, customer)
assert customer not in [it.customer_id for it in call(list_customers).customers]
assert customer in [it.customer_id for it in call(list_customers, status="inactive").customers]
call(update_customer, customer, body={"customerId": customer, "status": "active"})
assert call(get_customer, customer).status.value == "active"
call(delete_asset, f"{NAME}-5")
