"""Safety and compliance: batteries, dangerous goods, product safety, warranties, with their rules."""

from flask_amazon_channel.simulator.product_types.declaration import (
    Group,
    array,
    attribute,
    choice,
    code,
    given,
    leaf,
    measure,
    options,
    quantity_with_unit,
    text,
    when,
    whole,
    yes_no,
)

EUROPEAN_UNION = ("BE", "DE", "ES", "FR", "IE", "IT", "NL", "PL", "SE")
NEEDS_BY_COUNTRY = {
    "US": ("country_of_origin",),
    **dict.fromkeys(EUROPEAN_UNION, ("gpsr_manufacturer_reference",)),
}

_COUNTRIES = (
    ("DE", "Germany"), ("AT", "Austria"), ("CN", "China"), ("CZ", "Czechia"), ("ES", "Spain"), ("FR", "France"),
    ("GB", "United Kingdom"), ("IN", "India"), ("IT", "Italy"), ("JP", "Japan"), ("MX", "Mexico"), ("PL", "Poland"),
    ("PT", "Portugal"), ("TR", "Türkiye"), ("US", "United States"), ("VN", "Vietnam"),
)  # fmt: skip
_BATTERY_TYPES = options("Lithium Ion, Lithium Metal, Lithium Polymer, Alkaline, NiMH, Sealed Lead Acid")
_SIZES = options("AA, AAA, C, D, 9V, CR2032, Product Specific")

COMPLIANCE_BASICS = Group(
    "safety_and_compliance",
    "Safety and Compliance",
    "What authorities and carriers need to know.",
    (
        choice("country_of_origin", "Country of Origin", _COUNTRIES),
        yes_no("batteries_required", "Are Batteries Required"),
        yes_no("batteries_included", "Are Batteries Included"),
        choice("supplier_declared_dg_hz_regulation", "Dangerous Goods Regulations",
               options("Not Applicable, GHS, Storage, Transportation, Waste, Unknown"), most=5),
        code("gpsr_manufacturer_reference", "Responsible Manufacturer", "safety@nordhaus.example", 100,
             pattern="^[^@ ]+@[^@ ]+$"),
        yes_no("gpsr_safety_attestation", "Safety Attestation", True),
        text("warranty_description", "Warranty Description", "Two years", 1000, minUtf8ByteLength=3),
    ),
)  # fmt: skip

_BATTERIES = (
    attribute(
        "num_batteries", "Number of Batteries",
        leaf("quantity", "Number of Batteries", "integer", 1, minimum=1, maximum=100),
        leaf("type", "Battery Size", "string", "product_specific", options=_SIZES),
        selectors=("marketplace_id", "type"), most=1,
    ),
    attribute(
        "battery", "Battery",
        array("cell_composition", "Cell Composition",
              leaf("value", "Cell Composition", "string", "lithium_ion", options=_BATTERY_TYPES)),
        array("weight", "Battery Weight", *quantity_with_unit("Battery Weight", "weight", 0.2), needed=False),
    ),
    yes_no("contains_battery_or_cell", "Contains Battery or Cell", True),
    yes_no("has_replaceable_battery", "Has Replaceable Battery", True),
    yes_no("has_multiple_battery_powered_components", "Has Multiple Battery Powered Parts"),
    choice("battery_installation_device_type", "Where the Battery Is Installed",
           "Handheld Device, Timer, Remote Control, Other"),
    whole("number_of_lithium_ion_cells", "Number of Lithium Ion Cells", 2, 0, 1000),
    whole("number_of_lithium_metal_cells", "Number of Lithium Metal Cells", 1, 0, 1000),
    choice("lithium_battery_packaging", "Lithium Battery Packaging",
           "Batteries Contained in Equipment, Batteries Only, Batteries Packed with Equipment"),
    measure("lithium_battery_weight", "Lithium Battery Weight", "weight", 0.1),
    measure("lithium_battery_energy_content", "Lithium Battery Energy", "battery_energy", 18.5),
)  # fmt: skip

_DANGEROUS_GOODS = (
    attribute(
        "hazmat", "Dangerous Goods Number",
        leaf("aspect", "Kind of Number", "string", "united_nations_regulatory_id",
             options=options("United Nations Regulatory ID, Proper Shipping Name")),
        leaf("value", "Dangerous Goods Number", "string", "UN3481", minLength=1, maxLength=40),
        selectors=("marketplace_id", "aspect"),
    ),
    attribute(
        "ghs", "Hazard Classification",
        array("classification", "Hazard Class",
              leaf("class", "Hazard Class", "string", "irritant",
                   options=options("Irritant, Flammable, Corrosive, Explosive, Oxidizing, Toxic, Compressed Gas")),
              rules={"maxItems": 4}),
    ),
    code("ghs_chemical_h_code", "Hazard Statement", "H315", 10, most=10, pattern="^(EU)?H[0-9]{3}[A-Za-z]*$"),
    code("safety_data_sheet_url", "Safety Data Sheet", "https://nordhaus.example/sheet.pdf", 500,
         pattern="^https?://.+", lifecycle={"replacedBy": ["compliance_media"]}),
    yes_no("contains_liquid_contents", "Contains Liquid"),
    yes_no("is_liquid_double_sealed", "Is the Liquid Double Sealed", True),
    measure("liquid_volume", "Liquid Volume", "volume", 0.25),
    yes_no("is_heat_sensitive", "Is Heat Sensitive"),
    yes_no("is_expiration_dated_product", "Has an Expiration Date"),
    choice("product_expiration_type", "Kind of Expiration", "Does Not Expire, Shelf Life, Expiration Date Required"),
    measure("fc_shelf_life", "Shelf Life", "duration", 24),
)  # fmt: skip

