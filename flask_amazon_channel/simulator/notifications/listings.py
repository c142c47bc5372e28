"""Notifications of listings: status, issues and the merchant's quantity, when they are not what they were."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.notifications.delivery import Payload, notify
from flask_amazon_channel.simulator.notifications.types import LISTING_TYPES
from flask_amazon_channel.simulator.state import State
from flask_amazon_channel.simulator.state.listings import Listing, Offer
from flask_amazon_channel.simulator.world import World, listens

MOST = 50_000
SEVERITIES = ("ERROR", "WARNING")
STATUS, ISSUES, QUANTITY = LISTING_TYPES


class Standing(NamedTuple):
    """What is told of a listing in one marketplace."""

    asin: str
    created: float
    status: tuple[str, ...]
    severities: tuple[str, ...]
    actions: tuple[str, ...]


class Look(NamedTuple):
    """A listing as it was told, or as it was found before anybody changed it."""

    quantity: int | None
    standings: dict[str, Standing]


NOTHING = Look(None, {})


class Looks:
    """The listings that were looked at lately, of sellers who want to hear of changes."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.seen: OrderedDict[tuple[str, str], Look] = OrderedDict()

    def keep(self, seller_id: str, sku: str, look: Look) -> None:
        self.seen[seller_id, sku] = look
        if len(self.seen) > MOST:
            self.seen.popitem(last=False)


_LOOKS: WeakKeyDictionary[World, Looks] = WeakKeyDictionary()


def _looks(world: World) -> Looks:
    looks = _LOOKS.get(world)
    if looks is None or looks.state is not world.state:
        looks = _LOOKS[world] = Looks(world.state)
    return looks


def _watched(world: World, seller_id: str) -> bool:
    return any(
        each.type in LISTING_TYPES for each in world.state.notifications.subscriptions.get(seller_id, {}).values()
    )


@listens("listing_taken")
def look_before(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Whoever changes a listing takes it first: so it is known what it was."""
    if _watched(world, seller_id):
        looks, listing = _looks(world), facts["listing"]
        if (seller_id, listing.sku) not in looks.seen:
            looks.keep(seller_id, listing.sku, _look(world, seller_id, listing))


@listens("listing_added")
def note_new(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """A listing that nobody took before it was put on the shelf is a new one."""
    if _watched(world, seller_id):
        _looks(world).seen.setdefault((seller_id, facts["listing"].sku), NOTHING)


def _look(world: World, seller_id: str, listing: Listing) -> Look:
    standings = {
        marketplace: _standing(world, seller_id, listing, marketplace, offer)
        for marketplace, offer in listing.offers.items()
    }
    return Look(listing.quantity if standings and listing.channel == "DEFAULT" else None, standings)


def _standing(world: World, seller_id: str, listing: Listing, marketplace: str, offer: Offer) -> Standing:
    severities = {issue.get("severity") for issue in [*offer.issues, *offer.found]}
    return Standing(
        listing.asin,
        offer.created,
        tuple(world.status(seller_id, listing, marketplace)),
        tuple(each for each in SEVERITIES if each in severities),
        tuple(sorted(offer.enforced(world.now()))),
    )


@listens("listing_changed")
def compare(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Tell what differs from what was told before.

    Assumed: a vacation of the seller and a price that begins or ends by the calendar are told only when the
    listing changes otherwise.
    """
    if not _watched(world, seller_id):
        return
    sku, looks = facts["sku"], _looks(world)
    before = looks.seen.pop((seller_id, sku), NOTHING)
    shelf_listing = world.stock(seller_id).get(sku)
    after = _look(world, seller_id, shelf_listing) if shelf_listing else NOTHING
    if shelf_listing:
        looks.keep(seller_id, sku, after)
    for marketplace in {**before.standings, **after.standings}:
        _tell(world, seller_id, sku, marketplace, before.standings.get(marketplace), after.standings.get(marketplace))
    if after.quantity is not None and after.quantity != before.quantity:
        notify(world, seller_id, QUANTITY, lambda _: quantity_payload(seller_id, sku, int(after.quantity or 0)))


def _tell(
    world: World, seller_id: str, sku: str, marketplace: str, before: Standing | None, after: Standing | None
) -> None:
    place = (seller_id, marketplace, sku)
    if after is None:
        gone = before._replace(status=("DELETED",)) if before else None
        if gone:
            notify(world, seller_id, STATUS, lambda _: status_payload(*place, gone), marketplace=marketplace)
        return
    if before is None or before.status != after.status:
        notify(world, seller_id, STATUS, lambda _: status_payload(*place, after), marketplace=marketplace)
    issues_before = (before.severities, before.actions) if before else ((), ())
    if issues_before != (after.severities, after.actions):
        notify(world, seller_id, ISSUES, issues_payload(*place, after), marketplace=marketplace)


def quantity_payload(seller_id: str, sku: str, quantity: int) -> Payload:
    return {"SellerId": seller_id, "FulfillmentChannelCode": "DEFAULT", "Sku": sku, "Quantity": quantity}


def status_payload(seller_id: str, marketplace: str, sku: str, standing: Standing) -> Payload:
    return {
        "SellerId": seller_id,
        "MarketplaceId": marketplace,
        **_asin(standing),
        "Sku": sku,
        "CreatedDate": iso(standing.created),
        "Status": list(standing.status),
    }


def issues_payload(seller_id: str, marketplace: str, sku: str, standing: Standing) -> Callable[[str], Payload]:
    """The first version knows one enforcement action only."""

    def of_version(version: str) -> Payload:
        actions = [each for each in standing.actions if version != "1.0" or each == "SEARCH_SUPPRESSED"]
        return {
            "SellerId": seller_id,
            "MarketplaceId": marketplace,
            **_asin(standing),
            "Sku": sku,
            "Severities": list(standing.severities) or ["NONE"],
            "EnforcementActions": actions,
        }

    return of_version


def _asin(standing: Standing) -> Payload:
    return {"Asin": standing.asin} if standing.asin else {}
