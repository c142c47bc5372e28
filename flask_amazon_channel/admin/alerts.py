"""What needs a person now, and what did before."""

from __future__ import annotations

import sqlalchemy as sa
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from flask_amazon_channel.admin import access
from flask_amazon_channel.admin.grid import Grid, choice, moment
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Alert, Store
from flask_amazon_channel.models.alerts import concerning
from flask_amazon_channel.rules.alerts import Severity

CELLS = "amazon_channel/grid_records.html"
URGENCY = sa.case({Severity.BAD: "1", Severity.WARN: "2"}, value=Alert.severity, else_="3")
"""The worst comes first."""
SEVERITIES = {"1": marked("Needs you now"), "2": marked("Needs attention"), "3": marked("Good to know")}
KINDS = {
    "disconnected": marked("Account not connected"),
    "needs_secret": marked("Client secret does not work"),
    "authorisation_expiring": marked("Authorisation ends"),
    "secret_expiring": marked("Client secret ends"),
    "account_frozen": marked("Account frozen"),
    "store_frozen": marked("Store frozen"),
    "store_problem": marked("Trouble with a store"),
    "read_only": marked("Read only"),
    "another_instance": marked("Another installation’s database"),
    "run_failed": marked("A cycle failed"),
    "worker_silent": marked("No worker"),
    "timetable_silent": marked("No timetable"),
    "mass_change": marked("Mass change waits"),
    "zero_unsent": marked("Sold out, still for sale"),
    "work_waits": marked("Changes wait"),
    "quota_exhausted": marked("Quota used up"),
    "feeds_stuck": marked("Feed without a report"),
    "not_applied": marked("Not applied by Amazon"),
    "listings_refused": marked("Refused by Amazon"),
    "report_small": marked("Report suspiciously small"),
    "orders_unread": marked("Orders not read"),
    "orders_quarantined": marked("Orders not in the shop"),
    "orders_to_ship": marked("Orders to ship today"),
    "orders_late": marked("Orders late"),
    "deadline_near": marked("Shipment not confirmed"),
    "oversold": marked("Oversold"),
    "cancellation_requested": marked("Buyer asks to cancel"),
    "orders_failing": marked("Reading orders fails"),
    "orders_report_failing": marked("Counting orders fails"),
    "listings_failing": marked("Reading listings fails"),
    "listings_report_failing": marked("Reading the listings report fails"),
    "catalogue_failing": marked("Reading the shop’s catalogue fails"),
    "products_failing": marked("Comparing products fails"),
    "mail_undelivered": marked("Mails do not arrive"),
    "webhook_undelivered": marked("Webhooks do not arrive"),
}

ALERTS = Grid(
    name="alerts",
    row=Alert,
    columns=(
        choice("severity", marked("How urgent"), URGENCY, choices=SEVERITIES, cell=f"{CELLS}#severity"),
        choice("code", marked("What"), Alert.code, choices=KINDS, cell=f"{CELLS}#alert", wide=True, sort=False),
        moment("since", marked("Since"), Alert.since),
        moment("ended", marked("Over since"), Alert.ended),
        moment("seen_at", marked("Last seen"), Alert.seen_at, sort=False),
    ),
    shown=("severity", "code", "since", "ended"),
    sort="severity",
    preset={"ended.is": "empty"},
    empty=(
        marked("Nothing has needed you yet"),
        marked("At the end of each cycle the channel looks for what only a person can decide; it is listed here."),
    ),
    nothing=(marked("Nothing needs you now"), marked("Remove the filter to see what did before.")),
)


def alerts(channel: Channel) -> ResponseReturnValue:
    seen = [store.id for store in access.visible_stores(channel)]
    return _answer(channel, concerning(seen), None)


def store_alerts(channel: Channel, store: Store) -> ResponseReturnValue:
    scope = Alert.store_id == store.id
    if all(access.may(channel, access.VIEW, other) for other in store.account.stores):
        scope = sa.or_(scope, sa.and_(Alert.account_id == store.account_id, Alert.store_id.is_(None)))
    return _answer(channel, scope, store)


def _answer(channel: Channel, scope: sa.ColumnElement[bool], store: Store | None) -> ResponseReturnValue:
    from flask_amazon_channel.sync.alerts.evaluate import silent_now

    return ALERTS.answer(
        channel,
        query=sa.select(Alert).where(scope),
        load=(joinedload(Alert.account), joinedload(Alert.store), joinedload(Alert.order)),
        title=say("What needs you"),
        store=store,
        template="amazon_channel/alerts.html",
        silent=[alarm.reason for alarm in silent_now(channel)],
    )
