//! What the contract says of every operation and every code: what all of them must have.

use std::collections::BTreeMap;

use serde_json::Value;

fn contract() -> Value {
    serde_json::from_str(api::CONTRACT_JSON).expect("the contract is JSON")
}

/// The codes by their status, for ever: programs branch on them.
const CODES: [(u64, &[&str]); 11] = [
    (
        400,
        &[
            "VALIDATION_ERROR",
            "ORDER_NOT_CANCELLABLE",
            "ALREADY_CANCELLED",
            "ALREADY_ENDED",
            "ALREADY_PAID",
            "PAYMENT_CANCELLED",
            "PAYMENT_PROCESSING",
            "VARIANT_NOT_FOUND",
            "VARIANT_INACTIVE",
            "INVALID_CONTRACT_LENGTH",
            "ORDER_NOT_FOUND",
            "ORDER_NOT_CONFIRMED",
            "ITEM_FULLY_FULFILLED",
            "ASSET_NOT_FOUND",
            "ASSET_NOT_AVAILABLE",
            "SKU_MISMATCH",
            "SUBSCRIPTION_NOT_ACTIVE",
            "INVALID_EXTENSION_MONTHS",
            "INVALID_BUYOUT_PRICE",
            "INVALID_FEE",
            "INVALID_STATUS",
            "INVALID_PRICING",
            "INVALID_BILLING_DAY",
            "CUSTOMER_NOT_FOUND",
            "SUBSCRIPTION_NOT_FOUND",
            "SUBSCRIPTION_DIFFERENT_CUSTOMER",
            "TEMPLATE_NOT_FOUND",
            "CUSTOMER_INACTIVE",
            "CUSTOMER_NOT_BUSINESS",
            "BILLING_GROUP_NOT_FOUND",
            "BILLING_GROUP_INACTIVE",
            "ORDER_NOT_CONFIRMABLE",
            "EXTENSION_NOT_ALLOWED",
            "FEATURE_DISABLED",
            "CONTRACT_NOT_ENDED",
        ],
    ),
    (401, &["AUTH_REQUIRED", "INVALID_TOKEN"]),
    (403, &["NO_TENANT_ACCESS", "INSUFFICIENT_PERMISSIONS"]),
    (404, &["NOT_FOUND"]),
    (405, &["METHOD_NOT_ALLOWED"]),
    (
        409,
        &[
            "ASSET_EXISTS",
            "IDEMPOTENCY_KEY_REUSED",
            "VARIANT_IN_USE",
            "DUPLICATE_SKU",
            "PRODUCT_HAS_ACTIVE_ORDERS",
            "ASSET_IN_USE",
            "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS",
            "CUSTOMER_HAS_PENDING_ORDERS",
            "CUSTOMER_HAS_UNRETURNED_DEVICES",
            "EMAIL_IN_USE",
        ],
    ),
    (412, &["PRECONDITION_FAILED"]),
    (413, &["PAYLOAD_TOO_LARGE"]),
    (415, &["UNSUPPORTED_MEDIA_TYPE"]),
    (429, &["RATE_LIMITED"]),
    (500, &["DELETE_FAILED", "INTERNAL_ERROR"]),
];

#[test]
fn each_code_has_one_status_for_ever() {
    let contract = contract();
    let codes = &contract["components"]["schemas"]["ErrorCode"];
    let mut left: BTreeMap<String, Value> = codes["x-status"]
        .as_object()
        .expect("statuses")
        .clone()
        .into_iter()
        .collect();
    for (status, codes) in CODES {
        for code in codes {
            assert_eq!(left.remove(*code), Some(status.into()), "{code}");
        }
    }
    // Those that say more precisely what was refused than the list above.
    let more = [
        ("INVALID_CSV", 400),
        ("INVALID_CURSOR", 400),
        ("INVALID_DATE", 400),
        ("INVALID_FILTER", 400),
        ("SERVICE_UNAVAILABLE", 503),
    ];
    let more = more.map(|(code, status)| (code.to_owned(), Value::from(status)));
    assert_eq!(left, BTreeMap::from(more));
}

#[test]
fn every_operation_declares_what_it_may_answer() {
    let contract = contract();
    for (path, item) in contract["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("a path item") {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let answers = operation["responses"].as_object().expect("answers");
            // Whoever has a link needs no key.
            let keyless = id == "getFileContent";
            let mut expected = vec!["400", "500"];
            if !keyless {
                expected.extend(["401", "403", "429"]);
            }
            if path.contains('{') && !keyless {
                expected.push("404");
            }
            if operation.get("requestBody").is_some() {
                expected.extend(["413", "415"]);
            }
            for status in expected {
                assert!(answers.contains_key(status), "{method} {path}: no {status}");
            }
            let made = ["200", "201"]
                .iter()
                .filter(|it| answers.contains_key(**it));
            assert_eq!(made.count(), 1, "{method} {path}");
            for never in ["204", "422"] {
                assert!(!answers.contains_key(never), "{method} {path}: {never}");
            }
        }
    }
}

