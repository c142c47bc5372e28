"""Reports 2021-06-30: createReport and cancelReport."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.jobs import (
    body_marketplaces,
    body_moment,
    body_options,
    check_in_queue,
    check_role,
)
from flask_amazon_channel.simulator.api.reports.making import end_report, new_report_id, queue_report
from flask_amazon_channel.simulator.api.reports.reading import find_report
from flask_amazon_channel.simulator.documents.types import MADE_BY_AMAZON, ROLES
from flask_amazon_channel.simulator.state.documents import Report
from flask_amazon_channel.simulator.wire.messages import Response, json_response


@answers("createReport", bad="400", missing="404")
def create_report(call: Call) -> Response:
    body = call.json()
    start, end = span(call, body)
    report = Report(
        id=new_report_id(call.world),
        seller_id=call.seller.id,
        type=requested_type(call, body),
        marketplaces=body_marketplaces(call, body),
        created=call.world.now(),
        data_start=start,
        data_end=end,
        options=body_options(call, body, "reportOptions"),
    )
    queue_report(call.world, report)
    return json_response({"reportId": report.id}, 202)


def requested_type(call: Call, body: dict[str, Any]) -> str:
    """Documented: settlement reports are made by Amazon and cannot be requested."""
    kind = body.get("reportType")
    if not isinstance(kind, str) or kind not in ROLES or kind in MADE_BY_AMAZON:
        raise call.bad_request(f"Invalid report type {kind}.")
    check_role(call, ROLES, kind)
    return kind


def span(call: Call, body: dict[str, Any]) -> tuple[float | None, float | None]:
    """The time that the report is about: neither end may lie in the future."""
    start, end = body_moment(call, body, "dataStartTime"), body_moment(call, body, "dataEndTime")
    now = call.world.now()
    if any(moment is not None and moment > now for moment in (start, end)):
        raise call.bad_request("dataStartTime and dataEndTime must not be in the future.")
    if start is not None and end is not None and start > end:
        raise call.bad_request("dataStartTime must not be after dataEndTime.")
    return start, end


@answers("cancelReport", bad="400", missing="404")
def cancel_report(call: Call) -> Response:
    report = find_report(call)
    check_in_queue(call, report, "report")
    end_report(call.world, report, "CANCELLED", call.world.now())
    return Response(200)
