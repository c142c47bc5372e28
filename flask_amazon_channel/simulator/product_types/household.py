"""The small product types, and PRODUCT, which takes whatever has no type of its own."""

from flask_amazon_channel.simulator.product_types.compliance import COMPLIANCE_BASICS, NEEDS_BY_COUNTRY
from flask_amazon_channel.simulator.product_types.declaration import (
    Field,
    Group,
    ProductType,
    choice,
    given,
    measure,
    sides,
    text,
    when,
    whole,
    yes_no,
)
from flask_amazon_channel.simulator.product_types.identity import BASICS, IDENTITY, IMAGES, SHIPPING
from flask_amazon_channel.simulator.product_types.offers import OFFER
from flask_amazon_channel.simulator.product_types.variations import IDENTIFIER_RULE, OFFER_RULE

NEEDS = ("brand", "bullet_point", "item_name", "product_description")
BATTERIES = when(given("batteries_required", True), needs="batteries_included")


def groups_with(*attributes: Field) -> tuple[Group, ...]:
    """The groups of a small product type, with attributes of its own among the details."""
    return (IDENTITY, BASICS.and_also(*attributes), OFFER, COMPLIANCE_BASICS, SHIPPING, IMAGES)


def _small(name: str, title: str, keywords: str, needs: str, *attributes: Field) -> ProductType:
    return ProductType(
        name,
        title,
        groups_with(*attributes),
        needs=(*NEEDS, *needs.split()),
        rules=(OFFER_RULE, IDENTIFIER_RULE, BATTERIES),
        needs_in=NEEDS_BY_COUNTRY,
        keywords=keywords,
    )


def _dimensions(**examples: float) -> Field:
    return sides("item_dimensions", "Item", "length", **examples)


_CAPACITY = measure("capacity", "Capacity", "volume", 0.75)
_WEIGHT = measure("item_weight", "Item Weight", "weight", 0.4)
_DISHWASHER = yes_no("is_dishwasher_safe", "Is Dishwasher Safe", True)

SMALL_TYPES = (
    _small("BOTTLE", "Bottle", "water flask drink thermos", "capacity material",
           _CAPACITY, _DISHWASHER, _dimensions(length=7, width=7, height=26),
           choice("closure", "Closure", "Screw, Flip Top, Cork, Straw"), yes_no("is_insulated", "Is Insulated", True)),
    _small("LAMP", "Lamp", "light desk bedside", "light_source",
           choice("light_source", "Light Source", "LED, Halogen, Incandescent, Fluorescent"),
           choice("light_color", "Light Color", "Warm White, Cool White, Daylight"),
           measure("wattage", "Wattage", "power", 8), _WEIGHT, _dimensions(length=15, width=15, height=45)),
    _small("NOTEBOOK", "Notebook", "paper diary writing", "ruling_type",
           choice("ruling_type", "Ruling", "Lined, Dotted, Squared, Blank"),
           whole("number_of_pages", "Number of Pages", 192, 1, 5000),
           choice("paper_size", "Paper Size", "A5, A4, A6, Letter"),
           measure("paper_weight", "Paper Weight", "density", 90)),
    _small("BACKPACK", "Backpack", "rucksack bag school hiking", "material",
           measure("bag_capacity", "Capacity", "volume", 22), _WEIGHT, _dimensions(length=30, width=18, height=48),
           choice("closure", "Closure", "Zipper, Buckle, Drawstring"),
           whole("number_of_compartments", "Number of Compartments", 4, 1, 50),
           yes_no("has_laptop_sleeve", "Has a Laptop Sleeve", True)),
    _small("COFFEE_GRINDER", "Coffee Grinder", "mill burr beans", "grinder_type",
           choice("grinder_type", "Kind of Grinder", "Conical Burr, Flat Burr, Blade"),
           choice("operation_mode", "Operation", "Electric, Manual"),
           whole("number_of_grind_settings", "Grind Settings", 18, 1, 500), measure("wattage", "Wattage", "power", 150),
           measure("hopper_capacity", "Bean Capacity", "weight", 250), _WEIGHT),
    _small("CUTTING_BOARD", "Cutting Board", "chopping kitchen", "material",
           _dimensions(length=40, width=28, height=2), _DISHWASHER, _WEIGHT,
           choice("shape", "Shape", "Rectangular, Round, Square")),
    _small("UMBRELLA", "Umbrella", "rain parasol", "umbrella_type",
           choice("umbrella_type", "Kind of Umbrella", "Folding, Stick, Golf, Storm"),
           measure("canopy_diameter", "Canopy Diameter", "length", 105),
           yes_no("is_automatic", "Opens Automatically", True), _WEIGHT),
    _small("PHONE_STAND", "Phone Stand", "holder dock mobile", "compatible_devices",
           text("compatible_devices", "Compatible Devices", "Phones up to 7 inches", 200, most=10),
           choice("mounting_type", "Mounting", "Desk, Wall, Clamp, Car"),
           yes_no("is_adjustable", "Is Adjustable", True), _WEIGHT),
    _small("BLANKET", "Blanket", "throw bed wool", "fabric_type",
           text("fabric_type", "Fabric", "100% Wool", 200), text("care_instructions", "Care", "Hand Wash Only", 200),
           _dimensions(length=200, width=150), measure("fabric_weight", "Fabric Weight", "density", 380)),
    _small("TEAPOT", "Teapot", "tea pot kettle", "capacity",
           _CAPACITY, _DISHWASHER, yes_no("has_infuser", "Has an Infuser", True),
           yes_no("is_stovetop_safe", "Is Stovetop Safe"), _WEIGHT),
    _small("CLOCK", "Clock", "wall watch time alarm", "display_type",
           choice("display_type", "Display", "Analog, Digital"), choice("movement", "Movement", "Quartz, Mechanical"),
           choice("power_source", "Power Source", "Battery Powered, Corded Electric, Solar Powered"),
           _dimensions(length=30, width=4, height=30)),
)  # fmt: skip

PRODUCT = ProductType(
    "PRODUCT",
    "Product",
    groups_with(_WEIGHT, _dimensions(length=10, width=10, height=10)),
    needs=("item_name",),
    rules=(OFFER_RULE, IDENTIFIER_RULE),
    keywords="other anything",
)
