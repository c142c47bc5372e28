"""Report schedules, and reports that end without data, fatally, or are made by Amazon herself."""

import gzip
import json
from datetime import datetime
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon, world
from flask_amazon_channel.simulator.api.reports.schedules import before, following
from flask_amazon_channel.simulator.clock import parse_iso
from tests.contract.models import AT_HAND, FOLDER

from .conftest import DE, FR, UK, Client
from .feeds import wait
from .test_reports import rows

PATH = "/reports/2021-06-30"
ALL, OPEN = "GET_MERCHANT_LISTINGS_ALL_DATA", "GET_FLAT_FILE_OPEN_LISTINGS_DATA"


def schedule(client: Client, kind: str = ALL, period: str = "PT1H", **more: Any) -> Any:
    body = {"reportType": kind, "marketplaceIds": [DE], "period": period, **more}
    answer = client.call("POST", f"{PATH}/schedules", None, body)
    assert answer.status_code == 201, answer.text
    return client.get(f"{PATH}/schedules/{answer.json()['reportScheduleId']}").json()


def made(client: Client, kind: str = ALL) -> list[Any]:
    """The reports of a type, oldest first."""
    answer = client.get(f"{PATH}/reports", reportTypes=kind, pageSize=100)
    assert answer.status_code == 200, answer.text
    return list(reversed(answer.json()["reports"]))


def in_seconds(client: Client, seconds: float) -> str:
    now = datetime.fromtimestamp(client.amazon.world.now() + seconds).astimezone()
    return now.isoformat()


def test_a_schedule_makes_a_report_in_each_period(client: Client) -> None:
    first = schedule(client, nextReportCreationTime=in_seconds(client, 600))
    assert made(client) == []
    wait(client, 600 + 4)
    [report] = made(client)
    assert (report["processingStatus"], report["reportScheduleId"]) == ("DONE", first["reportScheduleId"])
    assert report["createdTime"] == report["dataEndTime"] == first["nextReportCreationTime"]
    assert parse_iso(report["dataEndTime"]) - parse_iso(report["dataStartTime"]) == 3600
    wait(client, 5 * 3600)
    reports = made(client)
    assert [each["processingStatus"] for each in reports] == ["DONE"] * 6
    assert [each["dataStartTime"] for each in reports[1:]] == [each["dataEndTime"] for each in reports[:-1]]
    following_one = client.get(f"{PATH}/schedules/{first['reportScheduleId']}").json()["nextReportCreationTime"]
    assert parse_iso(following_one) - parse_iso(reports[-1]["createdTime"]) == 3600


def test_a_schedule_without_a_time_begins_at_once(client: Client) -> None:
    schedule(client)
    assert len(made(client)) == 1


def test_a_schedule_of_the_same_type_and_marketplaces_is_replaced(client: Client) -> None:
    later = {"nextReportCreationTime": in_seconds(client, 60)}
    old = schedule(client, marketplaceIds=[DE, FR], **later)
    other = schedule(client, marketplaceIds=[DE], **later)
    new = schedule(client, period="PT2H", marketplaceIds=[FR, DE], **later)
    assert client.get(f"{PATH}/schedules/{old['reportScheduleId']}").status_code == 404
    shown = client.get(f"{PATH}/schedules", reportTypes=ALL).json()["reportSchedules"]
    assert [each["reportScheduleId"] for each in shown] == [other["reportScheduleId"], new["reportScheduleId"]]
    wait(client, 60 + 3)
    assert {each["reportScheduleId"] for each in made(client)} == {each["reportScheduleId"] for each in shown}


def test_a_cancelled_schedule_makes_nothing_more(client: Client) -> None:
    path = f"{PATH}/schedules/{schedule(client)['reportScheduleId']}"
    wait(client, 3600)
    answer = client.call("DELETE", path)
    assert (answer.status_code, answer.content) == (200, b"")
    wait(client, 7200)
    assert len(made(client)) == 2
    assert client.get(path).status_code == client.call("DELETE", path).status_code == 404
    assert client.get(f"{PATH}/schedules", reportTypes=ALL).json() == {"reportSchedules": []}


