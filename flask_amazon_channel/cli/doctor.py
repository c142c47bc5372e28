"""What can be wrong with an installation, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.cli.findings import Finding
from flask_amazon_channel.cli.quotas import examine_quotas, examine_versions
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import (
    AccountState,
    NotificationSubscription,
    RunState,
    SellerAccount,
    Store,
    Stream,
)
from flask_amazon_channel.sync import health

UNREAD_FOR_TOO_LONG = timedelta(minutes=15)
MANY_MESSAGES = 10_000
ZERO_TAKES_AT_MOST = timedelta(minutes=5)


def examine(channel: Channel) -> list[Finding]:
    """Look at everything.  What cannot be looked at because something else is wrong is left out."""
    findings = [*_configuration(channel), *_installation(channel), *examine_versions(channel)]
    database = list(_database(channel))
    findings += database
    broker = list(_broker(channel))
    findings += broker
    if all(finding.grade != "wrong" for finding in database):
        looks: list[Callable[[Channel], Iterator[Finding]]] = [
            _timetable,
            _runs,
            _zeros,
            _not_applied,
            _stopped,
            _accounts,
            _expiry,
            _notifications,
            _reading,
            examine_quotas,
        ]
        findings += [finding for look in looks for finding in look(channel)]
        channel.db.session.rollback()
    return findings


def _configuration(channel: Channel) -> Iterator[Finding]:
    missing = channel.config.missing
    if missing:
        yield Finding(
            "configuration",
            "wrong",
            f"Not set: {', '.join(missing)}.",
            "No seller account can connect without them.",
        )
    else:
        yield Finding("configuration", "good", "All that is needed to connect an account is set.")
    if channel.config.read_only:
        yield Finding(
            "configuration",
            "note",
            "AMAZON_CHANNEL_READ_ONLY is set: nothing is sent to Amazon.",
            "Remove it to let prices, quantities and shipments out.",
        )
    if channel.config.endpoints:
        places = ", ".join(sorted(set(channel.config.endpoints.values())))
        yield Finding("configuration", "note", f"It talks to {places} instead of Amazon.")


def _installation(channel: Channel) -> Iterator[Finding]:
    if channel.authorize is None:
        yield Finding(
            "pages",
            "note",
            "init_app was given no authorize=, so every page answers 403.",
            "Pass authorize=: a function (permission, store) that returns True for those who may.",
        )
    if not channel.watched:
        yield Finding(
            "products",
            "wrong",
            "No model is watched, so saved products are not noticed.",
            "Call amazon.watch(Product) for each model that a price or a quantity depends on.",
        )


def _database(channel: Channel) -> Iterator[Finding]:
    from flask_amazon_channel.cli import database

    try:
        found, newest = database.revisions(channel)
    except sa.exc.SQLAlchemyError as error:
        yield Finding(
            "database",
            "wrong",
            f"It does not answer: {type(error).__name__}.",
            "Check SQLALCHEMY_DATABASE_URI, and that the server runs.",
        )
        return
    if found != newest:
        yield Finding(
            "database",
            "wrong",
            f"Its tables are at revision {found or 'none'}, this version needs {newest}.",
            "Run: flask amazon db upgrade",
        )
    else:
        yield Finding("database", "good", f"Its tables are at revision {found}.")


def _broker(channel: Channel) -> Iterator[Finding]:
    found = health.workers(channel)
    if not found.broker_answers:
        yield Finding(
            "broker",
            "wrong",
            f"It does not answer: {found.problem}. Changes are kept, but nobody acts on them.",
            "Start Redis or Valkey, or set AMAZON_CHANNEL_REDIS_URL.",
        )
        return
    yield Finding("broker", "good", "It answers.")
    if found.count:
        sign = f", the last sign of life at {found.seen_at:%Y-%m-%d %H:%M:%S} UTC" if found.seen_at else ""
        yield Finding("worker", "good", f"{found.count} at work{sign}.")
    else:
        yield Finding("worker", "wrong", "None is running.", "Run: flask amazon run (or worker and timetable apart).")


def _timetable(channel: Channel) -> Iterator[Finding]:
    rings, last = health.timetable(channel)
    if rings:
        yield Finding("timetable", "good", "It runs.")
        return
    yield Finding(
        "timetable",
        "wrong",
        "No cycle has begun lately." if last else "No cycle has ever begun.",
        "Run: flask amazon timetable (or flask amazon run), with a worker.",
    )


def _runs(channel: Channel) -> Iterator[Finding]:
    """The last complete round, by the timetable or by hand."""
    last = health.last_round(channel.db.session())
    if last is None:
        return
    what = f"{last.name} of {last.began:%Y-%m-%d %H:%M} UTC: {last.worked_on} rows, {last.calls} calls to Amazon"
    if last.state in (RunState.FAILED, RunState.KILLED):
        remedy = "See the log of the worker. What it had begun is taken up again."
        yield Finding("last cycle", "wrong", f"{what}; {last.state}: {last.problem or ''}", remedy)
    elif last.state == RunState.OUT_OF_TIME:
        yield Finding("last cycle", "note", f"{what}; its time was over, the rest follows.")
    else:
        yield Finding("last cycle", "good", f"{what}, {last.failures} failures.")


def _zeros(channel: Channel) -> Iterator[Finding]:
    """The oldest quantity of nothing that Amazon does not show yet: until then what is not there may be sold."""
    found = health.zeros(channel.db.session())
    if found.oldest is None:
        yield Finding("sold out", "good", "Every product that is sold out is sold out at Amazon, too.")
        return
    sentence = (
        f"{found.count} SKUs are still for sale at Amazon, the longest due since {found.oldest:%Y-%m-%d %H:%M} UTC."
    )
    late = channel.clock() - found.oldest > ZERO_TAKES_AT_MOST
    yield Finding(
        "sold out", "wrong" if late else "note", sentence, "See that a worker runs and that nothing is frozen."
    )


def _not_applied(channel: Channel) -> Iterator[Finding]:
    from flask_amazon_channel.models import Submission, SubmissionState

    given_up = sa.select(
        sa.func.count(), sa.func.min(sa.func.coalesce(Submission.first_sent_at, Submission.created_at))
    ).where(Submission.state == SubmissionState.NOT_APPLIED)
    count, since = channel.db.session.execute(given_up).one()
    if count:
        sentence = (
            f"Amazon accepted {count} changes and has not applied them, the oldest of {since:%Y-%m-%d %H:%M} UTC."
        )
        yield Finding("not applied", "wrong", sentence, "See the listings with this note; send again, or ask Amazon.")


def _stopped(channel: Channel) -> Iterator[Finding]:
    """What a person froze, a copied database, and mass changes that wait: easily forgotten."""
    from flask_amazon_channel.sync import freezing, permission
    from flask_amazon_channel.sync.publishing import mass_changes

    session = channel.db.session()
    stored = permission.stored_instance(session)
    if stored not in (None, channel.instance):
        sentence = f"It belongs to another installation ({stored}, this is {channel.instance}): nothing is sent."
        remedy = "If it is ours: flask amazon unfreeze. AMAZON_CHANNEL_INSTANCE names an installation."
        yield Finding("database", "wrong", sentence, remedy)
    for row in freezing.frozen(session):
        by = f" by {row.frozen_by}" if row.frozen_by else ""
        why = f" ({row.frozen_reason})" if row.frozen_reason else ""
        option = f" --store {row.id}" if isinstance(row, Store) else ""
        sentence = f"Frozen since {row.frozen_at:%Y-%m-%d %H:%M UTC}{by}{why}: nothing is sent."
        yield Finding(row.name, "note", sentence, f"To go on: flask amazon unfreeze{option}")
    for change in mass_changes.waiting(session):
        remedy = "Look at flask amazon plan, then: flask amazon release (or release --discard)"
        yield Finding("mass change", "wrong", mass_changes.reason(change).sentence, remedy)


def _accounts(channel: Channel) -> Iterator[Finding]:
    accounts = channel.db.session.scalars(sa.select(SellerAccount).order_by(SellerAccount.id)).all()
    if not accounts:
        yield Finding(
            "accounts",
            "wrong",
            "No seller account is connected.",
            f"Open {channel.config.url_prefix} in the shop, or run: flask amazon connect --help",
        )
    for account in accounts:
        yield _account(channel, account)
        for store in account.stores:
            if store.is_active and store.problem:
                yield Finding(store.name, "wrong", store.problem, "Then connect the account again.")
        if not any(store.is_active for store in account.stores):
            yield Finding(account.name, "note", "None of its stores is active.", "Activate a store on its page.")


def _account(channel: Channel, account: SellerAccount) -> Finding:
    again = "Connect it again, on the page or with: flask amazon connect"
    if account.state == AccountState.NEEDS_SECRET:
        return Finding(account.name, "wrong", account.problem or "", "It goes on by itself when a secret works.")
    if not account.is_connected:
        return Finding(account.name, "wrong", account.problem or "It is disconnected.", again)
    try:
        account.refresh_token(channel.keys)
    except Exception:
        return Finding(
            account.name,
            "wrong",
            "Its token does not open with the keys in AMAZON_CHANNEL_ENCRYPTION_KEYS.",
            "Add the key that it was sealed with to the list, or connect the account again.",
        )
    return Finding(account.name, "good", "It is connected.")


def _expiry(channel: Channel) -> Iterator[Finding]:
    from flask_amazon_channel.sync import expiry

    now = channel.clock()
    for account in channel.db.session.scalars(sa.select(SellerAccount).order_by(SellerAccount.id)):
        warning = expiry.authorisation_warning(account, now)
        if warning is not None:
            again = "Connect it again, on its page."
            yield Finding(account.name, "wrong" if warning.is_over else "note", warning.sentence, again)
    secret = expiry.secret_warning(channel, channel.db.session(), now)
    if secret is not None:
        yield Finding("client secret", "wrong" if secret.is_over else "note", secret.sentence)


def _notifications(channel: Channel) -> Iterator[Finding]:
    from flask_amazon_channel.spapi.aws import QueueUnavailable
    from flask_amazon_channel.sync.notifications.queue import is_configured, queue_of

    if not is_configured(channel):
        return
    try:
        waiting = queue_of(channel).waiting()
    except (QueueUnavailable, ConfigurationError) as error:
        text = f"{error} Everything is read as without notifications, only later."
        yield Finding("notifications", "wrong", text, "Look at the AMAZON_CHANNEL_AWS_* keys.")
        return
    subscribed = sa.select(sa.exists(sa.select(NotificationSubscription.id)))
    if not channel.db.session.scalar(subscribed):
        yield Finding(
            "notifications",
            "note",
            "A queue is configured, and nothing is subscribed.",
            "Run: flask amazon notifications setup",
        )
    elif waiting > MANY_MESSAGES:
        text = f"About {waiting} messages wait in the queue."
        yield Finding("notifications", "note", text, "Run more workers, or see that they run.")
    else:
        yield Finding("notifications", "good", "The queue answers.")


def _reading(channel: Channel) -> Iterator[Finding]:
    from flask_amazon_channel.models import StreamName

    now = channel.clock()
    streams = channel.db.session.execute(
        sa.select(Stream, SellerAccount)
        .join(SellerAccount, Stream.account_id == SellerAccount.id)
        .where(Stream.name == StreamName.ORDERS, SellerAccount.state == AccountState.CONNECTED)
    )
    for stream, account in streams:
        if stream.problem:
            grade = "wrong" if stream.failures else "note"
            yield Finding(f"{account.name}: orders", grade, stream.problem, "It is tried again by itself.")
        elif stream.complete_at is None or now - stream.complete_at > UNREAD_FOR_TOO_LONG:
            since = f"since {stream.complete_at:%Y-%m-%d %H:%M UTC}" if stream.complete_at else "ever"
            yield Finding(
                f"{account.name}: orders",
                "wrong",
                f"Not completely read {since}, so no quantity is raised at Amazon.",
                "See that worker and timetable run, or run: flask amazon import-orders",
            )
