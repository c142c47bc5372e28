"""Reports: progress, documents, encodings."""

import csv
import gzip
import io

import pytest

from .conftest import DE, FR, Client


def rows(client: Client, report: dict[str, str], charset: str = "utf-8") -> list[dict[str, str]]:
    document = client.document(report)
    body = client.download(document["url"]).content
    if document.get("compressionAlgorithm") == "GZIP":
        body = gzip.decompress(body)
    return list(csv.DictReader(io.StringIO(body.decode(charset), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_a_report_waits_runs_and_ends(client: Client) -> None:
    body = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [DE]}
    report_id = client.call("POST", "/reports/2021-06-30/reports", None, body).json()["reportId"]
    statuses = []
    for _ in range(3):
        statuses.append(client.get(f"/reports/2021-06-30/reports/{report_id}").json()["processingStatus"])
        client.amazon.advance(1.5)
    assert statuses == ["IN_QUEUE", "IN_PROGRESS", "DONE"]


def test_the_listings_report_holds_the_state_at_the_time_of_processing(client: Client) -> None:
    client.amazon.put_listing(client.seller, DE, "GONE", price=None, quantity=0, status="INCOMPLETE")
    body = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [DE, FR]}
    report_id = client.call("POST", "/reports/2021-06-30/reports", None, body).json()["reportId"]
    client.amazon.place_order(client.seller, FR, [{"sku": "LAMP", "quantity": 3}])
    client.amazon.advance(3)
    report = client.get(f"/reports/2021-06-30/reports/{report_id}").json()
    client.amazon.put_listing(client.seller, DE, "LATER", price="1.00", quantity=1)
    found = {row["seller-sku"]: row for row in rows(client, report)}
    assert set(found) == {"MUG/1 ä%", "LAMP", "FBA-1", "GONE"}
    lamp, mug, fba = found["LAMP"], found["MUG/1 ä%"], found["FBA-1"]
    assert (lamp["status"], lamp["quantity"], lamp["fulfillment-channel"]) == ("Inactive", "0", "DEFAULT")
    assert (mug["status"], mug["price"], mug["quantity"], mug["asin1"]) == (
        "Active",
        "9.90",
        "10",
        "B000000001",
    )
    assert (fba["quantity"], fba["fulfillment-channel"]) == ("", "AMAZON_EU")
    assert found["GONE"]["status"] == "Incomplete"
    assert (lamp["product-id-type"], mug["product-id-type"]) == ("3", "4")


def test_a_report_holds_one_marketplace_and_knows_of_a_vacation(client: Client) -> None:
    client.amazon.change_seller(client.seller, suspended=[FR])
    french = rows(client, client.report(marketplaceIds=[FR, DE]))
    assert {row["seller-sku"]: row["status"] for row in french} == {"MUG/1 ä%": "Inactive", "LAMP": "Inactive"}
    german = rows(client, client.report("GET_MERCHANT_LISTINGS_DATA"))
    assert {row["status"] for row in german} == {"Active"}


def test_a_document_url_expires_after_five_minutes_and_cannot_be_forged(client: Client) -> None:
    url = client.document(client.report())["url"]
    assert client.download(url).status_code == 200
    assert "SignatureDoesNotMatch" in client.download(url.replace("expires=1", "expires=2")).text
    client.amazon.advance(301)
    late = client.download(url)
    assert late.status_code == 403
    assert "<Code>AccessDenied</Code>" in late.text
    assert late.headers["Content-Type"] == "application/xml"


def test_gzip_can_be_left_out_or_undone_by_the_client(client: Client) -> None:
    report = client.report()
    encoded = client.document(report, enableContentEncodingUrlHeader="true")
    assert client.download(encoded["url"]).content.startswith(b"item-name")  # undone by the HTTP client
    assert client.download(client.document(report)["url"]).content.startswith(b"\x1f\x8b")
    client.amazon.settings(report_gzip=False)
    plain = client.document(client.report())
    assert "compressionAlgorithm" not in plain
    assert client.download(plain["url"]).content.startswith(b"item-name\titem-description")


@pytest.mark.parametrize(
    ("settings", "sku_column"),
    [
        ({"report_bom": True}, b"\xef\xbb\xbfitem-name"),
        ({"report_headers": "de", "report_charset": "cp1252"}, "Händler-SKU".encode("cp1252")),
        ({"report_headers": "ja", "report_charset": "cp932"}, "出品者SKU".encode("cp932")),
        ({"report_headers": "fr"}, b"sku-vendeur"),
    ],
)
def test_reports_come_in_other_languages_and_encodings(
    client: Client, settings: dict[str, object], sku_column: bytes
) -> None:
    client.amazon.settings(report_gzip=False, **settings)
    download = client.download(client.document(client.report())["url"])
    assert sku_column in download.content
    assert str(settings.get("report_charset", "utf-8")).upper() in download.headers["Content-Type"]


def test_a_report_without_rows_is_cancelled(client: Client) -> None:
    report = client.report("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL")
    assert report["processingStatus"] == "CANCELLED"
    assert "reportDocumentId" not in report


def test_the_orders_report_lists_each_item_of_each_order_in_its_span(client: Client) -> None:
    amazon = client.amazon
    items = [{"sku": "LAMP", "quantity": 2, "shipping": "3.99"}, {"sku": "MUG/1 ä%", "quantity": 1}]
    order = amazon.place_order(client.seller, DE, items)
    pending = amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 1}], status="PENDING")
    report = client.report("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL")
    found = rows(client, report)
    assert [row["amazon-order-id"] for row in found] == [order, order, pending]
    assert (found[0]["quantity"], found[0]["item-price"], found[0]["shipping-price"]) == (
        "2",
        "98.00",
        "3.99",
    )
    assert (found[2]["order-status"], found[2]["item-price"]) == ("Pending", "")
    client.amazon.advance(60)
    since = {"dataStartTime": client.amazon.state()["clock"]["now"]}
    later = client.report("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL", **since)
    assert later["processingStatus"] == "CANCELLED"


