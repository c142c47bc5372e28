"""Orders v0: what a seller tells of orders that are picked up in a store, and of regulated products.

Documented: updateShipmentStatus takes orders that are picked up in a store.
Assumed: `PickedUp` makes such an order SHIPPED, and `RefusedPickup` cancels what was not picked up.
Assumed: An order without regulated products has no regulated information and answers 404.
Assumed: A verification that was approved or rejected cannot be changed again.
"""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.orders.changing import cancel_item, changed, status_of_items
from flask_amazon_channel.simulator.api.orders.finding import find_order
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.state.orders import Order, Regulated
from flask_amazon_channel.simulator.wire.messages import ApiError, Response, json_response
from flask_amazon_channel.simulator.world import World

PICKUPS = ("ReadyForPickup", "PickedUp", "RefusedPickup")
_DETAILS = {
    "prescriptionDetail": "Approved",
    "approvedAlternativeDetails": "Rejected",
    "interimStatusDetail": "Pending",
}
_PRESCRIPTION = (
    "prescriptionId", "expirationDate", "writtenQuantity", "totalRefillsAuthorized", "refillsRemaining", "clinicId",
    "usageInstructions",
)  # fmt: skip


@answers("updateShipmentStatus", bad="InvalidInput", missing="NotFound")
def update_shipment_status(call: Call) -> Response:
    order, body = find_order(call, call.path["orderId"]), call.json()
    if body.get("marketplaceId") != order.marketplace:
        raise ApiError(400, call.bad, "Marketplace ID is not defined", "1001")
    if body.get("shipmentStatus") not in PICKUPS:
        raise call.bad_request(f"shipmentStatus must be one of {', '.join(PICKUPS)}.")
    if "IN_STORE_PICK_UP" not in order.programs:
        raise call.bad_request("The order is not picked up in a store.")
    if order.is_pending or order.status == "CANCELLED":
        raise call.bad_request(f"An order that is {order.status} cannot be picked up.")
    _pick_up(call.world, order, body["shipmentStatus"], _quantities(call, order, body))
    changed(call.world, order)
    return Response(204)


def _quantities(call: Call, order: Order, body: dict[str, Any]) -> dict[str, int]:
    """What the status is told of: some items, or all that is open."""
    lines = body.get("orderItems")
    if lines is None:
        return {item.id: item.open for item in order.items}
    quantities = {}
    for line in lines if isinstance(lines, list) else [None]:
        facts = line if isinstance(line, dict) else {}
        item, quantity = order.item(str(facts.get("orderItemId"))), facts.get("quantity")
        if item is None or not isinstance(quantity, int) or not 1 <= quantity <= item.open:
            raise call.bad_request("orderItems holds items of the order, with no more than is open.")
        quantities[item.id] = quantity
    return quantities


def _pick_up(world: World, order: Order, status: str, quantities: dict[str, int]) -> None:
    order.pickup = status
    if status == "ReadyForPickup":
        return
    for item in order.items:
        if status == "PickedUp":
            item.shipped += quantities.get(item.id, 0)
        elif quantities.get(item.id):
            cancel_item(world, order, item, "BUYER", "REFUSED_PICKUP")
    order.status = status_of_items(order)


def _regulated(call: Call) -> tuple[Order, Regulated]:
    order = find_order(call, call.path["orderId"])
    if order.regulated is None:
        raise call.not_found("The order has no regulated products.")
    return order, order.regulated


@answers("getOrderRegulatedInfo", bad="InvalidInput", missing="NotFound")
def get_order_regulated_info(call: Call) -> Response:
    order, regulated = _regulated(call)
    status: dict[str, Any] = {
        "Status": regulated.status,
        "RequiresMerchantAction": regulated.status == "Pending",
        "ValidRejectionReasons": regulated.reasons,
    }
    for reason in regulated.reasons:
        if reason["RejectionReasonId"] == regulated.rejected_for:
            status["RejectionReason"] = reason
    if regulated.reviewed is not None:
        status |= {"ReviewDate": iso(regulated.reviewed), "ExternalReviewerId": regulated.reviewer}
    payload = {
        "AmazonOrderId": order.id,
        "RequiresDosageLabel": False,
        "RegulatedInformation": {"Fields": regulated.fields},
        "RegulatedOrderVerificationStatus": status,
    }
    return json_response({"payload": payload})


@answers("updateVerificationStatus", bad="InvalidInput", missing="NotFound")
def update_verification_status(call: Call) -> Response:
    order, regulated = _regulated(call)
    wanted = call.json().get("regulatedOrderVerificationStatus")
    if not isinstance(wanted, dict):
        raise call.bad_request("Missing request parameter: regulatedOrderVerificationStatus.")
    _check(call, regulated, wanted)
    regulated.status = wanted.get("status") or regulated.status
    regulated.reviewer, regulated.reviewed = wanted["externalReviewerId"], call.world.now()
    regulated.rejected_for = wanted.get("rejectionReasonId")
    regulated.details = wanted.get("verificationDetails") or regulated.details
    changed(call.world, order)
    return Response(204)


def _check(call: Call, regulated: Regulated, wanted: dict[str, Any]) -> None:
    """All that is wrong is told at once."""
    status = wanted.get("status")
    problems = []
    if status not in (None, "Pending", "Approved", "Rejected"):
        problems.append("Invalid request parameter `status`. Must be one of [Approved, Rejected].")
    elif status is not None and regulated.status != "Pending":
        problems.append(f"The verification status is {regulated.status} already.")
    problems += _detail_problems(status, wanted.get("verificationDetails") or {})
    if status == "Rejected" and not wanted.get("rejectionReasonId"):
        problems.append("Missing request parameter: rejectionReasonId.")
    elif status == "Rejected" and wanted["rejectionReasonId"] not in [
        e["RejectionReasonId"] for e in regulated.reasons
    ]:
        problems.append("Invalid request parameter `rejectionReasonId`.")
    if not wanted.get("externalReviewerId"):
        problems.append("Missing request parameter: externalReviewerId.")
    if problems:
        error = call.bad_request(problems[0])
        error.body = {"errors": [{"code": call.bad, "message": each} for each in problems]}
        raise error


def _detail_problems(status: str | None, details: dict[str, Any]) -> list[str]:
    problems = [
        f"Verification Detail `{name}` is not supported when order is in {status} status."
        for name, needed in _DETAILS.items()
        if name in details and status not in (None, needed)
    ]
    if not problems and isinstance(prescription := details.get("prescriptionDetail"), dict):
        missing = [name for name in _PRESCRIPTION if prescription.get(name) is None]
        if missing:
            names = ", ".join(missing)
            problems.append(f"Missing required parameter(s) from prescriptionDetail value: {names}")
    return problems
