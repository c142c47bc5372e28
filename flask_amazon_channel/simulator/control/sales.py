"""A buyer orders.

Assumed: The live quantity falls by what is ordered, in all marketplaces, while the order is still pending.
Assumed: Lines that the merchant fulfils and lines that Amazon fulfils are never of one order.
Assumed: A business buyer pays the listing's business price where it has one.
"""

from typing import Any

from flask_amazon_channel.simulator.api.listings.attributes import sent_attributes
from flask_amazon_channel.simulator.api.orders.changing import changed
from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.control.buyers import make_buyer
from flask_amazon_channel.simulator.control.order_changes import enter_status
from flask_amazon_channel.simulator.control.refused import Refused, check_known, find_seller_in
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.orders import STATUSES, Order, OrderItem, Regulated
from flask_amazon_channel.simulator.world import World

FACTS = (
    "buyer", "address", "programs", "service_level", "replaces", "exchanges", "ago", "force", "ship_within",
    "deliver_within", "channel", "seller_order_id", "payment_method", "tip", "tax_registrations",
    "delivery_preference", "regulated",
)  # fmt: skip
LINE_FACTS = (
    "sku", "quantity", "price", "shipping", "tax", "discount", "gift_message", "gift_wrap", "cod_fee", "points",
    "promotions", "programs", "reporting_scheme",
)  # fmt: skip
_CHANNELS = ("AMAZON", "NON_AMAZON")
_PARTIES = ("MERCHANT", "AMAZON")


def place_order(
    world: World,
    seller: str,
    marketplace: str,
    items: list[dict[str, Any]],
    status: str = "UNSHIPPED",
    fulfillment: str | None = None,
    **facts: Any,
) -> Order:
    """A buyer orders.  Items are `{sku, quantity}`, and may hold the other facts of LINE_FACTS.

    `facts` may hold those of FACTS: `ago` is seconds since the order was placed, `force` sells what is not for
    sale or more than there is, `regulated` is the fields of a regulated product's form.
    """
    _check(world, seller, marketplace, items, status, facts)
    listings = [_sellable(world, seller, marketplace, line, bool(facts.get("force"))) for line in items]
    by = _fulfilled_by(listings, fulfillment)
    order = _make_order(world, seller, marketplace, by, facts)
    for line, listing in zip(items, listings, strict=True):
        order.items.append(_make_item(world, order, line, listing))
    enter_status(world, order, status, {})
    for item, listing in zip(order.items, listings, strict=True):
        _take_stock(world, seller, listing, item.quantity, by)
    world.add_order(order)
    changed(world, order, at=order.created)
    return order


def _check(
    world: World, seller: str, marketplace: str, items: list[dict[str, Any]], status: str, facts: dict[str, Any]
) -> None:
    find_seller_in(world, seller, marketplace)
    if status not in STATUSES or not items:
        raise Refused(f"An order has items, and a status among {', '.join(STATUSES)}.")
    check_known(facts, FACTS, "facts")
    for line in items:
        check_known(line, LINE_FACTS, "facts of an item")
    if facts.get("channel", "AMAZON") not in _CHANNELS:
        raise Refused(f"The channel of an order is one of {', '.join(_CHANNELS)}.")


def _sellable(world: World, seller: str, marketplace: str, line: dict[str, Any], force: bool) -> Listing:
    listing = world.listing(seller, str(line.get("sku")))
    if listing is None or marketplace not in listing.offers:
        raise Refused(f"There is no listing {line.get('sku')} in {marketplace}.")
    quantity = line.get("quantity", 1)
    if not isinstance(quantity, int) or quantity < 1:
        raise Refused("The quantity of an item is a whole number of at least 1.")
    if not force and "BUYABLE" not in world.status(seller, listing, marketplace):
        raise Refused(f"{listing.sku} is not for sale in {marketplace}.")
    if not force and quantity > listing.quantity:
        raise Refused(f"{listing.sku} has only {listing.quantity} in stock.")
    return listing


