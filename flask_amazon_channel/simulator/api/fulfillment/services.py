"""What Multi-Channel Fulfillment offers: speeds, carriers, fees, features."""

import random
from decimal import Decimal

from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.shelves.catalogue import local_price
from flask_amazon_channel.simulator.state.fulfillment import FulfillmentOrder

TRANSIT = {"Standard": 4 * DAY, "Expedited": 2 * DAY, "Priority": DAY, "ScheduledDelivery": 2 * DAY}
UNIT_WEIGHT = Decimal("0.4")  # kilograms
FEATURES = {
    "BLOCK_AMZL": "Blocks orders from being shipped using Amazon Logistics.",
    "BLANK_BOX": "Ships orders in packaging without the brand of Amazon.",
    "OVERBOX": "Requires items to be shipped in an overbox.",
    "PACKING_SLIP": "Requires a packing slip to be included with the order.",
    "SIGNATURE_CONFIRMATION": "Requires a signature from the recipient upon delivery.",
    "DELIVER_TOGETHER": "Delivers all items of an order together.",
}
_US_ONLY = ("SIGNATURE_CONFIRMATION",)
_CENTS = {"Standard": (260, 390), "Expedited": (310, 590), "Priority": (420, 890), "ScheduledDelivery": (310, 590)}


def transit(order: FulfillmentOrder) -> float:
    """Assumed: Standard takes four days from the warehouse to the door, Expedited two, Priority one."""
    return TRANSIT[order.speed]


def carrier_of(order: FulfillmentOrder, chance: random.Random) -> tuple[str, str]:
    """Assumed: Amazon delivers itself, or UPS does where the seller has blocked that."""
    constraints = order.facts.get("featureConstraints", [])
    blocked = any(
        each.get("featureName") == "BLOCK_AMZL" and each.get("featureFulfillmentPolicy") == "Required"
        for each in constraints
    )
    if blocked:
        return "UPS", f"1Z{chance.randrange(10**16):016d}"
    return f"AMZN_{MARKETPLACES[order.marketplace].country}", f"TBA{chance.randrange(10**12):012d}"


def fees(marketplace: str, speed: str, units: int) -> list[dict[str, object]]:
    """Assumed: a fee for each unit and one for each order, higher for faster delivery; nothing for transport."""
    per_unit, per_order = _CENTS[speed]
    currency = MARKETPLACES[marketplace].currency
    unit, order = Decimal(local_price(per_unit, marketplace)), Decimal(local_price(per_order, marketplace))
    amounts = {
        "FBAPerUnitFulfillmentFee": unit * units,
        "FBAPerOrderFulfillmentFee": order,
        "FBATransportationFee": Decimal(0),
    }
    return [
        {"name": name, "amount": {"currencyCode": currency, "value": money_text(amount, currency)}}
        for name, amount in amounts.items()
    ]


def offered(feature: str, marketplace: str) -> bool:
    return feature in FEATURES and (feature not in _US_ONLY or MARKETPLACES[marketplace].country == "US")
