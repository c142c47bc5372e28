"""From rows to what the rules take: settings, facts, and what Amazon sold that the shop has not booked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    AmazonOrder,
    AmazonOrderItem,
    Aspect,
    Listing,
    Sku,
    Store,
    Stream,
    StreamName,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.rules.amazon import Issue
from flask_amazon_channel.rules.listing import ListingFacts, Override
from flask_amazon_channel.rules.listing_rule import Field, Reading, fields_of, read
from flask_amazon_channel.rules.money import from_minor, plain
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.rules.settings import OrderRules, PriceGuards, QuantityRules, StoreRules
from flask_amazon_channel.rules.values import CustomerPolicy, FulfilledBy, ShopProduct
from flask_amazon_channel.spapi.marketplaces import MARKETPLACES
from flask_amazon_channel.sync.shop_calls import shop_failed


def store_rules(
    store: Store,
    shop_currency: str,
    exchange_rate: Decimal | None,
    stopped: Reason | None = None,
    listing_rule: Reading | None = None,
) -> StoreRules:
    """Return the settings of a store and its account as the rules take them."""
    rule, problems = listing_rule or Reading(None)
    account = store.account

    def amount(minor: int | None) -> Decimal | None:
        return None if minor is None else from_minor(minor, store.currency)

    return StoreRules(
        name=store.name,
        marketplace_id=store.marketplace_id,
        currency=store.currency,
        time_zone=MARKETPLACES[store.marketplace_id].time_zone,
        shop_currency=shop_currency,
        threshold=store.threshold,
        quantity=QuantityRules(account.maximum_quantity, account.buffer, account.unmanaged_quantity),
        price_source=store.price_source,
        vat_percent=plain(store.vat_percent),
        exchange_rate=exchange_rate,
        guards=PriceGuards(
            amount(store.price_minimum_minor),
            amount(store.price_maximum_minor),
            store.price_greatest_step_percent,
        ),
        is_active=store.is_active,
        publishes_price=store.publishes_price,
        publishes_quantity=store.publishes_quantity,
        stopped=stopped,
        listing_rule=rule,
        listing_rule_problem=problems[0].reason if problems else None,
    )


def order_rules(store: Store) -> OrderRules:
    """Return how the store brings orders into the shop."""
    return OrderRules(
        store=store.name,
        currency=store.currency,
        storefront=store.storefront,
        imports_orders=store.imports_orders,
        reserve_pending=store.reserves_pending,
        uses_amazon_number=store.order_numbers == "amazon",
        customer=CustomerPolicy(store.customers),
        describes_unmatched_lines=store.orders_without_product == "describe",
        look_back=timedelta(days=store.look_back_days),
    )


def listing_facts(sku: Sku, listing: Listing, sent: Sequence[Sent] = ()) -> ListingFacts:
    """Return what we know about a listing."""
    currency = listing.store.currency

    def amount(minor: int | None) -> Decimal | None:
        return None if minor is None else from_minor(minor, currency)

    price, quantity = amount(listing.price_override_minor), sku.quantity_override
    return ListingFacts(
        sku=sku.sku,
        asin=listing.asin,
        product_id=sku.product_id,
        on_amazon=listing.on_amazon,
        buyable="BUYABLE" in listing.amazon_status,
        fulfilled_by=FulfilledBy(sku.fulfilled_by) if listing.on_amazon else None,
        observed_price=amount(listing.observed_price_minor),
        observed_quantity=sku.observed_quantity,
        observed_at=sku.observed_quantity_at,
        ever_live=sku.ever_live,
        ended_at=listing.ended_at,
        issues=tuple(Issue(row.code, row.message, row.severity) for row in listing.issues),
        amazon_status=tuple(listing.amazon_status.split()),
        price_override=None
        if price is None
        else Override(price, listing.price_override_until, listing.price_override_reason or ""),
        quantity_override=None
        if quantity is None
        else Override(quantity, sku.quantity_override_until, sku.quantity_override_reason or ""),
        match_problem=sku.match_problem,
        sent_at=max((one.at for one in sent), default=None),
        not_applied=any(one.not_applied for one in sent),
        released_price=amount(listing.released_price_minor),
        price_owner=Owner(listing.price_owner),
        quantity_owner=Owner(sku.quantity_owner),
    )


def held(session: Session, product_ids: Iterable[str]) -> dict[str, int]:
    """Return what Amazon sold and the shop has not booked yet, by product: of all accounts, merchant's lines."""
    rows = session.execute(
        sa.select(AmazonOrderItem.product_id, sa.func.sum(AmazonOrderItem.sold - AmazonOrderItem.posted))
        .join(AmazonOrder)
        .where(
            AmazonOrderItem.product_id.in_(sorted(set(product_ids))),
            AmazonOrderItem.sold != AmazonOrderItem.posted,
            AmazonOrder.fulfilled_by == FulfilledBy.MERCHANT,
        )
        .group_by(AmazonOrderItem.product_id)
    )
    return {product_id: int(units) for product_id, units in rows if product_id is not None}


