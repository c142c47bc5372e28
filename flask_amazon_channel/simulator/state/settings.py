"""What can be changed while the simulator runs (`PUT /_control/settings`)."""

import re
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Settings:
    """Delays are seconds of the virtual clock."""

    submission_delay: float = 2.0  # from ACCEPTED until buyers see the change
    shipment_delay: float = 0.0  # from the 204 until the order shows the package
    report_delay: float = 3.0
    report_fate: str = "normal"  # or fatal: every report ends FATAL, with a document that says why
    feed_queue_delay: float = 2.0  # from createFeed until processing begins
    feed_delay: float = 10.0  # from there until the feed is DONE
    feed_fate: str = "normal"  # or stuck_in_queue, stuck_in_progress, fatal (half of it is processed)
    feed_refused: float = 0.0  # share of a feed's messages that are refused, by chance
    order_delay: float = 120.0  # an update is found by searchOrders this much later
    order_lag: float = 0.0  # and this much later than searchOrders claims: its watermark does not know
    fulfillment_delay: float = 10.0  # of each step of an order of another channel
    transaction_delay: float = 0.0  # a transaction is listed this much later than it was posted
    deferral_delay: float = 604800.0  # from the delivery of an order until its money is released
    empty_pages: bool = False  # listTransactions gives an empty page before each page
    quotas: Any = field(default_factory=lambda: {"scale": 1})  # or "off"
    rate_header: bool = True
    report_gzip: bool = True
    report_bom: bool = False
    report_charset: str = "utf-8"  # or cp1252, cp932
    report_headers: str = "en"  # or de, fr, it, es, ja
    apply: str = "normal"  # or never, late (15 minutes more), reordered (up to three times the delay)
    issues: list[dict[str, Any]] = field(default_factory=list)  # of every submission; an ERROR refuses it
    restock_on_cancel: bool = False
    competitors_react: bool = False  # those of made-up catalogues, too, not only those that were set
    draft: bool = False  # a draft application: consent needs version=beta
    consent_limit: int | None = None  # so many sellers may have authorised the application
    secret_expiry: bool = False  # a secret ends 180 days after it was made
    authorisation_expiry: bool = False  # an authorisation ends 365 days after the seller's consent
    token_length: int = 125  # of the tokens of Login with Amazon
    orders_v0_removed: bool = False  # the reads of Orders v0 fail, as they do from 2027-03-27
    notifications: str = "on"  # or off: nothing is sent
    notification_delay: float = 1.0  # from what happened until the message is in the queue
    notification_duplicates: float = 0.0  # share of the notifications that are sent twice
    notification_disorder: bool = False  # receivers get messages in any order
    sqs_endpoint: str = ""  # a server of queues on this machine that takes the messages instead
    application_queue: str = ""  # ARN of the queue that is registered for new secrets of the application

    def change(self, changes: dict[str, Any]) -> None:
        """Raises ValueError for a setting that does not exist or a value that it cannot have."""
        known = {each.name for each in fields(self)}
        if unknown := sorted(set(changes) - known):
            raise ValueError(f"Unknown settings: {', '.join(unknown)}. Known are {', '.join(sorted(known))}.")
        for name, value in changes.items():
            self._check(name, value)
        for name, value in changes.items():
            setattr(self, name, value)

    @staticmethod
    def _check(name: str, value: Any) -> None:
        allowed = _ALLOWED.get(name)
        if allowed and value not in allowed:
            raise ValueError(f"{name} is one of {', '.join(allowed)}.")
        if (name.endswith("_delay") or name == "order_lag") and not (_is_number(value) and value >= 0):
            raise ValueError(f"{name} is a number of seconds.")
        if name in _SHARES and not (_is_number(value) and 0 <= value <= 1):
            raise ValueError(f"{name} is a share between 0 and 1.")
        if name in _PATTERNS and not (isinstance(value, str) and re.fullmatch(_PATTERNS[name][0], value)):
            raise ValueError(f"{name} is {_PATTERNS[name][1]}, or empty.")
        if name in _SWITCHES and not isinstance(value, bool):
            raise ValueError(f"{name} is true or false.")
        if name == "consent_limit" and value is None:
            return
        if name in _COUNTS and not _is_count(value, *_COUNTS[name]):
            raise ValueError(f"{name} is a whole number from {_COUNTS[name][0]} to {_COUNTS[name][1]}.")
        if name == "quotas" and value != "off" and not (isinstance(value, dict) and _is_number(value.get("scale"))):
            raise ValueError('quotas is "off" or {"scale": number}.')


_ALLOWED = {
    "notifications": ("on", "off"),
    "report_fate": ("normal", "fatal"),
    "feed_fate": ("normal", "stuck_in_queue", "stuck_in_progress", "fatal"),
    "apply": ("normal", "never", "late", "reordered"),
    "report_charset": ("utf-8", "cp1252", "cp932"),
    "report_headers": ("en", "de", "fr", "it", "es", "ja"),
}

_SHARES = ("feed_refused", "notification_duplicates")
_PATTERNS = {
    "sqs_endpoint": (r"(http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?/?)?", "the address of a server on this machine"),
    "application_queue": (r"(arn:aws:sqs:[^:\s]+:[^:\s]+:[^:\s]+)?", "the ARN of a queue"),
}
_SWITCHES = ("competitors_react", "notification_disorder", "secret_expiry", "authorisation_expiry", "orders_v0_removed")
_COUNTS = {"consent_limit": (0, 10**6), "token_length": (32, 2048)}


def _is_count(value: Any, least: int, greatest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= greatest


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
