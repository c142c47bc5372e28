"""The address says all, and no address breaks a page."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from flask_amazon_channel.models import Listing, Sku, Store
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.grid.test_walking import skus
from tests.admin.making import ago


def position(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


FORGED = [
    "x", "%", "é", "=" * 9, position(), position("sku"), position("sku", "A", None), position("sku", None, None),
    position("sku", {"a": 1}, 1), position("sku", 5, 1), position("sku", "A", "1"), position("sku", "A", 2**70),
    position("sku", "A\x00", 1), position("sku", "\ud800", 1), position("sku", "A", True), position("-sku", "A", 1),
    position("price", 1, 1), position("sku", "A", 1.5), "W" * 5000, position(*[[]] * 40),
]  # fmt: skip


@pytest.mark.parametrize("mark", FORGED)
@pytest.mark.parametrize("way", ["after", "before"])
def test_a_forged_position_is_the_beginning(pages: Pages, here: Store, mark: str, way: str) -> None:
    making.listing(pages.db, here)
    answer = pages.get(f"/stores/{here.id}/listings", query_string={"sort": "sku", way: mark})
    assert answer.status_code == 200
    assert "MUG-7" in answer.text


@pytest.mark.parametrize(
    "arguments",
    [
        "price.from=1e400", "price.from=NaN", "price.from=-Infinity", "price.from=٣", "price.to=1e14", "price=1,5",
        "quantity.from=999999999999999999999", "quantity.to=99999999999", "quantity.from=-99999999999", "quantity=0.5",
        "state=x", "state=active&state=x", "price_override=maybe", "wanted_quantity.from=x", "wanted_quantity.to=1e9",
        "asin.is=full", "title=%00%ff%ed%a0%80", "title=" + "%25" * 400, "sku=%00", "q=%00%ff", "q=" + "a" * 5000,
        "sort=nothing", "sort=-", "sort=state", "columns=,,x,,", "columns=sku,sku", "size=0", "size=-1", "size=1e9",
        "view=nothing", "view=999999999999999999999999", "view=-1", "format=exe", "price_override=yes",
        "condition.is=empty&condition=new_new", "place.sku=9&columns=title&columns=sku", "format=csv&price.from=x",
        "format=csv&after=x&rows=page", "&".join(f"sku=A{number}" for number in range(500)),
    ],
)  # fmt: skip
def test_no_address_breaks_the_page(pages: Pages, here: Store, arguments: str) -> None:
    making.listing(pages.db, here)
    answer = pages.get(f"/stores/{here.id}/listings?{arguments}")
    assert answer.status_code == 200
    assert answer.text


@pytest.mark.parametrize(
    "arguments",
    [
        "purchased.from=0000-00-00", "purchased.to=9999-12-31", "purchased=1-1-1", "purchased.last=-5",
        "purchased.last=999999999", "purchased.last=٣",
    ],
)  # fmt: skip
def test_no_day_breaks_the_page(pages: Pages, here: Store, arguments: str) -> None:
    making.order(pages.db, here.account, here)
    answer = pages.get(f"/stores/{here.id}/orders?{arguments}")
    assert answer.status_code == 200
    assert answer.text


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("price.from=10&price.to=12.50", ["B", "C"]),
        ("price=12.5", ["C"]),
        ("price.from=12.51", ["D"]),
        ("price.is=empty", ["E"]),
        ("quantity.from=0.5&quantity.to=3.9", ["B", "C"]),
        ("quantity=0", ["A"]),
        ("sku=A&sku=D", ["A", "D"]),
        ("asin=b000000003", ["C"]),
        ("title=STONE", ["A", "B"]),
        ("title=100%25", ["C"]),
        ("condition=used_good&condition=new_new", ["A", "B", "C", "D"]),
        ("condition.is=empty", ["E"]),
        ("wanted_quantity=7", ["C"]),
        ("wanted_quantity.from=6&wanted_quantity.to=7.5", ["B", "C"]),
        ("wanted_quantity.is=empty", ["A", "E"]),
        ("wanted_quantity.from=6&state=inactive", ["C"]),
        ("wanted_price.from=10.02", ["C", "D"]),
        ("price_override=yes", ["D"]),
        ("price_override=no", ["A", "B", "C", "E"]),
        ("product=9", ["E"]),
        ("state=inactive&sku=C", ["C"]),
        ("price.from=20&price.to=10", []),
    ],
)
def test_every_column_can_be_filtered_whether_shown_or_not(
    pages: Pages, here: Store, arguments: str, found: list[str]
) -> None:
    of = {"A": (500, 0, "Stoneware"), "B": (1000, 1, "stone"), "C": (1250, 3, "100% wool"), "D": (9900, 4, "Cup")}
    for number, (sku, (price, quantity, title)) in enumerate(of.items(), 1):
        making.listing(
            pages.db,
            here,
            sku,
            of_sku={
                "observed_quantity": quantity,
                "wanted_quantity": number + 4 if number > 1 else None,
                "condition": "used_good" if number % 2 else "new_new",
            },
            asin=f"B00000000{number}",
            title=title,
            observed_price_minor=price,
            wanted_price_minor=price + 1,
            price_override_minor=1 if sku == "D" else None,
            state="inactive" if sku == "C" else "active",
        )
    empty = {"observed_quantity": None, "wanted_quantity": None, "condition": None, "product_id": "9"}
    none = {"observed_price_minor": None, "wanted_price_minor": None}
    making.listing(pages.db, here, "E", of_sku=empty, title="Pan", **none)
    path = f"/stores/{here.id}/listings?{arguments}"
    assert skus(pages, path) == found
    for sort in ("quantity", "-price", "title"):
        assert sorted(skus(pages, f"{path}&sort={sort}")) == found


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("purchased=2026-06-02", ["2"]),
        ("purchased.from=2026-06-02&purchased.to=2026-06-03", ["2", "3"]),
        ("purchased.from=2026-06-04", []),
        ("imported.is=empty", ["1", "2", "3"]),
    ],
)
def test_times_are_filtered_by_whole_days(pages: Pages, here: Store, arguments: str, found: list[str]) -> None:
    for day in (1, 2, 3):
        at = datetime(2026, 6, day, 23, 59, 59, 999999, UTC)
        making.order(pages.db, here.account, here, amazon_order_id=f"order-{day}", purchased_at=at)
    page = pages.get(f"/stores/{here.id}/orders?{arguments}&sort=purchased").text
    assert re.findall(r">order-(\d)</a>", page) == found


def test_a_filter_of_a_hidden_column_has_a_chip_that_removes_it(pages: Pages, here: Store) -> None:
    making.order(pages.db, here.account, here, ship_by=ago(days=3))
    page = pages.get(f"/stores/{here.id}/orders?ship_by.last=1&number=028&columns=items")
    assert "in the last day" in page.text
    remove = re.search(r'href="([^"]+)" aria-label="Remove the filter Ship by"', page.text)
    assert remove is not None
    assert remove[1] == f"/amazon/stores/{here.id}/orders?number=028&amp;columns=items"


def test_removing_the_last_filter_shows_everything_and_not_the_first_tab(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here, "GOOD")
    making.listing(pages.db, here, "BAD", state="inactive")
    page = pages.get(f"/stores/{here.id}/listings").text
    remove = re.search(r'href="/amazon([^"]+)" aria-label="Remove the filter Status"', page)
    assert remove is not None
    assert skus(pages, remove[1].replace("&amp;", "&")) == ["BAD", "GOOD"]


def test_the_form_leads_to_an_address_without_what_was_left_empty(pages: Pages, here: Store) -> None:
    answer = pages.get(f"/stores/{here.id}/listings?apply=1&sku=&price.from=5&price.to=&title=&state=active")
    assert answer.status_code == 303
    assert answer.location == f"/amazon/stores/{here.id}/listings?price.from=5&state=active"
    nothing = pages.get(f"/stores/{here.id}/listings?apply=1&sku=")
    assert nothing.location == f"/amazon/stores/{here.id}/listings?view=all"


def test_columns_are_chosen_and_put_in_order_without_a_script(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    form = "apply=1&state=active&columns=sku&place.sku=2&columns=asin&place.asin=1&place.title=3"
    answer = pages.get(f"/stores/{here.id}/listings?{form}")
    assert answer.location.endswith("?state=active&columns=asin%2Csku")
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a [^>]+>)?([^<]+)', pages.browser.get(answer.location).text)
    assert [head.strip() for head in heads if head.strip()] == ["ASIN", "SKU ↑"] or heads[-2:] == ["ASIN", "SKU "]


def test_a_bound_beyond_all_numbers_is_a_bound(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    assert skus(pages, f"/stores/{here.id}/listings?quantity.to=99999999999") == ["MUG-7"]
    assert skus(pages, f"/stores/{here.id}/listings?quantity.from=99999999999") == []


def test_amounts_of_several_currencies_are_compared_each_in_its_own(pages: Pages, here: Store) -> None:
    japan = making.store(pages.db, here.account, "JP")
    yen = making.order(pages.db, here.account, japan, currency="JPY", total_minor=3000)
    euro = making.order(pages.db, here.account, here, currency="EUR", total_minor=2500)
    assert yen.amazon_order_id in pages.text("/orders?total.from=100")
    assert euro.amazon_order_id not in pages.text("/orders?total.from=100")
    assert euro.amazon_order_id in pages.text("/orders?total.to=25")


def test_a_listing_says_the_quantity_of_its_sku_whoever_changes_it(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, here.account, "GB")
    row = making.listing(pages.db, here, of_sku={"observed_quantity": 4})
    making.listing(pages.db, there, row.sku)
    assert set(pages.db.session.scalars(sa.select(Listing.shown_quantity))) == {4}
    row.sku.observed_quantity = 9
    pages.db.session.commit()
    assert set(pages.db.session.scalars(sa.select(Listing.shown_quantity))) == {9}
    assert pages.db.session.scalar(sa.select(Sku.observed_quantity)) == 9
