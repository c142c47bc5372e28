"""Who else has a say before something is sent?

The shop's own code may object, or send another value instead.  It cannot hold back a decrease of the quantity: what the
shop does not have must not stay for sale.  The guards run after it, so it cannot get a price past them either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_amazon_channel.rules.reasons import Reason, because


@dataclass(frozen=True, slots=True)
class Submitting:
    """What is about to be sent.  `aspect` is "price" (`Decimal` values, in `currency`) or "quantity" (int values).

    `old` is what Amazon shows now, None where nobody knows; `listing_id` is None for a quantity, which is the SKU's.
    """

    aspect: str
    sku: str
    product_id: str
    account_id: int
    sku_id: int
    store_id: int | None
    listing_id: int | None
    old: Decimal | int | None
    new: Decimal | int
    currency: str | None = None

    @property
    def is_decrease_of_quantity(self) -> bool:
        return self.aspect == "quantity" and self.old is not None and self.new < self.old


def after_receivers(submitting: Submitting, answers: Sequence[Any]) -> Decimal | int | Reason:
    """Return the value to send after all receivers answered, or the Reason that stops it.

    The first veto counts; of several replacements the last.  A replacement of the wrong type is a veto.
    """
    value: Decimal | int = submitting.new
    for answer in answers:
        if answer is None:
            continue
        if isinstance(answer, Reason):
            if submitting.is_decrease_of_quantity:
                continue
            return answer
        if not _fits(submitting, answer):
            text = "A receiver of listing_submitting answered {answer}, which is no {aspect}."
            return because("receiver_failed", text, "", answer=repr(answer), aspect=submitting.aspect)
        value = answer
    if submitting.aspect == "quantity" and value > submitting.new:
        return submitting.new
    return value


def _fits(submitting: Submitting, answer: Any) -> bool:
    if submitting.aspect == "price":
        return isinstance(answer, Decimal) and answer.is_finite() and answer > 0
    return isinstance(answer, int) and not isinstance(answer, bool) and answer >= 0
