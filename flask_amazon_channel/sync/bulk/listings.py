"""What can be done with many listings: each as a person would do it with one, and kept the same way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError
from flask_amazon_channel.models import AspectName, Listing, SellerAccount, Sku
from flask_amazon_channel.rules.amazon import ReportedListing
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.sync import matching, ownership
from flask_amazon_channel.sync.bulk.work import Outcome
from flask_amazon_channel.sync.publishing import drift

Options = Mapping[str, Any]


def match_again(channel: Channel, ids: Sequence[int], options: Options) -> Outcome:
    """Ask the shop again for the product of those that have none and that no person has decided on."""
    session = channel.db.session()
    rows = session.execute(
        sa.select(Sku.account_id, Sku.sku, Sku.condition, Sku.fulfilled_by, Listing.asin, Listing.title)
        .join(Listing, Listing.sku_id == Sku.id)
        .where(Listing.id.in_(ids), Sku.product_id.is_(None))
    ).all()
    attributes: dict[int, Mapping[str, Any]] = {
        account_id: session.get_one(SellerAccount, account_id).identifier_attributes
        for account_id in {row.account_id for row in rows}
    }
    session.rollback()
    by_account: dict[int, list[ReportedListing]] = defaultdict(list)
    for row in rows:
        by_account[row.account_id].append(_as_reported(row))
    changed = 0
    for account_id, some in by_account.items():
        changed += matching.match_rows(channel, account_id, attributes[account_id], some)
    return Outcome(changed)


def _as_reported(row: Any) -> ReportedListing:
    """Return the listing as a report would name it: as far as it is stored, that is by its SKU and ASIN."""
    return ReportedListing(
        sku=row.sku,
        asin=row.asin,
        title=row.title or "",
        price=None,
        quantity=None,
        status="",
        fulfilled_by=FulfilledBy(row.fulfilled_by),
        condition=row.condition,
        product_id=row.asin,
        product_id_type="asin",
        listing_id=None,
        opened_at=None,
    )


def send_price_again(channel: Channel, ids: Sequence[int], options: Options) -> Outcome:
    return _each(channel, ids, lambda listing: drift.send_again(channel, listing, AspectName.PRICE))


def send_quantity_again(channel: Channel, ids: Sequence[int], options: Options) -> Outcome:
    return _each(channel, ids, lambda listing: drift.send_again(channel, listing, AspectName.QUANTITY))


def release_product(channel: Channel, ids: Sequence[int], options: Options) -> Outcome:
    """Take the product away from those that have one."""

    def release(listing: Listing) -> bool:
        if listing.sku.product_id is None:
            return False
        matching.choose_product(channel, listing.sku, None)
        return True

    return _each(channel, ids, release)


def set_price_owner(channel: Channel, ids: Sequence[int], options: Options) -> Outcome:
    return _set_owner(channel, ids, "price_owner", Owner(options["owner"]))


def set_quantity_owner(channel: Channel, ids: Sequence[int], options: Options) -> Outcome:
    return _set_owner(channel, ids, "quantity_owner", Owner(options["owner"]))


def _set_owner(channel: Channel, ids: Sequence[int], name: str, owner: Owner) -> Outcome:
    def set_one(listing: Listing) -> bool:
        before = listing.price_owner if name == "price_owner" else listing.sku.quantity_owner
        if before == owner:
            return False
        ownership.set_owner(channel, listing, name, owner)
        return True

    return _each(channel, ids, set_one)


def _each(channel: Channel, ids: Iterable[int], act: Callable[[Listing], bool]) -> Outcome:
    """Do it with each by itself: one that fails is told and stops no other."""
    session, changed, failed = channel.db.session(), 0, []
    for number in ids:
        listing = session.get(Listing, number, options=[joinedload(Listing.sku), joinedload(Listing.store)])
        if listing is None:
            continue
        sku = listing.sku.sku
        try:
            changed += act(listing)
        except ChannelError as error:
            session.rollback()
            failed.append(phrase("{sku}: {why}", sku=sku, why=str(error)))
        finally:
            session.rollback()
    return Outcome(changed, failed)
