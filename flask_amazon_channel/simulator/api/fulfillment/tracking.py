"""Fulfillment Outbound 2020-07-01: where a package is."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.fulfillment import progress
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.state.fulfillment import FulfillmentOrder, FulfillmentShipment
from flask_amazon_channel.simulator.wire.messages import Response, json_response

# share of the way, code, status, what happened
_EVENTS = (
    (0.0, "EVENT_201", "IN_TRANSIT", "Departed from the fulfillment center"),
    (0.5, "EVENT_202", "IN_TRANSIT", "Arrived at a carrier facility"),
    (0.9, "EVENT_302", "OUT_FOR_DELIVERY", "Out for delivery"),
    (1.0, "EVENT_301", "DELIVERED", "Delivered"),
)


@answers("getPackageTrackingDetails", bad="InvalidInput", missing="NotFound")
def get_package_tracking_details(call: Call) -> Response:
    """Assumed: a package departs, arrives at a carrier half-way, goes out for delivery, and is delivered when it was
    expected.

    Assumed: the codes of these events are EVENT_201, EVENT_202, EVENT_302 and EVENT_301.
    Assumed: a package of another seller, or one that has not left yet, does not exist.
    """
    number = call.request.one("packageNumber")
    if number is None or not number.isascii() or not number.isdigit() or int(number) >= 2**31:
        raise call.bad_request("packageNumber is required, and is a number.")
    order, shipment = _find(call, int(number))
    return json_response({"payload": _details(call, order, shipment)})


def _find(call: Call, number: int) -> tuple[FulfillmentOrder, FulfillmentShipment]:
    order_id = call.world.state.fulfillment.packages.get(f"{call.seller.id}/{number}", "")
    order = progress.find(call.world, call.seller.id, order_id)
    for shipment in order.shipments if order else []:
        if order is not None and shipment.package == number and shipment.status == "SHIPPED":
            return order, shipment
    raise call.not_found("The package does not exist.")


def _details(call: Call, order: FulfillmentOrder, shipment: FulfillmentShipment) -> dict[str, Any]:
    now, way = call.world.now(), shipment.arrives - shipment.ships
    place = _place(order)
    past = [each for each in _EVENTS if shipment.ships + each[0] * way <= now]
    events = [
        {
            "eventDate": iso(shipment.ships + share * way),
            "eventAddress": place,
            "eventCode": code,
            "eventDescription": text,
        }
        for share, code, _, text in past
    ]
    _, _, status, text = past[-1] if past else _EVENTS[0]
    details: dict[str, Any] = {
        "packageNumber": shipment.package,
        "trackingNumber": shipment.tracking_number,
        "customerTrackingLink": f"https://www.swiship.com/track?id={shipment.tracking_number}",
        "carrierCode": shipment.carrier,
        "shipDate": iso(shipment.ships),
        "estimatedArrivalDate": iso(shipment.arrives),
        "shipToAddress": place,
        "currentStatus": status,
        "currentStatusDescription": text,
        "trackingEvents": list(reversed(events)),
    }
    if status in ("OUT_FOR_DELIVERY", "DELIVERED"):
        window = {"earliest": iso(shipment.arrives - DAY / 8), "latest": iso(shipment.arrives + DAY / 8)}
        details["deliveryWindow"] = window
    return details


def _place(order: FulfillmentOrder) -> dict[str, str]:
    address = order.facts["destinationAddress"]
    return {
        "city": str(address.get("city", ""))[:150],
        "state": str(address.get("stateOrRegion", ""))[:150],
        "country": str(address["countryCode"]),
    }
