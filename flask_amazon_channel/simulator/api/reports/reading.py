"""Reports 2021-06-30: how far reports have come, and their documents."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.jobs import check_role, document_shape, find_own, page, progress_shape
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.documents.types import ROLES
from flask_amazon_channel.simulator.state.documents import Report
from flask_amazon_channel.simulator.wire.messages import Response, json_response


@answers("getReport", bad="400", missing="404")
def get_report(call: Call) -> Response:
    report = find_report(call)
    check_role(call, ROLES, report.type)
    return json_response(_shape(report))


@answers("getReports", bad="400", missing="404")
def get_reports(call: Call) -> Response:
    """Newest first; `nextToken` must be the only parameter."""
    for kind in call.request.many("reportTypes"):
        check_role(call, ROLES, kind)
    reports, token = page(call, call.world.state.reports.values(), "reportTypes")
    return json_response({"reports": [_shape(each) for each in reports], **token})


@answers("getReportDocument", bad="400", missing="404")
def get_report_document(call: Call) -> Response:
    return json_response(document_shape(call, "report", call.path["reportDocumentId"]))


def find_report(call: Call) -> Report:
    return find_own(call, call.world.state.reports, call.path["reportId"], "report")


def _shape(report: Report) -> dict[str, Any]:
    shape = {"reportId": report.id, "reportType": report.type, **progress_shape(report)}
    for name, moment in (("dataStartTime", report.data_start), ("dataEndTime", report.data_end)):
        if moment is not None:
            shape[name] = iso(moment)
    for name, value in (("reportDocumentId", report.document_id), ("reportScheduleId", report.schedule_id)):
        if value is not None:
            shape[name] = value
    return shape
