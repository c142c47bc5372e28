"""Messaging v1: what a seller may write to the buyer of an order.

Documented: A text must hold neither HTML nor mail addresses.
Assumed: Before an order is shipped a seller may confirm its details, its delivery, its customisation and its
services; after that there are warranties and invoices; legal disclosures, digital access keys and unexpected
problems can be told in both cases, and nothing while an order is pending or after it was cancelled.
Assumed: For orders that Amazon fulfils there are legal disclosures, warranties, digital access keys and
invoices only.
Assumed: A message that is not possible for the order is answered with 403.
Assumed: An attachment has to be uploaded before, to a place that was made for the same message of the order.
Assumed: A text with HTML or a mail address is answered with 400.
"""

import json
import re
from typing import Any, NamedTuple

from flask_amazon_channel.simulator.api.call import ANSWERS, Answer, Call, answers, forbidden
from flask_amazon_channel.simulator.api.orders.finding import find_order
from flask_amazon_channel.simulator.clock import parse_iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.messages import Message
from flask_amazon_channel.simulator.state.orders import Order
from flask_amazon_channel.simulator.wire.messages import Response

MOST_ATTACHMENTS = 5
_FORBIDDEN = re.compile(r"<[a-zA-Z/!]|[\w.+-]+@[\w-]+\.\w")


class Kind(NamedTuple):
    """`text` is the most characters of the text, 0 where there is none; `files` the fewest attachments."""

    operation: str
    text: int
    files: int = 0
    attachable: bool = True


KINDS = {
    "confirmCustomizationDetails": Kind("confirmCustomizationDetails", 800),
    "confirmDeliveryDetails": Kind("createConfirmDeliveryDetails", 2000, attachable=False),
    "legalDisclosure": Kind("createLegalDisclosure", 0, 1),
    "confirmOrderDetails": Kind("createConfirmOrderDetails", 2000, attachable=False),
    "confirmServiceDetails": Kind("createConfirmServiceDetails", 2000, attachable=False),
    "warranty": Kind("CreateWarranty", 0, 1),
    "digitalAccessKey": Kind("createDigitalAccessKey", 400),
    "unexpectedProblem": Kind("createUnexpectedProblem", 2000, attachable=False),
    "invoice": Kind("sendInvoice", 0, 1),
}
_BEFORE = ("confirmCustomizationDetails", "confirmDeliveryDetails", "confirmOrderDetails", "confirmServiceDetails")
_ALWAYS = ("legalDisclosure", "digitalAccessKey", "unexpectedProblem")
_AFTER = ("warranty", "invoice")
_BY_AMAZON = ("legalDisclosure", "warranty", "digitalAccessKey", "invoice")


def possible(order: Order) -> list[str]:
    """The kinds of message that the state of the order allows."""
    if order.is_pending or order.status in ("CANCELLED", "UNFULFILLABLE"):
        return []
    kinds = {*_ALWAYS, *(_AFTER if order.status == "SHIPPED" else _BEFORE)}
    if order.fulfilled_by == "AMAZON":
        kinds = set(_BY_AMAZON)
    return [kind for kind in KINDS if kind in kinds]


@answers("getMessagingActionsForOrder", bad="InvalidInput", missing="NotFound")
def get_messaging_actions(call: Call) -> Response:
    order = _order(call)
    base, query = f"/messaging/v1/orders/{order.id}", f"?marketplaceIds={order.marketplace}"
    links = {kind: {"href": f"{base}/messages/{kind}{query}", "name": kind} for kind in possible(order)}
    embedded = [
        {
            "_links": {"self": link, "schema": {"href": f"{base}/messages/{kind}/schema", "name": kind}},
            "payload": {"name": kind},
        }
        for kind, link in links.items()
    ]
    return _hal(
        {
            "_links": {"actions": list(links.values()), "self": {"href": f"{base}{query}"}},
            "_embedded": {"actions": embedded},
        }
    )


@answers("GetAttributes", bad="InvalidInput", missing="NotFound")
def get_attributes(call: Call) -> Response:
    language = MARKETPLACES[_order(call).marketplace].language
    return _hal({"buyer": {"locale": language.replace("_", "-")}})


def _order(call: Call) -> Order:
    order, ids = find_order(call, call.path["amazonOrderId"]), call.request.many("marketplaceIds")
    if len(ids) != 1:
        raise call.bad_request("marketplaceIds must hold one id.")
    if call.marketplaces(ids) != [order.marketplace]:
        raise call.bad_request("The order was placed in another marketplace.")
    return order


def _send(call: Call) -> Response:
    kind = call.operation.path.rpartition("/")[2]
    order, body = _order(call), call.json()
    if kind not in possible(order):
        raise forbidden(f"The message {kind} is not available for this order.")
    message = Message(call.seller.id, order.id, kind, call.world.now())
    message.text = _text(call, KINDS[kind], body)
    message.attachments = _attachments(call, kind, body)
    if kind == "warranty":
        message.coverage = _coverage(call, body)
    call.world.state.messages.append(message)
    return _hal({}, 201)


def _text(call: Call, kind: Kind, body: dict[str, Any]) -> str:
    if not kind.text:
        return ""
    text = body.get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= kind.text:
        raise call.bad_request(f"text must have 1 to {kind.text} characters.")
    if _FORBIDDEN.search(text):
        raise call.bad_request("text must hold neither HTML nor mail addresses.")
    return text


def _attachments(call: Call, kind: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    found = body.get("attachments") or []
    rule = KINDS[kind]
    most = MOST_ATTACHMENTS if rule.attachable else 0
    if not isinstance(found, list) or not rule.files <= len(found) <= most:
        raise call.bad_request(f"attachments must hold {rule.files} to {most} files.")
    for each in found:
        facts = each if isinstance(each, dict) else {}
        place = call.world.state.uploads.get(str(facts.get("uploadDestinationId")))
        if not isinstance(facts.get("fileName"), str) or not facts["fileName"]:
            raise call.bad_request("Each of attachments needs a fileName.")
        if place is None or place.seller_id != call.seller.id or place.body is None:
            raise call.bad_request("uploadDestinationId is missing, or nothing was uploaded there.")
        if place.resource != call.request.path.strip("/"):
            raise call.bad_request("The upload destination is not for this message.")
    return found


def _coverage(call: Call, body: dict[str, Any]) -> list[str]:
    coverage = [str(body[name]) for name in ("coverageStartDate", "coverageEndDate") if body.get(name) is not None]
    try:
        moments = [parse_iso(each) for each in coverage]
    except ValueError as error:
        raise call.bad_request("The dates of the coverage are not in ISO 8601 format.") from error
    if moments != sorted(moments):
        raise call.bad_request("The coverage ends before it starts.")
    return coverage


def _hal(document: dict[str, Any], status: int = 200) -> Response:
    return Response(status, json.dumps(document, ensure_ascii=False).encode(), "application/hal+json")


for _kind in KINDS.values():
    ANSWERS[_kind.operation] = Answer(_send, bad="InvalidInput", missing="NotFound")
