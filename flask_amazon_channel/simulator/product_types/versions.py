"""Which version of a product type a world is at, and what happens when the next one comes."""

import base64
import hashlib

from flask_amazon_channel.simulator.product_types.catalogue import CANDIDATES, TYPES, find_type, version_id
from flask_amazon_channel.simulator.product_types.declaration import ProductType
from flask_amazon_channel.simulator.world import World


def current_version(world: World, product_type: str) -> str:
    """What `find_issues` takes as the version: LATEST until the candidate was released, then the candidate's id."""
    return version_id(CANDIDATES[product_type]) if product_type in world.state.released_product_types else "LATEST"


def latest(world: World, product_type: str) -> ProductType:
    """Raises KeyError for a product type that does not exist."""
    return find_type(product_type, current_version(world, product_type))


def candidate(world: World, product_type: str) -> ProductType | None:
    """The version that is announced and not released yet."""
    return None if product_type in world.state.released_product_types else CANDIDATES.get(product_type)


def wanted_version(world: World, product_type: str, wanted: str) -> ProductType:
    """LATEST, RELEASE_CANDIDATE or an id.  Raises KeyError for what does not exist.

    Assumed: A version stays available by its id when a later one has become the latest.
    """
    if wanted == "LATEST":
        return latest(world, product_type)
    if wanted == "RELEASE_CANDIDATE":
        return candidate(world, product_type) or latest(world, product_type)
    return find_type(product_type, wanted)


def release(world: World, product_type: str) -> None:
    """Make the candidate the latest version and tell every seller.  Raises ValueError where there is none."""
    if candidate(world, product_type) is None:
        raise ValueError(f"Product type {product_type} has no version that waits to be released.")
    world.state.released_product_types.append(product_type)
    for seller in list(world.state.sellers.values()):
        world.occurred(
            "product_types_changed", seller.id, product_type=product_type, marketplaces=list(seller.marketplaces)
        )


def list_version(world: World) -> str:
    """Identifies the list of all product types: it changes when one of them gets a new version."""
    ids = "/".join(version_id(latest(world, each)) for each in TYPES)
    return base64.b64encode(hashlib.sha256(ids.encode()).digest()[:8]).decode()
