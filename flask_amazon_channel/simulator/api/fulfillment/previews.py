"""Fulfillment Outbound 2020-07-01: what an order would cost, when it would arrive, what would be missing."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.fulfillment.bodies import MOST_LINES, MOST_UNITS, SPEEDS, read_body
from flask_amazon_channel.simulator.api.fulfillment.creating import marketplace_of
from flask_amazon_channel.simulator.api.fulfillment.services import TRANSIT, UNIT_WEIGHT, fees
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.wire.messages import Response, json_response

OFFER_LASTS = 1800.0
NO_INVENTORY, NO_SKU = "InsufficientInventory", "InvalidSKU"
Line = dict[str, Any]


@answers("getFulfillmentPreview", bad="InvalidInput", missing="NotFound")
def get_fulfillment_preview(call: Call) -> Response:
    """One preview for each speed that is asked for, or for Standard, Expedited and Priority.

    Assumed: a preview is fulfillable when all units are there; what is there is shown as a shipment anyway.
    Assumed: cash on delivery is not offered.
    Assumed: an item is unfulfillable for the reason InsufficientInventory or InvalidSKU.
    """
    body = read_body(call, "PREVIEW")
    marketplace = marketplace_of(call, body)
    lines = body["items"]
    if not 1 <= len(lines) <= MOST_LINES or sum(each["quantity"] for each in lines) > MOST_UNITS:
        raise call.bad_request(f"An order has 1 to {MOST_LINES} items, and at most {MOST_UNITS} units.")
    japan = MARKETPLACES[marketplace].country == "JP"
    speeds = body.get("shippingSpeedCategories") or [each for each in SPEEDS if each != "ScheduledDelivery"]
    there, missing = _divided(call, lines)
    previews = []
    for speed in dict.fromkeys(speeds):
        available = speed != "ScheduledDelivery" or japan
        previews.append(_preview(call, body, marketplace, speed, available, there, missing))
    return json_response({"payload": {"fulfillmentPreviews": previews}})


def _divided(call: Call, lines: list[Line]) -> tuple[list[tuple[Line, int]], list[tuple[Line, int, str]]]:
    """Lines with the units that are there, and lines with the units that are not, and why not."""
    there, missing = [], []
    left: dict[str, int] = {}
    for line in lines:
        sku, wanted = line["sellerSku"], int(line["quantity"])
        listing = call.world.listing(call.seller.id, sku)
        if listing is None or not warehouse.by_amazon(listing):
            missing.append((line, wanted, NO_SKU))
            continue
        found = min(wanted, left.setdefault(sku, listing.quantity))
        left[sku] -= found
        if found:
            there.append((line, found))
        if found < wanted:
            missing.append((line, wanted - found, NO_INVENTORY))
    return there, missing


def _preview(
    call: Call,
    body: dict[str, Any],
    marketplace: str,
    speed: str,
    available: bool,
    there: list[tuple[Line, int]],
    missing: list[tuple[Line, int, str]],
) -> dict[str, Any]:
    preview: dict[str, Any] = {
        "shippingSpeedCategory": speed,
        "isFulfillable": available and bool(there) and not missing,
        "isCODCapable": False,
        "marketplaceId": marketplace,
    }
    if "featureConstraints" in body:
        preview["featureConstraints"] = body["featureConstraints"]
    if missing:
        preview["unfulfillablePreviewItems"] = [_missing(*each) for each in missing]
    if not available:
        preview["orderUnfulfillableReasons"] = ["DeliverySLAUnavailable"]
        return preview
    if there:
        units = sum(found for _, found in there)
        preview["estimatedShippingWeight"] = _weight(units)
        if MARKETPLACES[marketplace].country != "IN":
            preview["estimatedFees"] = fees(marketplace, speed, units)
        preview["fulfillmentPreviewShipments"] = [_shipment(call, speed, there)]
    if speed == "ScheduledDelivery" and body.get("includeDeliveryWindows"):
        preview["scheduledDeliveryInfo"] = _windows(call)
    return preview


def _missing(line: Line, units: int, why: str) -> dict[str, Any]:
    return {
        "sellerSku": line["sellerSku"],
        "quantity": units,
        "sellerFulfillmentOrderItemId": line["sellerFulfillmentOrderItemId"],
        "itemUnfulfillableReasons": [why],
    }


def _weight(units: int) -> dict[str, str]:
    return {"unit": "KILOGRAMS", "value": str(UNIT_WEIGHT * units)}


def _shipment(call: Call, speed: str, there: list[tuple[Line, int]]) -> dict[str, Any]:
    now = call.world.now()
    items = [
        {
            "sellerSku": line["sellerSku"],
            "quantity": units,
            "sellerFulfillmentOrderItemId": line["sellerFulfillmentOrderItemId"],
            "estimatedShippingWeight": _weight(units),
            "shippingWeightCalculationMethod": "Package",
        }
        for line, units in there
    ]
    return {
        "earliestShipDate": iso(now),
        "latestShipDate": iso(now + DAY),
        "earliestArrivalDate": iso(now + TRANSIT[speed]),
        "latestArrivalDate": iso(now + TRANSIT[speed] + DAY),
        "fulfillmentPreviewItems": items,
    }


def _windows(call: Call) -> dict[str, Any]:
    """Assumed: windows of two hours, from nine in the morning of the day after tomorrow, on three days."""
    midnight = call.world.now() // DAY * DAY + 2 * DAY
    starts = [midnight + day * DAY + hour * 3600 for day in range(3) for hour in range(0, 12, 2)]  # 9 in Tokyo is 0 UTC
    windows = [{"startDate": iso(start), "endDate": iso(start + 7200)} for start in starts]
    return {"deliveryTimeZone": "Asia/Tokyo", "deliveryWindows": windows}


@answers("deliveryOffers", bad="InvalidInput", missing="NotFound")
def delivery_offers(call: Call) -> Response:
    """One offer for each of Standard, Expedited and Priority, nothing where units are missing.

    Assumed: an offer holds for half an hour.
    Assumed: a destination is named by its address or by the IP address of the customer.
    """
    body = read_body(call, "OFFER")
    product, terms = body["product"], body["terms"]
    if not terms["destination"]:
        raise call.bad_request("terms.destination needs a deliveryAddress or an ipAddress.")
    units = _units(call, product.get("amount", {}).get("value", "1"))
    listing = call.world.listing(call.seller.id, product["productIdentifier"]["merchantSku"])
    if listing is None or not warehouse.by_amazon(listing):
        raise call.bad_request("The merchantSku is invalid.")
    country = str(terms["origin"]["countryCode"]).upper()
    marketplace = next((each for each in call.seller.marketplaces if MARKETPLACES[each].country == country), None)
    if marketplace is None:
        raise call.bad_request("The seller does not ship from the country of origin.")
    speeds = [each for each in SPEEDS if each != "ScheduledDelivery"] if listing.quantity >= units else []
    return json_response({"payload": {"deliveryOffers": [_offer(call, each, marketplace) for each in speeds]}})


def _units(call: Call, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_UNITS:
        raise call.bad_request(f"product.amount.value is a whole number from 1 to {MOST_UNITS}.")
    return int(text)


def _offer(call: Call, speed: str, marketplace: str) -> dict[str, Any]:
    earliest = call.world.now() + TRANSIT[speed]
    days = int(TRANSIT[speed] // DAY)
    text = f"Delivered in {days} to {days + 1} days"
    return {
        "expiresAt": iso(call.world.now() + OFFER_LASTS),
        "dateRange": {"earliest": iso(earliest), "latest": iso(earliest + DAY)},
        "policy": {"message": {"text": text, "locale": "en_" + MARKETPLACES[marketplace].country}},
    }
