"""Product Type Definitions 2020-09-01: search for product types, and fetch the schema of one."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers, forbidden
from flask_amazon_channel.simulator.documents.storing import presigned_url
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.product_types import documents, versions
from flask_amazon_channel.simulator.product_types.catalogue import TYPES, version_id
from flask_amazon_channel.simulator.product_types.declaration import ProductType
from flask_amazon_channel.simulator.product_types.parentage import LEVELS, at_level
from flask_amazon_channel.simulator.product_types.searching import find_by_keywords, find_by_title
from flask_amazon_channel.simulator.product_types.selection import REQUIREMENTS, selected_groups
from flask_amazon_channel.simulator.product_types.translations import LOCALES, translate
from flask_amazon_channel.simulator.wire.messages import Response, json_response
from flask_amazon_channel.simulator.world import World


@answers("searchDefinitionsProductTypes", bad="BAD_REQUEST", missing="NOT_FOUND")
def search_definitions_product_types(call: Call) -> Response:
    """Assumed: Without keywords and without a title every product type is found."""
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    locale = _locale(call, "locale", marketplaces[0])
    language = _locale(call, "searchLocale", marketplaces[0])
    keywords, title = call.request.many("keywords"), call.request.one("itemName")
    if keywords and title:
        raise call.bad_request("'keywords' and 'itemName' cannot be used together.")
    if title:
        found = find_by_title(title, language)
    else:
        found = find_by_keywords(keywords, language) if keywords else list(TYPES.values())
    listed = [
        {"name": each.name, "displayName": translate(each.title, locale), "marketplaceIds": marketplaces}
        for each in found
    ]
    return json_response({"productTypes": listed, "productTypeVersion": versions.list_version(call.world)})


@answers("getDefinitionsProductType", bad="BAD_REQUEST", missing="NOT_FOUND")
def get_definitions_product_type(call: Call) -> Response:
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    if len(marketplaces) != 1:
        raise call.bad_request("'marketplaceIds' must hold one id.")
    kind, wanted = _wanted(call, marketplaces[0])
    level = at_level(kind, wanted.level)
    return json_response(
        {
            "metaSchema": _link(call.world, documents.META_SCHEMA),
            "schema": _link(call.world, documents.document_id(wanted)),
            "requirements": wanted.requirements,
            "requirementsEnforced": "ENFORCED" if wanted.enforced else "NOT_ENFORCED",
            "propertyGroups": _groups(level, wanted),
            "locale": wanted.locale,
            "marketplaceIds": marketplaces,
            "productType": kind.name,
            "displayName": translate(kind.title, wanted.locale),
            "productTypeVersion": _version(call.world, kind),
        }
    )


def _wanted(call: Call, marketplace: str) -> tuple[ProductType, documents.Wanted]:
    kind = _kind(call)
    wanted = documents.Wanted(
        product_type=kind.name,
        version=version_id(kind),
        requirements=call.choice("requirements", REQUIREMENTS) or "LISTING",
        enforced=call.choice("requirementsEnforced", ("ENFORCED", "NOT_ENFORCED")) != "NOT_ENFORCED",
        level=call.choice("parentageLevel", LEVELS) or "",
        marketplace=marketplace,
        locale=_locale(call, "locale", marketplace),
        seller=call.request.one("sellerId") or "",
    )
    if wanted.seller not in ("", call.seller.id):
        raise forbidden("The seller of the query is not the seller of the access token.")
    return kind, wanted


def _kind(call: Call) -> ProductType:
    """Documented: A product type that does not exist is a bad request with the message Invalid input.

    Assumed: A version that does not exist is one, too.
    """
    try:
        version = call.request.one("productTypeVersion") or "LATEST"
        return versions.wanted_version(call.world, call.path["productType"], version)
    except KeyError as error:
        raise call.bad_request("Invalid input") from error


def _locale(call: Call, name: str, marketplace: str) -> str:
    """DEFAULT, and nothing, mean the language of the marketplace."""
    value = call.choice(name, LOCALES) or "DEFAULT"
    return MARKETPLACES[marketplace].language if value == "DEFAULT" else value


def _link(world: World, identifier: str) -> dict[str, Any]:
    body = documents.body_of(identifier)
    assert body is not None, "Ids of schemas are made here."
    return {
        "link": {"resource": presigned_url(world, identifier), "verb": "GET"},
        "checksum": documents.checksum(body),
    }


def _groups(kind: ProductType, wanted: documents.Wanted) -> dict[str, Any]:
    return {
        group.name: {
            "title": translate(group.title, wanted.locale),
            "description": translate(group.description, wanted.locale),
            "propertyNames": [each.name for each in group.attributes],
        }
        for group in selected_groups(kind, wanted.requirements)
    }


def _version(world: World, kind: ProductType) -> dict[str, Any]:
    return {
        "version": version_id(kind),
        "latest": kind is versions.latest(world, kind.name),
        "releaseCandidate": kind is versions.candidate(world, kind.name),
    }
