"""One submission of a listing, by whatever way it came: a call of the API, or a message of a feed.

ACCEPTED is a receipt: the seller's attributes change at once, what buyers see changes after the submission
delay.  INVALID changes nothing, and neither does a preview.
"""

from dataclasses import dataclass, field
from typing import Any

from flask_amazon_channel.simulator.api.listings.attributes import (
    Attributes,
    in_marketplaces,
    sent_attributes,
    value_in,
)
from flask_amazon_channel.simulator.api.listings.drafts import Draft, Malformed, full_draft, partial_draft
from flask_amazon_channel.simulator.api.listings.going_live import REMOVAL, SUBMISSION
from flask_amazon_channel.simulator.api.listings.identity import identify
from flask_amazon_channel.simulator.api.listings.schema import schema_issues
from flask_amazon_channel.simulator.api.listings.validation import find_issues
from flask_amazon_channel.simulator.product_types.issues import Issue, make_issue
from flask_amazon_channel.simulator.shelves.products import brand_of
from flask_amazon_channel.simulator.shelves.restricted import restrictions_on
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World

LATE = 900.0
OPERATIONS = ("PUT", "UPDATE", "PATCH", "PARTIAL_UPDATE", "DELETE")


@dataclass
class Submission:
    """`status` is ACCEPTED or INVALID, or VALID or INVALID for a preview; `identifiers` are what the model says."""

    sku: str
    status: str
    submission_id: str
    issues: list[Issue] = field(default_factory=list)
    identifiers: list[dict[str, Any]] = field(default_factory=list)


def submit(
    world: World,
    seller_id: str,
    sku: str,
    operation: str,
    body: dict[str, Any],
    marketplaces: list[str],
    *,
    preview: bool = False,
) -> Submission:
    """Submit a listing in marketplaces of its seller.  `operation` is PUT (or UPDATE), PATCH, PARTIAL_UPDATE or
    DELETE; the body is that of putListingsItem, of patchListingsItem, `{productType, attributes}`, or empty.

    Raises Malformed (a ValueError with a sentence) for what Amazon answers with 400: a body of the wrong shape, an
    unknown product type, an unknown SKU, a SKU of more than 40 characters.

    Assumed: deleting, or changing a part of, a listing that does not exist is a bad request.
    """
    if operation not in OPERATIONS:
        raise Malformed(f"Invalid operation {operation}: one of {', '.join(OPERATIONS)} is expected.")
    listing = world.listing(seller_id, sku)
    if operation == "DELETE":
        return _remove(world, seller_id, sku, listing, marketplaces)
    if operation in ("PUT", "UPDATE"):
        draft = full_draft(sku, listing, body, marketplaces)
    else:
        draft = partial_draft(sku, listing, body, marketplaces, patch=operation == "PATCH")
    asin, issues = _examine(world, seller_id, listing, draft, marketplaces)
    draft.ignore(_ignored(issues), sent_attributes(listing) if listing else {})
    submission = Submission(sku, _status(issues, preview), world.hex_id("submission"), issues)
    submission.identifiers = [{"marketplaceId": each, "asin": asin} for each in marketplaces if asin]
    if submission.status == "ACCEPTED":
        _accept(world, seller_id, listing, draft, marketplaces)
    return submission


def _status(issues: list[Issue], preview: bool) -> str:
    if any(issue["severity"] == "ERROR" for issue in issues):
        return "INVALID"
    return "VALID" if preview else "ACCEPTED"


def _ignored(issues: list[Issue]) -> set[str]:
    """The attributes that the product type does not have."""
    return {name for issue in issues if issue["code"] == "90000901" for name in issue["attributeNames"]}


