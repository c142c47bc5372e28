"""A package that Amazon does not show yet must be at Amazon by the day on which it was to be shipped.

Amazon counts what is confirmed later as late, and cancels what is not confirmed at all.  So a person is told a day
ahead and four hours ahead, each time once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_amazon_channel.rules.reasons import Reason, because

TELL_AHEAD = (24, 4)
"""Hours before the end at which a person is told."""

SOON_SHOWN = timedelta(minutes=15)
"""A confirmation usually shows within this: until then nobody needs to hear of it."""


def to_be_told(ship_by: datetime, shipped_at: datetime, now: datetime, told: int | None) -> int | None:
    """Return the step of `TELL_AHEAD` that is to be told now, None where it was told or is not reached."""
    if now - shipped_at < SOON_SHOWN:
        return None
    reached = [step for step in TELL_AHEAD if ship_by - now <= timedelta(hours=step)]
    if not reached or (told is not None and told <= reached[-1]):
        return None
    return reached[-1]


def not_confirmed(amazon_order_id: str, package: int, ship_by: datetime, problem: str | None) -> Reason:
    """Return what a person is told."""
    text = "Package {package} of {order} must be confirmed at Amazon by {ship_by}, and Amazon does not show it yet."
    if problem:
        text = (
            "Package {package} of {order} must be confirmed at Amazon by {ship_by}, and Amazon does not show it yet: "
            "{why}"
        )
    facts = {"package": package, "order": amazon_order_id, "ship_by": ship_by, "why": problem}
    return because("deadline_near", text, "orders", **facts)
