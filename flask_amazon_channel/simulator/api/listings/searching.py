"""Listings Items 2021-08-01: searching."""

from collections.abc import Callable, Iterable, Iterator
from heapq import nlargest, nsmallest
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.listings.narrowing import candidates, existing, filters, newest, updated_span
from flask_amazon_channel.simulator.api.listings.reading import READ_SETS, check_seller, item_shape
from flask_amazon_channel.simulator.api.listings.whole_shelf import Results, remember, remembered
from flask_amazon_channel.simulator.login.signing import make_token, read_token
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.wire.messages import Response, json_response

SORTS = ("sku", "createdDate", "lastUpdatedDate")
NARROWING = ("identifiers", "identifiersType", "variationParentSku", "packageHierarchySku")
MOST = 1000  # SKUs that can be paged through


@answers("searchListingsItems", bad="BAD_REQUEST", missing="NOT_FOUND")
def search_listings_items(call: Call) -> Response:
    check_seller(call)
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    parts = call.choices("includedData", READ_SETS) or ["summaries"]
    size, start = call.number("pageSize", 10, 20), _start(call)
    total, page = _page(call, marketplaces, start, min(size, MOST - start))
    document: dict[str, Any] = {"numberOfResults": total}
    if pagination := _pagination(call, start, size, total):
        document["pagination"] = pagination
    document["items"] = [item_shape(call, each, marketplaces, parts) for each in page]
    return json_response(document)


def _page(call: Call, marketplaces: list[str], start: int, size: int) -> tuple[int, list[Listing]]:
    """How many match, and one page of them."""
    sort = call.choice("sortBy", SORTS, "lastUpdatedDate")
    newest_first = call.choice("sortOrder", ("ASC", "DESC"), "DESC") == "DESC"
    keep = filters(call, marketplaces)
    plain = not keep and sort == "lastUpdatedDate"
    if plain and not any(call.request.one(name) for name in NARROWING):
        span = updated_span(call, marketplaces)
        skus = span.skus(start, size, newest_first)
        return len(span), existing(call, skus)
    results = remembered(call) if start else None
    if results is None:
        looked_at = candidates(call, marketplaces)
        matching = (each for each in looked_at if all(passes(each) for passes in keep))
        results = _sorted(matching, _sort_key(str(sort), marketplaces), newest_first)
        if not isinstance(looked_at, list):
            remember(call, results)
    return results.total, existing(call, results.skus[start : start + size])


def _sorted(listings: Iterable[Listing], key: Callable[[Listing], tuple[Any, ...]], newest_first: bool) -> Results:
    """However many there are, no more are held than can be paged through."""
    total = 0

    def counted() -> Iterator[Listing]:
        nonlocal total
        for listing in listings:
            total += 1
            yield listing

    first = (nlargest if newest_first else nsmallest)(MOST, counted(), key=key)
    return Results(total, [each.sku for each in first])


def _sort_key(sort: str, marketplaces: list[str]) -> Callable[[Listing], tuple[Any, ...]]:
    field = "created" if sort == "createdDate" else "updated"
    if sort == "sku":
        return lambda listing: (listing.sku,)
    return lambda listing: (newest(listing, marketplaces, field), listing.sku)


def _start(call: Call) -> int:
    token = call.request.one("pageToken")
    if token is None:
        return 0
    facts = read_token(call.world, token)
    if facts is None or facts.get("seller") != call.seller.id or "start" not in facts:
        raise call.bad_request("Invalid 'pageToken' provided.")
    return int(facts["start"])


def _pagination(call: Call, start: int, size: int, total: int) -> dict[str, str]:
    pagination = {}
    if start + size < min(total, MOST):
        pagination["nextToken"] = make_token(call.world, {"seller": call.seller.id, "start": start + size})
    if start > 0:
        pagination["previousToken"] = make_token(call.world, {"seller": call.seller.id, "start": max(0, start - size)})
    return pagination