_PRODUCT_SAFETY = (
    attribute(
        "regulatory_compliance_certification", "Certification",
        leaf("regulation_type", "Regulation", "string", "ce", options=options("CE, UKCA, FCC, RoHS, PSE, GS Mark")),
        leaf("value", "Certificate Number", "string", "CE-2026-0001", minLength=1, maxLength=100),
        selectors=("marketplace_id", "regulation_type"),
    ),
    attribute(
        "compliance_media", "Safety Document",
        leaf("content_type", "Kind of Document", "string", "user_manual",
             options=options("User Manual, Safety Data Sheet, Declaration of Conformity, Energy Label")),
        leaf("content_language", "Language of the Document", "string", "de_DE", pattern="^[a-z]{2}_[A-Z]{2}$"),
        leaf("source_location", "Address of the Document", "string", "https://nordhaus.example/manual.pdf",
             pattern="^(https?|s3)://.+", maxLength=2000),
        selectors=("marketplace_id", "content_type", "content_language"),
    ),
    attribute(
        "california_proposition_65", "California Proposition 65",
        leaf("compliance_type", "Kind of Warning", "string", "chemical",
             options=options("Chemical, Food, On Product Cancer, Passenger or Off Road Vehicle")),
        leaf("chemical_names", "Chemical", "string", "Lead", needed=False, maxUtf8ByteLength=200),
    ),
    choice("cpsia_cautionary_statement", "Cautionary Statement",
           "No Warning Applicable, Choking Hazard Small Parts, Choking Hazard Balloon", most=3),
    text("safety_warning", "Safety Warning", "Surfaces become hot.", 1000, most=5),
    code("dsa_responsible_party_address", "Responsible Person in the EU", "safety@nordhaus.example", 100),
    choice("eu_energy_label_efficiency_class", "Energy Efficiency Class",
           tuple((each, each.upper()) for each in "abcdefg")),
    code("eprel_registration_number", "EPREL Number", "1234567", 20, pattern="^[0-9]+$"),
    text("legal_disclaimer_description", "Legal Disclaimer", "For household use only.", 1000),
    yes_no("is_oem_authorized", "Is Authorized by the Manufacturer", True),
)  # fmt: skip

_WARRANTY = (
    choice("warranty_type", "Kind of Warranty", "Manufacturer, Seller, Limited, None"),
    measure("warranty_duration", "Length of the Warranty", "duration", 24),
    attribute(
        "manufacturer_contact", "Contact of the Manufacturer",
        leaf("email", "E-mail of the Manufacturer", "string", "service@nordhaus.example", pattern="^[^@ ]+@[^@ ]+$"),
        leaf("phone", "Phone of the Manufacturer", "string", "+49 30 1234567", needed=False, maxLength=30),
    ),
)  # fmt: skip

COMPLIANCE = COMPLIANCE_BASICS.and_also(*_BATTERIES, *_DANGEROUS_GOODS, *_PRODUCT_SAFETY, *_WARRANTY)

_FOR_TRANSPORT = "hazmat safety_data_sheet_url"
BATTERY_RULES = (
    when(given("batteries_required", True), needs="batteries_included"),
    when(given("batteries_included", True), needs="battery num_batteries"),
    when(
        given("battery_installation_device_type"),
        needs="contains_battery_or_cell",
    ),
    when(given("lithium_battery_packaging"), needs="lithium_battery_energy_content lithium_battery_weight"),
)
DANGEROUS_GOODS_RULES = (
    when(given("supplier_declared_dg_hz_regulation", "ghs"), needs="ghs"),
    when(given("supplier_declared_dg_hz_regulation", "transportation"), needs=_FOR_TRANSPORT),
    when(given("contains_liquid_contents", True), needs="is_liquid_double_sealed liquid_volume"),
    when(given("is_expiration_dated_product", True), needs="fc_shelf_life product_expiration_type"),
    when(
        given("is_expiration_dated_product", False),
        allows={"product_expiration_type": ("does_not_expire",)},
    ),
)
WARRANTY_RULES = (when(given("warranty_type", "manufacturer", "seller", "limited"), needs="warranty_duration"),)
