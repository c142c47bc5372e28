"""Settings as people read them: their names, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup

from flask_amazon_channel.admin import formats
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.models import Change, Listing, SellerAccount, Sku, Store
from flask_amazon_channel.rules.matching import BY_PERSON
from flask_amazon_channel.sync.settings.kinds import OF_ACCOUNT, OF_STORE, Kind, Setting, shown
from flask_amazon_channel.sync.settings.names import CHOICES, IDENTIFIERS, NAMES

_MOMENTS = frozenset({"authorised_at", "frozen_at", "debug_until", "price_override_until", "quantity_override_until"})
_MONEY = frozenset({"price_override_minor"})
_EVENTS = {
    "waiting zeros": marked("Zeros waited for a person"),
    "waiting prices": marked("Prices waited for a person"),
    "sent": marked("Sent"),
    "discarded": marked("Looked at again"),
}

SUBJECTS = {
    "store": marked("Store"),
    "account": marked("Account"),
    "sku": marked("SKU"),
    "listing": marked("Listing"),
    "installation": marked("Installation"),
}


def name(setting: str) -> str:
    """Return what a setting is called; one that nobody knows is called as it is stored."""
    return say(NAMES[setting]) if setting in NAMES else setting


def value(setting: str, found: Any, currency: str | None = None) -> str | Markup:
    """Return what is set, or was, as people read it."""
    if found is None or found == "" or found == {}:
        return say("nothing")
    if setting == "listing_rule":
        return say("a rule with conditions")
    if setting in CHOICES:
        return say(CHOICES[setting][found]) if found in CHOICES[setting] else str(found)
    if setting in _MOMENTS:
        return formats.moment(datetime.fromisoformat(found) if isinstance(found, str) else found)
    if setting in _MONEY:
        return formats.minor(int(found), currency)
    if setting == "matched_by":
        return say("a person") if found == BY_PERSON else str(found).upper()
    if setting == "mass_change":
        return say(_EVENTS[found]) if found in _EVENTS else str(found)
    known = OF_STORE.get(setting) or OF_ACCOUNT.get(setting)
    return _of_kind(known, found, currency) if known else _plain(found)


def _of_kind(setting: Setting, found: Any, currency: str | None) -> str | Markup:
    if setting.kind == Kind.MONEY:
        return formats.minor(int(found), currency)
    if setting.kind == Kind.PERCENT:
        return f"{_plain(found)} %"
    if setting.kind == Kind.ATTRIBUTES and isinstance(found, Mapping):
        pairs = (f"{say(IDENTIFIERS.get(kind, kind))}: {attribute}" for kind, attribute in found.items() if attribute)
        return ", ".join(pairs)
    return _plain(shown(setting, found))


def _plain(found: Any) -> str:
    if isinstance(found, bool):
        return say("yes") if found else say("no")
    if isinstance(found, int | Decimal):
        return str(formats.number(_short(found)))
    return str(found)


def _short(found: int | Decimal) -> int | Decimal:
    try:
        return int(found) if found == int(found) else found.normalize() if isinstance(found, Decimal) else found
    except (InvalidOperation, ValueError):
        return found


def currency_of(change: Change) -> str | None:
    """Return the currency of the amounts of a change."""
    store = change.store or (change.listing.store if change.listing else None)
    return store.currency if store else None


def subject(change: Change) -> str:
    return say(SUBJECTS[change.subject]) if change.subject in SUBJECTS else change.subject


def title(row: SellerAccount | Store | Sku | Listing | None) -> str:
    """Return what something is called in a sentence."""
    if isinstance(row, Listing):
        return row.sku.sku
    if isinstance(row, Sku):
        return row.sku
    return row.name if row is not None else ""
