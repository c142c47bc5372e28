"""What needs a person?

An alert is about one thing: the installation, an account, a store or an order; of each kind there is one for each
thing, however often it is looked.  It is there while its facts hold, and over when they do not.  No alert holds a
buyer's name or address, or what a shop wrote about one: orders are named by Amazon's number, and counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_amazon_channel.rules.permission import Freeze
from flask_amazon_channel.rules.reasons import Reason, because, because_many, marked

ORDERS_UNREAD = timedelta(minutes=15)
ZERO_TAKES_AT_MOST = timedelta(minutes=5)
WORK_TAKES_AT_MOST = timedelta(hours=1)
SHIP_SOON = timedelta(hours=24)
SIGN_OF_LIFE = timedelta(minutes=10)
"""A worker leaves a sign at least once a minute; a visit may take half a minute, a job five."""
MISSED_CYCLES = 3
FAILED_IN_A_ROW = 3
"""So often reading fails before it is more than a hiccup of Amazon's."""
REFUSED_CALLS = 10
"""So many refused calls of an operation in an hour: somebody else uses the same quota."""
UNDELIVERED = timedelta(hours=1)
SAME_AGAIN = timedelta(minutes=30)
"""What comes back within this is the same alert, not another one: nobody is told twice."""

SIGNALLED_WHEN_NOTICED = frozenset({"mass_change", "deadline_near"})
"""Of these whoever notices them tells at once; the alert only stays on the pages."""


class Severity(StrEnum):
    """BAD: something is lost or wrong until a person acts.  WARN: it will be, or waits.  INFO: good to know."""

    BAD = "bad"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an alert is about.  None of the three: the installation."""

    account_id: int | None = None
    store_id: int | None = None
    order_id: int | None = None

    @property
    def key(self) -> str:
        for name, number in (("order", self.order_id), ("store", self.store_id), ("account", self.account_id)):
            if number is not None:
                return f"{name} {number}"
        return "installation"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that needs a person.  `reason` has its kind, its sentence, and the place where it is put right."""

    subject: Subject
    severity: Severity
    reason: Reason

    @property
    def code(self) -> str:
        return self.reason.code

    @property
    def key(self) -> str:
        """What is there once while it lasts."""
        return f"{self.code} {self.subject.key}"

    @property
    def is_signalled_elsewhere(self) -> bool:
        return self.code in SIGNALLED_WHEN_NOTICED


