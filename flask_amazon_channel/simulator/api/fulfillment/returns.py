"""Fulfillment Outbound 2020-07-01: units that customers send back."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.fulfillment import progress
from flask_amazon_channel.simulator.api.fulfillment.bodies import read_body
from flask_amazon_channel.simulator.api.fulfillment.orders import order_of
from flask_amazon_channel.simulator.api.fulfillment.shapes import authorizations_shape, return_item_shape
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.fulfillment import FulfillmentOrder, ReturnItem
from flask_amazon_channel.simulator.wire.messages import Response, json_response
from flask_amazon_channel.simulator.world import World, effect

# code: description, condition in which the unit comes back, what makes it unfulfillable
REASONS = {
    "AMZ-PG-BAD-DESC": ("Not as described", "Sellable", None),
    "DEFECTIVE": ("Item defective or does not work", "Defective", "defective"),
    "DAMAGED_BY_CARRIER": ("Item arrived damaged", "CarrierDamaged", "carrier_damaged"),
    "DAMAGED_BY_FC": ("Item was damaged in the fulfillment center", "FulfillerDamaged", "warehouse_damaged"),
    "CUSTOMER_DAMAGED": ("Item was damaged by the customer", "CustomerDamaged", "customer_damaged"),
    "UNWANTED_ITEM": ("No longer needed", "Sellable", None),
    "UNDELIVERABLE_UNKNOWN": ("Undeliverable", "Sellable", None),
}
_TRANSLATED = {
    "de": ("Nicht wie beschrieben", "Defekt", "Auf dem Transport beschädigt", "Im Logistikzentrum beschädigt",
           "Vom Kunden beschädigt", "Nicht mehr benötigt", "Unzustellbar"),
    "fr": ("Non conforme", "Défectueux", "Endommagé pendant le transport", "Endommagé en entrepôt",
           "Endommagé par le client", "Plus nécessaire", "Non distribuable"),
}  # fmt: skip
_INVALID = {
    "InvalidValues": "The item was not found in a fulfillment order.",
    "DuplicateRequest": "A fulfillment return has already been requested for this item.",
    "NoCompletedShipItems": "The fulfillment order containing this item has not yet shipped.",
    "NoReturnableQuantity": "All item quantity available for return has been allocated to other return items.",
}


@answers("listReturnReasonCodes", bad="InvalidInput", missing="NotFound")
def list_return_reason_codes(call: Call) -> Response:
    """Assumed: the same reasons for every SKU; translated into German and French only.

    Assumed: the marketplace, or an order that names it, is required.
    """
    sku, order_id = call.request.one("sellerSku"), call.request.one("sellerFulfillmentOrderId")
    marketplace, language = call.request.one("marketplaceId"), call.request.one("language")
    if sku is None or (marketplace is None and order_id is None):
        raise call.bad_request("sellerSku is required, and marketplaceId or sellerFulfillmentOrderId.")
    if marketplace is not None:
        call.marketplaces([marketplace])
    if order_id is not None and progress.find(call.world, call.seller.id, order_id) is None:
        raise call.not_found("The fulfillment order does not exist.")
    if call.world.listing(call.seller.id, sku) is None:
        raise call.not_found("The SKU does not exist.")
    translated = _TRANSLATED.get((language or "")[:2].lower())
    details = []
    for number, (code, (description, *_)) in enumerate(REASONS.items()):
        reason = {"returnReasonCode": code, "description": description}
        if language:
            reason["translatedDescription"] = translated[number] if translated else description
        details.append(reason)
    return json_response({"payload": {"reasonCodeDetails": details}})


@answers("createFulfillmentReturn", bad="InvalidInput", missing="NotFound")
def create_fulfillment_return(call: Call) -> Response:
    """Each item is one unit; what cannot come back is named, and does not hold back the rest.

    Assumed: the units arrive after two steps of `fulfillment_delay`, in the condition that their reason suggests;
    sellable ones can be sold again.
    """
    order = order_of(call)
    wanted = read_body(call, "RETURN")["items"]
    if not wanted:
        raise call.bad_request("items holds at least one item.")
    authorization = f"RA{call.world.chance('return').randrange(10**9, 10**10)}"
    accepted, invalid = [], []
    for each in wanted:
        code = _problem(order, each)
        if code is None:
            item = _make_item(call.world, each, authorization)
            order.returns.append(item)
            accepted.append(item)
        else:
            invalid.append(_invalid(each, code))
    if accepted:
        facts = {"seller": order.seller_id, "order": order.id, "authorization": authorization}
        call.world.at(call.world.now() + 2 * call.world.settings.fulfillment_delay, "fulfillment_return", facts)
    payload: dict[str, Any] = {
        "returnItems": [return_item_shape(each) for each in accepted],
        "invalidReturnItems": invalid,
        "returnAuthorizations": authorizations_shape(order, accepted),
    }
    return json_response({"payload": payload})


def _problem(order: FulfillmentOrder, wanted: dict[str, Any]) -> str | None:
    """A code of InvalidItemReasonCode."""
    item = order.item(wanted["sellerFulfillmentOrderItemId"])
    shipment = next((each for each in order.shipments if each.id == wanted["amazonShipmentId"]), None)
    if item is None or wanted["returnReasonCode"] not in REASONS:
        return "InvalidValues"
    if not item.shipped:
        return "NoCompletedShipItems"
    if shipment is None or shipment.status != "SHIPPED" or item.id not in shipment.items:
        return "InvalidValues"
    if any(each.id == wanted["sellerReturnItemId"] for each in order.returns):
        return "DuplicateRequest"
    returned = sum(1 for each in order.returns if (each.item_id, each.shipment_id) == (item.id, shipment.id))
    return "NoReturnableQuantity" if returned >= shipment.items[item.id] else None


def _make_item(world: World, wanted: dict[str, Any], authorization: str) -> ReturnItem:
    return ReturnItem(
        id=wanted["sellerReturnItemId"],
        item_id=wanted["sellerFulfillmentOrderItemId"],
        shipment_id=wanted["amazonShipmentId"],
        reason=wanted["returnReasonCode"],
        comment=wanted.get("returnComment"),
        changed=world.now(),
        authorization=authorization,
    )


def _invalid(wanted: dict[str, Any], code: str) -> dict[str, Any]:
    return {
        "sellerReturnItemId": wanted["sellerReturnItemId"],
        "sellerFulfillmentOrderItemId": wanted["sellerFulfillmentOrderItemId"],
        "invalidItemReason": {"invalidItemReasonCode": code, "description": _INVALID[code]},
    }


@effect("fulfillment_return")
def receive_return(world: World, pending: Pending) -> None:
    order = progress.find(world, pending.facts["seller"], pending.facts["order"])
    for each in order.returns if order else []:
        item = order.item(each.item_id) if order else None
        if order is None or item is None or each.authorization != pending.facts["authorization"] or each.condition:
            continue
        _, each.condition, unfulfillable = REASONS[each.reason]
        each.status, each.changed = "Processed", pending.due
        warehouse.take_back(world, order.seller_id, item.sku, unfulfillable)
    if order is not None:
        world.occurred("fulfillment_order_changed", order.seller_id, order=order.id)
