"""What buyers see after a submission: its attributes become live as they were when it was accepted."""

from typing import Any

from flask_amazon_channel.simulator.api.listings.attributes import Attributes, Values, value_in, values_in
from flask_amazon_channel.simulator.api.listings.families import FAMILY_ATTRIBUTES, join_family, leave_family
from flask_amazon_channel.simulator.api.listings.identity import EXTERNAL, SUGGESTED
from flask_amazon_channel.simulator.api.listings.standing import look_again
from flask_amazon_channel.simulator.api.listings.validation import price_in
from flask_amazon_channel.simulator.clock import parse_iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.shelves.numbering import make_asin
from flask_amazon_channel.simulator.shelves.products import is_known, known_asins
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.listings import Listing, Offer
from flask_amazon_channel.simulator.world import World, effect

SUBMISSION, REMOVAL = "submission", "removal"  # kinds of effects
QUANTITY, PRICE = "fulfillment_availability", "purchasable_offer"


@effect(SUBMISSION)
def apply_submission(world: World, pending: Pending) -> None:
    facts = pending.facts
    seller_id, values = facts["seller"], facts["values"]
    listing = world.listing(seller_id, facts["sku"])
    if facts.get("whole"):
        listing = _place(world, seller_id, listing, facts)
    if listing is None:
        return
    mine = [each for each in facts["marketplaces"] if each in listing.offers]
    _make_live(world, seller_id, listing, values, mine)
    changed = list(listing.offers) if QUANTITY in values else mine
    world.touch(seller_id, listing, changed)


def _make_live(world: World, seller_id: str, listing: Listing, values: Attributes, mine: list[str]) -> None:
    moves = any(name in values for name in FAMILY_ATTRIBUTES)
    if moves:
        leave_family(world, seller_id, listing)
    before = listing.live or {}
    now = {name: _only_here(before.get(name, []), values[name], mine) for name in values}
    listing.live = {name: each for name, each in {**before, **now}.items() if each}
    if QUANTITY in values:
        _make_quantity_live(listing, _only_here([], values[QUANTITY], mine))
    for marketplace in mine:
        if PRICE in values:
            _make_price_live(listing, marketplace, values[PRICE])
        for name, field in (("item_name", "title"), ("condition_type", "condition")):
            if isinstance(text := value_in(values, name, marketplace), str):
                setattr(listing, field, text)
    if moves:
        join_family(world, seller_id, listing)
    look_again(world, listing, mine)


def _only_here(old: Values, new: Values, mine: list[str]) -> Values:
    """Values of other marketplaces stay as they are: a submission to them may still wait."""
    here = (None, *mine)
    return [each for each in old if each.get("marketplace_id") not in here] + [
        each for each in new if each.get("marketplace_id") in here
    ]


def _place(world: World, seller_id: str, listing: Listing | None, facts: dict[str, Any]) -> Listing:
    """Put a listing into its marketplaces; one without an ASIN joins a known product or makes a new one.

    Assumed: a listing that is deleted and sent again before the deletion is live comes back with its last values.
    """
    known = listing is not None
    if listing is None:
        listing = Listing(facts["sku"], "", facts["sku"], "", 0, attributes=dict(facts["values"]))
    if missing := [each for each in facts["marketplaces"] if each not in listing.offers]:
        if not set(missing) <= set(listing.waiting):
            listing.attributes = {**(listing.attributes or {}), **facts["values"]}
        if known:
            world.index(seller_id).drop(listing)
        for marketplace in missing:
            listing.offers[marketplace] = Offer(None, world.now(), world.now())
        _join(world, listing, facts["values"], facts["marketplaces"][0])
        world.add_listing(seller_id, listing)
    listing.product_type, listing.requirements = facts["product_type"], facts["requirements"]
    listing.waiting = [each for each in listing.waiting if each not in facts["marketplaces"]]
    return listing


def _join(world: World, listing: Listing, values: Attributes, marketplace: str) -> None:
    identifiers = [str(each["value"]) for each in values_in(values, EXTERNAL, marketplace) if each.get("value")]
    if identifiers and not listing.external_id:
        listing.external_id = identifiers[0]
    if listing.asin:
        return
    suggested = value_in(values, SUGGESTED, marketplace)
    found = [asin for each in identifiers for asin in known_asins(world, each)]
    listing.asin = str(suggested) if suggested else found[0] if found else _new_asin(world)


