"""Sellers, as the control calls add and change them."""

from collections.abc import Iterable
from typing import Any

from flask_amazon_channel.simulator.control.listings import put_listing
from flask_amazon_channel.simulator.control.refused import Refused, check_known, find_seller
from flask_amazon_channel.simulator.login.lives import issue_refresh_token, rotate_secret
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.operations import PERSONAL_DATA, ROLES
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.state.shelves import Catalogue, Shelf
from flask_amazon_channel.simulator.world import World

MOST_LISTINGS = 10_000_000
_AT_ONCE = "at_once"
_CHANGES = (
    "roles", "personal_data", "revoked", "suspended", "store_name", "refresh_token", "rotate_secret", "redirect_uris",
)  # fmt: skip


def add_seller(
    world: World,
    marketplaces: list[str],
    catalogue: int = 0,
    listings: Iterable[dict[str, Any]] = (),
    redirect_uris: Iterable[str] = (),
    store_name: str | None = None,
) -> dict[str, Any]:
    """A seller of one region, authorised already; answers what a client needs to know."""
    regions = {MARKETPLACES[each].region for each in marketplaces if each in MARKETPLACES}
    if len(regions) != 1 or any(each not in MARKETPLACES for each in marketplaces):
        raise Refused("A seller has known marketplaces of one region.")
    if isinstance(catalogue, bool) or not isinstance(catalogue, int) or not 0 <= catalogue <= MOST_LISTINGS:
        raise Refused(f"The size of a catalogue is a whole number from 0 to {MOST_LISTINGS}.")
    seller_id = "A" + "".join(world.chance("seller").choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=13))
    name = store_name or f"Store {len(world.state.sellers) + 1}"
    seller = Seller(seller_id, regions.pop(), list(dict.fromkeys(marketplaces)), name)
    world.state.sellers[seller_id] = seller
    application = world.state.application
    application.redirect_uris += [each for each in redirect_uris if each not in application.redirect_uris]
    refresh_token = issue_refresh_token(world, seller)
    _fill_shelves(world, seller, catalogue, listings)
    return {
        "seller_id": seller_id,
        "client_id": application.client_id,
        "client_secret": application.secrets[-1].value,
        "application_id": application.application_id,
        "refresh_token": refresh_token,
        "region": seller.region,
        "marketplaces": seller.marketplaces,
    }


def _fill_shelves(world: World, seller: Seller, size: int, listings: Iterable[dict[str, Any]]) -> None:
    seed = f"{world.state.seed}/catalogue/{seller.id}"
    world.state.shelves[seller.id] = Shelf(Catalogue(seed, size, world.now(), list(seller.marketplaces)))
    for facts in listings:
        where = facts.get("marketplaces") or (
            [facts["marketplace"]] if facts.get("marketplace") else seller.marketplaces
        )
        for marketplace in where:
            put_listing(world, seller.id, marketplace, str(facts.get("sku", "")), **facts)


def change_seller(world: World, seller_id: str, /, **changes: Any) -> dict[str, Any]:
    """roles, personal_data, revoked, suspended, store_name, refresh_token (a new one), rotate_secret,
    redirect_uris.

    `rotate_secret` is true (the old secret lives for seven days) or "at_once".
    """
    seller = find_seller(world, seller_id)
    check_known(changes, _CHANGES, "changes")
    if "roles" in changes:
        seller.roles = [role for role in ROLES if role in changes["roles"]]
    if "personal_data" in changes:
        others = [role for role in seller.roles if role != PERSONAL_DATA]
        seller.roles = [*others, PERSONAL_DATA] if changes["personal_data"] else others
    if "suspended" in changes:
        seller.suspended = [each for each in seller.marketplaces if each in changes["suspended"]]
    if "revoked" in changes:
        seller.revoked = bool(changes["revoked"])
    seller.store_name = changes.get("store_name", seller.store_name)
    if "redirect_uris" in changes:
        world.state.application.redirect_uris = list(changes["redirect_uris"])
    answer = {
        "seller_id": seller_id,
        "roles": seller.roles,
        "revoked": seller.revoked,
        "suspended": seller.suspended,
    }
    if changes.get("refresh_token"):
        answer["refresh_token"] = issue_refresh_token(world, seller)
    if changes.get("rotate_secret"):
        answer["client_secret"] = rotate_secret(world, keep_old=changes["rotate_secret"] != _AT_ONCE)
    return answer
