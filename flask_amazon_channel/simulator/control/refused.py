"""The refusal of a control call, and what many of them refuse alike."""

from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.world import World


class Refused(ValueError):
    """A control call that cannot be done; the message says why."""


def check_known(facts: object, known: tuple[str, ...], what: str) -> None:
    """Raises Refused where `facts` holds more than what is known."""
    if not isinstance(facts, dict):
        raise Refused(f"{what} are an object.")
    if unknown := sorted(set(facts) - set(known)):
        raise Refused(f"Unknown {what}: {', '.join(unknown)}. Known are {', '.join(known)}.")


def find_seller(world: World, seller_id: str) -> Seller:
    """Raises Refused where there is none."""
    if seller_id not in world.state.sellers:
        raise Refused(f"There is no seller {seller_id}.")
    return world.state.sellers[seller_id]


def find_seller_in(world: World, seller_id: str, marketplace: str) -> Seller:
    """Raises Refused where there is none, or where it does not sell."""
    seller = find_seller(world, seller_id)
    if marketplace not in seller.marketplaces:
        raise Refused(f"Seller {seller_id} does not sell in {marketplace}.")
    return seller