def _fulfilled_by(listings: list[Listing], wanted: str | None) -> str:
    parties = {"MERCHANT" if each.channel == "DEFAULT" else "AMAZON" for each in listings}
    if len(parties) > 1:
        raise Refused("An order is fulfilled by the merchant or by Amazon as a whole: place two orders.")
    if wanted not in (None, *_PARTIES):
        raise Refused(f"The fulfillment of an order is one of {', '.join(_PARTIES)}.")
    return wanted or parties.pop()


def _make_order(world: World, seller: str, marketplace: str, by: str, facts: dict[str, Any]) -> Order:
    chance = world.chance("order")
    programs = list(facts.get("programs") or [])
    buyer, address = make_buyer(chance, MARKETPLACES[marketplace], business="AMAZON_BUSINESS" in programs)
    created = world.now() - float(facts.get("ago", 0))
    order = Order(
        id=f"{chance.randrange(100, 1000)}-{chance.randrange(10**7):07d}-{chance.randrange(10**7):07d}",
        seller_id=seller,
        marketplace=marketplace,
        status="PENDING",
        fulfilled_by=by,
        created=created,
        updated=created,
        items=[],
        buyer={**buyer, **(facts.get("buyer") or {})},
        address={**address, **(facts.get("address") or {})},
        programs=programs,
        service_level=facts.get("service_level") or "STANDARD",
        ship_within=float(facts.get("ship_within", 2 * DAY)),
        deliver_within=float(facts.get("deliver_within", 6 * DAY)),
    )
    for name in ("replaces", "exchanges", "channel", "seller_order_id", "payment_method"):
        if facts.get(name):
            setattr(order, name, str(facts[name]))
    order.tip = money_text(facts.get("tip", "0"), MARKETPLACES[marketplace].currency)
    order.tax_registrations = list(facts.get("tax_registrations") or [])
    order.delivery_preference = dict(facts.get("delivery_preference") or {})
    if "AMAZON_EASY_SHIP" in programs:
        order.fulfillment_orders = [f"FO{chance.randrange(10**9):09d}"]
    order.regulated = _regulated(facts["regulated"]) if facts.get("regulated") else None
    return order


def _regulated(fields: Any) -> Regulated:
    """`fields` is a list of `{id, label, value}`, or true for a prescription of a pet."""
    if fields is True:
        fields = [{"id": "pet_name", "label": "Name", "value": "Ruffus"}]
    shown = [
        {"FieldId": each["id"], "FieldLabel": each["label"], "FieldType": "Text", "FieldValue": each["value"]}
        for each in fields
    ]
    reasons = {"reject_product": "This medicine is not suitable.", "reject_age": "Your pet is too young."}
    reason_list = [
        {"RejectionReasonId": key, "RejectionReasonDescription": text} for key, text in reasons.items()
    ]  # fmt: skip
    return Regulated(shown, reasons=reason_list)


def _make_item(world: World, order: Order, line: dict[str, Any], listing: Listing) -> OrderItem:
    currency = MARKETPLACES[order.marketplace].currency
    offer = listing.offers[order.marketplace]
    business = offer.business_price if order.is_business and "price" not in line else None
    item = OrderItem(
        id=str(world.chance("item").randrange(10**13, 10**14)),
        sku=listing.sku,
        asin=listing.asin,
        title=listing.title,
        condition=listing.condition,
        quantity=int(line.get("quantity", 1)),
        price=money_text(line.get("price", business or offer.price_at(world.now()) or "0"), currency),
        gift_message=line.get("gift_message"),
        points=int(line.get("points", 0)),
        promotions=list(line.get("promotions") or []),
        programs=list(line.get("programs") or []),
        business_price=business is not None,
        reporting_scheme=line.get("reporting_scheme"),
    )
    for name in ("shipping", "tax", "discount", "gift_wrap", "cod_fee"):
        setattr(item, name, money_text(line.get(name, "0"), currency))
    return item


def _take_stock(world: World, seller: str, listing: Listing, quantity: int, fulfilled_by: str) -> None:
    """What the seller sent stays as it was sent; of what Amazon fulfils its warehouses hear."""
    if fulfilled_by == "AMAZON" or listing.channel != "DEFAULT":
        return
    listing.attributes = sent_attributes(listing)
    listing.quantity = max(0, listing.quantity - quantity)
    world.touch(seller, listing)
