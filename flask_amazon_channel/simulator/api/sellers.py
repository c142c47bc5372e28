"""Sellers v1."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.wire.messages import Response, json_response


@answers("getMarketplaceParticipations", bad="InvalidInput", missing="NotFound")
def get_marketplace_participations(call: Call) -> Response:
    return json_response({"payload": _participations(call)})


@answers("getAccount", bad="InvalidInput", missing="NotFound")
def get_account(call: Call) -> Response:
    """Assumed: every seller is a private limited company with the professional plan, at an address made up."""
    address = {"addressLine1": "1 Market Street", "city": "Springfield", "postalCode": "10001"}
    here = {**address, "countryCode": MARKETPLACES[call.seller.marketplaces[0]].country}
    business = {
        "name": f"{call.seller.store_name} Ltd.",
        "registeredBusinessAddress": here,
        "companyRegistrationNumber": f"{sum(call.seller.id.encode()):08d}",
    }
    account = {
        "marketplaceParticipationList": _participations(call),
        "businessType": "PRIVATE_LIMITED",
        "sellingPlan": "PROFESSIONAL",
        "business": business,
        "primaryContact": {"name": "Alex Example", "address": here},
    }
    return json_response({"payload": account})


def _participations(call: Call) -> list[dict[str, Any]]:
    return [_participation(call, each) for each in call.seller.marketplaces]


def _participation(call: Call, marketplace_id: str) -> dict[str, Any]:
    marketplace = MARKETPLACES[marketplace_id]
    suspended = marketplace_id in call.seller.suspended
    return {
        "marketplace": {
            "id": marketplace.id,
            "name": marketplace.name,
            "countryCode": marketplace.country,
            "defaultCurrencyCode": marketplace.currency,
            "defaultLanguageCode": marketplace.language,
            "domainName": marketplace.domain,
        },
        "participation": {"isParticipating": True, "hasSuspendedListings": suspended},
        "storeName": call.seller.store_name,
    }
