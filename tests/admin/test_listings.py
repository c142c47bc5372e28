"""The lists of a store's listings."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from flask_amazon_channel.models import Store
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.making import product

TABS = ["Active", "Ready to List", "Inactive", "Ineligible", "Incomplete", "Ended", "New Third Party", "Not listed"]


def rows(pages: Pages, path: str) -> list[str]:
    """Return the SKUs that the page lists, in its order."""
    return re.findall(r'<a class="code" href="/amazon/listings/\d+">([^<]+)</a>', pages.get(path).text)


def test_the_tabs_stand_in_their_order_with_their_counts(pages: Pages, here: Store) -> None:
    for number, state in enumerate(["active", "active", "inactive", "not_listed", "new_third_party"]):
        making.listing(pages.db, here, f"MUG-{number}", state=state)
    page = pages.text(f"/stores/{here.id}/listings")
    counts = dict(zip(TABS, [2, 0, 1, 0, 0, 0, 1, 1], strict=True))
    assert " ".join(f"{tab} {count}" for tab, count in counts.items()) in page


def test_a_tab_lists_its_own_state_only(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here, "GOOD")
    making.listing(pages.db, here, "BAD", state="inactive")
    assert rows(pages, f"/stores/{here.id}/listings") == ["GOOD"]
    assert rows(pages, f"/stores/{here.id}/listings?state=inactive") == ["BAD"]
    assert sorted(rows(pages, f"/stores/{here.id}/listings?view=all")) == ["BAD", "GOOD"]


def test_a_state_that_nobody_knows_shows_nothing_and_says_so(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    assert rows(pages, f"/stores/{here.id}/listings?state=nonsense") == []
    assert "there is no “nonsense”" in pages.text(f"/stores/{here.id}/listings?state=nonsense")


def test_a_price_stands_in_the_marketplaces_currency_and_the_readers_locale(pages: Pages) -> None:
    of = making.account(pages.db)
    japan = making.store(pages.db, of, "JP")
    making.listing(pages.db, japan, observed_price_minor=1980, wanted_price_minor=1980)
    germany = making.store(pages.db, of, "DE")
    making.listing(pages.db, germany, "MUG-8")
    english, german = {"Accept-Language": "en"}, {"Accept-Language": "de-DE, en;q=0.5"}
    assert "¥1,980" in pages.text(f"/stores/{japan.id}/listings", headers=english)
    assert "€19.90" in pages.text(f"/stores/{germany.id}/listings", headers=english)
    assert "19,90\xa0€" in pages.get(f"/stores/{germany.id}/listings", headers=german).text
    nonsense = {"Accept-Language": "xx-nonsense, *"}
    assert "€19.90" in pages.text(f"/stores/{germany.id}/listings", headers=nonsense)


def test_what_differs_from_the_wish_says_so(pages: Pages, here: Store) -> None:
    making.listing(
        pages.db, here, of_sku={"observed_quantity": 5, "wanted_quantity": 3}, note="sent", wanted_price_minor=2190
    )
    page = pages.text(f"/stores/{here.id}/listings")
    assert "5 → , wanted: 3 sent" in page
    assert "€19.90 → , wanted: €21.90 sent" in page


def test_nothing_is_called_waiting_where_wish_and_amazon_agree(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    page = pages.text(f"/stores/{here.id}/listings")
    assert "wanted" not in page
    assert "not sent yet" not in page


def test_an_ineligible_listing_says_why_in_the_list(pages: Pages, here: Store) -> None:
    pages.shop.stock["7"] = product(enabled=False)
    making.listing(pages.db, here, state="ineligible")
    assert "The product is disabled in the shop." in pages.text(f"/stores/{here.id}/listings?state=ineligible")


def test_the_list_stays_usable_while_the_shop_does_not_answer(pages: Pages, here: Store) -> None:
    pages.shop.fails = True
    making.listing(pages.db, here, state="ineligible")
    assert rows(pages, f"/stores/{here.id}/listings?state=ineligible") == ["MUG-7"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("MUG-1", ["MUG-1", "MUG-10"]),
        ("b0abcdefgh", ["MUG-2"]),
        ("stoneware", ["MUG-1", "MUG-10", "MUG-2"]),
        ("100%", []),
        ("MUG_1", []),
        ("\x00MUG-2\x00", ["MUG-2"]),
        ("nowhere", []),
    ],
)
def test_the_search_finds_sku_asin_and_title_in_all_states(
    pages: Pages, here: Store, words: str, found: list[str]
) -> None:
    making.listing(pages.db, here, "MUG-1")
    making.listing(pages.db, here, "MUG-10", state="inactive")
    making.listing(pages.db, here, "MUG-2", asin="B0ABCDEFGH")
    answer = pages.get(f"/stores/{here.id}/listings", query_string={"q": words})
    assert answer.status_code == 200
    assert re.findall(r'<a class="code" href="/amazon/listings/\d+">([^<]+)</a>', answer.text) == found


def test_the_search_stays_within_the_store(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, here.account, "GB")
    making.listing(pages.db, there, "MUG-GB")
    assert rows(pages, f"/stores/{here.id}/listings?q=MUG-GB") == []


def test_pages_follow_each_other_without_gap_or_repetition_in_both_directions(pages: Pages, here: Store) -> None:
    skus = [f"MUG-{number:03}" for number in range(120)]
    for sku in skus:
        making.listing(pages.db, here, sku)
    path, walked, last = f"/stores/{here.id}/listings", [], []
    while path:
        last = rows(pages, path)
        walked += last
        path = neighbour(pages, path, "next")
    assert walked == skus
    path = f"/stores/{here.id}/listings"
    second = neighbour(pages, path, "next")
    third = neighbour(pages, second, "next")
    assert rows(pages, neighbour(pages, third, "prev")) == skus[50:100]
    first = neighbour(pages, neighbour(pages, third, "prev"), "prev")
    assert rows(pages, first) == skus[:50]
    assert neighbour(pages, first, "prev") == ""


def neighbour(pages: Pages, path: str, way: str) -> str:
    found = re.search(rf'rel="{way}" href="/amazon([^"]+)"', pages.get(path).text)
    return found[1].replace("&amp;", "&") if found else ""


@pytest.mark.parametrize("mark", ["", "x", "-", "1-2", "9" * 40, "t1", "t" + "9" * 30, "١"])
def test_a_position_that_cannot_be_read_is_the_beginning(pages: Pages, here: Store, mark: str) -> None:
    making.listing(pages.db, here)
    for way in ("after", "before"):
        assert pages.get(f"/stores/{here.id}/listings", query_string={way: mark}).status_code == 200


def test_an_empty_tab_says_what_that_means(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    assert "Amazon holds nothing back." in pages.text(f"/stores/{here.id}/listings?state=inactive")
    assert "Nothing found" in pages.text(f"/stores/{here.id}/listings?q=nowhere")


def test_a_store_that_was_never_read_says_that_it_takes_some_minutes(pages: Pages, here: Store) -> None:
    assert "within some minutes" in pages.text(f"/stores/{here.id}/listings")


def test_a_listing_that_amazon_ships_shows_no_quantity_of_ours(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here, of_sku={"fulfilled_by": "amazon", "observed_quantity": None})
    assert "FBA" in pages.text(f"/stores/{here.id}/listings")


def test_the_price_keeps_its_cents_whatever_its_size(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here, observed_price_minor=123456789, wanted_price_minor=123456789)
    assert f"€{Decimal('1234567.89'):,}" in pages.text(f"/stores/{here.id}/listings", headers={"Accept-Language": "en"})
