"""Every signal that the channel sends.

The sender is the Flask app.  A signal is sent once per fact, after the fact is committed, with ids only; what is new
about them a receiver reads from the database.  A receiver that fails is logged and stops nobody.  Receivers take
`**extra`, so that keywords can be added later:

    @order_imported.connect_via(app)
    def tell_the_packers(app, order_id, shop_order_id, **extra): ...

`listing_submitting` is the exception: it asks.  See its own description.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from blinker import Signal
from flask import current_app

from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.rules.reasons import Reason, because

log = logging.getLogger(__name__)


class Announcement(Signal):
    """A signal with the names and types of its keywords."""

    def __init__(self, doc: str, **keywords: type) -> None:
        super().__init__(doc)
        self.keywords: Mapping[str, type] = keywords


def announce(signal: Announcement, **facts: Any) -> None:
    """Send the signal to each receiver on its own.  Call it after the commit."""
    if set(facts) != set(signal.keywords):
        raise TypeError(f"This signal has the keywords {sorted(signal.keywords)}, not {sorted(facts)}.")
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy would be another sender
    for receiver in list(signal.receivers_for(app)):
        try:
            receiver(app, **facts)
        except Exception:
            log_fault(log, "A receiver of an Amazon signal failed: %r", receiver)


account_connected = Announcement("An account was connected, or connected again.", account_id=int)
account_needs_attention = Announcement(
    "An account needs a person; `problem` says what for.", account_id=int, problem=str
)
alert_raised = Announcement(
    "Something needs a person; `problem` says what.  Sent once when it begins.  `store_id` is None where it concerns "
    "an account, `account_id`, too, where it concerns the installation.",
    code=str,
    account_id=int,
    store_id=int,
    problem=str,
)
listings_imported = Announcement("The listings of a store were read completely.", store_id=int, seen=int, new=int)
listing_matched = Announcement(
    "A SKU was matched to a product of the shop.", sku_id=int, product_id=str, matched_by=str
)
listing_status_changed = Announcement("A listing moved to another tab.", listing_id=int, old=str, new=str)
listing_published = Announcement(
    "What was sent for a listing was read back: it is live.  `aspect` is price or quantity.",
    listing_id=int,
    aspect=str,
    submission_id=int,
)
listing_rejected = Announcement(
    "Amazon refused what was sent for a listing.", listing_id=int, aspect=str, submission_id=int
)
price_changed = Announcement("The price that buyers see changed.", listing_id=int)
quantity_changed = Announcement("The quantity that buyers see changed.", sku_id=int)
order_received = Announcement("An order was seen for the first time, whatever its status.", order_id=int)
order_imported = Announcement("A shop order was created for an order.", order_id=int, shop_order_id=str)
order_quarantined = Announcement(
    "An order could not be brought into the shop.  It is tried again; the others go on.",
    order_id=int,
    problem=str,
)
order_cancelled = Announcement("Amazon cancelled an order; its stock is back.", order_id=int)
cancellation_requested = Announcement("A buyer asks to cancel.  Nothing was done about it.", order_id=int)
stock_oversold = Announcement("The shop's stock of a product fell below zero.", order_id=int, product_id=str)
shipment_confirmed = Announcement("Amazon shows a package that the shop sent.", order_id=int, package_id=int)
personal_data_purged = Announcement(
    "The time of a buyer's personal data is over: it was deleted here; delete the shop's copy.", order_id=int
)
sync_failed = Announcement("A journey of an account or store failed; it is tried again.", journey=str, problem=str)

listing_submitting = Signal(
    """Asked before a price or a quantity is sent: `receiver(app, submission, **extra)`.

    `submission` is a `flask_amazon_channel.rules.submitting.Submitting`.  A receiver returns None (no objection), a
    `Reason` (a veto, shown to people), or a `Decimal` (price) or int (quantity) to send instead.  It must be pure:
    `plan` asks too.  One that fails counts as a veto.  A decrease of quantity cannot be vetoed or raised.  The guards
    run after it.
    """
)


def ask(signal: Signal, submission: Any) -> list[Any]:
    """Return what each receiver answered; a receiver that failed answers with a `Reason`."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return [_answer(receiver, app, submission) for receiver in signal.receivers_for(app)]


def _answer(receiver: Callable[..., Any], app: Any, submission: Any) -> Any:
    try:
        return receiver(app, submission=submission)
    except Exception:
        log_fault(log, "A receiver of listing_submitting failed, which counts as a veto: %r", receiver)
        return because("receiver_failed", "A receiver of listing_submitting failed; the log has the details.")


def all_signals() -> dict[str, Announcement]:
    """Return the announcements by name (for the manual's test)."""
    return {name: value for name, value in globals().items() if isinstance(value, Announcement)}


__all__ = ["Reason", "announce", "ask", "listing_submitting", *all_signals()]
