"""What Python's HTTP clients make of answers that come before the body was read."""

import sys
import time

import httpx
import requests

url, key = sys.argv[1:]
known = {"Authorization": f"Bearer {key}", "Tenant-ID": "demo"}
json = {"Content-Type": "application/json"}
# (path, headers, expected statuses)
early = [
    ("/v1/nothing", json, [404]),
    ("/v1/orders", json, [401]),
    ("/v1/orders", {"Authorization": "Bearer fp_no_body", **json}, [401]),
    ("/v1/orders", {"Authorization": known["Authorization"], **json}, [403]),
    ("/v1/orders", {**known, "Content-Type": "text/xml"}, [415, 413]),
    ("/v1/orders", {**known, **json}, [413]),
    ("/healthz", {}, [405]),
]

# How long a client that still sends may be silent before the server takes it for gone: as long as a slow machine stalls.
SILENCE_S = 2


def ask(post):
    """The answer; what broke off after so long that the server may have ended it is repeated."""
    for _ in range(20):
        since = time.monotonic()
        try:
            answer = post()
            # A proxy says so if it was the one.
            if answer.status_code != 502 or time.monotonic() - since < SILENCE_S:
                return answer
        except Exception:
            if time.monotonic() - since < SILENCE_S:
                raise
    raise TimeoutError(f"it always takes longer than {SILENCE_S} s")


failures = []
for name, client in [("requests", requests.Session()), ("httpx", httpx.Client(timeout=60))]:
    post = client.post
    for size in [1_500_000, 40_000_000, 200_000, 5_000]:
        body = b" " * size
        for path, headers, expected in early:
            # Two in a row: the second finds out what the first did to the connection.
            for turn in range(2):
                what = f"{name}, {size} bytes to {path}, expected {expected}, turn {turn}"
                try:
                    answer = ask(
                        lambda: post(url + path, data=body, headers=headers)
                        if name == "requests"
                        else post(url + path, content=body, headers=headers)
                    )
                except Exception as error:
                    failures.append(f"{what}: {error!r}")
                    continue
                if answer.status_code not in expected:
                    failures.append(f"{what}: {answer.status_code}")
print("\n".join(failures) or "all answered")
sys.exit(bool(failures))
