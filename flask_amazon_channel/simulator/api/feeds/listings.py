"""JSON_LISTINGS_FEED 2.0: read, processed slice by slice, and reported on."""

import json
from random import Random
from typing import Any

from flask_amazon_channel.simulator.api.call import Call
from flask_amazon_channel.simulator.api.feeds.listings_messages import message_fits, read_document
from flask_amazon_channel.simulator.api.feeds.results import ABORTED, Result
from flask_amazon_channel.simulator.api.listings.reading import item_shape
from flask_amazon_channel.simulator.api.listings.submitting import Malformed, submit
from flask_amazon_channel.simulator.operations import OPERATIONS
from flask_amazon_channel.simulator.state.feeds import Feed, FeedWork
from flask_amazon_channel.simulator.wire.messages import Request
from flask_amazon_channel.simulator.world import World

SLICE = 500
JSON_TYPE = "application/json; charset=UTF-8"
_BODY = ("productType", "requirements", "attributes", "patches")


def read(feed: Feed, body: bytes) -> FeedWork:
    return read_document(body, feed.seller_id)


def count_slices(feed: Feed) -> int:
    """In how many steps the messages are processed; a feed that is no listings feed has one."""
    return max(1, -(-feed.work.total // SLICE)) if feed.work else 1


def process_slice(world: World, feed: Feed, fatal: bool) -> Result | None:
    """Process the next messages; the result when there are no more.

    A feed that is to end FATAL is aborted when half of its messages were processed.
    """
    work = feed.work
    assert work is not None
    if not work.total:
        return Result("FATAL", _report(world, feed, work), JSON_TYPE)
    most = min(SLICE, max(0, work.total // 2 - work.processed) if fatal else SLICE)
    chance = world.chance("feed_refused") if world.settings.feed_refused else None
    for message in work.messages[:most]:
        _process_message(world, feed, work, message, chance)
    del work.messages[:most]
    if fatal and work.processed >= work.total // 2:
        return ABORTED
    return None if work.messages else Result("DONE", _report(world, feed, work), JSON_TYPE)


def _process_message(world: World, feed: Feed, work: FeedWork, message: Any, chance: Random | None) -> None:
    issues = _issues(world, feed, message, chance)
    refused = any(issue["severity"] == "ERROR" for issue in issues)
    work.invalid += refused
    work.accepted += not refused
    work.issues += [{**_name(message), **issue} for issue in issues]
    if not refused and "report" in work.header and message["operationType"] != "DELETE":
        work.skus.append(message["sku"])


def _name(message: Any) -> dict[str, Any]:
    """The message's id and SKU, as far as it has such that the report may hold."""
    message = message if isinstance(message, dict) else {}
    number, sku = message.get("messageId"), message.get("sku")
    name: dict[str, Any] = {}
    if isinstance(number, int) and not isinstance(number, bool) and number > 0:
        name["messageId"] = number
    return {**name, "sku": sku} if isinstance(sku, str) and sku else name


def _issues(world: World, feed: Feed, message: Any, chance: Random | None) -> list[dict[str, Any]]:
    """What is wrong with a message; what could be submitted was.

    Seen in public: a message that is not as the schema wants it has one issue with the code 4002008.
    Seen in public: what the API would answer with a bad request has an issue with the code BAD_REQUEST.
    """
    if not message_fits(message):
        text = "The provided message did not meet the schema validation requirements for a feed message."
        return [_issue("4002008", text)]
    if chance is not None and chance.random() < world.settings.feed_refused:
        return [_issue("90000900", "The provided attributes are invalid.")]
    body = {name: message[name] for name in _BODY if name in message}
    try:
        done = submit(world, feed.seller_id, message["sku"], message["operationType"], body, feed.marketplaces)
    except Malformed as error:
        return [_issue("BAD_REQUEST", str(error))]
    return [_from_listings(issue) for issue in done.issues]


def _issue(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "severity": "ERROR", "message": message}


def _from_listings(issue: dict[str, Any]) -> dict[str, Any]:
    """An issue of the Listings Items API as the report has it.

    Assumed: of an issue with several attributes the report names the first.
    """
    shape = {name: issue[name] for name in ("code", "severity", "message")}
    names = issue.get("attributeNames") or []
    return {**shape, "attributeName": names[0]} if names else shape


def _report(world: World, feed: Feed, work: FeedWork) -> bytes:
    """The processing report, as Amazon's schema describes it."""
    errors, warnings = _count(work.issues)
    summary: dict[str, Any] = {
        "errors": errors,
        "warnings": warnings,
        "messagesProcessed": work.processed,
        "messagesAccepted": work.accepted,
        "messagesInvalid": work.invalid,
    }
    report: dict[str, Any] = {"header": {**work.header, "feedId": feed.id}, "issues": work.issues, "summary": summary}
    if "report" in work.header and work.total:
        report["items"] = items = _items(world, feed, work)
        errors, warnings = _count([issue for item in items for issue in item.get("issues", [])])
        summary["itemSummary"] = {"items": len(items), "errors": errors, "warnings": warnings}
    return json.dumps(report, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _count(issues: list[dict[str, Any]]) -> tuple[int, int]:
    severities = [issue["severity"] for issue in issues]
    return severities.count("ERROR"), severities.count("WARNING")


def _items(world: World, feed: Feed, work: FeedWork) -> list[dict[str, Any]]:
    """The listings that the feed created or updated, as getListingsItem would show them at this moment."""
    seller = world.state.sellers[feed.seller_id]
    request = Request("GET", "/")
    call = Call(world, request, OPERATIONS["getListingsItem"], seller, {}, "BAD_REQUEST", "NOT_FOUND")
    parts = list(dict.fromkeys(work.header["report"]["includedData"]))
    found = (world.listing(feed.seller_id, sku) for sku in dict.fromkeys(work.skus))
    return [item_shape(call, listing, feed.marketplaces, parts) for listing in found if listing is not None]
