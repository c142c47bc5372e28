"""Money, numbers, times and words as people read them, in the reader's locale."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from flask_amazon_channel.admin.words import locale, marked, say, say_many
from flask_amazon_channel.channel import current
from flask_amazon_channel.models import StoreState, SubmissionState
from flask_amazon_channel.rules.matching import BY_PERSON
from flask_amazon_channel.rules.money import from_minor
from flask_amazon_channel.rules.orders import address_lines, normalise_address
from flask_amazon_channel.rules.phrases import readable
from flask_amazon_channel.rules.state import ListingState, Note
from flask_amazon_channel.rules.values import Address

NOTHING = Markup('<span class="nothing" aria-label="nothing">–</span>')

ORDER_STATUSES = {
    "PENDING_AVAILABILITY": marked("Pending availability"),
    "PENDING": marked("Pending"),
    "UNSHIPPED": marked("Unshipped"),
    "PARTIALLY_SHIPPED": marked("Partially shipped"),
    "SHIPPED": marked("Shipped"),
    "CANCELLED": marked("Cancelled"),
    "UNFULFILLABLE": marked("Unfulfillable"),
    "UNREADABLE": marked("Cannot be read"),
}

_ORDER_PARTS = {
    "ITEM": marked("Items"),
    "SHIPPING": marked("Shipping"),
    "GIFT_WRAP": marked("Gift wrap"),
    "TAX": marked("Tax"),
    "DISCOUNT": marked("Discount"),
    "PROMOTION": marked("Promotion"),
    "COD_FEE": marked("Fee for cash on delivery"),
    "OTHER": marked("Other"),
}

_SUBMISSIONS = {
    SubmissionState.INTENT: marked("Sending"),
    SubmissionState.UNKNOWN: marked("Outcome unknown, reading back"),
    SubmissionState.ACCEPTED: marked("Sent, not yet visible"),
    SubmissionState.NOT_APPLIED: marked("Amazon accepted, not applied"),
    SubmissionState.LIVE: marked("Live"),
    SubmissionState.INVALID: marked("Refused by Amazon"),
    SubmissionState.LOST: marked("Lost, sent again"),
    SubmissionState.SUPERSEDED: marked("Replaced by a newer one"),
}

_NOTES = {
    Note.LISTING: marked("listing"),
    Note.RELISTING: marked("relisting"),
    Note.ENDING: marked("ending"),
    Note.SENT: marked("sent"),
    Note.WAITING: marked("waiting for Amazon"),
    Note.NOT_APPLIED: marked("accepted, not applied"),
}

_CONDITIONS = {
    "new": marked("New"),
    "used": marked("Used"),
    "collectible": marked("Collectible"),
    "refurbished": marked("Refurbished"),
    "club": marked("Club"),
    "like_new": marked("like new"),
    "very_good": marked("very good"),
    "good": marked("good"),
    "acceptable": marked("acceptable"),
}

_RUNS = {"cycle": marked("Cycle"), "work": marked("Work")}

JOURNEYS = {
    "alerts told": marked("Alerts told"),
    "bulk actions": marked("Bulk actions"),
    "catalogue": marked("The shop’s catalogue"),
    "feeds": marked("Feeds"),
    "feeds made": marked("Feeds made"),
    "listings": marked("Listings"),
    "listings told of": marked("Listings that Amazon told of"),
    "orders": marked("Orders"),
    "orders again": marked("Orders tried again"),
    "orders counted": marked("Orders counted"),
    "orders told of": marked("Orders that Amazon told of"),
    "preparation": marked("Preparation"),
    "prices": marked("Prices"),
    "product changes": marked("Changed products"),
    "products": marked("Products compared"),
    "quantities": marked("Quantities"),
    "reports of listings": marked("Reports of all listings"),
    "shipments": marked("Shipments"),
    "stores deleted": marked("Stores deleted"),
}

_STORES = {
    StoreState.ACTIVE: marked("Active"),
    StoreState.INACTIVE: marked("Paused"),
    StoreState.ARCHIVED: marked("Archived"),
    StoreState.DELETING: marked("Being deleted"),
}


def money(amount: Decimal | None, currency: str | None) -> str | Markup:
    from babel.numbers import format_currency

    if amount is None:
        return NOTHING
    return format_currency(amount, currency, locale=locale()) if currency else readable(amount)


def minor(amount: int | None, currency: str | None) -> str | Markup:
    """Show an amount that is stored in minor units."""
    return NOTHING if amount is None or not currency else money(from_minor(amount, currency), currency)


def short_money(amount: Decimal, currency: str) -> str:
    """Show an amount in few letters, for the scale of a chart: US$2K."""
    from babel.numbers import format_compact_currency

    whole = amount == amount.to_integral_value() and (amount < 1000 or amount % 1000 == 0)
    return format_compact_currency(amount, currency, locale=locale(), fraction_digits=0 if whole else 1)


def percent_change(percent: int) -> str:
    """Show by how much something went up or down: +12%."""
    from babel.numbers import format_percent

    shown: str = format_percent(abs(percent) / 100, locale=locale())
    return f"+{shown}" if percent > 0 else f"−{shown}" if percent < 0 else shown


def number(value: int | Decimal | None) -> str | Markup:
    from babel.numbers import format_decimal

    return NOTHING if value is None else format_decimal(value, locale=locale())


def count(value: int, at_most: int) -> str:
    """Show a count that was not counted beyond `at_most`."""
    return f"{number(at_most)}+" if value > at_most else str(number(value))


def moment(at: datetime | None) -> Markup:
    """Show a time in UTC."""
    if at is None:
        return NOTHING
    return Markup('<time datetime="{}">{}</time>').format(_machine(at), _written(at))


def written(at: datetime) -> str:
    """Write a time in UTC, where there can be no markup."""
    return _written(at)


def ago(at: datetime | None) -> Markup:
    """Show how long ago it was, with the time itself in the tooltip; beyond two days the time itself."""
    if at is None:
        return NOTHING
    seconds = (current().clock() - at).total_seconds()
    if not -60 < seconds < timedelta(days=2).total_seconds():
        return moment(at)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(_machine(at), _written(at), _age(max(0, seconds)))


def _age(seconds: float) -> str:
    if seconds >= 86400:
        return say_many("{n} day ago", "{n} days ago", int(seconds // 86400))
    if seconds >= 3600:
        return say_many("{n} hour ago", "{n} hours ago", int(seconds // 3600))
    if seconds >= 60:
        return say_many("{n} minute ago", "{n} minutes ago", int(seconds // 60))
    return say("just now")


def seconds(length: timedelta | None) -> str | Markup:
    """Show how long something took."""
    if length is None:
        return NOTHING
    total = length.total_seconds()
    return f"{total:.1f} s" if total < 60 else f"{int(total // 60)} min {int(total % 60)} s"


def day(on: date) -> str:
    from babel.dates import format_date

    return format_date(on, "medium", locale=locale())


def short_day(on: date) -> str:
    """Show a day in few letters, for the scale of a chart."""
    from babel.dates import format_skeleton

    return format_skeleton("MMMd", on, locale=locale())


def day_and_weekday(on: date) -> str:
    from babel.dates import format_skeleton

    return format_skeleton("MMMEd", on, locale=locale())


def last_days(days: int) -> str:
    return say_many("in the last day", "in the last {n} days", days)


def _machine(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _written(at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"{day(utc.date())}, {utc:%H:%M} UTC"


def listing_state(state: str) -> str:
    return say(ListingState(state).label)


def note(found: str | None) -> str:
    """Name what is under way with a listing."""
    return say(_NOTES[Note(found)]) if found in set(Note) else found or ""


def store_state(state: str) -> str:
    return say(_STORES[StoreState(state)])


def order_status(status: str) -> str:
    """Show Amazon's word; one that nobody knows stays as it is."""
    return say(ORDER_STATUSES[status]) if status in ORDER_STATUSES else status


