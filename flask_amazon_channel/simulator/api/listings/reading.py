"""Listings Items 2021-08-01: reading one.

`attributes` shows what the seller sent; summaries, offers and fulfillmentAvailability show what is live.
"""

from collections.abc import Callable
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers, forbidden
from flask_amazon_channel.simulator.api.listings.attributes import in_marketplaces, sent_attributes
from flask_amazon_channel.simulator.api.listings.families import relationships
from flask_amazon_channel.simulator.api.listings.locales import localized
from flask_amazon_channel.simulator.api.listings.shapes import offers_in, summary
from flask_amazon_channel.simulator.api.listings.standing import issues_in
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.wire.messages import Response, json_response

READ_SETS = (
    "summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "procurement", "relationships",
    "productTypes",
)  # fmt: skip


def check_seller(call: Call) -> None:
    if call.path["sellerId"] != call.seller.id:
        raise forbidden("The seller of the path is not the seller of the access token.")


def issue_locale(call: Call, marketplaces: list[str]) -> str:
    """Assumed: any text is taken as a locale; one that is unknown gives English messages."""
    return call.request.one("issueLocale") or MARKETPLACES[marketplaces[0]].language


@answers("getListingsItem", bad="BAD_REQUEST", missing="NOT_FOUND")
def get_listings_item(call: Call) -> Response:
    check_seller(call)
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    parts = call.choices("includedData", READ_SETS) or ["summaries"]
    listing = call.world.listing(call.seller.id, call.path["sku"])
    if listing is None or not any(each in listing.offers or each in listing.waiting for each in marketplaces):
        raise call.not_found(f"SKU '{call.path['sku']}' not found in marketplace {', '.join(marketplaces)}.")
    return json_response(item_shape(call, listing, marketplaces, parts))


def item_shape(call: Call, listing: Listing, marketplaces: list[str], parts: list[str]) -> dict[str, Any]:
    """`Item` of Amazon's model, with the parts that were asked for.

    Seen in public: a listing that was accepted but is not live yet has attributes and no summary.
    """
    mine = [each for each in marketplaces if each in listing.offers]
    now = call.world.now()
    makers: dict[str, Callable[[], Any]] = {
        "summaries": lambda: [summary(call, listing, each) for each in mine],
        "attributes": lambda: in_marketplaces(sent_attributes(listing), marketplaces),
        "issues": lambda: localized(issues_in(call.world, listing, mine), issue_locale(call, marketplaces)),
        "offers": lambda: [offer for each in mine for offer in offers_in(listing, each, now)],
        "fulfillmentAvailability": lambda: [_availability(listing)] if mine else [],
        "procurement": list,
        "relationships": lambda: _relationships(call, listing, mine),
        "productTypes": lambda: [{"marketplaceId": each, "productType": listing.product_type} for each in mine],
    }
    return {"sku": listing.sku, **{part: makers[part]() for part in parts}}


def _relationships(call: Call, listing: Listing, marketplaces: list[str]) -> list[dict[str, Any]]:
    if not call.world.state.families.get(call.seller.id):
        return []
    found = [(each, relationships(call.world, call.seller.id, listing, each)) for each in marketplaces]
    return [{"marketplaceId": each, "relationships": some} for each, some in found if some]


def _availability(listing: Listing) -> dict[str, Any]:
    return {"fulfillmentChannelCode": listing.channel, "quantity": max(0, listing.quantity)}
