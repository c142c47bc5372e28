"""`Item` of Catalog Items 2022-04-01: every set of data of one product."""

from collections.abc import Callable
from typing import Any

from flask_amazon_channel.simulator.api.catalog.derived import classification, classification_id, dimensions, group
from flask_amazon_channel.simulator.api.listings.attributes import in_marketplaces, sent_attributes, value_in
from flask_amazon_channel.simulator.api.listings.families import children, parent_of, theme
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.shelves.items import Item
from flask_amazon_channel.simulator.shelves.pictures import picture
from flask_amazon_channel.simulator.world import World

DATA_SETS = (
    "attributes", "classifications", "dimensions", "identifiers", "images", "productTypes", "relationships",
    "salesRanks", "summaries", "vendorDetails",
)  # fmt: skip
_OF_OFFERS = (
    "purchasable_offer", "fulfillment_availability", "condition_type", "condition_note", "merchant_suggested_asin",
    "merchant_shipping_group", "list_price", "child_parent_sku_relationship", "skip_offer",
)  # fmt: skip


def item_shape(world: World, item: Item, marketplaces: list[str], parts: list[str]) -> dict[str, Any]:
    """Vendor details are of vendors alone: a seller gets none."""
    mine = [each for each in marketplaces if each in item.marketplaces]
    makers: dict[str, Callable[[str], dict[str, Any]]] = {
        "classifications": lambda _: {"classifications": [classification(item)]},
        "dimensions": lambda each: dimensions(item, MARKETPLACES[each].region == "na"),
        "identifiers": lambda each: {"identifiers": identifiers(item, each)},
        "images": lambda each: {"images": _images(item, each)},
        "productTypes": lambda _: {"productType": item.product_type},
        "salesRanks": lambda each: _ranks(item, each),
        "summaries": lambda each: _summary(item, each),
    }
    shape: dict[str, Any] = {"asin": item.asin}
    for part in parts:
        if part in makers:
            shape[part] = [{"marketplaceId": each, **makers[part](each)} for each in mine]
    if "attributes" in parts:
        shape["attributes"] = _attributes(item, mine)
    if "relationships" in parts:
        shape["relationships"] = [
            {"marketplaceId": each, "relationships": _relationships(world, item, each)} for each in mine
        ]
    return {**shape, "vendorDetails": []} if "vendorDetails" in parts else shape


def identifiers(item: Item, marketplace: str) -> list[dict[str, str]]:
    """A UPC is an EAN with a zero before it, and both are GTINs; an ISBN is an EAN that begins with 978 or 979."""
    found = []
    for digits in item.external_ids:
        if not digits.isdigit() or len(digits) not in (8, 12, 13, 14):
            found.append(("ISBN" if len(digits) == 10 else "MINSAN", digits))
            continue
        gtin = digits.zfill(14)
        if gtin[0] == "0":
            country = MARKETPLACES[marketplace].country
            found.append(("JAN" if country == "JP" and gtin[1:3] in ("45", "49") else "EAN", gtin[1:]))
        found.append(("GTIN", gtin))
        if gtin.startswith("00"):
            found.append(("UPC", gtin[2:]))
        if gtin[1:4] in ("978", "979"):
            found.append(("ISBN", gtin[1:]))
    return [{"identifierType": kind, "identifier": value} for kind, value in found]


def _attributes(item: Item, marketplaces: list[str]) -> dict[str, Any]:
    """Assumed: the catalogue shows what the first seller sent of the product, never of his offer."""
    if item.listing is None or not item.listing.live:
        return {
            "item_name": [_said(item.title, each) for each in marketplaces],
            "brand": [_said(item.brand, each) for each in marketplaces],
        }
    sent = in_marketplaces(sent_attributes(item.listing), marketplaces)
    return {name: values for name, values in sent.items() if name not in _OF_OFFERS}


def _said(text: str, marketplace: str) -> dict[str, str]:
    return {"value": text, "language_tag": MARKETPLACES[marketplace].language, "marketplace_id": marketplace}


def _images(item: Item, marketplace: str) -> list[dict[str, Any]]:
    live = (item.listing.live if item.listing else None) or {}
    names = ["main_product_image_locator", *(f"other_product_image_locator_{number}" for number in range(1, 9))]
    links = [next((each.get("media_location") for each in live.get(name, [])), None) for name in names]
    if not any(links):
        links = [picture(item.asin, number) for number in range(3)]
    variants = ("MAIN", *(f"PT{number:02d}" for number in range(1, 9)))
    return [
        {"variant": variant, "link": str(link), "height": size, "width": size}
        for variant, link in zip(variants, links, strict=False)
        if link
        for size in (1500, 500)
    ]


def _ranks(item: Item, marketplace: str) -> dict[str, Any]:
    site = f"https://{MARKETPLACES[marketplace].domain}/gp/bestsellers"
    rank = 1 + item.number(f"rank/{marketplace}", 400_000)
    below = {"classificationId": classification_id(item.product_type), "title": classification(item)["displayName"]}
    above = {"websiteDisplayGroup": "home_display_on_website", "title": group(item)}
    return {
        "classificationRanks": [
            {**below, "link": f"{site}/kitchen/{below['classificationId']}", "rank": 1 + rank // 40}
        ],
        "displayGroupRanks": [{**above, "link": f"{site}/kitchen", "rank": rank}],
    }


def _summary(item: Item, marketplace: str) -> dict[str, Any]:
    live = (item.listing.live if item.listing else None) or {}
    parent = item.listing is not None and item.listing.is_parent
    shape: dict[str, Any] = {
        "adultProduct": False,
        "autographed": False,
        "brand": item.brand,
        "browseClassification": {
            "displayName": classification(item)["displayName"],
            "classificationId": classification_id(item.product_type),
        },
        "itemClassification": "VARIATION_PARENT" if parent else "BASE_PRODUCT",
        "itemName": item.title,
        "manufacturer": value_in(live, "manufacturer", marketplace) or item.brand,
        "memorabilia": False,
        "packageQuantity": 1,
        "tradeInEligible": False,
        "websiteDisplayGroup": "home_display_on_website",
        "websiteDisplayGroupName": group(item),
    }
    for field, name in (("color", "color"), ("size", "size"), ("style", "style"), ("modelNumber", "model_number")):
        if value := value_in(live, name, marketplace):
            shape[field] = str(value)
    return shape


def _relationships(world: World, item: Item, marketplace: str) -> list[dict[str, Any]]:
    """A family of SKUs of one seller is a family of ASINs."""
    if item.listing is None or not world.state.families.get(item.seller_id):
        return []
    below = children(world, item.seller_id, item.listing.sku)
    above = parent_of(world, item.seller_id, item.listing)
    found: dict[str, Any] = {}
    if asins := _asins(world, item.seller_id, below, marketplace):
        found["childAsins"] = asins
    if asins := _asins(world, item.seller_id, [above] if above else [], marketplace):
        found["parentAsins"] = asins
    if variation := theme(world, item.seller_id, item.listing, marketplace):
        found["variationTheme"] = variation
    return [{**found, "type": "VARIATION"}] if "childAsins" in found or "parentAsins" in found else []


def _asins(world: World, seller_id: str, skus: list[str], marketplace: str) -> list[str]:
    listings = [world.listing(seller_id, sku) for sku in skus]
    return [each.asin for each in listings if each is not None and marketplace in each.offers]
