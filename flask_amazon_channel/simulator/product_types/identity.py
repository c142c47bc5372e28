"""What a product is: names, numbers, texts and pictures, alike in all product types."""

from flask_amazon_channel.simulator.product_types.declaration import (
    Field,
    Group,
    attribute,
    choice,
    code,
    leaf,
    measure,
    options,
    sides,
    text,
    whole,
    yes_no,
)

_IDENTIFIER = attribute(
    "externally_assigned_product_identifier", "External Product ID",
    leaf("type", "External Product ID Type", "string", "ean", editable=False,
         options=(("ean", "EAN"), ("gtin", "GTIN"), ("upc", "UPC"), ("isbn", "ISBN"))),
    leaf("value", "External Product ID", "string", "4006381333931", editable=False, pattern="^[0-9]{7,13}[0-9X]$"),
    selectors=("marketplace_id", "type"),
)  # fmt: skip

ITEM_NAME = text("item_name", "Item Name", "Nordhaus Brushed Steel Coffee Maker, 1.4 l", 500)

IDENTITY = Group(
    "product_identity",
    "Product Identity",
    "What identifies the product: name, brand and numbers.",
    (
        ITEM_NAME,
        text("brand", "Brand Name", "Nordhaus", 100, editable=False, options="brands", suggested=True),
        _IDENTIFIER,
        yes_no("supplier_declared_has_product_identifier_exemption", "Product ID Exemption"),
        attribute(
            "merchant_suggested_asin", "Suggested ASIN",
            leaf("value", "Suggested ASIN", "string", "B0NORDHAUS", editable=False,
                 minLength=10, maxLength=10, maxUtf8ByteLength=40),
        ),
        code("item_type_keyword", "Item Type Keyword", "kitchen-appliances", 200, editable=False),
        code("recommended_browse_nodes", "Recommended Browse Nodes", "3169031", 20, most=2),
        code("model_number", "Model Number", "NH-1400", 40),
        text("model_name", "Model Name", "Nordhaus 1400", 200),
        text("manufacturer", "Manufacturer", "Nordhaus GmbH", 100),
        code("part_number", "Part Number", "NH-1400-S", 40),
    ),
)  # fmt: skip

_PRODUCT_TEXTS = (
    text("product_description", "Product Description", "Brews ten cups and keeps them warm.", 2000),
    text("bullet_point", "Bullet Point", "Ten cups in eight minutes", 500, most=5),
    text("generic_keyword", "Search Keywords", "coffee kitchen breakfast", 249),
)

BASICS = Group(
    "product_details",
    "Product Details",
    "What a buyer wants to know of the product.",
    (
        *_PRODUCT_TEXTS,
        text("color", "Color", "Brushed Steel", 100, most=3),
        text("size", "Size", "Large", 50),
        text("style", "Style", "Modern", 100),
        choice("material", "Material",
               "Stainless Steel, Aluminum, Plastic, Glass, Ceramic, Wood, Bamboo, Cotton, Wool, Polyester, Paper",
               most=5),
        whole("number_of_items", "Number of Items", 1, 1, 10_000),
        text("included_components", "Included Components", "User manual", 500, most=10),
    ),
)  # fmt: skip


def _picture(name: str, title: str) -> Field:
    """Assumed: A picture is named by an address that begins with http://, https:// or s3://."""
    address = "https://images.example.com/product.jpg"
    return attribute(
        name, title, leaf("media_location", title, "string", address, pattern="^(https?|s3)://.+", maxLength=2000)
    )


OFFER_PICTURES = (
    _picture("main_offer_image_locator", "Main Offer Image"),
    *(_picture(f"other_offer_image_locator_{number}", f"Other Offer Image {number}") for number in range(1, 6)),
)
IMAGES = Group(
    "images",
    "Images",
    "Pictures of the product and of the offer.",
    (
        _picture("main_product_image_locator", "Main Image"),
        *(_picture(f"other_product_image_locator_{number}", f"Other Image {number}") for number in range(1, 9)),
        _picture("swatch_product_image_locator", "Swatch Image"),
        *OFFER_PICTURES,
    ),
)

SHIPPING = Group(
    "shipping",
    "Shipping",
    "What the package needs on its way.",
    (
        sides("item_package_dimensions", "Package", "length", length=40, width=30, height=38),
        measure("item_package_weight", "Package Weight", "weight", 3.2),
        whole("item_package_quantity", "Package Quantity", 1, 1, 10_000),
        whole("number_of_boxes", "Number of Boxes", 1, 1, 100),
        choice("package_level", "Package Level", "Unit, Case, Pallet"),
        attribute(
            "package_contains_sku", "Package Contains SKU",
            leaf("sku", "SKU Inside", "string", "CUP-1", maxLength=40),
            leaf("quantity", "Quantity Inside", "integer", 12, minimum=1, maximum=250),
            selectors=("marketplace_id", "sku"),
        ),
        yes_no("is_fragile", "Is Fragile"),
        yes_no("ships_globally", "Ships Globally", lifecycle={"replacedBy": ["shipping_countries"]}),
        choice("shipping_countries", "Shipping Countries", options("Domestic, European Union, Worldwide")),
    ),
)  # fmt: skip
