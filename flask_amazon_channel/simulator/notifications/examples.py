"""Made-up payloads, as test notifications carry them."""

from collections.abc import Callable
from decimal import Decimal

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.market.notices import business_offer_change, offer_change
from flask_amazon_channel.simulator.market.offers import MarketOffer
from flask_amazon_channel.simulator.notifications.account import account_payload, product_types_payload
from flask_amazon_channel.simulator.notifications.delivery import Payload
from flask_amazon_channel.simulator.notifications.listings import (
    Standing,
    issues_payload,
    quantity_payload,
    status_payload,
)
from flask_amazon_channel.simulator.notifications.orders import order_payload
from flask_amazon_channel.simulator.notifications.processing import feed_payload, report_payload
from flask_amazon_channel.simulator.notifications.warehouses import (
    fulfillment_payload,
    inventory_payload,
    transaction_payload,
)
from flask_amazon_channel.simulator.state.fba import FbaStock
from flask_amazon_channel.simulator.state.finances import Charge, Transaction
from flask_amazon_channel.simulator.state.fulfillment import FulfillmentOrder
from flask_amazon_channel.simulator.state.listings import Listing, Offer
from flask_amazon_channel.simulator.state.orders import Order, OrderItem
from flask_amazon_channel.simulator.world import World

SELLER, MARKETPLACE, ASIN, SKU = "AEXAMPLESELLER", "ATVPDKIKX0DER", "B0EXAMPLE1", "EXAMPLE-SKU"
_ORDER = "123-1234567-1234567"


def example(world: World, kind: str, version: str) -> Payload | None:
    """A payload of this type, or None for a type that has no example."""
    makers: dict[str, Callable[[], Payload]] = {
        "ANY_OFFER_CHANGED": lambda: {
            "AnyOfferChangedNotification": offer_change(world, SELLER, ASIN, MARKETPLACE, "New")
        },
        "B2B_ANY_OFFER_CHANGED": lambda: {"B2BAnyOfferChangedNotification": _business(world)},
        "PRICING_HEALTH": lambda: _pricing_health(world),
        "ORDER_CHANGE": lambda: {
            "OrderChangeNotification": order_payload(_order(world), "OrderStatusChange", None, world.now())
        },
        "LISTINGS_ITEM_STATUS_CHANGE": lambda: status_payload(SELLER, MARKETPLACE, SKU, _standing(world)),
        "LISTINGS_ITEM_ISSUES_CHANGE": lambda: issues_payload(SELLER, MARKETPLACE, SKU, _standing(world))(version),
        "LISTINGS_ITEM_MFN_QUANTITY_CHANGE": lambda: quantity_payload(SELLER, SKU, 99),
        "PRODUCT_TYPE_DEFINITIONS_CHANGE": lambda: product_types_payload(SELLER, MARKETPLACE, "example", ["PRODUCT"]),
        "FEED_PROCESSING_FINISHED": lambda: feed_payload(SELLER, "1", "JSON_LISTINGS_FEED", "DONE", "example"),
        "REPORT_PROCESSING_FINISHED": lambda: report_payload(
            SELLER, "1", "GET_MERCHANT_LISTINGS_ALL_DATA", "DONE", "example"
        ),
        "FBA_INVENTORY_AVAILABILITY_CHANGES": lambda: inventory_payload(SELLER, _listing(world), FbaStock(world.now())),
        "FULFILLMENT_ORDER_STATUS": lambda: {"FulfillmentOrderStatusNotification": fulfillment_payload(_mcf(world))},
        "TRANSACTION_UPDATE": lambda: {"TransactionUpdateNotification": transaction_payload(_transaction(world))},
        "ACCOUNT_STATUS_CHANGED": lambda: account_payload("NORMAL", "AT_RISK"),
    }
    return makers[kind]() if kind in makers else None


def _standing(world: World) -> Standing:
    return Standing(ASIN, world.now(), ("BUYABLE", "DISCOVERABLE"), ("ERROR",), ("SEARCH_SUPPRESSED",))


def _listing(world: World) -> Listing:
    offers = {MARKETPLACE: Offer("19.99", world.now(), world.now())}
    return Listing(SKU, ASIN, "Example", "", 10, channel="AMAZON_NA", offers=offers)


def _order(world: World) -> Order:
    item = OrderItem("12345678901234", SKU, ASIN, "Example", "new_new", 1, "19.99")
    return Order(
        id=_ORDER,
        seller_id=SELLER,
        marketplace=MARKETPLACE,
        status="UNSHIPPED",
        fulfilled_by="MERCHANT",
        created=world.now(),
        updated=world.now(),
        items=[item],
        buyer={},
        address={"postalCode": "97205"},
    )


def _business(world: World) -> Payload:
    price = Decimal("19.99")
    offer = MarketOffer(
        SELLER, SKU, "New", "new", price, Decimal(0), 0, False, False, 97, 1250, (24, 48), "US", Decimal("18.99")
    )
    return business_offer_change(world, SELLER, ASIN, MARKETPLACE, "New", [offer])


def _pricing_health(world: World) -> Payload:
    price = {"amount": 19.99, "currencyCode": "USD"}
    prices = {"landedPrice": price, "listingPrice": price, "shipping": {"amount": 0, "currencyCode": "USD"}}
    count = {"condition": "new", "fulfillmentType": "MFN", "offerCount": 3}
    return {
        "issueType": "BuyBoxDisqualification",
        "sellerId": SELLER,
        "offerChangeTrigger": {
            "marketplaceId": MARKETPLACE,
            "asin": ASIN,
            "itemCondition": "new",
            "timeOfOfferChange": iso(world.now()),
        },
        "merchantOffer": {"condition": "new", "fulfillmentType": "MFN", **prices},
        "summary": {
            "numberOfOffers": [count],
            "buyBoxEligibleOffers": [count],
            "referencePrice": {"competitivePriceThreshold": {"amount": 17.99, "currencyCode": "USD"}},
        },
    }


def _mcf(world: World) -> FulfillmentOrder:
    now = world.now()
    return FulfillmentOrder(
        id="EXAMPLE-1",
        seller_id=SELLER,
        marketplace=MARKETPLACE,
        speed="Standard",
        action="Ship",
        policy="FillAll",
        facts={},
        items=[],
        received=now,
        updated=now,
        status="Processing",
    )


def _transaction(world: World) -> Transaction:
    return Transaction(
        id="example",
        seller_id=SELLER,
        marketplace=MARKETPLACE,
        currency="USD",
        type="Shipment",
        description="Order Payment",
        status="RELEASED",
        posted=world.now(),
        identifiers={"ORDER_ID": _ORDER},
        charges=[Charge("Sales", "19.99")],
    )
