"""Every product type in its versions: first the one that is LATEST when a world begins.

Assumed: Product types, their attributes and their rules are made up; only their form and many names are Amazon's.
"""

import base64
import hashlib

from flask_amazon_channel.simulator.product_types.coffee_maker import COFFEE_MAKER, NEXT_COFFEE_MAKER
from flask_amazon_channel.simulator.product_types.declaration import ProductType
from flask_amazon_channel.simulator.product_types.household import PRODUCT, SMALL_TYPES
from flask_amazon_channel.simulator.product_types.shirt import SHIRT

TYPES: dict[str, ProductType] = {each.name: each for each in (COFFEE_MAKER, SHIRT, *SMALL_TYPES, PRODUCT)}
CANDIDATES: dict[str, ProductType] = {
    each.name: each for each in (NEXT_COFFEE_MAKER,)
}  # the version that comes after, where one is announced


def version_id(kind: ProductType) -> str:
    """An identifier as Amazon's look: eight bytes in base64."""
    digest = hashlib.sha256(f"{kind.name}/{kind.revision}".encode()).digest()
    return base64.b64encode(digest[:8]).decode()


def find_type(product_type: str, version: str = "LATEST") -> ProductType:
    """A version by its id; LATEST is the one with which a world begins.  Raises KeyError for what does not exist."""
    kind, candidate = TYPES[product_type], CANDIDATES.get(product_type)
    if version in ("LATEST", version_id(kind)):
        return kind
    if candidate is not None and version in ("RELEASE_CANDIDATE", version_id(candidate)):
        return candidate
    if version == "RELEASE_CANDIDATE":
        return kind
    raise KeyError(f"Product type {product_type} has no version {version}.")
