"""Listings Items 2021-08-01: patchListingsItem.

ACCEPTED is a receipt: the seller's attributes change at once, what buyers see changes after the submission
delay.
"""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.listings.attributes import Attributes, Values, patched, sent_attributes
from flask_amazon_channel.simulator.api.listings.reading import check_seller
from flask_amazon_channel.simulator.api.listings.validation import Issue, find_issues, price_in
from flask_amazon_channel.simulator.clock import parse_iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.wire.messages import Response, json_response
from flask_amazon_channel.simulator.world import World, effect

OPS = ("add", "replace", "merge", "delete")
LATE = 900.0


@answers("patchListingsItem", bad="BAD_REQUEST", missing="NOT_FOUND")
def patch_listings_item(call: Call) -> Response:
    check_seller(call)
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    preview = call.choice("mode", ("VALIDATION_PREVIEW",)) is not None
    parts = call.choices("includedData", ("identifiers", "issues")) or ["issues"]
    patches = _patches(call)
    listing = call.world.listing(call.seller.id, call.path["sku"])
    if listing is None:
        raise call.bad_request(f"SKU '{call.path['sku']}' does not exist.")
    after, touched = _apply(listing, patches, marketplaces)
    issues = find_issues(after, touched, marketplaces) + list(call.world.settings.issues)
    status = _status(issues, preview)
    if status == "ACCEPTED":
        listing.attributes = after
        _apply_later(call.world, call.seller.id, listing, touched, marketplaces)
    return json_response(submission(call, status, issues, parts if preview else ["issues"]))


def submission(call: Call, status: str, issues: list[Issue], parts: list[str]) -> dict[str, Any]:
    """`ListingsItemSubmissionResponse` of Amazon's model."""
    sku = call.path["sku"]
    answer: dict[str, Any] = {"sku": sku, "status": status, "submissionId": call.world.hex_id("submission")}
    answer["issues"] = issues
    listing = call.world.listing(call.seller.id, sku)
    if "identifiers" in parts and listing:
        answer["identifiers"] = [{"marketplaceId": each, "asin": listing.asin} for each in listing.offers]
    return answer


def _status(issues: list[Issue], preview: bool) -> str:
    if any(issue["severity"] == "ERROR" for issue in issues):
        return "INVALID"
    return "VALID" if preview else "ACCEPTED"


def _patches(call: Call) -> list[dict[str, Any]]:
    body = call.json()
    patches = body.get("patches")
    if not body.get("productType"):
        raise call.bad_request("Missing required field 'productType'.")
    if not isinstance(patches, list) or not patches:
        raise call.bad_request("'patches' must hold at least one patch.")
    for patch in patches:
        _check_patch(call, patch)
    return patches


def _check_patch(call: Call, patch: Any) -> None:
    if not isinstance(patch, dict) or patch.get("op") not in OPS:
        raise call.bad_request(f"Invalid patch 'op': one of {', '.join(OPS)} is expected.")
    path = str(patch.get("path", "")).split("/")
    if len(path) != 3 or path[:2] != ["", "attributes"] or not path[2]:
        raise call.bad_request("Invalid patch 'path': only top-level attributes can be patched.")
    values = patch.get("value")
    if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
        raise call.bad_request("Invalid patch 'value': a list of objects is expected.")


def _apply(listing: Listing, patches: list[dict[str, Any]], marketplaces: list[str]) -> tuple[Attributes, set[str]]:
    attributes = dict(sent_attributes(listing))
    touched = set()
    for patch in patches:
        name = patch["path"].split("/")[2]
        touched.add(name)
        attributes[name] = patched(attributes.get(name, []), patch["op"], patch["value"], marketplaces)
    return {name: values for name, values in attributes.items() if values}, touched


def _apply_later(world: World, seller_id: str, listing: Listing, touched: set[str], marketplaces: list[str]) -> None:
    settings = world.settings
    if settings.apply == "never":
        return
    delay = settings.submission_delay + (LATE if settings.apply == "late" else 0)
    if settings.apply == "reordered":
        delay *= world.chance("reordered").uniform(0, 3)
    values = {name: (listing.attributes or {}).get(name, []) for name in sorted(touched)}
    facts = {"seller": seller_id, "sku": listing.sku, "marketplaces": marketplaces, "values": values}
    world.later(delay, "submission", facts)


@effect("submission")
def apply_submission(world: World, pending: Pending) -> None:
    """Make the attributes of a submission live, as they were when it was accepted."""
    facts = pending.facts
    listing = world.listing(facts["seller"], facts["sku"])
    if listing is None:
        return
    values = facts["values"]
    mine = [each for each in facts["marketplaces"] if each in listing.offers]
    if "fulfillment_availability" in values:
        _make_quantity_live(listing, values["fulfillment_availability"])
    for marketplace in mine:
        if "purchasable_offer" in values:
            _make_price_live(listing, marketplace, values["purchasable_offer"])
    for name, field in (("item_name", "title"), ("condition_type", "condition")):
        here = [each.get("value") for each in values.get(name, []) if each.get("marketplace_id") in mine]
        if here and isinstance(here[0], str):
            setattr(listing, field, here[0])
    world.touch(
        listing=listing,
        seller_id=facts["seller"],
        marketplaces=None if "fulfillment_availability" in values else mine,
    )


def _make_quantity_live(listing: Listing, values: Values) -> None:
    """A listing fulfilled by Amazon keeps its stock, whatever quantity is sent for DEFAULT."""
    channels = {value["fulfillment_channel_code"]: value for value in values}
    amazon = next((code for code in channels if code != "DEFAULT"), None)
    if amazon is None:
        listing.channel = "DEFAULT"
        listing.quantity = int(channels.get("DEFAULT", {}).get("quantity", 0))
    elif listing.channel == "DEFAULT":
        listing.channel, listing.quantity = amazon, 0


def _make_price_live(listing: Listing, marketplace: str, values: Values) -> None:
    """No value for this marketplace withdraws the offer."""
    offer = listing.offers[marketplace]
    mine = {value.get("audience", "ALL"): value for value in values if value.get("marketplace_id") == marketplace}
    offer.price = _amount(mine.get("ALL", {}), "our_price", marketplace)
    offer.business_price = _amount(mine.get("B2B", {}), "our_price", marketplace)
    offer.sale = _sale(mine.get("ALL", {}), marketplace)
    offer.incomplete = offer.incomplete and offer.price is None


def _amount(offer: dict[str, Any], part: str, marketplace: str) -> str | None:
    price = price_in(offer, part)
    return None if price is None else money_text(price, MARKETPLACES[marketplace].currency)


def _sale(offer: dict[str, Any], marketplace: str) -> list[Any] | None:
    try:
        schedule = offer["discounted_price"][0]["schedule"][0]
        start, end = (_day_or_moment(schedule[name]) for name in ("start_at", "end_at"))
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return [start, end, _amount(offer, "discounted_price", marketplace)]


def _day_or_moment(value: Any) -> float:
    """`2026-12-01T00:00:00Z`, a day alone, or Amazon's wrapped `{"value": ...}`."""
    text = str(value["value"] if isinstance(value, dict) else value)
    return parse_iso(text if "T" in text else f"{text}T00:00:00Z")
