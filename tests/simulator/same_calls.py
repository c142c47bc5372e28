"""One row of calls, for comparing worlds: `python same_calls.py PORT [SAVED]` prints every answer, byte by byte.

The clock stands still at one moment and goes on where the calls say so.  With a saved world, the calls go to that.
"""

import http.client
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask_amazon_channel.simulator import Amazon

DE = "A1PA6795UKMFR9"
NOW = 1_790_000_000.0


class Caller:
    """Keeps every answer as it came: status, headers, body."""

    def __init__(self, amazon: Amazon) -> None:
        self.amazon, self.answers, self.token = amazon, list[list[Any]](), ""

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        connection = http.client.HTTPConnection(self.amazon.host, self.amazon.port, timeout=20)
        headers = {"Content-Type": "application/json", "x-amz-access-token": self.token}
        if isinstance(body, str):
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        data = body if body is None or isinstance(body, str) else json.dumps(body)
        connection.request(method, path + (f"?{urlencode(query)}" if query else ""), data, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.answers.append([method, path, answer.status, answer.getheaders(), content.hex()])
        return json.loads(content) if content.startswith(b"{") else content


def prepare(caller: Caller) -> dict[str, Any]:
    """A seller, signed in, with listings, orders and a fault."""
    amazon = caller.amazon
    seller = amazon.add_seller([DE], catalogue=2000, listings=[{"sku": "OWN", "price": "5.00", "quantity": 9}])
    form = {name: seller[name] for name in ("refresh_token", "client_id", "client_secret")}
    signed_in = caller.call("POST", "/auth/o2/token", urlencode({"grant_type": "refresh_token", **form}))
    caller.token = signed_in["access_token"]
    for _ in range(3):
        amazon.place_order(seller["seller_id"], DE, [{"sku": "OWN", "quantity": 1}])
    amazon.advance(200)
    amazon.fault("getListingsItem", "429", when={"probability": 0.2}, times=None)
    return seller


def work(caller: Caller, seller_id: str) -> None:
    """Reads, writes and reports."""
    amazon, items = caller.amazon, f"/listings/2021-08-01/items/{seller_id}"
    skus = [each["sku"] for each in caller.call("GET", items, marketplaceIds=DE, pageSize=20)["items"]]
    value = {"fulfillment_channel_code": "DEFAULT", "quantity": 7}
    patches = [{"op": "replace", "path": "/attributes/fulfillment_availability", "value": [value]}]
    for sku in [*skus[:8], "OWN"]:
        path = f"{items}/{quote(sku)}"
        caller.call("GET", path, marketplaceIds=DE, includedData="summaries,attributes,offers,issues")
        caller.call("PATCH", path, {"productType": "PRODUCT", "patches": patches}, marketplaceIds=DE)
        amazon.advance(1)
    asins = ",".join(each.asin for each in list(amazon.world.listings(seller_id))[:9])
    caller.call("GET", items, marketplaceIds=DE, identifiersType="ASIN", identifiers=asins)
    page = caller.call("GET", "/orders/2026-01-01/orders", lastUpdatedAfter="2020-01-01T00:00:00Z", maxResultsPerPage=2)
    for order in page["orders"]:
        caller.call("GET", f"/orders/2026-01-01/orders/{order['orderId']}", includedData="BUYER,RECIPIENT,PACKAGES")
    wanted = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [DE]}
    report = caller.call("POST", "/reports/2021-06-30/reports", wanted)["reportId"]
    amazon.advance(10)
    report = caller.call("GET", f"/reports/2021-06-30/reports/{report}")
    document = caller.call("GET", f"/reports/2021-06-30/documents/{report['reportDocumentId']}")
    caller.call("GET", document["url"].removeprefix(amazon.url))


def main() -> None:
    with Amazon(port=int(sys.argv[1]), seed=11, now=NOW, speed=0) as amazon:
        caller = Caller(amazon)
        if len(sys.argv) > 2:
            saved = json.loads(Path(sys.argv[2]).read_text())
            amazon.load(saved["world"])
            caller.token, seller_id = saved["token"], saved["seller_id"]
        else:
            seller_id = prepare(caller)["seller_id"]
            work(caller, seller_id)
            amazon.heal()
        saved = {"world": amazon.save(), "token": caller.token, "seller_id": seller_id}
        prepared, caller.answers = caller.answers, []
        work(caller, seller_id)
        print(json.dumps({"port": amazon.port, "saved": saved, "prepared": prepared, "worked": caller.answers}))


if __name__ == "__main__":
    main()
