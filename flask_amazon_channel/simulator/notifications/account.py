"""Notifications of the account, of product types and of the application's secrets.

Seen in public: messages of new and of ending secrets have the properties that they have here.
Documented: nobody subscribes to messages of secrets; a queue is registered for them (setting application_queue).
"""

from functools import partial
from typing import Any

from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.login.lives import OLD_SECRET_LIFETIME, SECRET_LIFETIME
from flask_amazon_channel.simulator.notifications.delivery import Payload, notify, notify_application
from flask_amazon_channel.simulator.notifications.types import NEW_SECRET, SECRET_EXPIRY
from flask_amazon_channel.simulator.product_types.versions import list_version
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.world import World, effect, listens

ACCOUNT_STATUSES = ("NORMAL", "AT_RISK", "DEACTIVATED")
NOTICE = 90 * DAY  # before a secret ends


@listens("account_status_changed")
def tell_account(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Facts: previous, current, each one of NORMAL, AT_RISK and DEACTIVATED."""
    previous, current = facts["previous"], facts["current"]
    if previous not in ACCOUNT_STATUSES or current not in ACCOUNT_STATUSES:
        raise ValueError(f"The status of an account is one of {', '.join(ACCOUNT_STATUSES)}.")
    notify(world, seller_id, "ACCOUNT_STATUS_CHANGED", lambda _: account_payload(previous, current))


def account_payload(previous: str, current: str) -> Payload:
    """Documented: ACCOUNT_STATUS_CHANGED tells the account's previous and current status; it has no schema here."""
    return {"accountStatusChangeNotification": {"previousAccountStatus": previous, "currentAccountStatus": current}}


@listens("product_types_changed")
def tell_product_types(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Facts: product_type, marketplaces; with `new` it is a product type that was not there before.

    Without a seller it is told to every seller.
    """
    version = list_version(world)
    new = [facts["product_type"]] if facts.get("new") else []
    for seller in [seller_id] if seller_id else list(world.state.sellers):
        mine = world.state.sellers[seller].marketplaces
        for marketplace in [each for each in facts["marketplaces"] if each in mine]:
            payload = partial(_of_any_version, product_types_payload(seller, marketplace, version, new))
            notify(world, seller, "PRODUCT_TYPE_DEFINITIONS_CHANGE", payload, marketplace=marketplace)


def _of_any_version(payload: Payload, version: str) -> Payload:
    return payload


def product_types_payload(seller_id: str, marketplace: str, version: str, new: list[str]) -> Payload:
    payload: Payload = {"AccountId": seller_id, "MarketplaceId": marketplace, "ProductTypeVersion": version}
    return payload | ({"NewProductTypes": new} if new else {})


@listens("secret_rotated")
def tell_new_secret(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Also notes that notice has to be given before this one ends.

    Documented: the new secret comes in a message to the registered queue and nowhere else.
    """
    now, secret = world.now(), facts["client_secret"]
    ends = [each.expires_at for each in world.state.application.secrets if each.expires_at is not None]
    old_ends = max(ends, default=now + OLD_SECRET_LIFETIME)
    payload = {
        "clientId": world.state.application.client_id,
        "newClientSecret": secret,
        "newClientSecretExpiryTime": iso(now + SECRET_LIFETIME),
        "oldClientSecretExpiryTime": iso(old_ends),
    }
    notify_application(world, NEW_SECRET.name, {"applicationOAuthClientNewSecret": payload})
    world.later(SECRET_LIFETIME - NOTICE, "secret_expires", {"secret": len(world.state.application.secrets)})


@effect("secret_expires")
def give_notice(world: World, pending: Pending) -> None:
    """Unless there is a newer secret."""
    if len(world.state.application.secrets) == pending.facts["secret"]:
        world.occurred("secret_expires", "")


@listens("secret_expires")
def tell_expiry(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Documented: notice is given ninety days before a secret ends."""
    application = world.state.application
    payload = {
        "clientId": application.client_id,
        "clientSecretExpiryTime": iso(application.secrets[-1].created + SECRET_LIFETIME),
        "clientSecretExpiryReason": "PERIODIC_ROTATION",
    }
    notify_application(world, SECRET_EXPIRY.name, {"applicationOAuthClientSecretExpiry": payload})
