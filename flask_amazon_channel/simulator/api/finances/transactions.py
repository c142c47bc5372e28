"""Finances 2024-06-19: listTransactions."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.finances.dates import moment_or_date
from flask_amazon_channel.simulator.api.finances.shapes import transaction_shape
from flask_amazon_channel.simulator.api.paging import next_token, read_next_token
from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.finances import DEFERRED, DEFERRED_RELEASED, RELEASED, Transaction
from flask_amazon_channel.simulator.wire.messages import ApiError, Response, json_response

PAGE = 100
TWO_MINUTES = 120.0
LONGEST_SPAN = 180 * DAY
STATUSES = (DEFERRED, RELEASED, DEFERRED_RELEASED)
IDENTIFIERS = ("FINANCIAL_EVENT_GROUP_ID", "ORDER_ID")


@answers("listTransactions", bad="InvalidInput", missing="NotFound")
def list_transactions(call: Call) -> Response:
    """Oldest first.  The first page fixes the end of the span.

    Assumed: a page holds 100 transactions.
    Assumed: with the setting `empty_pages` an empty page comes before each page.
    """
    identifier = _identifier(call)
    after, before = _span(call, identifier is not None)
    token = read_next_token(call)
    if token:
        before = token["before"]
    last = (token["last"][0], token["last"][1]) if token else (after, "")
    found = _matching(call, after, before, identifier)
    if before - after > LONGEST_SPAN and identifier is None:
        found = []
    rest = sorted((each for each in found if _key(each) > last), key=_key)
    page = rest[:PAGE]
    blank = call.world.settings.empty_pages and bool(rest) and not (token and token["blank"])
    if blank:
        page = []
    payload: dict[str, Any] = {"transactions": [transaction_shape(each) for each in page]}
    if len(rest) > len(page):
        place = list(_key(page[-1])) if page else list(last)
        payload["nextToken"] = next_token(call, {"before": before, "last": place, "blank": blank})
    return json_response({"payload": payload})


def _key(transaction: Transaction) -> tuple[float, str]:
    return transaction.posted, transaction.id


def _identifier(call: Call) -> tuple[str, str] | None:
    name, value = call.request.one("relatedIdentifierName"), call.request.one("relatedIdentifierValue")
    if name is None and value is None:
        return None
    if name not in IDENTIFIERS or value is None:
        raise call.bad_request(f"A related identifier has a name among {', '.join(IDENTIFIERS)}, and a value.")
    return name, value


def _span(call: Call, named: bool) -> tuple[float, float]:
    """Assumed: without dates a related identifier is looked for in all that was ever posted."""
    latest = call.world.now() - TWO_MINUTES
    after, before = moment_or_date(call, "postedAfter"), moment_or_date(call, "postedBefore")
    if after is None and not named:
        raise ApiError(400, call.bad, "Start date cannot be null", "Start date cannot be null")
    if any(moment is not None and moment > latest for moment in (after, before)):
        raise call.bad_request("postedAfter and postedBefore must be more than two minutes before the request.")
    start, end = after or 0.0, latest if before is None else before
    if end <= start:
        raise call.bad_request("postedBefore must be later than postedAfter.")
    return start, end


def _matching(call: Call, after: float, before: float, identifier: tuple[str, str] | None) -> list[Transaction]:
    """The newest may be missing: the setting `transaction_delay` says for how long."""
    marketplace = call.request.one("marketplaceId")
    if marketplace is not None:
        call.marketplaces([marketplace])
    status = call.choice("transactionStatus", STATUSES)
    known = call.world.now() - call.world.settings.transaction_delay
    return [
        each
        for each in call.world.state.finances.transactions.values()
        if each.seller_id == call.seller.id
        and after <= each.posted < before
        and each.posted <= known
        and (status is None or each.status == status)
        and (identifier is None or each.identifiers.get(identifier[0]) == identifier[1])
        and (marketplace is None or _is_of(each, marketplace))
    ]


def _is_of(transaction: Transaction, marketplace: str) -> bool:
    """Orders in the United States that the merchant fulfils are listed only where no marketplace is asked for."""
    hidden = transaction.network == "MFN" and MARKETPLACES[marketplace].country == "US"
    return transaction.marketplace == marketplace and not hidden
