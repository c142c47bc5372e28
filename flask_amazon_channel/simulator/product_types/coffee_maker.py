"""COFFEE_MAKER: a product type of the size that real ones have, and the version of it that comes next."""

from dataclasses import replace

from flask_amazon_channel.simulator.product_types.compliance import (
    BATTERY_RULES,
    COMPLIANCE,
    DANGEROUS_GOODS_RULES,
    NEEDS_BY_COUNTRY,
    WARRANTY_RULES,
)
from flask_amazon_channel.simulator.product_types.declaration import (
    Field,
    Group,
    ProductType,
    attribute,
    choice,
    code,
    given,
    leaf,
    measure,
    options,
    quantity_with_unit,
    sides,
    text,
    when,
    whole,
    yes_no,
)
from flask_amazon_channel.simulator.product_types.identity import BASICS, IDENTITY, IMAGES, SHIPPING
from flask_amazon_channel.simulator.product_types.offers import OFFER
from flask_amazon_channel.simulator.product_types.variations import (
    IDENTIFIER_RULE,
    OFFER_RULE,
    family_rules,
    variations,
)

_THEMES = ("COLOR", "SIZE", "COLOR/SIZE")


def _kind(kinds: str, **facts: object) -> Field:
    return attribute(
        "coffee_maker_type",
        "Kind of Coffee Maker",
        leaf("value", "Kind of Coffee Maker", "string", "drip", options=options(kinds), **facts),
    )


_BREWING = (
    _kind("Drip, Espresso Machine, Capsule, French Press, Pour Over, Moka Pot, Cold Brew, Percolator",
          lifecycle={"enumDeprecated": ["percolator"]}),
    choice("operation_mode", "Operation", "Automatic, Semi Automatic, Manual"),
    choice("coffee_input_type", "Takes Coffee As", "Ground Coffee, Whole Bean, Capsules, Pods, Instant", most=5),
    choice("capsule_system", "Capsule System", "Original, Vertical, Soft Pod, Reusable, Other"),
    choice("filter_type", "Filter", "Paper, Reusable, None"),
    choice("filter_size", "Filter Size", "Size 4, Size 2, Basket"),
    choice("brew_strength_settings", "Brew Strengths", "Regular, Strong, Mild, Over Ice", most=4),
    whole("number_of_cups", "Number of Cups", 10, 1, 200),
    whole("number_of_programs", "Number of Programs", 4, 0, 100),
    measure("water_tank_capacity", "Water Tank", "volume", 1.4),
    measure("bean_capacity", "Bean Container", "weight", 200),
    measure("carafe_capacity", "Carafe", "volume", 1.25),
    measure("milk_tank_capacity", "Milk Container", "volume", 0.5),
    measure("brewing_time", "Brewing Time", "time", 8),
    measure("brewing_temperature", "Brewing Temperature", "temperature", 93),
    measure("maximum_pressure", "Greatest Pressure", "pressure", 15),
    measure("keep_warm_time", "Keeps Warm For", "time", 40),
    measure("maximum_cup_height", "Greatest Cup Height", "length", 14),
    choice("grinder_type", "Grinder", "Conical Burr, Flat Burr, Blade, None"),
    whole("number_of_grind_settings", "Grind Settings", 12, 0, 500),
    choice("milk_frother_type", "Milk Frother", "Steam Wand, Automatic, None"),
)  # fmt: skip

_ABILITIES = tuple(
    yes_no(name, title, example)
    for name, title, example in (
        ("has_auto_shutoff", "Switches Itself Off", True),
        ("has_timer", "Has a Timer", True),
        ("has_display", "Has a Display", True),
        ("has_removable_tank", "Tank Can Be Removed", True),
        ("has_water_filter", "Has a Water Filter", False),
        ("has_cup_warmer", "Has a Cup Warmer", False),
        ("has_anti_drip_function", "Stops Dripping", True),
        ("has_self_cleaning_function", "Cleans Itself", False),
        ("has_descaling_indicator", "Shows When to Descale", True),
        ("has_child_lock", "Has a Child Lock", False),
        ("has_pause_and_serve_function", "Can Pause to Serve", True),
        ("has_permanent_filter", "Has a Permanent Filter", False),
        ("has_dual_boiler", "Has Two Boilers", False),
        ("has_hot_water_function", "Gives Hot Water", False),
        ("is_programmable", "Is Programmable", True),
        ("is_dishwasher_safe", "Is Dishwasher Safe", True),
        ("is_portable", "Is Portable", False),
        ("is_electric", "Is Electric", True),
        ("is_assembly_required", "Assembly Required", False),
        ("is_bpa_free", "Is Free of BPA", True),
    )
)

