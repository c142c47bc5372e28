"""The document of a JSON_LISTINGS_FEED 2.0: its header, its messages, and what is wrong with them."""

import json
from typing import Any, NoReturn

from flask_amazon_channel.simulator.api.listings.reading import READ_SETS
from flask_amazon_channel.simulator.state.feeds import FeedWork

MOST_MESSAGES = 25_000
LARGEST_ID = 2**31 - 1
_REQUIREMENTS = ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY")
_PATCH_OPERATIONS = ("add", "replace", "merge", "delete")

# By type of operation: the fields that a message needs besides its id, SKU and type, and those that it may have.
_FIELDS = {
    "UPDATE": (("productType", "attributes"), ("requirements",)),
    "PARTIAL_UPDATE": (("productType", "attributes"), ()),
    "PATCH": (("productType", "patches"), ()),
    "DELETE": ((), ()),
}
_ALL_FIELDS = ("productType", "requirements", "attributes", "patches")


class _Wrong(Exception):
    """The whole feed cannot be processed: the code and the sentence of its issue."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.issue = {"code": code, "severity": "ERROR", "message": message}


def read_document(body: bytes, seller_id: str) -> FeedWork:
    """The messages; none, but an issue, where the feed as a whole is wrong.

    Seen in public: a feed with a wrong header has a report with one issue without a message, code 4002005 for
    what is missing and 4002006 for what is not as required, and no message processed.
    Assumed: such a feed ends FATAL, and so does one that is no JSON (code 4002001) or has more than 25,000 messages.
    """
    header: dict[str, Any] = {"sellerId": "", "version": "2.0"}
    try:
        document = _parse(body)
        given = document["header"]
        header["sellerId"] = given.get("sellerId") if isinstance(given.get("sellerId"), str) else ""
        _check_header(given, seller_id)
        header |= {"report": given["report"]} if "report" in given else {}
        return FeedWork(_messages(document), header)
    except _Wrong as wrong:
        return FeedWork([], header, [wrong.issue])


def _parse(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _Wrong("4002001", "The feed is not valid JSON.") from None
    if not isinstance(document, dict) or not isinstance(document.get("header"), dict):
        raise _Wrong("4002005", "Attribute 'header' is required, but not present.")
    return document


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON.")


def _check_header(header: dict[str, Any], seller_id: str) -> None:
    for name, required in (("sellerId", seller_id), ("version", "2.0")):
        if name not in header:
            raise _Wrong("4002005", f"Attribute '{name}' is required, but not present.")
        if header[name] != required:
            raise _Wrong("4002006", f"Attribute '{name}' does not match the required value.")
    if "report" in header and not _report_fits(header["report"]):
        raise _Wrong("4002006", "Attribute 'report' does not match the required value.")


def _report_fits(report: Any) -> bool:
    if not isinstance(report, dict) or report.get("apiVersion") != "2021-08-01":
        return False
    sets = report.get("includedData")
    return isinstance(sets, list) and bool(sets) and all(each in READ_SETS for each in sets)


def _messages(document: dict[str, Any]) -> list[Any]:
    messages = document.get("messages")
    if not isinstance(messages, list) or not messages:
        raise _Wrong("4002005", "Attribute 'messages' is required, but not present.")
    if len(messages) > MOST_MESSAGES:
        raise _Wrong("4002006", f"A feed has at most {MOST_MESSAGES} messages.")
    return _without_repeated_ids(messages)


def _without_repeated_ids(messages: list[Any]) -> list[Any]:
    """Assumed: of messages with the same id the first counts, and the others are refused as wrong messages."""
    seen: set[int] = set()
    kept = []
    for message in messages:
        number = message.get("messageId") if isinstance(message, dict) else None
        repeated = isinstance(number, int) and number in seen
        kept.append({**message, "operationType": ""} if repeated else message)
        if isinstance(number, int):
            seen.add(number)
    return kept


def message_fits(message: Any) -> bool:
    """Whether a message is as Amazon's schema of a feed message wants it."""
    if not isinstance(message, dict):
        return False
    operation = message.get("operationType")
    if not isinstance(operation, str) or operation not in _FIELDS:
        return False
    number, sku = message.get("messageId"), message.get("sku")
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= LARGEST_ID:
        return False
    needed, allowed = _FIELDS[operation]
    return (
        isinstance(sku, str)
        and bool(sku)
        and all(name in message for name in needed)
        and not any(name in message for name in _ALL_FIELDS if name not in (*needed, *allowed))
        and all(_CHECKS[name](message[name]) for name in _ALL_FIELDS if name in message)
    )


def _patches_fit(patches: Any) -> bool:
    return isinstance(patches, list) and bool(patches) and all(_patch_fits(each) for each in patches)


def _patch_fits(patch: Any) -> bool:
    if not isinstance(patch, dict) or not isinstance(patch.get("path"), str):
        return False
    value = patch.get("value", [])
    good = isinstance(value, list) and all(isinstance(each, dict) for each in value)
    return good and patch.get("op") in _PATCH_OPERATIONS


_CHECKS = {
    "productType": lambda value: isinstance(value, str) and bool(value),
    "requirements": lambda value: value in _REQUIREMENTS,
    "attributes": lambda value: isinstance(value, dict) and bool(value),
    "patches": _patches_fit,
}
