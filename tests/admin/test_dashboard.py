"""The figures of the home page and of a store's page: what was sold, and how well the store keeps up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from flask_amazon_channel.models import Aspect, Slot, Store
from flask_amazon_channel.sync import health
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.making import NOW, ago


@pytest.fixture
def here(pages: Pages) -> Store:
    return making.store(pages.db, making.account(pages.db), "US")


@pytest.fixture
def sell(pages: Pages, here: Store) -> Callable[..., None]:
    def sell(minor: int, **values: object) -> None:
        given = {"purchased_at": ago(hours=5), "currency": "USD", "status": "SHIPPED"}
        making.order(pages.db, here.account, here, total_minor=minor, **{**given, **values})

    return sell


def test_a_card_says_what_was_sold_and_how_that_compares(pages: Pages, sell: Callable[..., None]) -> None:
    sell(3000)
    sell(1500)
    sell(9900, status="CANCELLED")
    sell(3000, purchased_at=ago(days=40))
    page = pages.text("/")
    assert "$45.00 2 orders" in page
    assert "+50% to the 30 days before" in page


def test_a_card_without_sales_says_so(pages: Pages, here: Store) -> None:
    assert "Nothing sold in the last 30 days." in pages.text("/")


def test_where_nothing_was_sold_before_there_is_no_percentage(pages: Pages, sell: Callable[..., None]) -> None:
    sell(3000)
    assert "nothing in the 30 days before" in pages.text("/")


def test_the_card_of_a_store_shows_what_needs_attention_and_the_page_shows_all(pages: Pages, here: Store) -> None:
    for number in range(5):
        making.alert(pages.db, here, f"Thing {number}.", "bad" if number == 4 else "info")
    making.alert(pages.db, None, "The worker is silent.")
    home = pages.text("/")
    assert "Thing 4." in home
    assert "2 more need attention" in home
    assert home.index("The worker is silent.") < home.index("Potter US Active")
    assert all(f"Thing {number}." in pages.text(f"/stores/{here.id}") for number in range(5))


def test_where_much_needs_attention_the_page_of_a_store_leads_to_all_of_it(pages: Pages, here: Store) -> None:
    for number in range(9):
        making.alert(pages.db, here, f"Thing {number}.")
    text = pages.get(f"/stores/{here.id}").text
    assert text.count("Thing ") == 5
    assert "4 more need attention" in text
    assert f'href="/amazon/stores/{here.id}/alerts"' in text


def test_what_needs_attention_elsewhere_is_told_to_nobody_else(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, making.account(pages.db), "GB")
    making.alert(pages.db, there, "Something of others.")
    pages.person.stores = [here.id]
    assert "Something of others." not in pages.text("/")


def test_the_page_of_a_store_shows_the_last_7_or_30_days(pages: Pages, here: Store, sell: Callable[..., None]) -> None:
    sell(1000)
    sell(2000, purchased_at=ago(days=10))
    month, week = pages.text(f"/stores/{here.id}"), pages.text(f"/stores/{here.id}?days=7")
    assert "Revenue $30.00" in month
    assert "Revenue $10.00" in week
    assert "-50" not in week
    assert "−50% to the 7 days before" in week
    assert "Lifetime sales: $30.00." in week


def test_days_are_those_of_the_marketplaces_clock(pages: Pages, here: Store, sell: Callable[..., None]) -> None:
    sell(1000, purchased_at=NOW.replace(hour=6, minute=59))
    sell(500, purchased_at=NOW.replace(hour=7, minute=0))
    page = pages.text(f"/stores/{here.id}?days=7")
    assert "Sun, May 3 $10.00" in page
    assert "Mon, May 4 $5.00" in page


def test_amounts_in_another_currency_stay_apart(pages: Pages, here: Store, sell: Callable[..., None]) -> None:
    sell(1000)
    sell(700, currency="CAD")
    page = pages.text(f"/stores/{here.id}")
    assert "Revenue $10.00" in page
    assert "and CA$7.00, which stays apart" in page
    assert "Lifetime sales: $10.00 · CA$7.00." in page
    assert "17.00" not in page


def test_a_store_that_sold_nothing_says_how_orders_come(pages: Pages, here: Store) -> None:
    page = pages.text(f"/stores/{here.id}")
    assert "Nothing was sold in the last 30 days" in page
    assert "Orders are read every few minutes" in page


def test_every_chart_has_its_numbers_beside_it_as_a_table(pages: Pages, here: Store, sell: Callable[..., None]) -> None:
    sell(1000)
    making.cycle(pages.db, here)
    text = pages.get(f"/stores/{here.id}").text
    assert text.count('role="img"') == text.count("The numbers as a table") == 3
    assert text.count("<desc") == 3


def test_the_pages_of_seller_central_are_those_of_the_marketplace(pages: Pages, here: Store) -> None:
    text = pages.get(f"/stores/{here.id}").text
    for name in ("sbr#shipping_templates", "payments/dashboard/index.html", "notifications/preferences"):
        assert f'href="https://sellercentral.amazon.com/{name}"' in text


def test_what_waits_is_counted_by_kind_and_a_zero_is_told_apart(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, of_sku={"wanted_quantity": 0, "observed_quantity": 3})
    other = making.listing(pages.db, making.store(pages.db, here.account, "GB"), "CUP")
    for about, name, since in (
        ({"sku_id": row.sku_id}, "quantity", 17),
        ({"listing_id": row.id}, "price", 4),
        ({"listing_id": other.id}, "price", 90),
    ):
        pages.db.session.add(Aspect(account_id=here.account_id, name=name, due_at=ago(minutes=since), **about))
    pages.db.session.commit()
    page = pages.text(f"/stores/{here.id}")
    assert "Oldest unsent change 17 minutes ago Quantities: 1 Prices: 1" in page
    assert "Oldest unsent zero 17 minutes ago 1 SKU is sold out and still for sale at Amazon." in page
    calm = pages.text(f"/stores/{other.store_id}")
    assert "Oldest unsent zero none" in calm
    assert "Oldest unsent change 1 hour ago Prices: 1" in calm


def test_a_silent_worker_or_timetable_is_said_with_the_remedy(pages: Pages, here: Store) -> None:
    page = pages.text(f"/stores/{here.id}")
    assert "Worker broker silent" in page
    assert "Timetable silent Run: flask amazon run" in page
    pages.db.session.add(Slot(name="cycle", next_run=NOW + timedelta(minutes=2), last_run=ago(minutes=3)))
    pages.db.session.commit()
    page = pages.text(f"/stores/{here.id}")
    assert "Timetable rings" in page
    assert "Last cycle 3 minutes ago" in page


def test_the_cycles_of_the_last_day_are_shown_with_what_failed_here(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, here.account, "GB")
    making.cycle(pages.db, here, failures=2)
    making.cycle(pages.db, there, failures=1, began=ago(hours=3), ended=ago(hours=3) + timedelta(seconds=8))
    making.cycle(pages.db, here, began=ago(hours=25), ended=ago(hours=25))
    page = pages.text(f"/stores/{here.id}")
    assert "2 cycles, 1 of them with failures; the longest took 1 min 0 s." in page
    found = health.cycles(pages.db.session(), ago(days=1), there)
    assert [cycle.failures for cycle in found] == [1, 0]


def test_without_cycles_the_page_says_when_there_will_be_some(pages: Pages, here: Store) -> None:
    assert "No cycle ran in the last day." in pages.text(f"/stores/{here.id}")


def test_a_listing_without_a_price_says_when_there_will_be_one(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, observed_price_minor=None)
    page = pages.text(f"/listings/{row.id}/prices")
    assert "No price was seen yet" in page
    assert "No competitor’s price has been read yet." in page


def test_the_price_that_was_seen_last_is_shown_whoever_set_it(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, observed_price_minor=2190)
    assert "Our price was between $21.90 and $21.90" in pages.text(f"/listings/{row.id}/prices")
