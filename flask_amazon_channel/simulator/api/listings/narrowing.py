"""Which listings a search looks at, and which of them it finds."""

from collections.abc import Callable, Iterable

from flask_amazon_channel.simulator.api.call import Call
from flask_amazon_channel.simulator.api.listings.families import children
from flask_amazon_channel.simulator.api.listings.standing import issues_in
from flask_amazon_channel.simulator.api.listings.whole_shelf import sliced
from flask_amazon_channel.simulator.shelves.listing_index import Span
from flask_amazon_channel.simulator.shelves.numbering import ASIN_DIGITS
from flask_amazon_channel.simulator.state.fba import fnsku
from flask_amazon_channel.simulator.state.listings import Listing

ID_TYPES = ("ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC")
FEW = 5000  # listings that are looked at one by one; of more the whole shelf is gone through


def candidates(call: Call, marketplaces: list[str]) -> Iterable[Listing]:
    """A list of a few, or many that are made on the way: a shelf of a million listings is never held."""
    identifiers, kind = call.request.many("identifiers"), call.choice("identifiersType", ID_TYPES)
    parents = [name for name in ("variationParentSku", "packageHierarchySku") if call.request.one(name)]
    if bool(identifiers) != bool(kind):
        raise call.bad_request("'identifiers' and 'identifiersType' must be provided together.")
    if len(identifiers) > 20:
        raise call.bad_request("At most 20 'identifiers' can be provided.")
    if len(parents) + bool(identifiers) > 1:
        raise call.bad_request(
            "Only one of 'identifiers', 'variationParentSku', 'packageHierarchySku' can be provided."
        )
    if parents:
        return _relatives(call, parents[0], marketplaces)
    if identifiers:
        return _identified(call, identifiers, str(kind), marketplaces)
    span = updated_span(call, marketplaces)
    if len(span) <= FEW:
        return existing(call, span.skus(0, FEW, newest_first=False))
    after, before = call.moment("lastUpdatedAfter"), call.moment("lastUpdatedBefore")
    return (
        each
        for each in sliced(call.world, call.world.listings(call.seller.id))
        if any(mine in each.offers and _within(each.offers[mine].updated, after, before) for mine in marketplaces)
    )


def updated_span(call: Call, marketplaces: list[str]) -> Span:
    after, before = call.moment("lastUpdatedAfter"), call.moment("lastUpdatedBefore")
    return call.world.index(call.seller.id).joint_span(marketplaces, after, before)


def existing(call: Call, skus: Iterable[str]) -> list[Listing]:
    found = (call.world.listing(call.seller.id, sku) for sku in skus)
    return [listing for listing in found if listing is not None]


def _identified(call: Call, identifiers: list[str], kind: str, marketplaces: list[str]) -> list[Listing]:
    index = call.world.index(call.seller.id)
    if kind == "SKU":
        skus = set(identifiers)
    else:
        keys = [key for each in identifiers for key in _keys(each, kind)]
        skus = {sku for key in keys for sku in index.skus_by_id(key)}
    found = [each for each in existing(call, skus) if _is_named(each, identifiers, kind)]
    return _updated(call, found, marketplaces)


def _is_named(listing: Listing, identifiers: list[str], kind: str) -> bool:
    """An ASIN of a book may be a number, so that the index alone does not tell it from an ISBN."""
    if kind == "SKU":
        return True
    if kind in ("ASIN", "FNSKU"):
        return (listing.asin if kind == "ASIN" else fnsku(listing.asin)) in identifiers
    return listing.external_id.zfill(14) in {each.zfill(14) for each in identifiers}


def _keys(identifier: str, kind: str) -> list[str]:
    """What the index may know an identifier by: a label of Amazon's warehouses lacks one character of the ASIN."""
    return [f"B0{digit}{identifier[3:]}" for digit in ASIN_DIGITS] if kind == "FNSKU" else [identifier]


def _relatives(call: Call, kind: str, marketplaces: list[str]) -> list[Listing]:
    """The children of a variation parent; nothing of the simulator's contains another thing."""
    if kind == "packageHierarchySku":
        return []
    skus = children(call.world, call.seller.id, str(call.request.one(kind)))
    return _updated(call, existing(call, skus), marketplaces)


def _updated(call: Call, listings: list[Listing], marketplaces: list[str]) -> list[Listing]:
    """Those in these marketplaces that were updated in the span that was asked for."""
    after, before = call.moment("lastUpdatedAfter"), call.moment("lastUpdatedBefore")
    return [
        each
        for each in listings
        if any(mine in each.offers for mine in marketplaces)
        and _within(newest(each, marketplaces, "updated"), after, before)
    ]


def _within(moment: float, after: float | None, before: float | None) -> bool:
    return (after is None or moment >= after) and (before is None or moment <= before)


def filters(call: Call, marketplaces: list[str]) -> list[Callable[[Listing], bool]]:
    keep: list[Callable[[Listing], bool]] = []
    statuses = ("BUYABLE", "DISCOVERABLE")
    wanted, unwanted = call.choices("withStatus", statuses), call.choices("withoutStatus", statuses)
    severities = call.choices("withIssueSeverity", ("WARNING", "ERROR"))
    after, before = call.moment("createdAfter"), call.moment("createdBefore")

    def status(listing: Listing) -> set[str]:
        return {
            each
            for mine in marketplaces
            if mine in listing.offers
            for each in call.world.status(call.seller.id, listing, mine)
        }

    def severity(listing: Listing) -> set[str]:
        return {each["severity"] for each in issues_in(call.world, listing, marketplaces)}

    if wanted:
        keep.append(lambda listing: bool(status(listing) & set(wanted)))
    if unwanted:
        keep.append(lambda listing: not status(listing) & set(unwanted))
    if severities:
        keep.append(
            lambda listing: any(each["severity"] in severities for each in issues_in(call.world, listing, marketplaces))
        )
    if after is not None or before is not None:
        keep.append(lambda listing: _within(newest(listing, marketplaces, "created"), after, before))
    return keep


def newest(listing: Listing, marketplaces: list[str], field: str) -> float:
    """The latest time of creation or update in these marketplaces."""
    moments: list[float] = [getattr(listing.offers[each], field) for each in marketplaces if each in listing.offers]
    return max(moments)
