"""What the definitions of product types say of a listing's attributes."""

from functools import lru_cache

from flask_amazon_channel.simulator.api.listings.attributes import Attributes, in_marketplaces, sent_attributes
from flask_amazon_channel.simulator.api.listings.patches import SELECTORS
from flask_amazon_channel.simulator.product_types import validation as definitions
from flask_amazon_channel.simulator.product_types.catalogue import TYPES
from flask_amazon_channel.simulator.product_types.issues import Issue
from flask_amazon_channel.simulator.product_types.versions import current_version
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World

FIRST_VERSION = "LATEST"  # the one with which a world begins


def is_known_type(product_type: str) -> bool:
    return product_type in TYPES


@lru_cache(maxsize=1024)
def selectors_of(product_type: str, attribute: str) -> tuple[str, ...]:
    return tuple(definitions.selectors_of(product_type, attribute)) or SELECTORS


def schema_issues(
    world: World,
    product_type: str,
    attributes: Attributes,
    marketplace: str,
    requirements: str,
    touched: set[str] | None,
) -> list[Issue]:
    """Held against the version that is the latest now; with `touched` only those attributes are looked at."""
    return definitions.find_issues(
        product_type,
        attributes,
        marketplace=marketplace,
        requirements=requirements,
        touched=touched,
        version=current_version(world, product_type),
    )


def new_issues(world: World, listing: Listing, marketplace: str) -> list[Issue]:
    """What a later version of the product type finds in a listing, and the first one did not.

    Documented: a listing gets issues without any submission when the definition of its product type changes.
    """
    if not is_known_type(listing.product_type):
        return []
    version = current_version(world, listing.product_type)
    if version == FIRST_VERSION:
        return []
    attributes = in_marketplaces(sent_attributes(listing), [marketplace])

    def found(version: str) -> list[Issue]:
        return definitions.find_issues(
            listing.product_type,
            attributes,
            marketplace=marketplace,
            requirements=listing.requirements or "LISTING",
            version=version,
        )

    old = found(FIRST_VERSION)
    return [issue for issue in found(version) if issue not in old]
