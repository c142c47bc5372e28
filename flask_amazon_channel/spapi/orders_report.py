"""The orders of the report of all orders by last update: only what tells whether one was missed.

The report has no buyer's name or street; town and postal code are in it, and are not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from flask_amazon_channel.errors import BadDocument
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.spapi.parse import Unreadable, moment

REPORT_TYPE = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
LONGEST_DAYS = 30
"""Amazon makes it for so many days at most."""

_ORDER, _UPDATED = "amazon-order-id", "last-updated-date"


def read_orders_report(lines: Iterable[str]) -> Iterator[tuple[str, datetime]]:
    """Yield Amazon's order id and the last update of each row; an order has a row per line of it."""
    rest = iter(lines)
    names = [name.strip().strip('"').casefold() for name in next(rest, "").split("\t")]
    missing = [name for name in (_ORDER, _UPDATED) if name not in names]
    if missing:
        raise BadDocument(phrase("The report of all orders lacks the columns {columns}.", columns=", ".join(missing)))
    order_at, updated_at = names.index(_ORDER), names.index(_UPDATED)
    rows = bad = 0
    for line in filter(None, rest):
        rows += 1
        cells = line.split("\t")
        try:
            order_id = cells[order_at].strip()
            updated = moment({_UPDATED: cells[updated_at].strip()}, _UPDATED)
        except (IndexError, Unreadable):
            bad += 1
            continue
        if order_id:
            yield order_id, updated
    if bad and (bad == rows or (bad > 1 and bad * 100 > rows)):
        raise BadDocument(
            phrase("{bad} of {rows} rows of the report of all orders cannot be understood.", bad=bad, rows=rows)
        )
