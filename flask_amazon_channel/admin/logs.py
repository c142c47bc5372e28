"""What was sent for listings, which calls failed, and what happened: the logs of a store, a listing and an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from flask_amazon_channel.admin import access, formats, titles
from flask_amazon_channel.admin.grid import Grid, choice, code, moment, money, number, text, yes_no
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import (
    Activity,
    AmazonOrder,
    Aspect,
    AspectName,
    CallError,
    Listing,
    Sku,
    Store,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.models.base import mentions
from flask_amazon_channel.models.database import reading

CELLS = "amazon_channel/grid_records.html"
WHAT = {AspectName.PRICE: marked("Price"), AspectName.QUANTITY: marked("Quantity")}
_IS_PRICE = Submission.price_minor.is_not(None)
_CURRENCY = sa.case((_IS_PRICE, Store.currency))


SENT = (
    moment("at", marked("When"), Submission.created_at),
    code("sku", marked("SKU"), Sku.sku, cell=f"{CELLS}#sent_sku", wide=True, sort=False),
    code("asin", marked("ASIN"), Listing.asin, typed=str.upper, sort=False),
    titles.column(wide=True),
    choice("what", marked("What"), Aspect.name, choices=WHAT, sort=False),
    money("old", marked("Before"), Submission.before, currency=_CURRENCY, cell=f"{CELLS}#amount", find="", sort=False),
    money(
        "new",
        marked("Sent"),
        sa.func.coalesce(Submission.price_minor, Submission.quantity),
        currency=_CURRENCY,
        cell=f"{CELLS}#amount",
        find="",
        sort=False,
    ),
    money("price", marked("Price sent"), Submission.price_minor, sort=False),
    number("quantity", marked("Quantity sent"), Submission.quantity, sort=False),
    choice(
        "state",
        marked("Outcome"),
        Submission.state,
        choices=list(SubmissionState),
        show=formats.submission_state,
        cell=f"{CELLS}#outcome",
        sort=False,
        wide=True,
    ),
    text("comment", marked("Comment"), Submission.problem, find="contains", sort=False, wide=True),
    moment("answered_at", marked("Answered"), Submission.answered_at, sort=False),
    moment("live_at", marked("Seen live"), Submission.live_at, sort=False),
    yes_no("feed", marked("In a feed"), Submission.feed_id.is_not(None), sort=False),
    yes_no("against_drift", marked("Against a change by others"), Submission.against_drift, sort=False),
    code("request_id", marked("Request id"), Submission.request_id, find="equals", sort=False),
)
"""The columns of everything that was sent."""

LISTING_CHANGES = Grid(
    name="listing-changes",
    row=Submission,
    columns=SENT,
    shown=("at", "sku", "what", "old", "new", "state"),
    sort="-at",
    search=lambda words: sa.or_(Sku.sku.startswith(words, autoescape=True), Listing.asin == words.upper()),
    search_label=marked("SKU or ASIN"),
    empty=(
        marked("Nothing was sent yet"),
        marked("Every price and quantity that the channel sends to Amazon is listed here, with what came of it."),
    ),
)
LOAD_SENT = (joinedload(Submission.aspect).joinedload(Aspect.listing).joinedload(Listing.store),)

CALL_ERRORS = Grid(
    name="call-errors",
    row=CallError,
    columns=(
        moment("at", marked("Last time"), CallError.last_at),
        moment("first_at", marked("First time"), CallError.first_at, sort=False),
        code("operation", marked("Operation"), CallError.operation, sort=False),
        number("status", marked("HTTP status"), CallError.status, sort=False, cell=f"{CELLS}#status"),
        code("code", marked("Amazon’s code"), CallError.code, sort=False),
        text(
            "message",
            marked("Message"),
            CallError.message,
            find="contains",
            sort=False,
            wide=True,
            cell=f"{CELLS}#message",
        ),
        number("times", marked("How often"), CallError.times),
        code("request_id", marked("Request id"), CallError.request_id, find="equals", sort=False),
        yes_no("whole", marked("About the whole account"), CallError.marketplace_id.is_(None), sort=False),
    ),
    shown=("at", "operation", "status", "code", "message", "times"),
    sort="-at",
    search=lambda words: sa.or_(
        CallError.operation.startswith(words, autoescape=True), CallError.code == words, CallError.request_id == words
    ),
    search_label=marked("Operation, code or request id"),
    empty=(
        marked("No call has failed"),
        marked("Calls that Amazon refuses or does not answer are kept here, those of an hour that are alike as one."),
    ),
)

ACTIVITY = Grid(
    name="activity",
    row=Activity,
    columns=(
        moment("at", marked("When"), Activity.at),
        code("kind", marked("Kind"), Activity.action, find="equals", sort=False),
        code("sku", marked("SKU"), Sku.sku, sort=False, cell=f"{CELLS}#about"),
        code("order", marked("Order"), AmazonOrder.amazon_order_id, sort=False, cell=f"{CELLS}#about_order"),
        text("sentence", marked("What happened"), Activity.sentence, find="contains", sort=False, wide=True),
        text("who", marked("Who"), Activity.actor_name, sort=False),
    ),
    shown=("at", "sku", "order", "sentence", "who"),
    sort="-at",
    search=lambda words: sa.or_(
        Sku.sku.startswith(words, autoescape=True),
        AmazonOrder.amazon_order_id.startswith(words, autoescape=True),
        mentions(Activity.sentence, words),
    ),
    search_label=marked("SKU, order number or words"),
    empty=(marked("Nothing has happened yet"), marked("What the channel and people do is written down here.")),
)


def sees_whole(channel: Channel, store: Store) -> bool:
    """Say whether the person may view all stores of its account, and so what belongs to the account as a whole."""
    return all(access.may(channel, access.VIEW, other) for other in store.account.stores)


def sent_in(stores: Sequence[int]) -> sa.Select[Any]:
    """Return the query of what was sent for the listings of these stores: prices, and quantities of their SKUs.

    A quantity is the SKU's: it was sent for one marketplace, and counts for all stores.  Here it is told in the store
    of the marketplace that it was sent for.
    """
    same_place = sa.and_(Aspect.sku_id == Listing.sku_id, Store.marketplace_id == Submission.marketplace_id)
    return (
        sa.select(Submission)
        .join(Aspect, Submission.aspect_id == Aspect.id)
        .join(Store, sa.and_(Store.id.in_(stores), Store.account_id == Aspect.account_id))
        .join(Listing, sa.and_(Listing.store_id == Store.id, sa.or_(Listing.id == Aspect.listing_id, same_place)))
        .join(Sku, Sku.id == Listing.sku_id)
    )


def listings_of(channel: Channel, store: Store, rows: Sequence[Submission]) -> dict[int, int]:
    """Return the listing in the store by submission of a quantity, which is sent for the SKU."""
    of_sku = {row.id: row.aspect.sku_id for row in rows if row.aspect.sku_id is not None}
    with reading(channel.db.engine) as read:
        here = sa.select(Listing.sku_id, Listing.id).where(Listing.store_id == store.id)
        known = dict(read.execute(here.where(Listing.sku_id.in_(of_sku.values()))).all())
    return {number: known[sku_id] for number, sku_id in of_sku.items() if sku_id in known}


def listing_changes(channel: Channel, store: Store) -> ResponseReturnValue:
    return LISTING_CHANGES.answer(
        channel,
        query=sent_in([store.id]),
        load=LOAD_SENT,
        about=lambda rows: listings_of(channel, store, rows),
        title=say("Listing changes"),
        store=store,
    )


def call_errors(channel: Channel, store: Store) -> ResponseReturnValue:
    place = CallError.marketplace_id == store.marketplace_id
    if sees_whole(channel, store):
        place = sa.or_(place, CallError.marketplace_id.is_(None))
    query = sa.select(CallError).where(CallError.account_id == store.account_id, place)
    return CALL_ERRORS.answer(
        channel,
        query=query,
        title=say("Communication errors"),
        store=store,
        template="amazon_channel/call_errors.html",
        log_days=channel.config.log_days,
    )


def _activity(
    channel: Channel, scope: sa.ColumnElement[bool], title: str, store: Store | None, **context: Any
) -> ResponseReturnValue:
    query = (
        sa.select(Activity)
        .outerjoin(Sku, Activity.sku_id == Sku.id)
        .outerjoin(AmazonOrder, Activity.order_id == AmazonOrder.id)
        .where(scope)
    )
    load = (joinedload(Activity.sku), joinedload(Activity.order))
    return ACTIVITY.answer(channel, query=query, load=load, title=title, store=store, **context)


def store_activity(channel: Channel, store: Store) -> ResponseReturnValue:
    scope = Activity.store_id == store.id
    if sees_whole(channel, store):
        scope = sa.or_(scope, sa.and_(Activity.account_id == store.account_id, Activity.store_id.is_(None)))
    return _activity(channel, scope, say("Activity"), store)


def listing_activity(channel: Channel, listing: Listing) -> ResponseReturnValue:
    """What happened to it; what happened to the SKU in another store is that store's."""
    here = sa.or_(Activity.store_id.is_(None), Activity.store_id == listing.store_id)
    of_sku = sa.and_(Activity.sku_id == listing.sku_id, Activity.listing_id.is_(None), here)
    scope = sa.or_(Activity.listing_id == listing.id, of_sku)
    return _activity(channel, scope, say("Activity of {sku}", sku=listing.sku.sku), listing.store)


def order_activity(channel: Channel, order: AmazonOrder) -> ResponseReturnValue:
    title = say("Activity of order {number}", number=order.amazon_order_id)
    return _activity(channel, Activity.order_id == order.id, title, order.store)