@pytest.mark.skipif(not AT_HAND, reason="Amazon's models are not at hand")
def test_the_periods_are_those_of_amazons_model(client: Client) -> None:
    model = json.loads((FOLDER / "models" / "reports_2021-06-30.json").read_text())
    periods = model["definitions"]["CreateReportScheduleSpecification"]["properties"]["period"]["enum"]
    for period in periods:
        assert schedule(client, period=period)["period"] == period


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("PT5M", "2026-11-20T10:00:00Z", "2026-11-20T10:05:00Z"),
        ("PT84H", "2026-11-20T10:00:00Z", "2026-11-23T22:00:00Z"),
        ("P30D", "2026-11-20T10:00:00Z", "2026-12-20T10:00:00Z"),
        ("P1M", "2026-11-20T10:00:00Z", "2026-12-20T10:00:00Z"),
        ("P1M", "2026-12-20T10:00:00Z", "2027-01-20T10:00:00Z"),
    ],
)
def test_a_period_leads_from_one_report_to_the_next(period: str, start: str, end: str) -> None:
    assert following(period, parse_iso(start)) == parse_iso(end)
    assert before(period, parse_iso(end)) == parse_iso(start)
    assert following("P1M", parse_iso("2027-01-31T10:00:00Z")) == parse_iso("2027-02-28T10:00:00Z")


def test_a_long_jump_of_the_clock_makes_the_last_hundred_reports_only(client: Client) -> None:
    schedule(client, OPEN, "PT5M", nextReportCreationTime=in_seconds(client, 60))
    wait(client, 30 * 86400 + 3)
    reports = made(client, OPEN)
    assert len(client.amazon.world.state.reports) == 100 == len(reports)
    last = parse_iso(reports[-1]["createdTime"])
    assert client.amazon.world.now() - last < 300


def test_schedules_survive_saving_and_loading(client: Client) -> None:
    schedule(client, reportOptions={"custom": "true"})
    saved = client.amazon.save()
    client.amazon.reset()
    client.amazon.load(saved)
    wait(client, 3600 + 3)
    assert len(made(client)) == 2
    [shown] = client.get(f"{PATH}/schedules", reportTypes=ALL).json()["reportSchedules"]
    assert shown["reportOptions"] == {"custom": "true"}


@pytest.mark.parametrize(
    "changes",
    [
        {"period": "PT7M"},
        {"period": None},
        {"period": []},
        {"reportType": "NONSENSE"},
        {"reportType": "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"},
        {"marketplaceIds": []},
        {"nextReportCreationTime": "soon"},
        {"nextReportCreationTime": "9999-12-31T23:59:59-23:59"},
        {"reportOptions": {"a": 1}},
    ],
)
def test_wrong_schedules_have_the_code_400(client: Client, changes: dict[str, Any]) -> None:
    body = {"reportType": ALL, "marketplaceIds": [DE], "period": "P1D", **changes}
    answer = client.call("POST", f"{PATH}/schedules", None, body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "400")
    assert client.get(f"{PATH}/schedules").status_code == 400


def test_schedules_of_others_are_not_seen(client: Client, amazon: Amazon) -> None:
    path = f"{PATH}/schedules/{schedule(client)['reportScheduleId']}"
    other = Client(amazon, amazon.add_seller([DE]))
    assert other.get(path).status_code == other.call("DELETE", path).status_code == 404
    assert other.get(f"{PATH}/schedules", reportTypes=ALL).json() == {"reportSchedules": []}
    other.http.close()


def test_a_report_can_end_fatal_with_a_document_that_says_why(client: Client) -> None:
    client.amazon.settings(report_fate="fatal")
    report = client.report()
    assert report["processingStatus"] == "FATAL"
    body = gzip.decompress(client.download(client.document(report)["url"]).content)
    assert "internal error" in json.loads(body)["errorDetails"]


