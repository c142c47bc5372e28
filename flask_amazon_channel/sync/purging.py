"""What is kept for some days only: the one list of all logs, and how their rows are deleted.

Each visit looks at a bounded number of rows of each table, in small batches with a transaction each, so that the work
never waits for it; what is left is for the next visit.  What is still needed stays however old it is: open alerts and
messages, the newest submission of each aspect, whatever has no outcome yet, and what other rows refer to.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.models import (
    Activity,
    Alert,
    AlertMessage,
    BulkAction,
    BulkState,
    CallError,
    Change,
    Feed,
    FeedState,
    ListingIssue,
    LoggedCall,
    PurgePosition,
    ReceivedNotification,
    Run,
    RunPart,
    RunState,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.models.database import in_transaction

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Rows of one transaction."""
LOOKED_AT_MOST = 5000
"""Rows of a table that one visit deletes."""
WALKED_AT_MOST = 2000
"""Rows that one visit looks at where most of them stay."""
CHANGES_KEPT = timedelta(days=365)
NOTIFICATIONS_KEPT = timedelta(days=15)
"""A queue keeps a message for 14 days at most, so nothing older can come again."""


@dataclass(frozen=True)
class Log:
    """A table of which rows are deleted once `at` is too old.

    `may_go` are the conditions under which a row goes.  `kept` is how long it stays (None: LOG_DAYS).  `walks`: most of
    its old rows stay, so a visit goes on where the last one stopped, and does not look at the same rows again.
    """

    model: type[Any]
    at: Any
    may_go: Callable[[], tuple[sa.ColumnElement[bool], ...]] = tuple
    kept: timedelta | None = None
    walks: bool = False
    along: tuple[tuple[type[Any], Any], ...] = field(default=())

    @property
    def name(self) -> str:
        return str(self.model.__tablename__)


def _nobody_needs() -> tuple[sa.ColumnElement[bool], ...]:
    """A submission whose outcome is known, after which another was sent, and which no issue of Amazon's explains."""
    newer = aliased(Submission)
    settled = (SubmissionState.LIVE, SubmissionState.INVALID, SubmissionState.LOST, SubmissionState.SUPERSEDED)
    return (
        Submission.state.in_(settled),
        Submission.open_aspect_id.is_(None),
        sa.exists().where(newer.aspect_id == Submission.aspect_id, newer.id > Submission.id),
        ~sa.exists().where(ListingIssue.submission_id == Submission.id),
    )


def _is_empty() -> tuple[sa.ColumnElement[bool], ...]:
    """A feed that has ended, and none of whose submissions is kept."""
    ended = (FeedState.DONE, FeedState.FATAL, FeedState.CANCELLED)
    return Feed.state.in_(ended), Feed.due_at.is_(None), ~sa.exists().where(Submission.feed_id == Feed.id)


LOGS = (
    Log(Run, Run.began, lambda: (Run.state != RunState.RUNNING, Run.idle_name.is_(None)), along=((RunPart, "run_id"),)),
    Log(LoggedCall, LoggedCall.at),
    Log(CallError, CallError.last_at),
    Log(Activity, Activity.at),
    Log(Submission, Submission.created_at, _nobody_needs, walks=True),
    Log(Feed, Feed.created_at, _is_empty, walks=True),
    Log(AlertMessage, AlertMessage.created_at, lambda: (AlertMessage.due_at.is_(None),)),
    Log(Alert, Alert.ended, lambda: (Alert.open_key.is_(None),), along=((AlertMessage, "alert_id"),)),
    Log(BulkAction, BulkAction.created_at, lambda: (BulkAction.state != BulkState.RUNNING,)),
    Log(Change, Change.at, kept=CHANGES_KEPT),
    Log(ReceivedNotification, ReceivedNotification.received_at, kept=NOTIFICATIONS_KEPT),
)
"""Every log.  Orders, the ledger of stock, listings and settings are none: they stay."""


def purge(channel: Channel) -> dict[str, int]:
    """Delete a bounded number of rows whose days are over; return how many by table.  It never fails: the next visit
    goes on."""
    deleted = {}
    for one in LOGS:
        try:
            count = _walk(channel, one) if one.walks else _take(channel, one)
        except Exception:
            log_fault(log, "Old rows of %s could not be deleted", one.name)
            channel.db.session.rollback()
            continue
        if count:
            deleted[one.name] = count
    return deleted


def _before(channel: Channel, one: Log) -> datetime:
    return channel.clock() - (one.kept or timedelta(days=channel.config.log_days))


def _take(channel: Channel, one: Log) -> int:
    """Delete the oldest rows: all of them may go, but for a few."""
    session, before, deleted = channel.db.session(), _before(channel, one), 0
    session.rollback()
    old = sa.select(one.model.id).where(one.at < before, *one.may_go()).order_by(one.at).limit(AT_ONCE)
    while deleted < LOOKED_AT_MOST:

        def delete() -> int:
            return _delete(session, one, list(session.scalars(old)))

        count = in_transaction(session, delete)
        deleted += count
        if count < AT_ONCE:
            break
    return deleted


def _walk(channel: Channel, one: Log) -> int:
    """Look at the next rows by their number, and delete those that may go; begin anew behind the last old one."""
    session, before, deleted = channel.db.session(), _before(channel, one), 0
    session.rollback()
    position = session.scalar(sa.select(PurgePosition.position).where(PurgePosition.name == one.name)) or 0
    for _ in range(WALKED_AT_MOST // AT_ONCE):

        def look(behind: int = position) -> tuple[int, int]:
            next_rows = sa.select(one.model.id, one.at).where(one.model.id > behind).order_by(one.model.id)
            rows = session.execute(next_rows.limit(AT_ONCE)).all()
            ids = [number for number, at in rows if at < before]
            may_go = sa.select(one.model.id).where(one.model.id.in_(ids), *one.may_go())
            count = _delete(session, one, list(session.scalars(may_go)) if ids else [])
            # Numbers rise with time: behind the first that is not old, none is.
            reached = ids[-1] if len(ids) == AT_ONCE else 0
            _remember(session, one.name, reached)
            return count, reached

        count, position = in_transaction(session, look)
        deleted += count
        if not position:
            break
    return deleted


def _remember(session: Session, name: str, position: int) -> None:
    row = session.get(PurgePosition, name)
    if row is None:
        session.add(PurgePosition(name=name, position=position))
    elif row.position != position:
        row.position = position


def _delete(session: Session, one: Log, ids: list[int]) -> int:
    if ids:
        for model, column in one.along:
            session.execute(sa.delete(model).where(getattr(model, column).in_(ids)))
        session.execute(sa.delete(one.model).where(one.model.id.in_(ids)))
    return len(ids)
