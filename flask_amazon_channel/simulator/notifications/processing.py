"""FEED_PROCESSING_FINISHED and REPORT_PROCESSING_FINISHED."""

from typing import Any

from flask_amazon_channel.simulator.notifications.delivery import Payload, notify
from flask_amazon_channel.simulator.world import World, listens


@listens("feed_finished")
def tell_feed(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    feed = world.state.feeds[facts["feed"]]
    payload = feed_payload(seller_id, feed.id, feed.type, feed.status, feed.result_id)
    notify(world, seller_id, "FEED_PROCESSING_FINISHED", lambda _: payload)


@listens("report_finished")
def tell_report(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    report = world.state.reports[facts["report"]]
    payload = report_payload(seller_id, report.id, report.type, report.status, report.document_id)
    notify(world, seller_id, "REPORT_PROCESSING_FINISHED", lambda _: payload)


def feed_payload(seller_id: str, feed_id: str, kind: str, status: str, document_id: str | None) -> Payload:
    payload = {**_account(seller_id), "feedId": feed_id, "feedType": kind, "processingStatus": status}
    more = {"resultFeedDocumentId": document_id} if document_id else {}
    return {"feedProcessingFinishedNotification": payload | more}


def report_payload(seller_id: str, report_id: str, kind: str, status: str, document_id: str | None) -> Payload:
    payload = {**_account(seller_id), "reportId": report_id, "reportType": kind, "processingStatus": status}
    more = {"reportDocumentId": document_id} if document_id else {}
    return {"reportProcessingFinishedNotification": payload | more}


def _account(seller_id: str) -> dict[str, str]:
    return {"sellerId": seller_id, "accountId": f"amzn1.merchant.o.{seller_id}"}
