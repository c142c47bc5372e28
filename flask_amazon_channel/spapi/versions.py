"""Which version of which API an operation belongs to, and when Amazon takes away what she has announced to take away.

Amazon moves these dates often; they are told, and nothing depends on them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from flask_amazon_channel.spapi.operations import OPERATIONS, Operation

NAMES = {
    "sellers": "Sellers",
    "reports": "Reports",
    "feeds": "Feeds",
    "listings": "Listings Items",
    "orders": "Orders",
    "notifications": "Notifications",
    "applications": "Application Management",
}

REMOVED_ON = {
    ("GET", "/orders/v0/"): date(2027, 3, 27),
    ("GET", "/finances/v0/"): date(2027, 8, 27),
    ("GET", "/catalog/v0/"): date(2026, 8, 26),
}
"""By method and beginning of the path.  Of Orders v0 only reading ends: `confirmShipment` stays."""


class Used(NamedTuple):
    """One version of an API, the operations of it that the channel uses, and the first day without one of them."""

    api: str
    operations: tuple[str, ...]
    removed_on: date | None

    @property
    def sentence(self) -> str:
        end = f"Amazon removes it on {self.removed_on}." if self.removed_on else "No end is announced."
        return f"{', '.join(self.operations)}. {end}"


def api_of(operation: Operation) -> str:
    """Return the name and the version as Amazon writes them: `Orders v0`."""
    name, version = re.findall(r"[^/]+", operation.path)[:2]
    return f"{NAMES.get(name, name.capitalize())} {version}"


def removed_on(operation: Operation) -> date | None:
    for (method, beginning), day in REMOVED_ON.items():
        if operation.method == method and operation.path.startswith(beginning):
            return day
    return None


def used() -> list[Used]:
    """Return all that the channel uses, API by API."""
    by_api: dict[str, list[Operation]] = {}
    for operation in OPERATIONS.values():
        by_api.setdefault(api_of(operation), []).append(operation)
    return [
        Used(
            api,
            tuple(each.name for each in operations),
            min((day for each in operations if (day := removed_on(each)) is not None), default=None),
        )
        for api, operations in sorted(by_api.items())
    ]
