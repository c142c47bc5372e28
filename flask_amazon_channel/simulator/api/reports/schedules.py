"""Reports 2021-06-30: schedules, which make a report again and again."""

from calendar import monthrange
from datetime import UTC, datetime
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.jobs import (
    body_marketplaces,
    body_moment,
    body_options,
    check_role,
    find_own,
    types_asked_for,
)
from flask_amazon_channel.simulator.api.reports.making import new_report_id, queue_report
from flask_amazon_channel.simulator.api.reports.requesting import requested_type
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.documents.types import ROLES
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.documents import Report, Schedule
from flask_amazon_channel.simulator.wire.messages import Response, json_response
from flask_amazon_channel.simulator.world import World, effect

MINUTE, HOUR = 60.0, 3600.0
PERIODS = {
    "PT5M": 5 * MINUTE, "PT15M": 15 * MINUTE, "PT30M": 30 * MINUTE, "PT1H": HOUR, "PT2H": 2 * HOUR, "PT4H": 4 * HOUR,
    "PT8H": 8 * HOUR, "PT12H": 12 * HOUR, "P1D": DAY, "P2D": 2 * DAY, "P3D": 3 * DAY, "PT84H": 84 * HOUR,
    "P7D": 7 * DAY, "P14D": 14 * DAY, "P15D": 15 * DAY, "P18D": 18 * DAY, "P30D": 30 * DAY,
}  # fmt: skip
MONTH = "P1M"
MOST_AT_ONCE = 100


@answers("createReportSchedule", bad="400", missing="404")
def create_report_schedule(call: Call) -> Response:
    """A schedule of the same type and marketplaces is replaced.

    Assumed: without nextReportCreationTime the first report is made at once; a time in the past counts as now.
    """
    body = call.json()
    period = body.get("period")
    if not isinstance(period, str) or (period not in PERIODS and period != MONTH):
        raise call.bad_request(f"Invalid period {period}.")
    first = body_moment(call, body, "nextReportCreationTime")
    schedule = Schedule(
        id=str(call.world.chance("schedule").randrange(10**10, 10**11)),
        seller_id=call.seller.id,
        type=requested_type(call, body),
        marketplaces=body_marketplaces(call, body),
        period=period,
        next=max(call.world.now(), first or 0.0),
        options=body_options(call, body, "reportOptions"),
    )
    _drop_same(call.world, schedule)
    call.world.state.schedules[schedule.id] = schedule
    call.world.at(schedule.next, "report_scheduled", {"schedule": schedule.id})
    return json_response({"reportScheduleId": schedule.id}, 201)


def _drop_same(world: World, schedule: Schedule) -> None:
    key = _key(schedule)
    for each in [each for each in world.state.schedules.values() if _key(each) == key]:
        del world.state.schedules[each.id]


def _key(schedule: Schedule) -> tuple[str, str, list[str]]:
    return schedule.seller_id, schedule.type, sorted(schedule.marketplaces)


@effect("report_scheduled")
def make_scheduled_report(world: World, pending: Pending) -> None:
    """Make the report of this moment, and have the next one made.

    Assumed: a scheduled report is about the time since the one before it.
    Assumed: when the clock jumps over more than a hundred reports of a schedule, only the last hundred are made.
    """
    schedule = world.state.schedules.get(pending.facts["schedule"])
    if schedule is None:
        return
    while _missed(schedule, world.now()) >= MOST_AT_ONCE:
        schedule.next = following(schedule.period, schedule.next)
    moment, schedule.next = schedule.next, following(schedule.period, schedule.next)
    _make(world, schedule, moment)
    world.at(schedule.next, pending.kind, pending.facts)


def _missed(schedule: Schedule, now: float) -> float:
    """How many reports should have been made by now after the next one."""
    return (now - schedule.next) / PERIODS.get(schedule.period, 30 * DAY)


def _make(world: World, schedule: Schedule, moment: float) -> None:
    report = Report(
        id=new_report_id(world),
        seller_id=schedule.seller_id,
        type=schedule.type,
        marketplaces=list(schedule.marketplaces),
        created=moment,
        data_start=before(schedule.period, moment),
        data_end=moment,
        options=dict(schedule.options),
        schedule_id=schedule.id,
    )
    queue_report(world, report)


def following(period: str, moment: float) -> float:
    return _months_away(moment, 1) if period == MONTH else moment + PERIODS[period]


def before(period: str, moment: float) -> float:
    return _months_away(moment, -1) if period == MONTH else moment - PERIODS[period]


def _months_away(moment: float, months: int) -> float:
    """The same day and time of another month, or that month's last day."""
    start = datetime.fromtimestamp(moment, UTC)
    number = start.year * 12 + start.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1])).timestamp()


@answers("getReportSchedules", bad="400", missing="404")
def get_report_schedules(call: Call) -> Response:
    types = types_asked_for(call, "reportTypes")
    for kind in types:
        check_role(call, ROLES, kind)
    mine = [each for each in call.world.state.schedules.values() if each.seller_id == call.seller.id]
    return json_response({"reportSchedules": [_shape(each) for each in mine if each.type in types]})


@answers("getReportSchedule", bad="400", missing="404")
def get_report_schedule(call: Call) -> Response:
    return json_response(_shape(_schedule(call)))


@answers("cancelReportSchedule", bad="400", missing="404")
def cancel_report_schedule(call: Call) -> Response:
    del call.world.state.schedules[_schedule(call).id]
    return Response(200)


def _schedule(call: Call) -> Schedule:
    return find_own(call, call.world.state.schedules, call.path["reportScheduleId"], "report schedule")


def _shape(schedule: Schedule) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "reportScheduleId": schedule.id,
        "reportType": schedule.type,
        "marketplaceIds": schedule.marketplaces,
        "period": schedule.period,
        "nextReportCreationTime": iso(schedule.next),
    }
    return {**shape, "reportOptions": schedule.options} if schedule.options else shape
