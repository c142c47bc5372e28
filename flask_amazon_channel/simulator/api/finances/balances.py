"""Finances 2024-06-19: listBalances and listSummary."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.finances.charges import merged, total
from flask_amazon_channel.simulator.api.finances.dates import marketplaces, moment_or_date
from flask_amazon_channel.simulator.api.finances.posting import TRANSFER
from flask_amazon_channel.simulator.api.finances.shapes import ACCOUNT_TYPE, breakdown_shape, currency_shape
from flask_amazon_channel.simulator.api.paging import read_next_token
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.finances import RELEASED, Transaction
from flask_amazon_channel.simulator.wire.messages import Response, json_response

TYPES = ("AVAILABLE", "RESERVED", "TOTAL", "DEFERRED", "ACCOUNT_LEVEL_RESERVE")
Shape = dict[str, Any]


@answers("listBalances", bad="InvalidInput", missing="NotFound")
def list_balances(call: Call) -> Response:
    """One balance for each marketplace: the total with its parts, or the part that is asked for.

    Assumed: Amazon reserves nothing but what is deferred.
    Assumed: the balance of a date is the one at its end, in UTC.
    """
    read_next_token(call)  # everything fits on the first page
    kind = call.choice("balanceType", TYPES, "TOTAL")
    date = moment_or_date(call, "asOfDate")
    if date is not None and date > call.world.now():
        raise call.bad_request("asOfDate lies in the future.")
    ids = marketplaces(call, call.request.many("marketplaceIds"))
    wanted = call.request.one("accountType") in (None, ACCOUNT_TYPE)
    found = [_balance(call, each, str(kind), date) for each in ids] if wanted else []
    return json_response({"balances": found})


def _balance(call: Call, marketplace: str, kind: str, date: float | None) -> Shape:
    until = call.world.now() if date is None else min(date + DAY, call.world.now())
    mine = [each for each in _of(call, marketplace) if each.posted <= until]
    currency = MARKETPLACES[marketplace].currency
    available = sum((each.total for each in mine if each.status == RELEASED), Decimal(0))
    held = (each.total for each in mine if each.matures is not None and not _was_released(each, until))
    deferred = sum(held, Decimal(0))
    parts = {
        "AVAILABLE": _part("AVAILABLE", available, currency),
        "DEFERRED": _part("DEFERRED", deferred, currency),
        "ACCOUNT_LEVEL_RESERVE": _part("ACCOUNT_LEVEL_RESERVE", Decimal(0), currency),
    }
    below = [parts["DEFERRED"], parts["ACCOUNT_LEVEL_RESERVE"]]
    parts["RESERVED"] = {**_part("RESERVED", deferred, currency), "balances": below}
    both = [parts["AVAILABLE"], parts["RESERVED"]]
    parts["TOTAL"] = {**_part("TOTAL", available + deferred, currency), "balances": both}
    return {"partnerMetadata": _partner(call, marketplace), **parts[kind], **_moment(call, marketplace, date)}


def _was_released(transaction: Transaction, moment: float) -> bool:
    return transaction.released is not None and transaction.released <= moment


def _part(kind: str, amount: Decimal, currency: str) -> Shape:
    return {"balanceType": kind, "amount": currency_shape(amount, currency)}


def _partner(call: Call, marketplace: str) -> Shape:
    return {"partnerId": call.seller.id, "accountType": ACCOUNT_TYPE, "marketplaceId": marketplace}


def _moment(call: Call, marketplace: str, date: float | None) -> Shape:
    if date is not None:
        return {"asOfDate": iso(date)}
    zone = ZoneInfo(MARKETPLACES[marketplace].zone)
    return {"lastUpdatedTime": datetime.fromtimestamp(call.world.now(), zone).isoformat(timespec="seconds")}


def _of(call: Call, marketplace: str) -> Iterable[Transaction]:
    for each in call.world.state.finances.transactions.values():
        if (each.seller_id, each.marketplace) == (call.seller.id, marketplace):
            yield each


@answers("listSummary", bad="InvalidInput", missing="NotFound")
def list_summary(call: Call) -> Response:
    """One summary for each marketplace that has transactions in the period or in the settlement.

    Assumed: a summary adds up what was released; money that is deferred and transfers to the bank are not in it.
    Assumed: without a period and without a settlement everything is added up.
    """
    read_next_token(call)  # everything fits on the first page
    settlement = _settlement(call)
    start, end = moment_or_date(call, "periodStart"), moment_or_date(call, "periodEnd")
    if start is not None and end is not None and end < start:
        raise call.bad_request("periodEnd must not be before periodStart.")
    ids = marketplaces(call, call.request.many("marketplaceIds"))
    if call.request.one("accountType") not in (None, ACCOUNT_TYPE):
        ids = []
    until = None if end is None else end + DAY
    found = [_summary(call, each, settlement, start, until) for each in ids]
    return json_response({"summaries": [each for each in found if each]})


def _settlement(call: Call) -> str | None:
    name, value = call.request.one("relatedIdentifierName"), call.request.one("relatedIdentifierValue")
    if (name is not None or value is not None) and (name != "SETTLEMENT_ID" or value is None):
        raise call.bad_request("The only related identifier is SETTLEMENT_ID, with a value.")
    return value


def _summary(
    call: Call, marketplace: str, settlement: str | None, start: float | None, until: float | None
) -> Shape | None:
    mine = [
        each
        for each in _of(call, marketplace)
        if each.status == RELEASED
        and each.type != TRANSFER
        and (settlement is None or each.identifiers.get("SETTLEMENT_ID") == settlement)
        and (start is None or each.posted >= start)
        and (until is None or each.posted < until)
    ]
    if not mine:
        return None
    currency = MARKETPLACES[marketplace].currency
    charges = merged([charge for each in mine for charge in each.charges], currency)
    shape: Shape = {
        "partnerMetadata": _partner(call, marketplace),
        "netProceeds": currency_shape(total(charges), currency),
        "breakdowns": [breakdown_shape(charge, currency) for charge in charges],
        "periodStart": iso(mine[0].posted if start is None else start),
        "periodEnd": iso(mine[-1].posted if until is None else until - DAY),
    }
    if settlement is not None:
        shape["relatedIdentifiers"] = [{"relatedIdentifierName": "SETTLEMENT_ID", "relatedIdentifierValue": settlement}]
    return shape
