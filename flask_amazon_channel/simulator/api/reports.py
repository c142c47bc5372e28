"""Reports 2021-06-30: request, progress, document."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.clock import iso, parse_iso
from flask_amazon_channel.simulator.documents.reports import MAKERS, make_document
from flask_amazon_channel.simulator.login.signing import make_token, read_token, sign
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.documents import Report
from flask_amazon_channel.simulator.wire.messages import Response, json_response
from flask_amazon_channel.simulator.world import World, effect

URL_LIFETIME = 300
STATUSES = ("CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE")


@answers("createReport", bad="400", missing="404")
def create_report(call: Call) -> Response:
    body = call.json()
    kind, ids = body.get("reportType"), body.get("marketplaceIds")
    if kind not in MAKERS:
        raise call.bad_request(f"Invalid report type {kind}.")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 25:
        raise call.bad_request("marketplaceIds must hold 1 to 25 ids.")
    world = call.world
    report = Report(
        id=str(world.chance("report").randrange(10**11, 10**12)),
        seller_id=call.seller.id,
        type=kind,
        marketplaces=call.marketplaces(ids),
        created=world.now(),
        data_start=_body_moment(call, body, "dataStartTime"),
        data_end=_body_moment(call, body, "dataEndTime"),
    )
    world.state.reports[report.id] = report
    world.later(world.settings.report_delay / 2, "report_started", {"report": report.id})
    world.later(world.settings.report_delay, "report_ended", {"report": report.id})
    return json_response({"reportId": report.id}, 202)


def _body_moment(call: Call, body: dict[str, Any], name: str) -> float | None:
    try:
        return None if body.get(name) is None else parse_iso(str(body[name]))
    except ValueError as error:
        raise call.bad_request(f"Invalid {name}.") from error


@effect("report_started")
def start_report(world: World, pending: Pending) -> None:
    report = world.state.reports[pending.facts["report"]]
    if report.status == "IN_QUEUE":
        report.status, report.started = "IN_PROGRESS", pending.due


@effect("report_ended")
def end_report(world: World, pending: Pending) -> None:
    """The document holds what is true at this moment; without any row the report is cancelled."""
    report = world.state.reports[pending.facts["report"]]
    if report.status != "IN_PROGRESS":
        return
    document = make_document(world, report)
    report.status, report.ended = ("DONE" if document else "CANCELLED"), pending.due
    report.document_id = document.id if document else None


@answers("getReport", bad="400", missing="404")
def get_report(call: Call) -> Response:
    return json_response(_shape(_report(call)))


@answers("getReports", bad="400", missing="404")
def get_reports(call: Call) -> Response:
    """Newest first; `nextToken` must be the only parameter."""
    query = _query(call)
    found = [each for each in call.world.state.reports.values() if each.seller_id == call.seller.id]
    found = [each for each in found if each.type in query["types"] and each.created >= query["since"]]
    found = [each for each in found if each.created <= query["until"]]
    found = [each for each in found if not query["statuses"] or each.status in query["statuses"]]
    if query["marketplaces"]:
        found = [each for each in found if set(each.marketplaces) & set(query["marketplaces"])]
    found.sort(key=lambda report: (report.created, report.id), reverse=True)
    start, end = query["start"], query["start"] + query["size"]
    document: dict[str, Any] = {"reports": [_shape(each) for each in found[start:end]]}
    if end < len(found):
        document["nextToken"] = make_token(call.world, {**query, "start": end, "seller": call.seller.id})
    return json_response(document)


def _query(call: Call) -> dict[str, Any]:
    if token := call.request.one("nextToken"):
        facts = read_token(call.world, token)
        if len(call.request.parameters) > 1 or facts is None or facts.get("seller") != call.seller.id:
            raise call.bad_request("Invalid nextToken, or it is not the only parameter.")
        return facts
    types = call.request.many("reportTypes")
    if not 1 <= len(types) <= 10:
        raise call.bad_request("reportTypes must hold 1 to 10 types.")
    until = call.moment("createdUntil")
    return {
        "types": types,
        "statuses": call.choices("processingStatuses", STATUSES),
        "marketplaces": call.marketplaces(call.request.many("marketplaceIds"), required=False),
        "since": call.moment("createdSince") or 0.0,
        "until": call.world.now() if until is None else until,
        "size": call.number("pageSize", 10, 100),
        "start": 0,
    }


@answers("cancelReport", bad="400", missing="404")
def cancel_report(call: Call) -> Response:
    report = _report(call)
    if report.status != "IN_QUEUE":
        raise call.bad_request("Only a report that is IN_QUEUE can be cancelled.")
    report.status, report.ended = "CANCELLED", call.world.now()
    return Response(200)


@answers("getReportDocument", bad="400", missing="404")
def get_report_document(call: Call) -> Response:
    document = call.world.state.documents.get(call.path["reportDocumentId"])
    if document is None or document.seller_id != call.seller.id:
        raise call.not_found("The report document does not exist.")
    encoding = document.gzip and call.request.one("enableContentEncodingUrlHeader") == "true"
    answer = {"reportDocumentId": document.id, "url": presigned_url(call.world, document.id, encoding)}
    if document.gzip:
        answer["compressionAlgorithm"] = "GZIP"
    return json_response(answer)


def _report(call: Call) -> Report:
    report = call.world.state.reports.get(call.path["reportId"])
    if report is None or report.seller_id != call.seller.id:
        raise call.not_found("The report does not exist.")
    return report


def _shape(report: Report) -> dict[str, Any]:
    shape = {
        "reportId": report.id,
        "reportType": report.type,
        "marketplaceIds": report.marketplaces,
        "createdTime": iso(report.created),
        "processingStatus": report.status,
        "reportDocumentId": report.document_id,
    }
    moments = {
        "dataStartTime": report.data_start,
        "dataEndTime": report.data_end,
        "processingStartTime": report.started,
        "processingEndTime": report.ended,
    }
    shape |= {name: iso(moment) for name, moment in moments.items() if moment is not None}
    return {name: value for name, value in shape.items() if value is not None}


def presigned_url(world: World, document_id: str, encoding: bool = False) -> str:
    """An address that anybody may read for five minutes."""
    expires = int(world.now()) + URL_LIFETIME
    query = f"X-Amz-Expires={URL_LIFETIME}&expires={expires}" + ("&encoding=gzip" if encoding else "")
    signature = sign(world, f"/documents/{document_id}?{query}")
    return f"{world.url}/documents/{document_id}?{query}&X-Amz-Signature={signature}"
