"""How a report goes on the virtual clock: IN_QUEUE, IN_PROGRESS, then DONE, FATAL or CANCELLED."""

import json

from flask_amazon_channel.simulator.documents.reports import make_document
from flask_amazon_channel.simulator.documents.storing import forget_old, store
from flask_amazon_channel.simulator.documents.types import Impossible
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.documents import Document, Report
from flask_amazon_channel.simulator.world import World, effect


def new_report_id(world: World) -> str:
    return str(world.chance("report").randrange(10**11, 10**12))


def queue_report(world: World, report: Report) -> None:
    """Half of the delay it waits, half of it is made."""
    forget_old(world)
    world.state.reports[report.id] = report
    delay = world.settings.report_delay
    world.at(report.created + delay / 2, "report_started", {"report": report.id})
    world.at(report.created + delay, "report_ended", {"report": report.id})


@effect("report_started")
def start_report(world: World, pending: Pending) -> None:
    report = world.state.reports.get(pending.facts["report"])
    if report is not None and report.status == "IN_QUEUE":
        report.status, report.started = "IN_PROGRESS", pending.due


@effect("report_ended")
def finish_report(world: World, pending: Pending) -> None:
    """The document holds what is true at this moment; without any row the report is cancelled.

    Documented: a report that ends FATAL may have a document, which says why.
    Assumed: that document is JSON with one text, errorDetails.
    """
    report = world.state.reports.get(pending.facts["report"])
    if report is None or report.status != "IN_PROGRESS":
        return
    try:
        if world.settings.report_fate == "fatal":
            raise Impossible("The report could not be made because of an internal error.")
        document = make_document(world, report)
        end_report(world, report, "DONE" if document else "CANCELLED", pending.due, document)
    except Impossible as reason:
        body = json.dumps({"errorDetails": str(reason)}).encode()
        document = store(world, report.seller_id, body, "application/json", world.settings.report_gzip)
        end_report(world, report, "FATAL", pending.due, document)


def end_report(world: World, report: Report, status: str, moment: float, document: Document | None = None) -> None:
    report.status, report.ended = status, moment
    report.document_id = document.id if document else None
    world.occurred("report_finished", report.seller_id, report=report.id)