def order_part(name: str) -> str:
    """Show what an amount of an order is for; Amazon's word where nobody knows it."""
    return say(_ORDER_PARTS[name]) if name in _ORDER_PARTS else name.replace("_", " ").capitalize()


def address(found: Address) -> list[str]:
    """Return the lines of an address, with the country's name and the telephone."""
    code = normalise_address(found).country_code or ""
    return [*address_lines(found), *filter(None, [locale().territories.get(code, code), found.phone])]


def submission_state(state: str) -> str:
    return say(_SUBMISSIONS[SubmissionState(state)])


def condition(code: str | None) -> str | Markup:
    """Show Amazon's `condition_type`: `used_very_good` is "Used, very good"."""
    if not code:
        return NOTHING
    family, _, grade = code.partition("_")
    named = say(_CONDITIONS.get(family, family.capitalize()))
    if grade in ("", family, "new"):
        return named
    return f"{named}, {say(_CONDITIONS.get(grade, grade.replace('_', ' ')))}"


def run(name: str) -> str:
    """Return what a run is called; a command keeps its name."""
    return say(_RUNS[name]) if name in _RUNS else name


def journey(name: str) -> str:
    return say(JOURNEYS[name]) if name in JOURNEYS else name


def matched_by(how: str | None) -> str:
    """Name who or what matched: a person, or an identifier."""
    return say("a person") if how == BY_PERSON else (how or "").upper()


def value(found: Any) -> str:
    """Show the value that a step of a calculation left: all its decimals, but no zeros behind the second."""
    from babel.numbers import format_decimal

    text = readable(found)
    _, point, decimals = text.partition(".")
    if not point or not isinstance(found, Decimal):
        return text
    pattern = f"0.{'0' * max(2, len(decimals.rstrip('0')))}"
    return format_decimal(found, pattern, locale=locale(), decimal_quantization=False)
