"""Sales v1: order metrics.

Documented: Hours can be asked for during 30 days, everything else during two years.
Documented: The time zone has to have the offset of the interval, and is needed for all that is longer than hours.
Assumed: An order counts by the moment at which it was placed, also while it is pending, and not after it was
cancelled.
Assumed: Sales are the prices of the items, without shipping, tax and discounts.
Assumed: The first and the last interval are shown whole and count what lies inside the interval asked for.
Assumed: The role for orders opens the metrics.
"""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.orders import Order, OrderItem
from flask_amazon_channel.simulator.wire.messages import Response, json_response

GRANULARITIES = ("Hour", "Day", "Week", "Month", "Year", "Total")
_HOURS_SHOWN, _SHOWN = 30 * DAY, 2 * 366 * DAY
_NETWORKS = {"MFN": "MERCHANT", "AFN": "AMAZON"}


@answers("getOrderMetrics", bad="InvalidInput", missing="NotFound")
def get_order_metrics(call: Call) -> Response:
    ids = call.request.many("marketplaceIds")
    if len(ids) != 1:
        raise call.bad_request("marketplaceIds must hold one id.")
    (marketplace,) = call.marketplaces(ids)
    granularity = call.choice("granularity", GRANULARITIES)
    if granularity is None:
        raise call.bad_request("Missing required parameter 'granularity'.")
    start, end = _interval(call, granularity)
    zone = _zone(call, granularity, start, end)
    first_day = 6 if call.choice("firstDayOfWeek", ("Monday", "Sunday")) == "Sunday" else 0
    bounds = [start, end] if granularity == "Total" else _bounds(granularity, start, end, zone, first_day)
    counts = _count(call, marketplace, [each.timestamp() for each in bounds], (start, end))
    currency = MARKETPLACES[marketplace].currency
    payload = [
        _shape(counted, bounds[place : place + 2], zone, currency) for place, counted in enumerate(counts)
    ]  # fmt: skip
    return json_response({"payload": payload})


def _interval(call: Call, granularity: str) -> tuple[datetime, datetime]:
    parts = (call.request.one("interval") or "").replace(" ", "+").split("--")
    try:
        start, end = (datetime.fromisoformat(part) for part in parts)
    except ValueError as error:
        raise call.bad_request("interval is two date-times with offsets and two hyphens between them.") from error
    if start.tzinfo is None or end.tzinfo is None or end <= start:
        raise call.bad_request("interval has offsets, and its end comes after its start.")
    shown = _HOURS_SHOWN if granularity == "Hour" else _SHOWN
    if start.timestamp() < call.world.now() - shown or end.timestamp() > call.world.now() + shown:
        raise call.bad_request(f"The interval for {granularity} is too far from now.")
    return start, end


def _zone(call: Call, granularity: str, start: datetime, end: datetime) -> tzinfo:
    name = call.request.one("granularityTimeZone")
    if name is None and granularity in ("Hour", "Total"):
        return timezone(start.utcoffset() or timedelta(0))
    try:
        zone = ZoneInfo(name or "")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise call.bad_request("granularityTimeZone is missing or unknown.") from error
    for moment in (start, end):
        if moment.astimezone(zone).utcoffset() != moment.utcoffset():
            raise call.bad_request("granularityTimeZone does not have the offset of the interval.")
    return zone


def _bounds(granularity: str, start: datetime, end: datetime, zone: tzinfo, first_day: int) -> list[datetime]:
    """Where the intervals begin, and where the last one ends."""
    bounds = [_floor(granularity, start.astimezone(zone), first_day)]
    while bounds[-1] < end:
        bounds.append(_next(granularity, bounds[-1], zone))
    return bounds


def _floor(granularity: str, moment: datetime, first_day: int) -> datetime:
    if granularity == "Hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if granularity == "Week":
        return day - timedelta(days=(day.weekday() - first_day) % 7)
    if granularity == "Month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if granularity == "Year" else day


def _next(granularity: str, bound: datetime, zone: tzinfo) -> datetime:
    """An hour lasts an hour; days and more end at a midnight of the zone, whatever the clocks did."""
    if granularity == "Hour":
        return (bound.astimezone(UTC) + timedelta(hours=1)).astimezone(zone)
    if granularity == "Month":
        return (bound + timedelta(days=32)).replace(day=1)
    if granularity == "Year":
        return bound.replace(year=bound.year + 1)
    return bound + timedelta(days=7 if granularity == "Week" else 1)


def _count(
    call: Call, marketplace: str, bounds: list[float], span: tuple[datetime, datetime]
) -> list[list[tuple[Order, list[OrderItem]]]]:
    """The orders of each interval, with those of their items that were asked for."""
    counts: list[list[tuple[Order, list[OrderItem]]]] = [[] for _ in bounds[1:]]
    chosen = _filters(call)
    first, last = (each.timestamp() for each in span)
    for order in call.world.orders(call.seller.id).since("created", first, last):
        mine = order.marketplace == marketplace and order.created < last
        if mine and (items := _items(order, chosen)):
            counts[bisect_right(bounds, order.created) - 1].append((order, items))
    return counts


def _filters(call: Call) -> dict[str, str | None]:
    asin, sku = call.request.one("asin"), call.request.one("sku")
    if asin and sku:
        raise call.bad_request("asin and sku cannot be given together.")
    network = call.choice("fulfillmentNetwork", tuple(_NETWORKS))
    buyer = call.choice("buyerType", ("B2B", "B2C", "All"), "All")
    return {
        "asin": asin, "sku": sku, "by": _NETWORKS[network] if network else None, "buyer": buyer,
        "program": call.choice("amazonProgram", ("AmazonHaul",)),
    }  # fmt: skip


def _items(order: Order, chosen: dict[str, str | None]) -> list[OrderItem]:
    if chosen["by"] not in (None, order.fulfilled_by):
        return []
    if chosen["buyer"] not in ("All", "B2B" if order.is_business else "B2C"):
        return []
    if chosen["program"] and "AMAZON_HAUL" not in order.programs:
        return []
    return [
        item
        for item in order.items
        if not item.cancelled_by and chosen["asin"] in (None, item.asin) and chosen["sku"] in (None, item.sku)
    ]


def _shape(
    counted: list[tuple[Order, list[OrderItem]]], bounds: list[datetime], zone: tzinfo, currency: str
) -> dict[str, Any]:
    items = [item for _, mine in counted for item in mine]
    units = sum(item.quantity for item in items)
    sales = sum((Decimal(item.price) * item.quantity for item in items), Decimal(0))
    average = (sales / units).quantize(Decimal("0.01")) if units else Decimal(0)
    return {
        "interval": "--".join(_text(each.astimezone(zone)) for each in bounds),
        "unitCount": units,
        "orderItemCount": len(items),
        "orderCount": len(counted),
        "averageUnitPrice": {"amount": _plain(average), "currencyCode": currency},
        "totalSales": {"amount": _plain(sales), "currencyCode": currency},
    }


def _text(moment: datetime) -> str:
    """2026-11-01T00:00-07:00, and Z for UTC."""
    exact = "seconds" if moment.second or moment.microsecond else "minutes"
    return moment.isoformat(timespec=exact).replace("+00:00", "Z")


def _plain(amount: Decimal) -> str:
    """25, 12.5 or 0."""
    return f"{amount.normalize():f}"
