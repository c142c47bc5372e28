"""SHIRT: a product type whose listings are families, one child for each color and size."""

from flask_amazon_channel.simulator.product_types.compliance import COMPLIANCE_BASICS, NEEDS_BY_COUNTRY
from flask_amazon_channel.simulator.product_types.declaration import (
    ProductType,
    array,
    attribute,
    choice,
    given,
    leaf,
    options,
    text,
    when,
    whole,
)
from flask_amazon_channel.simulator.product_types.identity import BASICS, IDENTITY, IMAGES, SHIPPING
from flask_amazon_channel.simulator.product_types.offers import OFFER
from flask_amazon_channel.simulator.product_types.variations import (
    IDENTIFIER_RULE,
    OFFER_RULE,
    family_rules,
    variations,
)

THEMES = ("COLOR", "SIZE", "COLOR/SIZE", "STYLE")
_SHIRT_SIZE = attribute(
    "shirt_size", "Shirt Size",
    leaf("size_system", "Size System", "string", "as1", options=(("as1", "Alpha"), ("as3", "Neck and Sleeve"))),
    leaf("size_class", "Size Class", "string", "alpha", options=options("Alpha, Numeric, Age")),
    leaf("size", "Shirt Size", "string", "l", options=options("XS, S, M, L, XL, XXL")),
    leaf("size_to", "Shirt Size To", "string", "xl", needed=False, maxLength=10),
)  # fmt: skip
_SLEEVE = attribute(
    "sleeve", "Sleeve",
    array(
        "type", "Sleeve Type",
        leaf("value", "Sleeve Type", "string", "long_sleeve", options=options("Long Sleeve, Short Sleeve, None")),
        rules={"maxItems": 1},
    ),
)  # fmt: skip
_DETAILS = BASICS.and_also(
    choice("department", "Department", "Mens, Womens, Unisex Adult, Boys, Girls"),
    choice("target_gender", "Gender", "Male, Female, Unisex"),
    choice("age_range_description", "Age Range", "Adult, Kid, Baby"),
    text("fabric_type", "Fabric", "100% Cotton", 200),
    text("care_instructions", "Care", "Machine Wash", 200, most=3),
    choice("fit_type", "Fit", "Regular, Slim, Relaxed"),
    choice("neck_style", "Neck", "Collared, Crew, V Neck"),
    choice("closure_type", "Closure", "Button, Zipper, Pull On"),
    choice("pattern_type", "Pattern", "Solid, Striped, Checkered"),
    choice("special_size_type", "Special Size", "Standard, Big and Tall, Petite"),
    whole("number_of_pockets", "Number of Pockets", 1, 0, 50),
    _SHIRT_SIZE,
    _SLEEVE,
)

SHIRT = ProductType(
    "SHIRT",
    "Shirt",
    (IDENTITY, variations(*THEMES), _DETAILS, OFFER, COMPLIANCE_BASICS, SHIPPING, IMAGES),
    needs=("brand", "bullet_point", "department", "fabric_type", "item_name", "product_description"),
    rules=(
        OFFER_RULE,
        IDENTIFIER_RULE,
        *family_rules(*THEMES),
        when(given("department", "mens"), allows={"target_gender": ("male", "unisex")}),
        when(given("department", "womens"), allows={"target_gender": ("female", "unisex")}),
    ),
    needs_in=NEEDS_BY_COUNTRY,
    keywords="clothing top blouse polo apparel",
)
