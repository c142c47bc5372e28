"""`flask amazon notifications ...`: Amazon tells what changed, so that it is read sooner."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from flask.cli import AppGroup

from flask_amazon_channel.cli.group import amazon, as_json, prepared, show, with_tables

if TYPE_CHECKING:
    from flask_amazon_channel.sync.notifications.status import Standing
    from flask_amazon_channel.sync.notifications.subscribe import Step

notifications = AppGroup("notifications", help="What Amazon tells by itself, through a queue at AWS.")
amazon.add_command(notifications)


@notifications.command("setup")
@as_json
def setup_command(as_json: bool) -> None:
    """Subscribe every connected account, and lead everything into the queue.  Running it twice changes nothing."""
    from flask_amazon_channel.sync.notifications.subscribe import set_up

    steps = list(set_up(prepared()))
    show([dataclasses.asdict(step) for step in steps], [_step(step) for step in steps], as_json)
    if any(step.result == "failed" for step in steps):
        raise SystemExit(1)


def _step(step: Step) -> str:
    line = f"{_MARKS[step.result]}  {step.about}: {step.sentence}"
    return f"{line}\n        {step.remedy}" if step.remedy else line


@notifications.command("status")
@as_json
def status_command(as_json: bool) -> None:
    """Show by account and type what is subscribed and when something came last."""
    from flask_amazon_channel.sync.notifications.status import overview, standings

    channel = with_tables()
    channel.db.session.rollback()
    seen = overview(channel)
    found = list(standings(channel))
    lines = [
        f"Queue {seen.queue}: about {seen.waiting} messages wait.",
        f"Of the last 15 days: {seen.received} notifications, {seen.dropped} of them dropped.",
        *(_standing(one) for one in found),
    ]
    document: dict[str, Any] = dataclasses.asdict(seen)
    document["subscriptions"] = [_document(one) for one in found]
    show(document, lines, as_json)
    if not all(one.subscribed for one in found):
        raise SystemExit(1)


def _standing(one: Standing) -> str:
    last = f"last {one.last_at:%Y-%m-%d %H:%M UTC}" if one.last_at else "none yet"
    line = f"{_MARKS['there' if one.subscribed else 'failed']}  {one.account}: {one.type}: {one.problem or last}"
    return f"{line}\n        {one.remedy}" if one.remedy else line


def _document(one: Standing) -> dict[str, Any]:
    return {**dataclasses.asdict(one), "last_at": one.last_at.isoformat() if one.last_at else None}


_MARKS = {"there": "good ", "made": "made ", "by_hand": "hand ", "failed": "WRONG"}