/// What was published stays where it is and keeps its name and tag.
#[test]
fn every_published_operation_keeps_its_place_and_name() {
    let contract = contract();
    for (place, id, tag) in PUBLISHED {
        let (method, path) = place.split_once(' ').expect("a method and a path");
        let operation = &contract["paths"][path][method.to_lowercase()];
        assert_eq!(operation["operationId"], id, "{place}");
        assert_eq!(operation["tags"][0], tag, "{place}");
    }
}

const PUBLISHED: [(&str, &str, &str); 48] = [
    ("POST /v1/orders", "createOrder", "Orders"),
    ("GET /v1/orders", "listOrders", "Orders"),
    ("GET /v1/orders/{orderId}", "getOrder", "Orders"),
    (
        "PATCH /v1/orders/{orderId}/notes",
        "updateOrderNotes",
        "Orders",
    ),
    ("POST /v1/orders/{orderId}/cancel", "cancelOrder", "Orders"),
    ("POST /v1/products/csv", "importProductsCSV", "Products"),
    ("POST /v1/products", "createProduct", "Products"),
    ("GET /v1/products", "listProducts", "Products"),
    ("GET /v1/products/variants", "listVariants", "Products"),
    ("GET /v1/products/{productId}", "getProduct", "Products"),
    ("PUT /v1/products/{productId}", "updateProduct", "Products"),
    (
        "DELETE /v1/products/{productId}",
        "deleteProduct",
        "Products",
    ),
    ("GET /v1/customers", "listCustomers", "Customers"),
    ("GET /v1/customers/{customerId}", "getCustomer", "Customers"),
    (
        "PUT /v1/customers/{customerId}",
        "updateCustomer",
        "Customers",
    ),
    (
        "DELETE /v1/customers/{customerId}",
        "deleteCustomer",
        "Customers",
    ),
    (
        "POST /v1/subscriptions",
        "createSubscription",
        "Subscriptions",
    ),
    (
        "GET /v1/subscriptions",
        "listSubscriptions",
        "Subscriptions",
    ),
    (
        "GET /v1/subscriptions/{subscriptionId}",
        "getSubscription",
        "Subscriptions",
    ),
    (
        "POST /v1/subscriptions/{subscriptionId}/buyout",
        "buyoutSubscription",
        "Subscriptions",
    ),
    (
        "POST /v1/subscriptions/{subscriptionId}/extend",
        "extendSubscription",
        "Subscriptions",
    ),
    (
        "POST /v1/subscriptions/{subscriptionId}/upgrade",
        "upgradeSubscription",
        "Subscriptions",
    ),
    (
        "POST /v1/subscriptions/{subscriptionId}/replace",
        "replaceSubscriptionDevice",
        "Subscriptions",
    ),
    (
        "POST /v1/subscriptions/{subscriptionId}/early-return",
        "earlyReturnSubscription",
        "Subscriptions",
    ),
    (
        "POST /v1/subscriptions/{subscriptionId}/cancel",
        "cancelSubscription",
        "Subscriptions",
    ),
    (
        "PATCH /v1/subscriptions/{subscriptionId}/notes",
        "updateSubscriptionNotes",
        "Subscriptions",
    ),
    (
        "POST /v1/subscriptions/calculate-buyout",
        "calculateBuyoutPrice",
        "Subscriptions",
    ),
    (
        "POST /v1/subscriptions/calculate-early-return-fee",
        "calculateEarlyReturnFee",
        "Subscriptions",
    ),
    ("POST /v1/assets", "createAsset", "Assets"),
    ("GET /v1/assets", "listAssets", "Assets"),
    ("GET /v1/assets/{serialNumber}", "getAsset", "Assets"),
    ("PUT /v1/assets/{serialNumber}", "updateAsset", "Assets"),
    ("DELETE /v1/assets/{serialNumber}", "deleteAsset", "Assets"),
    ("GET /v1/files", "listFiles", "Files"),
    ("GET /v1/files/{fileId}", "getFile", "Files"),
    ("DELETE /v1/files/{fileId}", "deleteFile", "Files"),
    ("POST /v1/files/url", "getFileUrl", "Files"),
    (
        "POST /v1/files/contracts/generate",
        "generateContract",
        "Files",
    ),
    ("POST /v1/exports/rentals", "exportRentals", "Exports"),
    ("GET /v1/payments", "listPayments", "Payments"),
    ("GET /v1/payments/{paymentId}", "getPayment", "Payments"),
    (
        "POST /v1/payments/{paymentId}/mark-paid",
        "markPaymentPaid",
        "Payments",
    ),
    (
        "POST /v1/payments/{paymentId}/cancel",
        "cancelPayment",
        "Payments",
    ),
    (
        "GET /v1/billing-groups",
        "listBillingGroups",
        "Billing Groups",
    ),
    (
        "POST /v1/billing-groups",
        "createBillingGroup",
        "Billing Groups",
    ),
    (
        "GET /v1/billing-groups/{billingGroupId}",
        "getBillingGroup",
        "Billing Groups",
    ),
    (
        "PATCH /v1/billing-groups/{billingGroupId}",
        "updateBillingGroup",
        "Billing Groups",
    ),
    (
        "DELETE /v1/billing-groups/{billingGroupId}",
        "deleteBillingGroup",
        "Billing Groups",
    ),
];
