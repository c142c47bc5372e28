"""What the shop offers to choose from.  None where it does not say: then it is typed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.rules.values import ShopAttribute, Storefront

log = logging.getLogger(__name__)

T = TypeVar("T")
LOOKED_AT = 20
"""Products that are asked which prices they have."""


def storefronts(channel: Channel) -> Sequence[Storefront] | None:
    """Return the storefronts that a store can be bound to."""
    offer = getattr(channel.shop, "storefronts", None)
    return None if offer is None else _asked(channel, "storefronts", lambda: list(offer()))


def attributes(channel: Channel) -> Sequence[ShopAttribute] | None:
    """Return the attributes of products that may hold an identifier."""
    offer = getattr(channel.shop, "attributes", None)
    return None if offer is None else _asked(channel, "attributes", lambda: list(offer()))


def prices(channel: Channel, storefront: str | None) -> Sequence[str] | None:
    """Return the names of the further prices that the first products of the catalogue have."""

    def look() -> list[str]:
        ids = channel.shop.product_ids(None, LOOKED_AT)
        found: dict[str, Any] = {}
        for product in channel.shop.products(list(ids), storefront):
            found |= dict.fromkeys(product.prices)
        return sorted(found)

    return _asked(channel, "products", look)


def _asked(channel: Channel, what: str, ask: Callable[[], T]) -> T | None:
    """Ask while no transaction is open.  A form can be filled in though the shop does not answer."""
    channel.db.session.rollback()
    try:
        return ask()
    except Exception:
        log_fault(log, "Shop.%s failed", what)
        return None
    finally:
        channel.db.session.rollback()
