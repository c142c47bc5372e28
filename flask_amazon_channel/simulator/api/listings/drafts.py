"""What a submission asks for: the attributes as they would be afterwards."""

from dataclasses import dataclass
from typing import Any

from flask_amazon_channel.simulator.api.listings.attributes import Attributes, Values, sent_attributes
from flask_amazon_channel.simulator.api.listings.patches import patched
from flask_amazon_channel.simulator.api.listings.schema import is_known_type, selectors_of
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.listings import Listing

OPS = ("add", "replace", "merge", "delete")
REQUIREMENTS = ("LISTING", "LISTING_PRODUCT_ONLY", "LISTING_OFFER_ONLY")
LONGEST_SKU = 40


class Malformed(ValueError):
    """A submission that Amazon refuses before it looks at the values: 400, with this sentence."""


@dataclass
class Draft:
    """`whole` says that the listing is sent as a whole, not a part of it."""

    sku: str
    product_type: str
    requirements: str
    attributes: Attributes
    touched: set[str]
    whole: bool

    def ignore(self, names: set[str], before: Attributes) -> None:
        """Leave attributes as they were."""
        self.touched -= names
        kept = {name: before[name] for name in names & before.keys()}
        self.attributes = {**{name: self.attributes[name] for name in self.attributes if name not in names}, **kept}


def full_draft(sku: str, listing: Listing | None, body: dict[str, Any], marketplaces: list[str]) -> Draft:
    """Seen in public: a full submission replaces everything, so attributes that it leaves out are dropped.

    Assumed: what was sent for other marketplaces stays.
    """
    if not 1 <= len(sku) <= LONGEST_SKU:
        raise Malformed(f"A SKU has 1 to {LONGEST_SKU} characters.")
    requirements = body.get("requirements") or "LISTING"
    if requirements not in REQUIREMENTS:
        raise Malformed(f"Invalid 'requirements': one of {', '.join(REQUIREMENTS)} is expected.")
    sent = {name: _of_call(values, marketplaces) for name, values in _attributes(body).items()}
    before = sent_attributes(listing) if listing else {}
    others = {name: [each for each in values if _elsewhere(each, marketplaces)] for name, values in before.items()}
    after = {name: others.get(name, []) + sent.get(name, []) for name in [*sent, *others]}
    after = {name: values for name, values in after.items() if values}
    return Draft(sku, _product_type(body), requirements, after, {*before, *sent}, whole=True)


def _of_call(values: Values, marketplaces: list[str]) -> Values:
    """Assumed: values of marketplaces that the call does not name are ignored."""
    others = [each for each in MARKETPLACES if each not in marketplaces]
    return [each for each in values if each.get("marketplace_id") not in others]


def _elsewhere(value: dict[str, Any], marketplaces: list[str]) -> bool:
    return value.get("marketplace_id", marketplaces[0]) not in marketplaces


def _attributes(body: dict[str, Any]) -> Attributes:
    attributes = body.get("attributes")
    if not isinstance(attributes, dict):
        raise Malformed("Missing required field 'attributes': a JSON object is expected.")
    for name, values in attributes.items():
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise Malformed(f"Invalid attribute '{name}': a list of objects is expected.")
    return attributes


def partial_draft(
    sku: str, listing: Listing | None, body: dict[str, Any], marketplaces: list[str], patch: bool
) -> Draft:
    """Patches, or attributes that each replace what was there.

    Seen in public: offers of any product type can be changed with the product type PRODUCT.
    """
    product_type = _product_type(body, listing)
    if patch:
        patches = _patches(body)
    else:
        sent = _attributes(body)
        patches = [{"op": "replace", "path": f"/attributes/{each}", "value": sent[each]} for each in sent if sent[each]]
    if listing is None or not any(each in listing.offers or each in listing.waiting for each in marketplaces):
        raise Malformed(f"SKU '{sku}' does not exist in marketplace {', '.join(marketplaces)}.")
    attributes, touched = dict(sent_attributes(listing)), set()
    for each in patches:
        name = each["path"].split("/")[2]
        touched.add(name)
        selectors = selectors_of(product_type, name)
        values = _of_call(each["value"], marketplaces)
        attributes[name] = patched(attributes.get(name, []), each["op"], values, marketplaces, selectors)
    after = {name: values for name, values in attributes.items() if values}
    return Draft(sku, product_type, listing.requirements or "LISTING", after, touched, whole=False)


def _product_type(body: dict[str, Any], listing: Listing | None = None) -> str:
    """Assumed: a product type that does not exist is a bad request."""
    product_type = body.get("productType")
    if not product_type or not isinstance(product_type, str):
        raise Malformed("Missing required field 'productType'.")
    if is_known_type(product_type):
        return product_type
    if listing is not None and listing.product_type == product_type:
        return "PRODUCT"
    raise Malformed(f"Invalid 'productType' provided: {product_type}.")


def _patches(body: dict[str, Any]) -> list[dict[str, Any]]:
    patches = body.get("patches")
    if not isinstance(patches, list) or not patches:
        raise Malformed("'patches' must hold at least one patch.")
    for patch in patches:
        _check_patch(patch)
    return patches


def _check_patch(patch: Any) -> None:
    if not isinstance(patch, dict) or patch.get("op") not in OPS:
        raise Malformed(f"Invalid patch 'op': one of {', '.join(OPS)} is expected.")
    path = str(patch.get("path", "")).split("/")
    if len(path) != 3 or path[:2] != ["", "attributes"] or not path[2]:
        raise Malformed("Invalid patch 'path': only top-level attributes can be patched.")
    values = patch.get("value")
    if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
        raise Malformed("Invalid patch 'value': a list of objects is expected.")