def _new_asin(world: World) -> str:
    while is_known(world, asin := make_asin(world.chance("asin"))):
        continue
    return asin


@effect(REMOVAL)
def remove_listing(world: World, pending: Pending) -> None:
    """Take a listing out of marketplaces; the SKU is gone with the last of them."""
    facts = pending.facts
    listing = world.listing(facts["seller"], facts["sku"])
    if listing is None:
        return
    listing.waiting = [each for each in listing.waiting if each not in facts["marketplaces"]]
    gone = [each for each in facts["marketplaces"] if each in listing.offers]
    if not set(listing.offers) - set(gone) and not listing.waiting:
        leave_family(world, facts["seller"], listing)
        world.drop_listing(facts["seller"], listing.sku)
    elif gone:
        world.index(facts["seller"]).drop(listing)
        for marketplace in gone:
            del listing.offers[marketplace]
        _forget(listing, gone)
        world.add_listing(facts["seller"], listing)
        world.occurred("listing_changed", facts["seller"], sku=facts["sku"], marketplaces=gone)


def _forget(listing: Listing, marketplaces: list[str]) -> None:
    """Drop what was sent for marketplaces that the listing is in no more, and does not wait for."""
    out = [each for each in marketplaces if each not in listing.waiting]
    for attributes in (listing.attributes, listing.live):
        for name in list(attributes or {}):
            assert attributes is not None
            attributes[name] = [each for each in attributes[name] if each.get("marketplace_id") not in out]
            if not attributes[name]:
                del attributes[name]


def _make_quantity_live(listing: Listing, values: Values) -> None:
    """Seen in public: a listing fulfilled by Amazon keeps its stock, whatever quantity is sent for DEFAULT.

    Documented: a channel AMAZON_xx without DEFAULT hands the listing over to Amazon; DEFAULT alone takes it back.
    Assumed: stock that is declared as not available counts as none.
    Assumed: a restock date and a time to ship are kept and shown, and change nothing that buyers can buy.
    """
    channels = {value["fulfillment_channel_code"]: value for value in values}
    amazon = next((code for code in channels if code != "DEFAULT"), None)
    if amazon is None:
        own = channels.get("DEFAULT", {})
        listing.channel = "DEFAULT"
        listing.quantity = 0 if own.get("is_inventory_available") is False else int(own.get("quantity") or 0)
    elif listing.channel == "DEFAULT":
        listing.channel, listing.quantity = amazon, 0


def _make_price_live(listing: Listing, marketplace: str, values: Values) -> None:
    """No value for this marketplace withdraws the offer."""
    offer = listing.offers[marketplace]
    mine = {value.get("audience", "ALL"): value for value in values if value.get("marketplace_id") == marketplace}
    everybody = mine.get("ALL", {})
    offer.price = _amount(everybody, "our_price", marketplace)
    offer.business_price = _amount(mine.get("B2B", {}), "our_price", marketplace)
    offer.sale = _sale(everybody, marketplace)
    offer.starts, offer.ends = (_moment(everybody.get(name)) for name in ("start_at", "end_at"))
    offer.incomplete = offer.incomplete and offer.price is None


def _amount(offer: dict[str, Any], part: str, marketplace: str) -> str | None:
    price = price_in(offer, part)
    return None if price is None else money_text(price, MARKETPLACES[marketplace].currency)


def _sale(offer: dict[str, Any], marketplace: str) -> list[Any] | None:
    try:
        schedule = offer["discounted_price"][0]["schedule"][0]
    except (KeyError, IndexError, TypeError):
        return None
    start, end = _moment(schedule.get("start_at")), _moment(schedule.get("end_at"))
    return None if start is None or end is None else [start, end, _amount(offer, "discounted_price", marketplace)]


def _moment(value: Any) -> float | None:
    """`2026-12-01T00:00:00Z`, a day alone, or Amazon's wrapped `{"value": ...}`."""
    text = str(value.get("value") if isinstance(value, dict) else value)
    try:
        return parse_iso(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError:
        return None
