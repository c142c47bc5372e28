"""What happens at the simulated Amazon without the shop: what buyers see and do, cancellations, faults."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import requests

Facts = dict[str, Any]


class Control:
    """The control calls of the simulator at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def _call(self, method: str, *parts: str, body: Facts | None = None) -> Facts:
        path = "/".join(quote(part, safe="") for part in parts)
        answer = self._session.request(method, f"{self.url}/_control/{path}", json=body, timeout=30)
        facts: Facts = answer.json()
        if not answer.ok:
            raise LookupError(facts.get("error", answer.text))
        return facts

    def state(self) -> Facts:
        return self._call("GET", "state")

    def listing(self, seller: str, marketplace: str, sku: str) -> Facts:
        """What a buyer sees: price {amount, currency} or None, quantity, status."""
        return self._call("GET", "listings", seller, marketplace, sku)

    def change_listing(self, seller: str, marketplace: str, sku: str, **facts: Any) -> Facts:
        return self._call("PUT", "listings", seller, marketplace, sku, body=facts)

    def place_order(self, seller: str, marketplace: str, *items: tuple[str, int]) -> str:
        """A buyer orders SKUs with quantities; returns the order id."""
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in items]
        order = self._call("POST", "orders", body={"seller": seller, "marketplace": marketplace, "items": lines})
        return str(order["order_id"])

    def change_order(self, order_id: str, **changes: Any) -> Facts:
        return self._call("PATCH", "orders", order_id, body=changes)

    def order(self, order_id: str) -> Facts:
        """status, order, packages."""
        return self._call("GET", "orders", order_id)

    def settings(self, **changes: Any) -> Facts:
        return self._call("PUT", "settings", body=changes)

    def fail(self, operation: str) -> Facts:
        """Let every call of an operation fail from now on."""
        return self._call("POST", "faults", body={"operation": operation, "kind": "5xx_html", "times": None})

    def heal(self) -> None:
        """Take back what `fail` and `settings` did to make things fail."""
        self._call("DELETE", "faults")
        self.settings(apply="normal", draft=False)
