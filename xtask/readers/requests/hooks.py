"""What no contract can say: why something is refused, and whose records an answer holds."""

import schemathesis


@schemathesis.check
def fits_and_is_not_malformed(ctx, response, case):
    """What fits the contract is not refused as malformed: there is a code that says why."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    error = response.json()["error"]
    # What depends on other values, on the currency or on settings, no schema can say: rules call it `custom`.
    details = error.get("details") or [{"code": ""}]
    by_rule = all(detail["code"] == "custom" for detail in details)
    assert error["code"] != "VALIDATION_ERROR" or by_rule, f"refused as malformed: {error}"


@schemathesis.check
def holds_records_of_the_caller_alone(ctx, response, case):
    asked = response.request.headers.get("Tenant-ID")
    # Tenants themselves are the operator's to see.
    if asked is None or case.path.startswith("/v1/tenants") or "json" not in response.headers.get("content-type", [""])[0]:
        return
    for tenant in tenants_of(response.json()):
        assert tenant == asked, f"a record of `{tenant}` in an answer to `{asked}`"


def tenants_of(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "tenantId" and isinstance(inner, str):
                yield inner
            else:
                yield from tenants_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from tenants_of(inner)
