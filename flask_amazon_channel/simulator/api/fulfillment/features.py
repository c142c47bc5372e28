"""Fulfillment Outbound 2020-07-01: features of orders, and the units that are eligible for them."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.fulfillment.services import FEATURES, offered
from flask_amazon_channel.simulator.api.paging import next_token, read_next_token
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.state.fba import fnsku
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.wire.messages import Response, json_response

PAGE = 50


@answers("getFeatures", bad="InvalidInput", missing="NotFound")
def get_features(call: Call) -> Response:
    """Assumed: every seller is enrolled for all features that his marketplace has."""
    marketplace = _marketplace(call)
    features = [
        {"featureName": name, "featureDescription": text, "sellerEligible": True}
        for name, text in FEATURES.items()
        if offered(name, marketplace)
    ]
    return json_response({"payload": {"features": features}})


def _marketplace(call: Call) -> str:
    marketplace = call.request.one("marketplaceId")
    if marketplace is None:
        raise call.bad_request("marketplaceId is required.")
    return call.marketplaces([marketplace])[0]


def _feature(call: Call, marketplace: str) -> str:
    name = call.path["featureName"]
    if not offered(name, marketplace):
        raise call.bad_request(f"The feature {name} is not available in the marketplace.")
    return name


@answers("getFeatureInventory", bad="InvalidInput", missing="NotFound")
def get_feature_inventory(call: Call) -> Response:
    """Assumed: all units that Amazon can fulfil are eligible for every feature of the marketplace."""
    marketplace = _marketplace(call)
    feature = _feature(call, marketplace)
    found, last = warehouse.page(
        call.world, call.seller.id, marketplace, call.moment("queryStartDate"), read_next_token(call), PAGE
    )
    payload: dict[str, Any] = {"marketplaceId": marketplace, "featureName": feature}
    if last:
        payload["nextToken"] = next_token(call, {"last": last})
    payload["featureSkus"] = [{**_names(each), "skuCount": each.quantity, "overlappingSkus": []} for each in found]
    return json_response({"payload": payload})


def _names(listing: Listing) -> dict[str, Any]:
    return {"sellerSku": listing.sku, "fnSku": fnsku(listing.asin), "asin": listing.asin}


@answers("getFeatureSKU", bad="InvalidInput", missing="NotFound")
def get_feature_sku(call: Call) -> Response:
    marketplace = _marketplace(call)
    payload: dict[str, Any] = {"marketplaceId": marketplace, "featureName": _feature(call, marketplace)}
    listing = call.world.listing(call.seller.id, call.path["sellerSku"])
    if listing is None or marketplace not in listing.offers or not warehouse.by_amazon(listing):
        return json_response({"payload": {**payload, "isEligible": False, "ineligibleReasons": ["INVALID_SKU"]}})
    eligible = {"isEligible": True, **_names(listing), "skuCount": listing.quantity}
    return json_response({"payload": {**payload, **eligible}})
