"""Looking at what needs a person, and keeping it: one open row of each kind for each thing.

It is done at the end of each cycle.  Worker and timetable watch each other besides.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.models import Slot
from flask_amazon_channel.models.alerts import Alert, told
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.rules.alerts import MISSED_CYCLES, SAME_AGAIN, Alarm, alarms, silence
from flask_amazon_channel.signals import alert_raised, announce
from flask_amazon_channel.sync.alerts import facts, outbox

log = logging.getLogger(__name__)

WORKER, TIMETABLE = "worker_silent", "timetable_silent"


def evaluate(channel: Channel) -> list[Alarm]:
    """Look at everything; return what is new.  A fault of ours stops nothing: the cycle was done."""
    try:
        now = channel.clock()
        with reading(channel.db.engine) as read:
            gathered = facts.gather(channel, read, now)
        # Whoever looks at the end of a cycle shows by that alone that worker and timetable live.
        alive = replace(gathered.installation, worker_seen=now, cycle_began=now)
        found = alarms(replace(gathered, installation=alive), now)
        return _bring_up_to_date(channel, found, None)
    except Exception:
        log_fault(log, "What needs a person could not be looked at")
        channel.db.session.rollback()
        return []


def watch_worker(channel: Channel) -> list[Alarm]:
    """Say it where no worker gives a sign of life: the timetable looks."""
    return _say_silent(channel, WORKER)


def watch_timetable(channel: Channel) -> list[Alarm]:
    """Say it where no cycle begins any more: a worker looks that was rung for something else."""
    with reading(channel.db.engine) as read:
        began = read.scalar(sa.select(Slot.last_run).where(Slot.name == facts.CYCLE))
    if began is not None and channel.clock() - began < channel.config.sync_interval * MISSED_CYCLES:
        return []
    return _say_silent(channel, TIMETABLE)


def _say_silent(channel: Channel, code: str) -> list[Alarm]:
    found = [alarm for alarm in silent_now(channel) if alarm.code == code]
    return _bring_up_to_date(channel, found, {code}) if found else []


def silent_now(channel: Channel) -> list[Alarm]:
    """Return whether worker or timetable are silent at this moment.  For pages: nothing is stored."""
    now = channel.clock()
    with reading(channel.db.engine) as read:
        return list(silence(facts.installation(channel, read, now), now))


def _bring_up_to_date(channel: Channel, found: list[Alarm], only: Collection[str] | None) -> list[Alarm]:
    session = channel.db.session()
    session.rollback()
    for _ in range(3):
        try:
            new = in_transaction(session, lambda: _keep(session, found, only, channel.clock()))
        except IntegrityError:
            # Another worker looked in this moment.
            continue
        for alarm in new:
            if not alarm.is_signalled_elsewhere:
                about = {"account_id": alarm.subject.account_id, "store_id": alarm.subject.store_id}
                announce(alert_raised, code=alarm.code, problem=alarm.reason.sentence, **about)
        return new
    return []


def _keep(session: Session, found: list[Alarm], only: Collection[str] | None, now: datetime) -> list[Alarm]:
    """Open what is new, refresh what lasts, end what is over; return what is new."""
    lasting = sa.select(Alert).where(Alert.open_key.is_not(None))
    if only is not None:
        lasting = lasting.where(Alert.code.in_(only))
    is_open = {alert.open_key: alert for alert in session.scalars(lasting)}
    new = []
    for alarm in found:
        alert = is_open.pop(alarm.key, None) or _again(session, alarm, now)
        if alert is not None:
            _refresh(alert, alarm, now)
            continue
        alert = Alert.of(alarm, now)
        session.add(alert)
        session.flush()
        outbox.queue_raised(session, alert, now)
        new.append(alarm)
    for alert in is_open.values():
        alert.open_key, alert.ended = None, now
        outbox.queue_ended(session, alert, now)
    return new


def _again(session: Session, alarm: Alarm, now: datetime) -> Alert | None:
    """Return the alert that ended just now and is back: it goes on, and nobody is told anew."""
    last = sa.select(Alert).where(Alert.known_key == alarm.key, Alert.ended > now - SAME_AGAIN)
    alert = session.scalar(last.order_by(Alert.id.desc()).limit(1))
    if alert is not None:
        alert.open_key, alert.ended = alarm.key, None
        outbox.forget_ended(session, alert)
    return alert


def _refresh(alert: Alert, alarm: Alarm, now: datetime) -> None:
    for name, value in told(alarm).items():
        if getattr(alert, name) != value:
            setattr(alert, name, value)
    alert.seen_at = now