_BUILD = (
    choice("carafe_material", "Carafe Material", "Glass, Stainless Steel, Ceramic, Plastic"),
    choice("boiler_material", "Boiler Material", "Stainless Steel, Aluminum, Brass, Thermoblock"),
    text("finish_type", "Finish", "Brushed", 100, most=3),
    text("handle_material", "Handle Material", "Plastic", 100),
    choice("mounting_type", "Mounting", "Countertop, Built In, Wall"),
    choice("control_method", "Controls", "Buttons, Touch, Knob, App, Voice", most=4),
    choice("human_interface_input", "Input", "Buttons, Dial, Touchscreen, Microphone", most=4),
    choice("connectivity_technology", "Connection", "None, Wi-Fi, Bluetooth, Matter", most=3),
    text("compatible_apps", "Compatible Apps", "Nordhaus Home", 200, most=5),
    choice("power_source", "Power Source", "Corded Electric, Battery Powered, Stovetop, None"),
    choice("power_plug_type", "Plug", tuple((f"type_{each}", f"Type {each.upper()}") for each in "fabcegijk")),
    measure("wattage", "Wattage", "power", 1000),
    measure("voltage", "Voltage", "voltage", 230),
    measure("current_rating", "Current", "current", 4.4),
    measure("power_frequency", "Mains Frequency", "frequency", 50),
    measure("cord_length", "Cord Length", "length", 90),
    measure("noise_level", "Noise Level", "noise", 62),
    measure("annual_energy_consumption", "Energy in a Year", "energy", 85),
    attribute("standby_power", "Standby Power", *quantity_with_unit("Standby Power", "power", 0.5)),
    sides("item_dimensions", "Item", "length", length=24, width=20, height=34),
    measure("item_weight", "Item Weight", "weight", 2.6),
    code("manufacture_year", "Year of the Model", "2026", 4, pattern="^[0-9]{4}$"),
    whole("unit_count", "Unit Count", 1, 1, 1000),
    text("special_feature", "Special Feature", "Keeps warm", 100, most=5),
    text("recommended_uses_for_product", "Recommended Use", "Home and office", 200, most=5),
    text("target_audience", "Made For", "Adults", 100, most=3),
    choice("age_range_description", "Age Range", "Adult, Youth, All Ages"),
    text("care_instructions", "Care", "Wipe clean", 300, most=3),
    text("theme", "Theme", "Kitchen", 100),
    choice("pattern", "Pattern", "Solid, Striped, Floral"),
    choice("room_type", "Room", "Kitchen, Office, Living Room", most=3),
    attribute(
        "customer_package_type", "Packaging",
        leaf("value", "Packaging", "string", "retail_box", options=options("Retail Box, Frustration Free, Bulk")),
    ),
)  # fmt: skip

DETAILS = BASICS.and_also(*_ABILITIES, *_BUILD)
BREWING = Group("brewing", "Brewing", "How the machine makes coffee.", _BREWING)
_RULES = (
    when(given("coffee_maker_type", "espresso_machine"), needs="maximum_pressure"),
    when(given("coffee_maker_type", "capsule"), needs="capsule_system", allows={"coffee_input_type": ("capsules",)}),
    when(given("coffee_input_type", "whole_bean"), needs="bean_capacity grinder_type"),
    when(given("is_electric", True), needs="voltage wattage"),
    when(given("power_source", "battery_powered"), needs="batteries_required"),
    when(given("is_electric", False), allows={"power_source": ("stovetop", "battery_powered", "none")}),
)

COFFEE_MAKER = ProductType(
    "COFFEE_MAKER",
    "Coffee Maker",
    (IDENTITY, variations(*_THEMES), DETAILS, BREWING, OFFER, COMPLIANCE, SHIPPING, IMAGES),
    needs=(
        "batteries_required", "brand", "bullet_point", "coffee_maker_type", "item_name", "main_product_image_locator",
        "manufacturer", "material", "number_of_cups", "product_description", "supplier_declared_dg_hz_regulation",
    ),
    rules=(
        OFFER_RULE, IDENTIFIER_RULE, *family_rules(*_THEMES), *_RULES,
        *BATTERY_RULES, *DANGEROUS_GOODS_RULES, *WARRANTY_RULES,
    ),
    needs_in={**NEEDS_BY_COUNTRY, "US": ("country_of_origin", "warranty_description"), "JP": ("noise_level",)},
    keywords="machine espresso drip kitchen brew",
)  # fmt: skip

_SPARE_PARTS = measure("spare_part_availability_duration", "Spare Parts Available For", "duration", 84)


def _next_version() -> ProductType:
    """What breaks old listings: a shorter name, a kind that is gone, a new attribute that is required."""
    kinds = _kind("Drip, Espresso Machine, Capsule, French Press, Pour Over, Moka Pot, Cold Brew")
    name = text("item_name", "Item Name", "Nordhaus Brushed Steel Coffee Maker, 1.4 l", 200)
    changed = COFFEE_MAKER.changed(kinds, name)
    groups = tuple(each.and_also(_SPARE_PARTS) if each.name == BREWING.name else each for each in changed.groups)
    return replace(changed, groups=groups, needs=(*changed.needs, _SPARE_PARTS.name), revision=2)


NEXT_COFFEE_MAKER = _next_version()
