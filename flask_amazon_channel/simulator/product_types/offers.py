"""Sales terms, which every product type has: condition, price, stock, shipping."""

from flask_amazon_channel.simulator.product_types.declaration import (
    MARKETPLACE,
    Field,
    Group,
    array,
    attribute,
    choice,
    leaf,
    options,
    text,
    whole,
    yes_no,
)

_CONDITIONS = (
    ("new_new", "New"), ("new_open_box", "New - Open Box"), ("new_oem", "New - OEM"),
    ("refurbished_refurbished", "Refurbished"), ("used_like_new", "Used - Like New"),
    ("used_very_good", "Used - Very Good"), ("used_good", "Used - Good"), ("used_acceptable", "Used - Acceptable"),
    ("collectible_like_new", "Collectible - Like New"), ("collectible_very_good", "Collectible - Very Good"),
    ("collectible_good", "Collectible - Good"), ("collectible_acceptable", "Collectible - Acceptable"),
    ("club_club", "Club"),
)  # fmt: skip

_DAY_OR_MOMENT = {"oneOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}


def _moment(name: str, title: str, **facts: bool) -> Field:
    """Seen in public: A day or a moment, but not both, so that schemas need a validator that checks formats."""
    example = "2026-12-08T00:00:00Z" if name.startswith("end") else "2026-12-01T00:00:00Z"
    return leaf(name, title, "string", example, **_DAY_OR_MOMENT, **facts)


def _amount(title: str) -> Field:
    return leaf("value_with_tax", title, "number", 19.99, minimum=0)


def _price(name: str, title: str, *more: Field) -> Field:
    """A list with one schedule; `more` are the fields of the schedule besides the amount."""
    schedule = array("schedule", f"{title} Schedule", *more, _amount(title), rules={"maxItems": 1})
    return array(name, title, schedule, needed=False, rules={"maxItems": 1})


_AUDIENCE = leaf(
    "audience", "Audience", "string", "ALL", needed=False, editable=False, hidden=True,
    options=(("ALL", "Sell on Amazon"), ("B2B", "Amazon Business")),
)  # fmt: skip
_CURRENCY = leaf(
    "currency",
    "Currency",
    "string",
    None,
    needed=False,
    editable=False,
    hidden=True,
    options="currency",
    suggested=True,
)
_LEVELS = array(
    "levels", "Quantity Discount Levels",
    leaf("lower_bound", "From Quantity", "integer", 5, minimum=2),
    leaf("value", "Price or Percentage", "number", 17.0, minimum=0),
    rules={"maxItems": 5}, selectors=("lower_bound",), most=1,
)  # fmt: skip
_QUANTITY_DISCOUNTS = array(
    "quantity_discount_plan", "Quantity Discounts",
    array(
        "schedule", "Quantity Discount Schedule",
        leaf("discount_type", "Kind of Discount", "string", "fixed", options=options("Fixed, Percent")),
        _LEVELS,
        rules={"maxItems": 1},
    ),
    needed=False, rules={"maxItems": 1},
)  # fmt: skip

PURCHASABLE_OFFER = Field(
    "purchasable_offer", "Purchasable Offer", "array",
    fields=(
        _CURRENCY,
        _AUDIENCE,
        _price("our_price", "Your Price"),
        _price("discounted_price", "Sale Price", _moment("start_at", "Sale Start"), _moment("end_at", "Sale End")),
        _price("minimum_seller_allowed_price", "Minimum Price"),
        _price("maximum_seller_allowed_price", "Maximum Price"),
        _price("map_price", "Minimum Advertised Price"),
        Field("start_at", "Offer Start", "object", fields=(_moment("value", "Offer Start"),), needed=False),
        Field("end_at", "Offer End", "object", fields=(_moment("value", "Offer End"),), needed=False),
        _QUANTITY_DISCOUNTS,
        MARKETPLACE,
    ),
    selectors=("marketplace_id", "currency", "audience"),
)  # fmt: skip

FULFILLMENT_AVAILABILITY = Field(
    "fulfillment_availability", "Fulfillment Availability", "array",
    fields=(
        leaf("fulfillment_channel_code", "Fulfillment Channel", "string", "DEFAULT", options="channel"),
        leaf("quantity", "Quantity", "integer", 10, minimum=0, needed=False),
        leaf("lead_time_to_ship_max_days", "Handling Time", "integer", 2, minimum=0, maximum=30, needed=False),
        _moment("restock_date", "Restock Date", needed=False),
        leaf("is_inventory_available", "Always in Stock", "boolean", True, needed=False,
             options=((True, "Enabled"), (False, "Disabled"))),
        MARKETPLACE,
    ),
    selectors=("fulfillment_channel_code",),
)  # fmt: skip

_LIST_PRICE = attribute(
    "list_price", "List Price",
    leaf("value", "List Price", "number", 24.99, minimum=0),
    leaf("currency", "Currency", "string", None, editable=False, hidden=True, options="currency"),
    selectors=("marketplace_id", "currency"),
)  # fmt: skip

OFFER = Group(
    "offer",
    "Offer",
    "Your terms: condition, price, stock and delivery.",
    (
        yes_no("skip_offer", "Skip Offer"),
        choice("condition_type", "Item Condition", _CONDITIONS, editable=False),
        text("condition_note", "Condition Note", "A small scratch on the left side.", 2000),
        PURCHASABLE_OFFER,
        FULFILLMENT_AVAILABILITY,
        _LIST_PRICE,
        attribute(
            "merchant_shipping_group", "Shipping Template",
            leaf("value", "Shipping Template", "string", "legacy-template-id", maxLength=100, options="shipping"),
        ),
        whole("max_order_quantity", "Greatest Order Quantity", 10, 1, 999),
        choice("product_tax_code", "Product Tax Code",
               (("A_GEN_STANDARD", "Standard"), ("A_GEN_REDUCED", "Reduced"), ("A_GEN_NOTAX", "Not Taxed"))),
        yes_no("gift_options_can_be_wrapped", "Gift Wrap Possible"),
        yes_no("gift_options_can_be_messaged", "Gift Message Possible"),
    ),
)  # fmt: skip
