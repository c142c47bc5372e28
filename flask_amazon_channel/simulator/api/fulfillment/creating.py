"""Fulfillment Outbound 2020-07-01: orders of other channels are made, and what of their bodies is checked."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.fulfillment import progress
from flask_amazon_channel.simulator.api.fulfillment.bodies import MOST_LINES, MOST_UNITS, read_body
from flask_amazon_channel.simulator.api.fulfillment.services import offered
from flask_amazon_channel.simulator.clock import iso, parse_iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.state.fulfillment import FulfillmentItem, FulfillmentOrder
from flask_amazon_channel.simulator.wire.messages import Response, json_response

_ITEM_KEYS = ("sellerSku", "sellerFulfillmentOrderItemId", "quantity", "orderItemDisposition")
_ORDER_KEYS = (
    "marketplaceId", "sellerFulfillmentOrderId", "shippingSpeedCategory", "fulfillmentAction", "fulfillmentPolicy",
    "items",
)  # fmt: skip


@answers("createFulfillmentOrder", bad="InvalidInput", missing="NotFound")
def create_fulfillment_order(call: Call) -> Response:
    """Assumed: without a policy the order is FillOrKill, without an action it ships.

    Assumed: an id that the seller has used for another order is refused.
    """
    body = read_body(call, "CREATE")
    marketplace = marketplace_of(call, body)
    order_id = body["sellerFulfillmentOrderId"].strip()
    if progress.find(call.world, call.seller.id, order_id) is not None:
        raise call.bad_request(f"There is a fulfillment order {order_id} already.")
    check_items(call, body["items"])
    now = call.world.now()
    order = FulfillmentOrder(
        id=order_id,
        seller_id=call.seller.id,
        marketplace=marketplace,
        speed=body["shippingSpeedCategory"],
        action=body.get("fulfillmentAction", "Ship"),
        policy=body.get("fulfillmentPolicy", "FillOrKill"),
        facts=checked_facts(call, body, marketplace),
        items=[make_item(each) for each in body["items"]],
        received=now,
        updated=now,
    )
    _check_choices(call, order)
    progress.begin(call.world, order)
    return json_response({})


def marketplace_of(call: Call, body: dict[str, Any]) -> str:
    """Assumed: without a marketplace the seller's first one is meant."""
    marketplace = body.get("marketplaceId", call.seller.marketplaces[0])
    return call.marketplaces([marketplace])[0]


def check_items(call: Call, items: list[dict[str, Any]]) -> None:
    """Seen in public: a SKU that Amazon cannot fulfil is refused, with the id of its item."""
    if not 1 <= len(items) <= MOST_LINES or sum(each["quantity"] for each in items) > MOST_UNITS:
        raise call.bad_request(f"An order has 1 to {MOST_LINES} items, and at most {MOST_UNITS} units.")
    ids = [each["sellerFulfillmentOrderItemId"] for each in items]
    if len(set(ids)) < len(ids):
        raise call.bad_request("Each item needs a sellerFulfillmentOrderItemId of its own.")
    for each in items:
        if not warehouse.by_amazon(call.world.listing(call.seller.id, each["sellerSku"])):
            item_id = each["sellerFulfillmentOrderItemId"]
            raise call.bad_request(f"the SellerSKU for Item Id: {item_id} is invalid.")


def make_item(item: dict[str, Any]) -> FulfillmentItem:
    facts = {name: value for name, value in item.items() if name not in _ITEM_KEYS}
    return FulfillmentItem(item["sellerFulfillmentOrderItemId"], item["sellerSku"], int(item["quantity"]), facts)


def checked_facts(call: Call, body: dict[str, Any], marketplace: str) -> dict[str, Any]:
    """What is only repeated, checked."""
    facts = {name: value for name, value in body.items() if name not in _ORDER_KEYS}
    if "displayableOrderId" in facts:
        facts["displayableOrderId"] = _displayable_id(call, facts["displayableOrderId"])
    if "displayableOrderDate" in facts:
        facts["displayableOrderDate"] = _moment(call, "displayableOrderDate", facts["displayableOrderDate"])
    if "deliveryWindow" in facts:
        facts["deliveryWindow"] = {name: _moment(call, name, value) for name, value in facts["deliveryWindow"].items()}
    for each in facts.get("paymentInformation", []):
        each["paymentDate"] = _moment(call, "paymentDate", each["paymentDate"])
    if "destinationAddress" in facts:
        _check_address(call, facts["destinationAddress"])
    for each in facts.get("featureConstraints", []):
        if not offered(str(each.get("featureName")), marketplace):
            raise call.bad_request(f"The feature {each.get('featureName')} is not available in the marketplace.")
    return facts


def _displayable_id(call: Call, text: str) -> str:
    """Latin letters of ISO 8859-1, without two spaces in a row; spaces around it are removed."""
    text = text.strip()
    if not text or "  " in text or not text.isprintable() or any(ord(letter) > 255 for letter in text):
        raise call.bad_request("displayableOrderId is 1 to 40 characters of ISO 8859-1, without two spaces in a row.")
    return text


def _moment(call: Call, name: str, text: str) -> str:
    try:
        return iso(parse_iso(text))
    except ValueError as error:
        raise call.bad_request(f"{name} is not in ISO 8601 date time format.") from error


def _check_address(call: Call, address: dict[str, Any]) -> None:
    if not address.get("city") and address["countryCode"].upper() != "JP":
        raise call.bad_request("destinationAddress.city is required.")


def _check_choices(call: Call, order: FulfillmentOrder) -> None:
    country = MARKETPLACES[order.marketplace].country
    if order.speed == "ScheduledDelivery":
        if country != "JP" or "deliveryWindow" not in order.facts:
            raise call.bad_request("ScheduledDelivery needs a deliveryWindow, and is available in Japan only.")
        if order.action == "Hold":
            raise call.bad_request("An order of ScheduledDelivery cannot be held.")
    if country == "IN" and not order.facts.get("paymentInformation"):
        raise call.bad_request("paymentInformation is required in India.")
