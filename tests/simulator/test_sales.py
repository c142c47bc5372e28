"""Order metrics: their totals are those of the orders."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, FR, JP, LISTINGS, Client

BERLIN = "Europe/Berlin"


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.fixture
def client(amazon: Amazon) -> Iterator[Client]:
    """It is Monday, 2 November 2026; clocks in Berlin went back on Sunday, 25 October."""
    amazon.world.clock.set_to(datetime(2026, 11, 2, 12, tzinfo=UTC).timestamp())
    client = Client(amazon, amazon.add_seller([DE, FR, JP][:2], listings=LISTINGS))
    yield client
    client.http.close()


def buy(client: Client, when: str, sku: str = "LAMP", quantity: int = 1, **facts: Any) -> str:
    items = [{"sku": sku, "quantity": quantity}]
    ago = client.amazon.world.now() - at(when)
    return client.amazon.place_order(client.seller, DE, items, ago=ago, force=True, **facts)


def metrics(client: Client, interval: str, granularity: str, **query: str) -> list[dict[str, Any]]:
    query = {"marketplaceIds": DE, "interval": interval, "granularity": granularity, **query}
    answer = client.get("/sales/v1/orderMetrics", **query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["payload"]
    return found


def units(found: list[dict[str, Any]]) -> list[int]:
    return [each["unitCount"] for each in found]


WEEKEND = "2026-10-24T00:00:00+02:00--2026-10-27T00:00:00+01:00"


def test_a_day_on_which_the_clocks_go_back_has_25_hours(client: Client) -> None:
    for when in ("2026-10-24T23:30:00+02:00", "2026-10-25T00:10:00+02:00", "2026-10-25T23:50:00+01:00"):
        buy(client, when)
    found = metrics(client, WEEKEND, "Day", granularityTimeZone=BERLIN)
    assert [each["interval"] for each in found] == [
        "2026-10-24T00:00+02:00--2026-10-25T00:00+02:00",
        "2026-10-25T00:00+02:00--2026-10-26T00:00+01:00",
        "2026-10-26T00:00+01:00--2026-10-27T00:00+01:00",
    ]
    assert units(found) == [1, 2, 0]
    assert len(metrics(client, WEEKEND, "Hour", granularityTimeZone=BERLIN)) == 73


def test_the_hour_that_comes_twice_is_counted_twice(client: Client) -> None:
    buy(client, "2026-10-25T02:30:00+02:00")
    buy(client, "2026-10-25T02:30:00+01:00", quantity=2)
    interval = "2026-10-25T01:00:00+02:00--2026-10-25T04:00:00+01:00"
    assert units(metrics(client, interval, "Hour", granularityTimeZone=BERLIN)) == [0, 1, 2, 0]


def test_the_total_is_that_of_the_orders(client: Client) -> None:
    buy(client, "2026-10-26T10:00:00+01:00", quantity=2)
    items = [{"sku": "LAMP", "quantity": 1, "shipping": "5", "discount": "1"}, {"sku": "MUG/1 ä%", "quantity": 3}]
    client.amazon.place_order(client.seller, DE, items, ago=3600, force=True)
    buy(client, "2026-10-27T10:00:00+01:00", status="CANCELLED")
    client.amazon.place_order(client.seller, FR, [{"sku": "LAMP"}], ago=3600, force=True)
    interval = "2026-10-26T00:00:00+01:00--2026-11-03T00:00:00+01:00"
    (total,) = metrics(client, interval, "Total")
    assert total["interval"] == "2026-10-26T00:00+01:00--2026-11-03T00:00+01:00"
    assert (total["orderCount"], total["orderItemCount"], total["unitCount"]) == (2, 3, 6)
    assert total["totalSales"] == {"amount": "176.7", "currencyCode": "EUR"}  # 3 lamps of 49.00, 3 mugs of 9.90
    assert total["averageUnitPrice"]["amount"] == "29.45"
    days = metrics(client, interval, "Day", granularityTimeZone=BERLIN)
    assert sum(Decimal(each["totalSales"]["amount"]) for each in days) == Decimal("176.7")
    assert len(days) == 8
    assert days[3]["averageUnitPrice"]["amount"] == "0"


def test_weeks_begin_on_monday_unless_told(client: Client) -> None:
    interval = "2026-10-28T00:00:00+01:00--2026-11-02T00:00:00+01:00"
    monday = metrics(client, interval, "Week", granularityTimeZone=BERLIN)
    assert [each["interval"][:10] for each in monday] == ["2026-10-26"]
    sunday = metrics(client, interval, "Week", granularityTimeZone=BERLIN, firstDayOfWeek="Sunday")
    assert [each["interval"][:10] for each in sunday] == ["2026-10-25", "2026-11-01"]


def test_months_and_years_are_those_of_the_calendar(client: Client) -> None:
    interval = "2025-12-15T00:00:00Z--2026-03-01T00:00:00Z"
    months = metrics(client, interval, "Month", granularityTimeZone="UTC")
    assert [each["interval"] for each in months] == [
        "2025-12-01T00:00Z--2026-01-01T00:00Z",
        "2026-01-01T00:00Z--2026-02-01T00:00Z",
        "2026-02-01T00:00Z--2026-03-01T00:00Z",
    ]
    years = metrics(client, interval, "Year", granularityTimeZone="UTC")
    assert [each["interval"][:4] for each in years] == ["2025", "2026"]


def test_the_start_is_inside_and_the_end_is_not(client: Client) -> None:
    buy(client, "2026-10-26T00:00:00+00:00")
    buy(client, "2026-10-27T00:00:00+00:00")
    assert units(metrics(client, "2026-10-26T00:00:00Z--2026-10-27T00:00:00Z", "Total")) == [1]
    half = metrics(client, "2026-10-26T00:00:01Z--2026-10-27T12:00:00Z", "Day", granularityTimeZone="UTC")
    assert units(half) == [0, 1]


def test_filters_choose_orders_and_items(client: Client) -> None:
    buy(client, "2026-11-01T10:00:00Z", programs=["AMAZON_BUSINESS"])
    buy(client, "2026-11-01T11:00:00Z", "FBA-1", programs=["AMAZON_HAUL"])
    items = [{"sku": "LAMP", "quantity": 1}, {"sku": "MUG/1 ä%", "quantity": 2}]
    client.amazon.place_order(client.seller, DE, items, ago=3600, force=True)
    day = "2026-11-01T00:00:00Z--2026-11-03T00:00:00Z"

    def total(**query: str) -> tuple[int, int]:
        (found,) = metrics(client, day, "Total", **query)
        return found["orderCount"], found["unitCount"]

    assert total() == total(buyerType="All") == (3, 5)
    assert (total(buyerType="B2B"), total(buyerType="B2C")) == ((1, 1), (2, 4))
    assert (total(fulfillmentNetwork="MFN"), total(fulfillmentNetwork="AFN")) == ((2, 4), (1, 1))
    assert (total(sku="LAMP"), total(asin="B000000001")) == ((2, 2), (1, 2))
    assert total(amazonProgram="AmazonHaul") == (1, 1)


@pytest.mark.parametrize(
    "query",
    [
        {"marketplaceIds": f"{DE},{FR}"},
        {"marketplaceIds": ""},
        {"granularity": "Minute"},
        {"granularity": ""},
        {"interval": ""},
        {"interval": "2026-10-26T00:00:00Z"},
        {"interval": "2026-10-26T00:00:00--2026-10-27T00:00:00"},
        {"interval": "2026-10-27T00:00:00Z--2026-10-26T00:00:00Z"},
        {"interval": "2020-10-26T00:00:00Z--2026-10-26T00:00:00Z"},
        {"interval": "2026-10-26T00:00:00Z--9999-10-26T00:00:00Z"},
        {"interval": "2026-09-26T00:00:00Z--2026-10-26T00:00:00Z", "granularity": "Hour"},
        {"granularityTimeZone": ""},
        {"granularityTimeZone": "Mars/Olympus"},
        {"granularityTimeZone": BERLIN},
        {"asin": "B000000001", "sku": "LAMP"},
        {"buyerType": "C2C"},
        {"fulfillmentNetwork": "DHL"},
        {"firstDayOfWeek": "Friday"},
    ],
)
def test_a_question_that_amazon_refuses_is_invalid_input(client: Client, query: dict[str, str]) -> None:
    good = {"marketplaceIds": DE, "interval": "2026-10-26T00:00:00Z--2026-10-27T00:00:00Z", "granularity": "Day"}
    answer = client.get("/sales/v1/orderMetrics", **{**good, "granularityTimeZone": "UTC", **query})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")
