"""Order acknowledgement feeds: the merchant cancels what was not shipped."""

import re

from flask_amazon_channel.simulator.api.feeds.records import Record, Refused
from flask_amazon_channel.simulator.api.orders.changing import cancel_item, changed, status_of_items
from flask_amazon_channel.simulator.state.feeds import Feed
from flask_amazon_channel.simulator.state.orders import Order, OrderItem
from flask_amazon_channel.simulator.world import World

REASONS = (
    "NoInventory", "ShippingAddressUndeliverable", "CustomerExchange", "BuyerCanceled", "GeneralAdjustment",
    "PricingError", "CustomerReturn", "MerchandiseNotReceived", "CarrierCreditDecision",
    "RiskAssessmentInformationNotValid", "CarrierCoverageFailure",
)  # fmt: skip
INVALID = "18028"


def cancel(world: World, feed: Feed, order: Order, record: Record) -> None:
    """Documented: the flat file cancels; of the XML feed a message with the status code Failure does.

    Seen in public: a record without an item and without a reason cancels the whole order.
    Seen in public: the codes of reasons are those of Amazon's old feed schemas; any other is refused.
    Assumed: a message with the status code Success changes nothing.
    Assumed: a merchant cannot cancel an order that is pending, nor an item of which a part was shipped.
    """
    if record.facts.get("status-code") == "Success":
        return
    if record.facts.get("status-code") != "Failure":
        raise Refused(INVALID, "StatusCode must be Success or Failure.")
    if order.status not in ("UNSHIPPED", "PARTIALLY_SHIPPED"):
        raise Refused(INVALID, f"An order that is {order.status} cannot be cancelled.")
    chosen = _chosen(order, record)
    for item, _ in chosen:
        _check(item)
    for item, reason in chosen:
        cancel_item(world, order, item, "MERCHANT", reason)
    finish_change(world, order, chosen[0][1])


def _chosen(order: Order, record: Record) -> list[tuple[OrderItem, str]]:
    """The items to cancel with the reason of each; without a line that names an item, the whole order."""
    named = [line for line in record.lines if "item-id" in line]
    if not named:
        reason = _reason(record.lines[0].get("reason", "") if record.lines else "NoInventory")
        return [(item, reason) for item in order.items]
    chosen = []
    for line in named:
        item = order.item(line["item-id"])
        if item is None:
            raise Refused(INVALID, f"The order has no item {line['item-id']}.", line["item-id"])
        chosen.append((item, _reason(line.get("reason", ""))))
    return chosen


def _reason(code: str) -> str:
    if code not in REASONS:
        raise Refused(INVALID, f"The cancellation reason {code or '(none)'} is not one of {', '.join(REASONS)}.")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", code).upper()


def _check(item: OrderItem) -> None:
    if item.cancelled_by:
        raise Refused(INVALID, f"The item {item.id} is cancelled already.", item.id)
    if item.shipped:
        raise Refused(INVALID, f"The item {item.id} was shipped.", item.id)


def finish_change(world: World, order: Order, reason: str) -> None:
    order.status = status_of_items(order)
    changed(world, order, reason=reason)
