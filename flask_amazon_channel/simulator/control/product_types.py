"""The control calls of product types: which there are, and letting a new version become the latest."""

from typing import Any

from flask_amazon_channel.simulator.control.refused import Refused
from flask_amazon_channel.simulator.product_types import versions
from flask_amazon_channel.simulator.product_types.catalogue import TYPES, version_id
from flask_amazon_channel.simulator.world import World


def list_product_types(world: World) -> dict[str, Any]:
    """Every product type with the ids of its latest version and of the one that waits to be released."""
    return {"product_types": [_facts(world, name) for name in TYPES]}


def _facts(world: World, name: str) -> dict[str, Any]:
    kind, waiting = versions.latest(world, name), versions.candidate(world, name)
    return {
        "product_type": name,
        "attributes": len(list(kind.attributes())),
        "latest": version_id(kind),
        "release_candidate": version_id(waiting) if waiting else None,
    }


def release_product_type(world: World, product_type: str, release: bool = False) -> dict[str, Any]:
    if not isinstance(product_type, str) or product_type not in TYPES:
        raise Refused(f"There is no product type {product_type}.")
    if release is not True:
        raise Refused("A product type can only be released: {product_type, release: true}.")
    versions.release(world, product_type)
    return _facts(world, product_type)