def test_reports_are_listed_newest_first_and_their_token_stands_alone(client: Client) -> None:
    ids = [client.report()["reportId"] for _ in range(3)]
    query = {"reportTypes": "GET_MERCHANT_LISTINGS_ALL_DATA", "pageSize": 2}
    page = client.get("/reports/2021-06-30/reports", **query).json()
    assert [each["reportId"] for each in page["reports"]] == ids[:0:-1]
    token = page["nextToken"]
    assert client.get("/reports/2021-06-30/reports", nextToken=token, pageSize=2).status_code == 400
    rest = client.get("/reports/2021-06-30/reports", nextToken=token).json()
    assert [each["reportId"] for each in rest["reports"]] == ids[:1]
    assert "nextToken" not in rest


def test_only_a_waiting_report_can_be_cancelled(client: Client) -> None:
    body = {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA", "marketplaceIds": [DE]}
    report_id = client.call("POST", "/reports/2021-06-30/reports", None, body).json()["reportId"]
    path = f"/reports/2021-06-30/reports/{report_id}"
    assert client.call("DELETE", path).status_code == 200
    client.amazon.advance(10)
    assert client.get(path).json()["processingStatus"] == "CANCELLED"
    assert client.call("DELETE", path).status_code == 400


def test_bad_requests_for_reports_have_the_code_400(client: Client) -> None:
    for body in (
        {"reportType": "NONSENSE", "marketplaceIds": [DE]},
        {"reportType": "GET_MERCHANT_LISTINGS_ALL_DATA"},
    ):
        answer = client.call("POST", "/reports/2021-06-30/reports", None, body)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "400")
    assert client.get("/reports/2021-06-30/reports/1").status_code == 404
    assert client.get("/reports/2021-06-30/documents/1").status_code == 404
