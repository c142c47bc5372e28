"""Reading Amazon's JSON: typed access to its fields, and the small answers.

Unknown fields and unknown values of open lists are left alone.  A field that is needed and missing raises
`Unreadable`, whose sentence names the field and never what stands in it: that may be personal data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask_amazon_channel.rules.amazon import Issue, Participation, Report, ReportStatus

JSON = Mapping[str, Any]

_AMOUNT = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?", re.ASCII)
_LONGEST_KEY = 255
_LARGEST_COUNT = 2**31 - 1


class Unreadable(ValueError):
    """The answer lacks what is needed; the text is a sentence without personal data."""


def part(parent: JSON, name: str) -> JSON:
    """Return an object below, or an empty one."""
    found = parent.get(name)
    return found if isinstance(found, dict) else {}


def objects(parent: JSON, name: str) -> list[JSON]:
    """Return a list of objects below; an absent one is empty, anything else is unreadable."""
    found = parent.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Unreadable(f"{name} is not a list of objects.")
    return found


def needed(parent: JSON, name: str) -> JSON:
    """Return an object below that must be there."""
    found = parent.get(name)
    if not isinstance(found, dict):
        raise Unreadable(f"{name} is missing.")
    return found


def key(parent: JSON, name: str) -> str:
    """Return a text that identifies something."""
    found = optional_key(parent, name)
    if found is None:
        raise Unreadable(f"{name} is missing.")
    return found


def optional_key(parent: JSON, name: str) -> str | None:
    """Return a text that identifies something, or None where it is absent or empty."""
    found = parent.get(name)
    if found is None or found == "":
        return None
    if not isinstance(found, str) or len(found) > _LONGEST_KEY:
        raise Unreadable(f"{name} is not a short text.")
    if "\ufffd" in found or any(ord(character) < 32 for character in found):
        raise Unreadable(f"{name} holds a character that cannot be right.")
    return found


def text(parent: JSON, name: str) -> str | None:
    """Return prose as it is, or None where there is none."""
    found = parent.get(name)
    return found if isinstance(found, str) and found.strip() else None


def texts(parent: JSON, name: str) -> tuple[str, ...]:
    """Return the texts of a list, leaving out what is no text."""
    found = parent.get(name)
    return tuple(item for item in found if isinstance(item, str)) if isinstance(found, list) else ()


def count(parent: JSON, name: str) -> int:
    """Return a whole number from 0."""
    found = optional_count(parent, name)
    if found is None:
        raise Unreadable(f"{name} is missing.")
    return found


def optional_count(parent: JSON, name: str) -> int | None:
    """Return a whole number from 0, or None where it is absent."""
    found = parent.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, (int, Decimal)):
        raise Unreadable(f"{name} is not a number.")
    if not 0 <= found <= _LARGEST_COUNT or found != int(found):
        raise Unreadable(f"{name} is not a whole number from 0.")
    return int(found)


def moment(parent: JSON, name: str) -> datetime:
    """Return a time that must be there, as aware UTC."""
    found = optional_moment(parent, name)
    if found is None:
        raise Unreadable(f"{name} is missing or is no time.")
    return found


def optional_moment(parent: JSON, name: str) -> datetime | None:
    """Return a time as aware UTC.  Nonsense (1995, the year 9999) is None, as if it were absent."""
    found = parent.get(name)
    if not isinstance(found, str):
        return None
    try:
        parsed = datetime.fromisoformat(found)
        # Amazon's times end in Z; one without a zone can only be UTC.
        parsed = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return parsed if 2000 <= parsed.year < 2100 else None


def money(parent: JSON, name: str) -> tuple[Decimal, str] | None:
    """Return amount and currency of `{amount, currencyCode}`, or None where it is absent."""
    found = parent.get(name)
    if found is None:
        return None
    if not isinstance(found, dict):
        raise Unreadable(f"{name} is not money.")
    return amount_of(found.get("amount"), name), _currency(found.get("currencyCode"), name)


def amount_of(found: object, name: str) -> Decimal:
    """Return a decimal amount that Amazon gave as text or as a number."""
    if isinstance(found, (int, Decimal)) and not isinstance(found, bool):
        found = format(found, "f")
    if not isinstance(found, str) or not _AMOUNT.fullmatch(found):
        raise Unreadable(f"{name} is not an amount.")
    return Decimal(found)


def _currency(found: object, name: str) -> str:
    if not isinstance(found, str) or len(found) != 3 or not found.isascii() or not found.isupper():
        raise Unreadable(f"{name} has no currency.")
    return found


def issues(parent: JSON, name: str, marketplace_id: str | None = None) -> tuple[Issue, ...]:
    """Return Amazon's issues, of one marketplace where they name marketplaces."""
    return tuple(_issues(parent, name, marketplace_id))


def _issues(parent: JSON, name: str, marketplace_id: str | None) -> Iterator[Issue]:
    for issue in objects(parent, name):
        places = texts(issue, "marketplaceIds")
        if marketplace_id and places and marketplace_id not in places:
            continue
        actions = objects(part(issue, "enforcements"), "actions")
        yield Issue(
            code=text(issue, "code") or "",
            message=text(issue, "message") or "",
            severity=text(issue, "severity") or "ERROR",
            categories=texts(issue, "categories"),
            attribute_names=texts(issue, "attributeNames"),
            actions=tuple(action for one in actions if (action := text(one, "action"))),
        )


def parse_participations(answer: JSON) -> list[Participation]:
    """`getMarketplaceParticipations` of Sellers v1."""
    if not isinstance(answer.get("payload"), list):
        raise Unreadable("payload is missing.")
    return [_participation(row) for row in objects(answer, "payload")]


def _participation(row: JSON) -> Participation:
    marketplace, participation = needed(row, "marketplace"), needed(row, "participation")
    return Participation(
        marketplace_id=key(marketplace, "id"),
        name=text(marketplace, "name") or key(marketplace, "id"),
        country_code=key(marketplace, "countryCode"),
        currency=_currency(marketplace.get("defaultCurrencyCode"), "defaultCurrencyCode"),
        language=text(marketplace, "defaultLanguageCode") or "",
        domain=text(marketplace, "domainName") or "",
        store_name=text(row, "storeName") or "",
        is_participating=_yes_or_no(participation, "isParticipating"),
        has_suspended_listings=_yes_or_no(participation, "hasSuspendedListings"),
    )


def _yes_or_no(parent: JSON, name: str) -> bool:
    found = parent.get(name)
    if not isinstance(found, bool):
        raise Unreadable(f"{name} is neither true nor false.")
    return found


def parse_report(answer: JSON) -> Report:
    """`getReport` of Reports 2021-06-30."""
    status = key(answer, "processingStatus")
    if status not in ReportStatus.__members__:
        raise Unreadable("processingStatus is none that we know.")
    return Report(key(answer, "reportId"), ReportStatus(status), optional_key(answer, "reportDocumentId"))
