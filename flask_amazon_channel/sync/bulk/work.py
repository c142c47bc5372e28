"""Bulk actions: a portion of rows at a time, so that a worker that dies repeats no more than one portion."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError
from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.models import BulkAction, BulkState
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, LeaseLost, claim, finish, hold
from flask_amazon_channel.rules.phrases import kept, phrase
from flask_amazon_channel.sync import runs
from flask_amazon_channel.sync.visits import give_back

log = logging.getLogger(__name__)

PORTION = 100
TURN = 8.0
"""Seconds after which whatever else is due has its turn."""
PROBLEMS_KEPT = 5
AGAIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Outcome:
    """What came of a portion: how many rows changed, and why others did not."""

    changed: int = 0
    failed: Sequence[str] = ()


Act = Callable[[Channel, Sequence[int], Mapping[str, Any]], Outcome]


@dataclass(frozen=True)
class Steps:
    """What a bulk action means: a query of the keys of its rows, and what is done with a portion of them.

    `act` may be repeated for rows with which it was done already.
    """

    keys: sa.Select[Any]
    key: Any
    act: Act


def work(channel: Channel) -> int:
    """Go on with the bulk actions that are due, for a while; return how many rows were worked on."""
    session, worked = channel.db.session(), 0
    for claimed in claim(session, BulkAction, channel.clock(), 1, BulkAction.state == BulkState.RUNNING):
        with reading(channel.db.engine) as read:
            asked = read.get_one(BulkAction, claimed.id)
        with runs.visit(None, asked.store_id):
            worked += _visit(channel, claimed, asked)
    return worked


def _visit(channel: Channel, claimed: Claim, asked: BulkAction) -> int:
    before = asked.done
    try:
        with channel.acting_for(asked.actor_id, asked.actor_name):
            _go_on(channel, claimed, asked)
    except LeaseLost:
        channel.db.session.rollback()
    except ChannelError as error:
        give_back(channel, BulkAction, claimed, AGAIN, str(error))
    except Exception as error:
        log_fault(log, "The bulk action %s was interrupted", claimed.id)
        why = phrase("{error}; the log has the details.", error=type(error).__name__)
        give_back(channel, BulkAction, claimed, AGAIN, why)
    return asked.done - before


def _go_on(channel: Channel, claimed: Claim, asked: BulkAction) -> None:
    """Work on portions until there are no more, a person stops it, or others have their turn."""
    if channel.bulk_steps is None:
        raise RuntimeError("Nobody says what the bulk action means.")
    steps: Steps = channel.bulk_steps(asked)
    session, end = channel.db.session(), time.monotonic() + TURN
    while True:
        with reading(channel.db.engine) as read:
            state = read.scalar(sa.select(BulkAction.state).where(BulkAction.id == asked.id))
            keys = _portion(read, steps, asked)
        over = BulkState.DONE if len(keys) < PORTION else None
        if state != BulkState.RUNNING:
            _finish(session, channel, claimed, None, {})
            return
        outcome = steps.act(channel, keys, asked.options) if keys else Outcome()
        channel.db.session.rollback()
        news = _count(asked, keys, outcome)
        if over:
            _finish(session, channel, claimed, None, {**news, "state": over, "ended_at": channel.clock()})
            return
        if time.monotonic() > end:
            _finish(session, channel, claimed, channel.clock(), news)
            return
        in_transaction(session, lambda news=news: hold(session, BulkAction, claimed, channel.clock(), **news))  # type: ignore[misc]


def _portion(session: Session, steps: Steps, asked: BulkAction) -> list[int]:
    query = steps.keys.where(steps.key > asked.position, steps.key <= asked.last_key)
    return list(session.scalars(query.order_by(steps.key).limit(PORTION)))


def _count(asked: BulkAction, keys: Sequence[int], outcome: Outcome) -> dict[str, Any]:
    """Return what to store, and go on from there."""
    if keys:
        asked.position = keys[-1]
    asked.done += len(keys)
    asked.changed += outcome.changed
    asked.failed += len(outcome.failed)
    asked.failed_why = [kept(why) for why in dict.fromkeys([*asked.why_failed, *outcome.failed])][:PROBLEMS_KEPT]
    names = ("position", "done", "changed", "failed", "failed_why")
    return {name: getattr(asked, name) for name in names}


def _finish(
    session: Session, channel: Channel, claimed: Claim, again_at: datetime | None, values: Mapping[str, Any]
) -> None:
    in_transaction(session, lambda: finish(session, BulkAction, claimed, channel.clock(), again_at, **values))


def start(channel: Channel, asked: BulkAction, options: Mapping[str, Any]) -> None:
    """Let a previewed action begin.  Commits."""
    session, now = channel.db.session(), channel.clock()

    def begin() -> None:
        session.execute(
            sa.update(BulkAction)
            .where(BulkAction.id == asked.id, BulkAction.state == BulkState.PREVIEWED)
            .values(state=BulkState.RUNNING, began_at=now, due_at=now, options=dict(options))
            .execution_options(synchronize_session=False)
        )

    in_transaction(session, begin)
    channel.ring()


def stop(channel: Channel, asked: BulkAction) -> None:
    """Let it end after the portion that is worked on.  Commits."""
    session, now = channel.db.session(), channel.clock()

    def end() -> None:
        session.execute(
            sa.update(BulkAction)
            .where(BulkAction.id == asked.id, BulkAction.state.in_((BulkState.PREVIEWED, BulkState.RUNNING)))
            .values(state=BulkState.STOPPED, ended_at=now, due_at=None)
            .execution_options(synchronize_session=False)
        )

    in_transaction(session, end)
