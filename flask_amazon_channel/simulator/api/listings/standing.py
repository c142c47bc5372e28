"""Issues that a live listing has: found in what is live, or in what is sent when rules have changed since."""

from typing import Any

from flask_amazon_channel.simulator.api.listings.attributes import values_in
from flask_amazon_channel.simulator.api.listings.schema import new_issues
from flask_amazon_channel.simulator.api.listings.validation import bounds_issues
from flask_amazon_channel.simulator.product_types.issues import Issue, make_issue
from flask_amazon_channel.simulator.shelves.products import listings_of
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World

MAIN_IMAGE = "main_product_image_locator"


def look_again(world: World, listing: Listing, marketplaces: list[str]) -> None:
    """Find anew what is wrong with what is live in these marketplaces."""
    for marketplace in marketplaces:
        if marketplace in listing.offers:
            listing.offers[marketplace].found = _found(world, listing, marketplace)


def _found(world: World, listing: Listing, marketplace: str) -> list[Issue]:
    """Documented: a price below its minimum takes the listing down (18155, LISTING_SUPPRESSED).

    Assumed: a price above its maximum does the same, with the code 18156.

    Assumed: a listing that is alone in showing its product is hidden from search while it has no main image (18027).
    """
    live = listing.live or {}
    issues = []
    for offer in values_in(live, "purchasable_offer", marketplace):
        if offer.get("audience", "ALL") == "ALL":
            issues += [_enforce(each, "LISTING_SUPPRESSED") for each in bounds_issues(offer)]
    if shows_product(listing) and not values_in(live, MAIN_IMAGE, marketplace) and not _has_picture(world, listing):
        message = "The listing has no main image. Submit one to lift the suppression."
        issues.append(_enforce(make_issue("18027", message, MAIN_IMAGE, "MISSING_IMAGE"), "SEARCH_SUPPRESSED"))
    return issues


def shows_product(listing: Listing) -> bool:
    """Whether its seller sent the facts of the product with it."""
    return listing.requirements in ("LISTING", "LISTING_PRODUCT_ONLY") and not listing.is_parent


def _has_picture(world: World, listing: Listing) -> bool:
    """From the catalogue, or from somebody else who lists the product."""
    others = listings_of(world, listing.asin)
    return listing.asin in world.state.products or any(
        other is not listing and (not shows_product(other) or MAIN_IMAGE in (other.live or {})) for _, other in others
    )


def _enforce(issue: Issue, action: str) -> Issue:
    return {**issue, "enforcements": {"actions": [{"action": action}], "exemption": {"status": "NOT_EXEMPT"}}}


def issues_in(world: World, listing: Listing, marketplaces: list[str]) -> list[dict[str, Any]]:
    """What is wrong with a listing now, with the marketplace of each issue."""
    return [
        {**issue, "marketplaceIds": [each]}
        for each in marketplaces
        if each in listing.offers
        for issue in [*listing.offers[each].issues, *listing.offers[each].found, *new_issues(world, listing, each)]
    ]