def _examine(
    world: World, seller_id: str, listing: Listing | None, draft: Draft, marketplaces: list[str]
) -> tuple[str | None, list[Issue]]:
    """The ASIN, if it is known, and everything that is wrong.  Values of the wrong shape are not looked into."""
    asin, issues = listing.asin if listing else None, list[Issue]()
    for marketplace in marketplaces:
        here = in_marketplaces(draft.attributes, [marketplace])
        touched = None if draft.whole else draft.touched
        more = schema_issues(world, draft.product_type, draft.attributes, marketplace, draft.requirements, touched)
        issues += _unnamed(issues, more)
        issues += find_issues(here, draft.touched - _named(issues), marketplace)
        sound = {name: values for name, values in here.items() if name not in _named(issues)}
        if draft.whole:
            offer_only = draft.requirements == "LISTING_OFFER_ONLY"
            asin, found = identify(world, listing, sound, marketplace, offer_only)
            issues += _unnamed(issues, found)
        issues += _restrictions(world, seller_id, listing, draft, sound, marketplace, asin)
    return asin, issues + list(world.settings.issues)


def _named(issues: list[Issue]) -> set[str]:
    """The attributes that have an error."""
    return {name for issue in issues if issue["severity"] == "ERROR" for name in issue.get("attributeNames", [])}


def _unnamed(issues: list[Issue], more: list[Issue]) -> list[Issue]:
    """Those of attributes that have no error yet: no attribute is blamed twice."""
    named = _named(issues)
    return [each for each in more if not named & set(each.get("attributeNames", []))]


def _restrictions(
    world: World,
    seller_id: str,
    listing: Listing | None,
    draft: Draft,
    attributes: Attributes,
    marketplace: str,
    asin: str | None,
) -> list[Issue]:
    """Assumed: a restriction stops new offers with issue 18742; offers that exist go on."""
    if not world.state.restrictions or not _is_new_offer(listing, draft, marketplace):
        return []
    brand = value_in(attributes, "brand", marketplace) or brand_of(world, asin)
    condition = value_in(attributes, "condition_type", marketplace) or "new_new"
    message = "You need approval to list this product: {}."
    return [
        make_issue("18742", message.format(each.reason), "merchant_suggested_asin", "QUALIFICATION_REQUIRED")
        for each in restrictions_on(world, seller_id, marketplace, asin, brand, condition)
    ]


def _is_new_offer(listing: Listing | None, draft: Draft, marketplace: str) -> bool:
    if listing is None or marketplace not in listing.offers:
        return True
    return "purchasable_offer" in draft.touched and listing.offers[marketplace].price is None


def _accept(world: World, seller_id: str, listing: Listing | None, draft: Draft, marketplaces: list[str]) -> None:
    if listing is None:
        listing = Listing(draft.sku, "", draft.sku, "", 0, product_type=draft.product_type)
        world.add_listing(seller_id, listing)
    values = {name: draft.attributes.get(name, []) for name in sorted(draft.touched)}
    listing.attributes = draft.attributes
    facts: dict[str, Any] = {"seller": seller_id, "sku": draft.sku, "marketplaces": marketplaces, "values": values}
    if draft.whole:
        new = [each for each in marketplaces if each not in listing.offers and each not in listing.waiting]
        listing.waiting += new
        facts |= {"whole": True, "product_type": draft.product_type, "requirements": draft.requirements}
    _later(world, SUBMISSION, facts)


def _remove(world: World, seller_id: str, sku: str, listing: Listing | None, marketplaces: list[str]) -> Submission:
    if listing is None or not any(each in listing.offers or each in listing.waiting for each in marketplaces):
        raise Malformed(f"SKU '{sku}' does not exist in marketplace {', '.join(marketplaces)}.")
    _later(world, REMOVAL, {"seller": seller_id, "sku": sku, "marketplaces": marketplaces})
    return Submission(sku, "ACCEPTED", world.hex_id("submission"))


def _later(world: World, kind: str, facts: dict[str, Any]) -> None:
    settings = world.settings
    if settings.apply == "never":
        return
    delay = settings.submission_delay + (LATE if settings.apply == "late" else 0)
    if settings.apply == "reordered":
        delay *= world.chance("reordered").uniform(0, 3)
    world.later(delay, kind, facts)


__all__ = ["Malformed", "Submission", "submit"]