def test_the_end_of_every_report_is_told(client: Client) -> None:
    heard: list[str] = []

    def listener(_: Any, seller_id: str, facts: dict[str, Any]) -> None:
        heard.append(client.amazon.world.state.reports[facts["report"]].status)

    world.LISTENERS.setdefault("report_finished", []).append(listener)
    try:
        client.report()
        client.report("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL")
        body = {"reportType": ALL, "marketplaceIds": [DE]}
        report_id = client.call("POST", f"{PATH}/reports", None, body).json()["reportId"]
        client.call("DELETE", f"{PATH}/reports/{report_id}")
        client.amazon.settings(report_fate="fatal")
        client.report()
    finally:
        world.LISTENERS["report_finished"].remove(listener)
    assert heard == ["DONE", "CANCELLED", "CANCELLED", "FATAL"]


@pytest.mark.parametrize(
    "span",
    [
        {"dataStartTime": "2999-01-01T00:00:00Z"},
        {"dataEndTime": "2999-01-01T00:00:00Z"},
        {"dataStartTime": "2026-02-01T00:00:00Z", "dataEndTime": "2026-01-01T00:00:00Z"},
        {"dataStartTime": "yesterday"},
        {"dataStartTime": "0001-01-01T00:00:00+14:00"},
    ],
)
def test_a_report_about_the_future_or_a_turned_span_is_refused(client: Client, span: dict[str, str]) -> None:
    body = {"reportType": ALL, "marketplaceIds": [DE], **span}
    answer = client.call("POST", f"{PATH}/reports", None, body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "400")


def test_the_type_of_a_report_decides_which_role_it_needs(client: Client) -> None:
    client.amazon.change_seller(client.seller, roles=["Inventory and Order Tracking"])
    for kind, status in ((ALL, 403), ("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL", 202)):
        body = {"reportType": kind, "marketplaceIds": [DE]}
        assert client.call("POST", f"{PATH}/reports", None, body).status_code == status
        assert client.get(f"{PATH}/reports", reportTypes=kind).status_code == {403: 403, 202: 200}[status]
        assert client.get(f"{PATH}/schedules", reportTypes=kind).status_code == {403: 403, 202: 200}[status]


def test_reports_are_kept_for_ninety_days(client: Client) -> None:
    report = client.report()
    wait(client, 91 * 86400)
    new = client.report()
    assert client.get(f"{PATH}/reports/{report['reportId']}").status_code == 404
    assert client.get(f"{PATH}/documents/{report['reportDocumentId']}").status_code == 404
    assert client.get(f"{PATH}/documents/{new['reportDocumentId']}").status_code == 200


def test_marketplaces_of_others_cannot_be_reported_on(client: Client) -> None:
    body = {"reportType": ALL, "marketplaceIds": [UK]}
    assert client.call("POST", f"{PATH}/reports", None, body).status_code == 403


def test_a_settlement_report_is_made_by_amazon_and_adds_up(client: Client) -> None:
    kind = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
    body = {"reportType": kind, "marketplaceIds": [DE]}
    assert client.call("POST", f"{PATH}/reports", None, body).status_code == 400
    items = [{"sku": "LAMP", "quantity": 2, "shipping": "3.99", "discount": "5.00"}]
    order_id = client.amazon.place_order(client.seller, DE, items, status="SHIPPED")
    assert made(client, kind) == []
    for _ in range(4):
        wait(client, 14 * 86400)
    [report] = made(client, kind)
    assert report["processingStatus"] == "DONE"
    head, *amounts = rows(client, report)
    assert sum(round(float(row["amount"]) * 100) for row in amounts) == round(float(head["total-amount"]) * 100)
    found = {row["amount-description"]: row["amount"] for row in amounts if row["amount-type"] == "ItemPrice"}
    assert (found["Principal"], found["Shipping"]) == ("98.00", "3.99")
    assert {row["order-id"] for row in amounts} == {order_id}
    assert any(row["amount-type"] == "ItemFees" and row["amount"].startswith("-") for row in amounts)
    assert len({row["settlement-id"] for row in (head, *amounts)}) == 1
