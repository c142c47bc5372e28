"""What failed and can be tried again: orders, what was sent for listings, and what is read continually."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import access, formats, logs
from flask_amazon_channel.admin.access import OPERATE
from flask_amazon_channel.admin.grid import Action, Grid, code, moment, money, number, text
from flask_amazon_channel.admin.words import marked, say, say_many
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AmazonOrder, Store, Stream, StreamName, Submission
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.sync.alerts.facts import in_trouble, quarantined
from flask_amazon_channel.sync.bulk import failures as bulk
from flask_amazon_channel.sync.bulk import orders as bulk_orders

CELLS = "amazon_channel/grid_records.html"
READ = {
    StreamName.ORDERS: marked("Orders"),
    StreamName.ORDERS_REPORT: marked("Orders, counted against Amazon’s report"),
    StreamName.LISTINGS: marked("Changed listings"),
    StreamName.LISTINGS_REPORT: marked("All listings, by report"),
    StreamName.CATALOGUE: marked("The shop’s catalogue"),
    StreamName.PRODUCTS: marked("The shop’s products, compared"),
}
COUNTED = 1000


def _orders_of(stores: Sequence[int]) -> sa.Select[Any]:
    return sa.select(AmazonOrder).where(AmazonOrder.store_id.in_(stores), *quarantined())


def _sent_of(stores: Sequence[int]) -> sa.Select[Any]:
    return logs.sent_in(stores).where(*in_trouble())


def _count(session: Session, keys: sa.Select[Any]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(keys.subquery())) or 0


def _of_orders(session: Session, keys: sa.Select[Any]) -> list[str]:
    n = _count(session, keys)
    return [
        say_many(
            "{n} order is asked for at Amazon anew and brought into the shop.",
            "{n} orders are asked for at Amazon anew and brought into the shop.",
            n,
        )
    ]


def _of_sent(session: Session, keys: sa.Select[Any]) -> list[str]:
    n = _count(session, keys)
    return [
        say_many(
            "For {n} change the value that is wanted now is sent, if Amazon shows another.",
            "For {n} changes the values that are wanted now are sent, where Amazon shows others.",
            n,
        )
    ]


ORDERS = Grid(
    name="failed-orders",
    row=AmazonOrder,
    columns=(
        code("number", marked("Order"), AmazonOrder.amazon_order_id, cell=f"{CELLS}#order_number", wide=True),
        text("problem", marked("Why it waits"), AmazonOrder.problem, find="contains", sort=False, wide=True),
        number("failures", marked("Tried"), AmazonOrder.failures, sort=False),
        moment("due_at", marked("Tried again"), AmazonOrder.due_at, cell=f"{CELLS}#soon", wide=True),
        moment("purchased_at", marked("Purchased"), AmazonOrder.purchased_at),
        text("status", marked("Status"), AmazonOrder.status, find="equals", sort=False, show=formats.order_status),
        moment("ship_by", marked("Ship by"), AmazonOrder.ship_by, cell=f"{CELLS}#soon", wide=True),
        money("total", marked("Total"), AmazonOrder.total_minor, currency=AmazonOrder.currency, sort=False),
    ),
    shown=("number", "problem", "failures", "due_at", "purchased_at"),
    sort="-purchased_at",
    search=lambda words: AmazonOrder.amazon_order_id.startswith(words, autoescape=True),
    search_label=marked("Order number"),
    empty=(marked("Every order is in the shop"), marked("An order that cannot be brought into the shop waits here.")),
    actions=(
        Action(
            "retry",
            marked("Try again now"),
            OPERATE,
            bulk_orders.retry,
            marked("They are tried again by themselves, too, later and later."),
            _of_orders,
        ),
    ),
    rows_of=_orders_of,
    place=lambda store_id: url_for("amazon_channel.failed_orders", store_id=store_id) if store_id else "",
)

SENT = Grid(
    name="failed-changes",
    row=Submission,
    columns=logs.SENT,
    shown=("at", "sku", "what", "old", "new", "state"),
    sort="-at",
    search=logs.LISTING_CHANGES.search,
    search_label=logs.LISTING_CHANGES.search_label,
    empty=(
        marked("Amazon has taken everything"),
        marked("What Amazon refuses, or accepts and does not apply, waits here until something newer is sent."),
    ),
    actions=(
        Action(
            "send_again",
            marked("Send again"),
            OPERATE,
            bulk.send_again,
            marked("What Amazon refused is refused again, unless what was wrong with it has been mended meanwhile."),
            _of_sent,
            of_account=True,
        ),
    ),
    rows_of=_sent_of,
    place=lambda store_id: url_for("amazon_channel.failed_changes", store_id=store_id) if store_id else "",
)


def failures(channel: Channel, store: Store) -> str:
    session = channel.db.session()

    def number_of(query: sa.Select[Any], key: Any) -> int:
        return _count(session, query.with_only_columns(key).limit(COUNTED + 1))

    return render_template(
        "amazon_channel/failures.html",
        store=store,
        orders=number_of(_orders_of([store.id]), AmazonOrder.id),
        changes=number_of(_sent_of([store.id]), Submission.id),
        counted=COUNTED,
        streams=_streams(channel, store),
        read=READ,
        may_read=_may_read(channel, store),
    )


def failed_orders(channel: Channel, store: Store) -> ResponseReturnValue:
    return ORDERS.answer(channel, query=_orders_of([store.id]), title=say("Orders that wait"), store=store)


def failed_changes(channel: Channel, store: Store) -> ResponseReturnValue:
    return SENT.answer(
        channel,
        query=_sent_of([store.id]),
        load=logs.LOAD_SENT,
        about=lambda rows: logs.listings_of(channel, store, rows),
        title=say("Changes that Amazon did not take"),
        store=store,
    )


def _streams(channel: Channel, store: Store) -> Sequence[Stream]:
    """Return what is read for the store; of its account only for those who see all of that."""
    of_it = Stream.store_id == store.id
    if logs.sees_whole(channel, store):
        of_it = sa.or_(of_it, Stream.account_id == store.account_id)
    known = Stream.name.in_(list(READ))
    return channel.db.session.scalars(sa.select(Stream).where(of_it, known).order_by(Stream.id)).all()


def _may_read(channel: Channel, store: Store) -> dict[bool, bool]:
    """Return whether the person may have read anew what is the store's own (False) and what is the account's (True)."""
    stores = store.account.stores
    return {
        False: access.may(channel, OPERATE, store),
        True: all(access.may(channel, OPERATE, other) for other in stores),
    }


def read_again(channel: Channel, store: Store) -> Response:
    """Read something again now.  What is the account's takes the permission in all of its stores."""
    name = request.form.get("name", "")
    if name not in list(READ):
        abort(400)
    is_of_account = name in (StreamName.ORDERS, StreamName.ORDERS_REPORT)
    if is_of_account:
        access.require(channel, OPERATE, store.account.stores)
    of_it = Stream.account_id == store.account_id if is_of_account else Stream.store_id == store.id
    session, now = channel.db.session(), channel.clock()
    in_transaction(session, lambda: mark(session, Stream, now, Stream.name == name, of_it))
    channel.ring()
    flash(say("{what}: it is read again now.", what=say(READ[StreamName(name)])), "success")
    return redirect(url_for("amazon_channel.failures", store_id=store.id), 303)


def listings_report(channel: Channel, store: Store) -> str:
    return render_template("amazon_channel/listings_report.html", store=store, stream=_report_of(channel, store))


def _report_of(channel: Channel, store: Store) -> Stream | None:
    return channel.db.session.scalar(
        sa.select(Stream).where(Stream.store_id == store.id, Stream.name == StreamName.LISTINGS_REPORT)
    )


def accept_report(channel: Channel, store: Store) -> Response:
    """Say that the report is right however few listings it has: the next one is believed."""
    from flask_amazon_channel.sync import listings_report as reports

    if request.form.get("sure") != "yes":
        flash(say("Nothing was done: tick the box to say that you are sure."), "error")
    else:
        reports.accept_smaller(channel, store.id, **channel.signature())
        reports.make_reports_due(channel, store.id)
        channel.ring()
        flash(say("The next report is believed. It is asked for now; that takes some minutes."), "success")
    return redirect(url_for("amazon_channel.listings_report", store_id=store.id), 303)
