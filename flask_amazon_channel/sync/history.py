"""Who changed what: the one way in which whatever a person decides is kept, from pages and command line alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Listing, SellerAccount, Sku, Store
from flask_amazon_channel.models.changes import keep_change

Subject = SellerAccount | Store | Sku | Listing | None
"""What was changed; None: the installation."""


def signature(channel: Channel, by: str | None) -> dict[str, str | None]:
    """Return who does it: whoever is signed in, or whoever `by` names."""
    return {"actor_id": None, "actor_name": by} if by else channel.signature()


def keep(
    channel: Channel,
    what: Subject,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    by: str | None = None,
    version: int | None = None,
    set_id: str | None = None,
    undoes: str | None = None,
) -> str | None:
    """Keep what differs, in the caller's transaction; return the number of the change set (None: nothing differs)."""
    who = signature(channel, by)
    return keep_change(
        channel.db.session(),
        at=channel.clock(),
        actor=(who["actor_id"], who["actor_name"]),
        before=before,
        after=after,
        version=version,
        set_id=set_id,
        undoes=undoes,
        **_about(what),
    )


def _about(what: Subject) -> dict[str, Any]:
    if isinstance(what, SellerAccount):
        return {"subject": "account", "name": what.name, "account_id": what.id}
    if isinstance(what, Store):
        return {"subject": "store", "name": what.name, "account_id": what.account_id, "store_id": what.id}
    if isinstance(what, Sku):
        return {"subject": "sku", "name": what.sku, "account_id": what.account_id, "sku_id": what.id}
    if isinstance(what, Listing):
        about = {"account_id": what.sku.account_id, "store_id": what.store_id, "sku_id": what.sku_id}
        return {"subject": "listing", "name": what.sku.sku, "listing_id": what.id, **about}
    return {"subject": "installation"}


def keep_override(
    channel: Channel,
    what: Listing | Sku,
    value: int | None,
    reason: str | None,
    *,
    until: datetime | None = None,
    by: str | None = None,
    set_id: str | None = None,
    undoes: str | None = None,
) -> str | None:
    """Keep that the price of a listing or the quantity of a SKU is set by hand, or no longer (None)."""
    name = "price_override_minor" if isinstance(what, Listing) else "quantity_override"
    kind = name.removesuffix("_minor")
    after = {name: value, f"{kind}_reason": reason, f"{kind}_until": until}
    before = {one: getattr(what, one) for one in after}
    return keep(channel, what, before, after, by=by, set_id=set_id, undoes=undoes)