@dataclass(frozen=True, slots=True)
class Installation:
    """The installation as it stands.  `worker_seen` and `cycle_began`: the last signs of worker and timetable.

    `secret`: what is to be said about the client secret, and whether it has ended.  `failed_run`: when the last cycle
    failed, if it did.  `is_used`: there is an active store.
    """

    instance: str = ""
    stored_instance: str | None = None
    read_only: bool = False
    secret: tuple[str, bool] | None = None
    is_used: bool = True
    used_since: datetime | None = None
    worker_seen: datetime | None = None
    cycle_began: datetime | None = None
    interval: timedelta = timedelta(minutes=5)
    failed_run: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account.  `problem` says why Amazon does not let us in; `expiry` what is to be said about its authorisation.

    `zeros` are SKUs that are sold out here and still for sale there, for too long; `work_since` is the change that has
    waited longest.  `refused_calls` says by operation how many calls Amazon refused within an hour.
    """

    id: int
    name: str
    is_connected: bool = True
    needs_secret: bool = False
    problem: str | None = None
    expiry: tuple[str, bool] | None = None
    freeze: Freeze | None = None
    has_active_store: bool = True
    connected_at: datetime | None = None
    orders_read_at: datetime | None = None
    zeros: int = 0
    work_since: datetime | None = None
    stuck_feeds: int = 0
    refused_calls: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """A store.  `small_report`: how many listings a report has that is not believed, and how many the last one had."""

    id: int
    account_id: int
    name: str
    is_active: bool = True
    problem: str | None = None
    freeze: Freeze | None = None
    not_applied: int = 0
    refused: int = 0
    small_report: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders of a store, or of an account's marketplaces without one: how many wait, and how many must be shipped.

    `late`: their day is over; `soon`: it ends within a day, the first at `ship_by`.  What the shop has sent is in
    neither.
    """

    account_id: int
    store_id: int | None
    name: str
    quarantined: int = 0
    late: int = 0
    soon: int = 0
    ship_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that is neither shipped nor cancelled, and waits for somebody's decision.

    `unconfirmed`: why a package of it must be confirmed soon, as `rules.deadlines` says it.
    """

    id: int
    account_id: int
    store_id: int | None
    number: str
    is_oversold: bool = False
    asks_to_cancel: bool = False
    unconfirmed: Reason | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Something of an account or store that is read continually, and failed so often in a row."""

    account_id: int
    store_id: int | None
    name: str
    what: str
    failures: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mass change that waits: of an account, or of a store."""

    account_id: int
    store_id: int | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Alerts of an account or store that could not be brought to anybody: by mail or webhook, since when, and why."""

    account_id: int | None
    store_id: int | None
    way: str
    since: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that alerts are made of."""

    installation: Installation = Installation()
    accounts: tuple[Account, ...] = ()
    stores: tuple[StoreFacts, ...] = ()
    orders: tuple[Orders, ...] = ()
    open_orders: tuple[OpenOrder, ...] = ()
    readings: tuple[Reading, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    undelivered: tuple[Undelivered, ...] = ()


def alarms(facts: Facts, now: datetime) -> list[Alarm]:
    """Return everything that needs a person now, each kind once for each thing."""
    found = [*_of_installation(facts.installation), *silence(facts.installation, now)]
    for account in facts.accounts:
        found += _of_account(account, now)
    for store in facts.stores:
        found += _of_store(store)
    for orders in facts.orders:
        found += _of_orders(orders)
    for order in facts.open_orders:
        found += _of_order(order)
    found += [_reading(one) for one in facts.readings if one.failures >= FAILED_IN_A_ROW]
    found += [Alarm(Subject(one.account_id, one.store_id), Severity.BAD, one.reason) for one in facts.waiting]
    found += [_undelivered(one) for one in facts.undelivered if now - one.since >= UNDELIVERED]
    return list({alarm.key: alarm for alarm in found}.values())


def silence(installation: Installation, now: datetime) -> Iterator[Alarm]:
    """Return whether the worker or the timetable gives no sign of life: what whoever still lives can say."""
    if not installation.is_used:
        return
    begun = installation.used_since or now
    worker_seen, cycle_began = installation.worker_seen or begun, installation.cycle_began or begun
    if now - worker_seen >= SIGN_OF_LIFE:
        text = "No worker has given a sign of life since {at}: nothing is read or sent. Start: flask amazon run"
        yield _everywhere(Severity.BAD, because("worker_silent", text, "runs", at=worker_seen))
    elif now - cycle_began >= installation.interval * MISSED_CYCLES + SIGN_OF_LIFE:
        text = "The timetable has begun no cycle since {at}: orders are not read. Start: flask amazon timetable"
        yield _everywhere(Severity.BAD, because("timetable_silent", text, "runs", at=cycle_began))


def _of_installation(one: Installation) -> Iterator[Alarm]:
    if one.read_only:
        text = "AMAZON_CHANNEL_READ_ONLY is set: nothing is sent to Amazon, changes wait."
        yield _everywhere(Severity.INFO, because("read_only", text))
    if one.stored_instance not in (None, one.instance):
        text = "This database belongs to another installation ({stored}, this is {own}): nothing is sent."
        reason = because("another_instance", text, "account", stored=one.stored_instance, own=one.instance)
        yield _everywhere(Severity.BAD, reason)
    if one.secret is not None:
        yield _everywhere(*_ending("secret_expiring", "", one.secret))
    if one.failed_run is not None:
        text = "The last cycle ({at}) failed; the log has the details. What it had begun is taken up again."
        yield _everywhere(Severity.WARN, because("run_failed", text, "runs", at=one.failed_run))


def _of_account(one: Account, now: datetime) -> Iterator[Alarm]:
    about = Subject(one.id)
    if one.needs_secret:
        text = "{name} rests until a client secret works: {problem}"
        reason = because("needs_secret", text, "account", name=one.name, problem=one.problem or "")
        yield Alarm(about, Severity.BAD, reason)
    elif not one.is_connected:
        text = "{name} is not connected: nothing is read or sent until it is connected again. {problem}"
        reason = because("disconnected", text, "account", name=one.name, problem=one.problem or "")
        yield Alarm(about, Severity.BAD, reason)
    if one.is_connected and one.expiry is not None:
        yield Alarm(about, *_ending("authorisation_expiring", f"{one.name}: ", one.expiry))
    if one.freeze is not None:
        yield Alarm(about, Severity.WARN, _frozen("account_frozen", "account", one.name, one.freeze))
    if one.is_connected and one.has_active_store:
        yield from _of_working_account(one, about, now)
    if one.stuck_feeds:
        alone = "{name}: {n} feed lies at Amazon without a report; what it carried went another way."
        many = "{name}: {n} feeds lie at Amazon without a report; what they carried went another way."
        reason = because_many("feeds_stuck", alone, many, "account", name=one.name, n=one.stuck_feeds)
        yield Alarm(about, Severity.WARN, reason)


def _of_working_account(one: Account, about: Subject, now: datetime) -> Iterator[Alarm]:
    read_at = one.orders_read_at or one.connected_at or now
    if now - read_at >= ORDERS_UNREAD:
        text = "{name}: orders were last read completely at {at}. Until they are, no quantity is raised at Amazon."
        yield Alarm(about, Severity.BAD, because("orders_unread", text, "orders", name=one.name, at=read_at))
    if one.zeros:
        alone = "{name}: {n} SKU is sold out and still for sale at Amazon: for minutes nothing could be sent for it."
        many = "{name}: {n} SKUs are sold out and still for sale at Amazon: for minutes nothing could be sent for them."
        yield Alarm(
            about, Severity.BAD, because_many("zero_unsent", alone, many, "account", name=one.name, n=one.zeros)
        )
    if one.work_since is not None and one.freeze is None and now - one.work_since >= WORK_TAKES_AT_MOST:
        text = "{name}: changes have waited since {at} to be sent. See the quotas, and that workers run."
        yield Alarm(about, Severity.WARN, because("work_waits", text, "quotas", name=one.name, at=one.work_since))
    refused = [f"{operation} ({n})" for operation, n in one.refused_calls if n >= REFUSED_CALLS]
    if refused:
        text = (
            "{name}: Amazon refused calls of the last hour because the quota was used up: {calls}. "
            "Perhaps another application calls for the same seller."
        )
        reason = because("quota_exhausted", text, "quotas", name=one.name, calls=", ".join(refused))
        yield Alarm(about, Severity.WARN, reason)


def _of_store(one: StoreFacts) -> Iterator[Alarm]:
    about = Subject(one.account_id, one.id)
    if one.freeze is not None:
        yield Alarm(about, Severity.WARN, _frozen("store_frozen", "store", one.name, one.freeze))
    if not one.is_active:
        return
    if one.problem:
        text = "{name}: {problem}"
        yield Alarm(about, Severity.BAD, because("store_problem", text, "store", name=one.name, problem=one.problem))
    if one.not_applied:
        alone = "{name}: Amazon accepted {n} change and has not applied it. Send it again, or ask Amazon's support."
        many = "{name}: Amazon accepted {n} changes and has not applied them. Send them again, or ask Amazon's support."
        yield Alarm(
            about, Severity.WARN, because_many("not_applied", alone, many, "failures", name=one.name, n=one.not_applied)
        )
    if one.refused:
        alone = "{name}: Amazon refused what was sent for {n} listing."
        many = "{name}: Amazon refused what was sent for {n} listings."
        yield Alarm(
            about,
            Severity.WARN,
            because_many("listings_refused", alone, many, "failures", name=one.name, n=one.refused),
        )
    if one.small_report is not None:
        rows, before = one.small_report
        alone = (
            "{name}: Amazon's report has {n} listing, the last one had {before}. It is not believed, and nothing was "
            "changed. Say so if it is right."
        )
        many = (
            "{name}: Amazon's report has {n} listings, the last one had {before}. It is not believed, and nothing was "
            "changed. Say so if it is right."
        )
        reason = because_many("report_small", alone, many, "report", name=one.name, n=rows, before=before)
        yield Alarm(about, Severity.WARN, reason)


def _of_orders(one: Orders) -> Iterator[Alarm]:
    about = Subject(one.account_id, one.store_id)
    if one.quarantined:
        alone = "{name}: {n} order could not be brought into the shop. It is tried again by itself."
        many = "{name}: {n} orders could not be brought into the shop. They are tried again by themselves."
        reason = because_many("orders_quarantined", alone, many, "failures", name=one.name, n=one.quarantined)
        yield Alarm(about, Severity.WARN, reason)
    if one.late:
        alone = "{name}: {n} order should have been shipped by now: by {at}."
        many = "{name}: {n} orders should have been shipped by now, the first by {at}."
        yield Alarm(
            about,
            Severity.BAD,
            because_many("orders_late", alone, many, "orders", name=one.name, n=one.late, at=one.ship_by),
        )
    elif one.soon:
        alone = "{name}: {n} order must be shipped within a day: by {at}."
        many = "{name}: {n} orders must be shipped within a day, the first by {at}."
        reason = because_many("orders_to_ship", alone, many, "orders", name=one.name, n=one.soon, at=one.ship_by)
        yield Alarm(about, Severity.WARN, reason)


def _of_order(one: OpenOrder) -> Iterator[Alarm]:
    about = Subject(one.account_id, one.store_id, one.id)
    if one.is_oversold:
        text = "Order {number}: more was sold than the shop has. Buy it in, or cancel the order."
        yield Alarm(about, Severity.BAD, because("oversold", text, "order", number=one.number))
    if one.asks_to_cancel:
        text = "Order {number}: the buyer asks to cancel it, and nothing was done about it yet."
        yield Alarm(about, Severity.WARN, because("cancellation_requested", text, "order", number=one.number))
    if one.unconfirmed is not None:
        yield Alarm(about, Severity.BAD, one.unconfirmed)


_READ = {
    "orders": marked("{name}: reading the orders has failed {n} times in a row."),
    "orders_report": marked("{name}: counting the orders against Amazon's report has failed {n} times in a row."),
    "listings": marked("{name}: reading the changed listings has failed {n} times in a row."),
    "listings_report": marked("{name}: reading all listings by report has failed {n} times in a row."),
    "catalogue": marked("{name}: reading the shop's catalogue has failed {n} times in a row."),
    "products": marked("{name}: comparing the shop's products has failed {n} times in a row."),
}
_READ_ELSE = marked("{name}: reading {what} has failed {n} times in a row.")


def _reading(one: Reading) -> Alarm:
    text = _READ.get(one.what, _READ_ELSE)
    facts = {"name": one.name, "n": one.failures, "what": one.what.replace("_", " ")}
    reason = Reason(f"{one.what}_failing"[:40], text, "failures", facts)
    return Alarm(Subject(one.account_id, one.store_id), Severity.WARN, reason)


def _undelivered(one: Undelivered) -> Alarm:
    text = {
        "mail": "Alerts could not be mailed since {at}: {problem}",
        "webhook": "Alerts could not be brought to the webhook since {at}: {problem}",
    }[one.way]
    reason = because(f"{one.way}_undelivered", text, "alerts", at=one.since, problem=one.problem)
    return Alarm(Subject(one.account_id, one.store_id), Severity.WARN, reason)


def _ending(code: str, name: str, told: tuple[str, bool]) -> tuple[Severity, Reason]:
    sentence, is_over = told
    reason = because(code, "{name}{sentence}", "account", name=name, sentence=sentence)
    return (Severity.BAD if is_over else Severity.WARN), reason


def _frozen(code: str, place: str, name: str, freeze: Freeze) -> Reason:
    text = "{name} is frozen since {at}{told}: nothing is sent."
    return because(code, text, place, name=name, at=freeze.at, told=freeze.told)


def _everywhere(severity: Severity, reason: Reason) -> Alarm:
    return Alarm(Subject(), severity, reason)
