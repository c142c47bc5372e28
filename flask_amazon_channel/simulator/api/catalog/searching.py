"""Catalog Items 2022-04-01: searching by identifiers or by keywords."""

from collections import Counter
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers, forbidden
from flask_amazon_channel.simulator.api.catalog.browsing import Hit, Matches, browse
from flask_amazon_channel.simulator.api.catalog.derived import classification_id, node_name
from flask_amazon_channel.simulator.api.catalog.shapes import DATA_SETS, identifiers, item_shape
from flask_amazon_channel.simulator.login.signing import make_token, read_token
from flask_amazon_channel.simulator.shelves.items import Item, find_item
from flask_amazon_channel.simulator.shelves.products import known_asins
from flask_amazon_channel.simulator.wire.messages import Response, json_response

ID_TYPES = ("ASIN", "EAN", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC")
MOST = 1000  # items that can be paged through


@answers("searchCatalogItems", bad="400", missing="NOT_FOUND")
def search_catalog_items(call: Call) -> Response:
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    if len(marketplaces) > 1:
        raise call.bad_request("'marketplaceIds' must hold exactly one id.")
    parts = call.choices("includedData", DATA_SETS) or ["summaries"]
    size, start = call.number("pageSize", 10, 20), _start(call)
    matches = _matches(call, marketplaces[0])
    hits = matches.hits[start : min(start + size, MOST)]
    page = [item for each in hits if (item := find_item(call.world, each.asin, marketplaces))]
    document: dict[str, Any] = {"numberOfResults": matches.total}
    if pagination := _pagination(call, start, size, len(matches.hits)):
        document["pagination"] = pagination
    if call.request.many("keywords"):
        document["refinements"] = _refinements(matches.hits)
    document["items"] = [item_shape(call.world, each, marketplaces, parts) for each in page]
    return json_response(document)


def _matches(call: Call, marketplace: str) -> Matches:
    wanted, keywords = call.request.many("identifiers"), call.request.many("keywords")
    kind = call.choice("identifiersType", ID_TYPES)
    narrowed = any(call.request.one(name) for name in ("brandNames", "classificationIds", "keywordsLocale"))
    if bool(wanted) == bool(keywords):
        raise call.bad_request("Either 'identifiers' or 'keywords' must be provided.")
    if bool(wanted) != bool(kind) or (wanted and narrowed):
        raise call.bad_request("'identifiers' go with 'identifiersType', and with nothing that narrows keywords.")
    if len(wanted) > 20 or len(keywords) > 20:
        raise call.bad_request("At most 20 'identifiers' or 'keywords' can be provided.")
    if keywords:
        brands, nodes = call.request.many("brandNames"), call.request.many("classificationIds")
        return browse(call.world, marketplace, keywords, brands, nodes)
    asins = sorted({asin for each in wanted for asin in _asins(call, each, str(kind))})
    items = [item for asin in asins if (item := find_item(call.world, asin, [marketplace]))]
    kept = [each for each in items if _is_named(each, wanted, str(kind), marketplace)]
    return Matches([Hit(each.asin, each.brand, each.product_type) for each in kept], len(kept))


def _asins(call: Call, identifier: str, kind: str) -> list[str]:
    if kind == "ASIN":
        return [identifier]
    if kind != "SKU":
        return known_asins(call.world, identifier)
    if call.request.one("sellerId") is None:
        raise call.bad_request("'sellerId' is required for the identifiersType SKU.")
    if call.request.one("sellerId") != call.seller.id:
        raise forbidden("The seller of the request is not the seller of the access token.")
    listing = call.world.listing(call.seller.id, identifier)
    return [listing.asin] if listing else []


def _is_named(item: Item, wanted: list[str], kind: str, marketplace: str) -> bool:
    """A number is looked for as what it is said to be: a UPC is not found as an ISBN.

    Assumed: an EAN is found by its UPC and a UPC by its EAN, and JAN is another word for EAN.
    """
    if kind in ("ASIN", "SKU"):
        return True
    kinds = {"EAN", "JAN"} if kind in ("EAN", "JAN") else {kind}
    mine = [each for each in identifiers(item, marketplace) if each["identifierType"] in kinds]
    return bool({each["identifier"].zfill(14) for each in mine} & {each.zfill(14) for each in wanted})


def _start(call: Call) -> int:
    token = call.request.one("pageToken")
    facts = read_token(call.world, token) if token else {"catalog": 0}
    if facts is None or "catalog" not in facts:
        raise call.bad_request("Invalid 'pageToken' provided.")
    return int(facts["catalog"])


def _pagination(call: Call, start: int, size: int, total: int) -> dict[str, str]:
    pagination = {}
    if start + size < min(total, MOST):
        pagination["nextToken"] = make_token(call.world, {"catalog": start + size})
    if start > 0:
        pagination["previousToken"] = make_token(call.world, {"catalog": max(0, start - size)})
    return pagination


def _refinements(hits: list[Hit]) -> dict[str, Any]:
    """How many of the products that were found are of each brand, and of each classification."""
    brands = Counter(each.brand for each in hits).most_common(10)
    types = Counter(each.product_type for each in hits).most_common(10)
    return {
        "brands": [{"numberOfResults": number, "brandName": name} for name, number in brands],
        "classifications": [
            {"numberOfResults": number, "displayName": node_name(kind), "classificationId": classification_id(kind)}
            for kind, number in types
        ],
    }
