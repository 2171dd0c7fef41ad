"""What fits the contract is not refused as malformed: there is a code that says why."""

import schemathesis


@schemathesis.check
def fits_and_is_not_malformed(ctx, response, case):
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    error = response.json()["error"]
    # What depends on other values, on the currency or on settings, no schema can say: rules call it `custom`.
    details = error.get("details") or [{"code": ""}]
    by_rule = all(detail["code"] == "custom" for detail in details)
    assert error["code"] != "VALIDATION_ERROR" or by_rule, f"refused as malformed: {error}"
