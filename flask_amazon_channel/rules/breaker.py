"""Does this look like a slip?

A price list with a misplaced decimal point, an import that empties the stock: each change by itself is what the shop
wants, all together they are hardly meant.  When within an hour at least 50 and more than 20 % of an account's live
SKUs would newly go to zero, or at least 50 and more than 20 % of a store's prices would move by more than 50 %, these
wait until a person says so.  All others go on.

What orders explain is no slip, nor is what a person did to one product by hand: neither is counted, neither waits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from flask_amazon_channel.rules.reasons import Reason, because, because_many

WINDOW = timedelta(hours=1)
"""Changes so close together are one."""

AT_LEAST = 50
SHARE_PERCENT = 20
STEP_PERCENT = 50

PATIENCE = timedelta(seconds=60)
"""So long a drastic change waits for the others that are due, so that they are counted before it goes."""


def is_drastic(aspect: str, old: Decimal | int | None, new: Decimal | int) -> bool:
    """Say whether this is a change of the kind that is counted: to zero, or by more than half of the price.

    `old` is what Amazon shows; where it shows nothing, nothing can change a lot.
    """
    if old is None or old <= 0:
        return False
    if aspect == "quantity":
        return new == 0
    was = Decimal(old)
    return abs(Decimal(new) - was) * 100 > STEP_PERCENT * was


def is_explained_by_orders(old: Decimal | int | None, sold: int) -> bool:
    """Say whether so many units sold at Amazon are all that it showed."""
    return old is not None and sold >= old


def is_too_much(changing: int, live: int) -> bool:
    """Say whether so many changes, of so many that are live, look like a slip."""
    return changing >= AT_LEAST and changing * 100 > SHARE_PERCENT * live


def enough_live(changing: int) -> int:
    """Return how many live ones are enough to make so many changes harmless: nobody needs to count further."""
    return -(-changing * 100 // SHARE_PERCENT)


def mass_change(aspect: str, changing: int, live: int, noticed_at: datetime) -> Reason:
    """Return why a drastic change waits for a person."""
    text = {
        "quantity": (
            "{changing} or more of the {live} SKUs that can be bought would go to zero within an hour (noticed {at})."
            "  That looks like a slip, so they wait: send them all, or discard and look again."
        ),
        "price": (
            "{changing} or more of the store's {live} prices would move by more than {step} % within an hour (noticed "
            "{at}).  That looks like a slip, so they wait: send them all, or discard and look again."
        ),
    }[aspect]
    return because("mass_change", text, "mass-change", changing=changing, live=live, at=noticed_at, step=STEP_PERCENT)


def looks_at_others_first(undecided: int) -> Reason:
    """Return why a drastic change waits for a moment."""
    return because_many(
        "looks_at_others_first",
        "It is a great change, and {n} other is looked at first: together they might be a slip.",
        "It is a great change, and {n} others are looked at first: together they might be a slip.",
        n=undecided,
    )