def orders_read_until(session: Session, account_id: int) -> datetime | None:
    """Return the moment up to which all orders of the account were read."""
    return session.scalar(
        sa.select(Stream.position).where(Stream.account_id == account_id, Stream.name == StreamName.ORDERS)
    )


class Sent(NamedTuple):
    """When that was sent which Amazon accepted and nobody has seen live yet, and whether that was given up."""

    at: datetime
    not_applied: bool


def not_live(session: Session, sku_ids: Sequence[int], listing_ids: Sequence[int]) -> dict[tuple[str, int], Sent]:
    """Return what Amazon accepted and nobody has seen live yet, by ("sku" or "listing", id)."""
    given_up = sa.case((Submission.state == SubmissionState.NOT_APPLIED, 1), else_=0)
    rows = session.execute(
        sa.select(Aspect.sku_id, Aspect.listing_id, sa.func.max(Submission.answered_at), sa.func.max(given_up))
        .join(Submission, Submission.aspect_id == Aspect.id)
        .where(
            Submission.state.in_([SubmissionState.ACCEPTED, SubmissionState.NOT_APPLIED]),
            sa.or_(Aspect.sku_id.in_(sku_ids), Aspect.listing_id.in_(listing_ids)),
        )
        .group_by(Aspect.sku_id, Aspect.listing_id)
    )
    return {
        ("sku", sku_id or 0) if listing_id is None else ("listing", listing_id): Sent(at, bool(is_given_up))
        for sku_id, listing_id, at, is_given_up in rows
        if at is not None
    }


def ask_shop(channel: Channel, product_ids: Sequence[str], storefront: str | None) -> dict[str, ShopProduct]:
    """Return the products by id, as they hold for the storefront, and end the transaction that asking began.

    Raises `ShopRefused` where the shop's code failed: then nobody knows, and nothing may be sent.
    """
    try:
        return {product.id: product for product in channel.shop.products(sorted(set(product_ids)), storefront)}
    except Exception as error:
        raise shop_failed("products", error) from error
    finally:
        channel.db.session.rollback()


def exchange_rate(channel: Channel, currency: str) -> Decimal | None:
    """Return how much of the currency one unit of the shop's buys, or None where nobody knows."""
    if currency == channel.shop.currency:
        return Decimal(1)
    ask = getattr(channel.shop, "exchange_rate", None)
    if ask is None:
        return None
    try:
        rate = ask(channel.shop.currency, currency)
    except Exception as error:
        raise shop_failed("exchange_rate", error) from error
    finally:
        channel.db.session.rollback()
    return None if rate is None else plain(Decimal(rate))


def rule_fields(channel: Channel) -> dict[str, Field]:
    """Return what a rule may be about now.  No transaction may be open; `ShopRefused` where the shop fails."""
    ask = getattr(channel.shop, "attributes", None)
    try:
        return fields_of(ask() if ask is not None else ())
    except Exception as error:
        raise shop_failed("attributes", error) from error
    finally:
        channel.db.session.rollback()


def listing_rules(channel: Channel, stores: Iterable[Store]) -> dict[int, Reading]:
    """Return the listing rule of each store that has one.  The shop is asked only where there is one."""
    stored = {store.id: store.listing_rule for store in stores if store.listing_rule}
    if not stored:
        return {}
    fields = rule_fields(channel)
    return {store_id: read(rule, fields) for store_id, rule in stored.items()}
