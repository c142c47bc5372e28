"""Pages follow each other in the order of any column, whatever has no value, is the same, appears or vanishes."""

from __future__ import annotations

import itertools
import re

import pytest
import sqlalchemy as sa

from flask_amazon_channel.admin.grid.finding import FEW
from flask_amazon_channel.models import Listing, Store
from tests.admin import making
from tests.admin.conftest import Pages

SORTS = ["sku", "title", "quantity", "price"]
BOTH_WAYS = [f"{way}{sort}" for sort in SORTS for way in ("", "-")]
STATES = ["active", "inactive", "not_listed"]


def skus(pages: Pages, path: str) -> list[str]:
    return re.findall(r'<a class="code" href="/amazon/listings/\d+">([^<]+)</a>', pages.get(path).text)


def neighbour(pages: Pages, path: str, way: str) -> str:
    found = re.search(rf'rel="{way}" href="/amazon([^"]+)"', pages.get(path).text)
    return found[1].replace("&amp;", "&") if found else ""


def walk(pages: Pages, path: str, way: str = "next") -> list[list[str]]:
    """Return the rows of each page, from this one on; no walk is longer than 20 pages."""
    walked = []
    for _ in range(20):
        walked.append(skus(pages, path))
        path = neighbour(pages, path, way)
        if not path:
            return walked
    raise AssertionError("It goes round in circles.")


@pytest.fixture
def many(pages: Pages, here: Store) -> dict[str, Listing]:
    """Make 60 listings in several states, with many same values and many without any."""
    prices, quantities = itertools.cycle([None, 500, 900, 500, 0]), itertools.cycle([0, 0, None, 7])
    conditions, titles = (
        itertools.cycle(["new_new", None, "used_good"]),
        itertools.cycle(["Bowl", None, "Ämpel", "Bowl"]),
    )
    made = {}
    for number in range(60):
        sku = f"MUG-{number * 37 % 60:02}"
        made[sku] = making.listing(
            pages.db,
            here,
            sku,
            of_sku={"observed_quantity": next(quantities), "condition": next(conditions)},
            observed_price_minor=next(prices),
            title=next(titles),
            state=STATES[number % 3],
        )
    return made


VALUES = {
    "sku": lambda row: row.sku.sku,
    "title": lambda row: row.title,
    "quantity": lambda row: row.sku.observed_quantity,
    "price": lambda row: row.observed_price_minor,
}


@pytest.mark.parametrize("sort", BOTH_WAYS)
@pytest.mark.parametrize(
    ("filter", "few"),
    [
        ("view=all", FEW),
        ("state=inactive", FEW),
        ("state=active&state=not_listed", FEW),
        ("price.is=set", FEW),
        pytest.param("price.is=set", 20, id="some parts are sorted and the others walked"),
        pytest.param("price.is=set", 0, id="every part is walked"),
    ],
)
def test_all_rows_come_once_in_their_order_and_the_way_back_is_the_same(
    pages: Pages,
    here: Store,
    many: dict[str, Listing],
    sort: str,
    filter: str,
    few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("flask_amazon_channel.admin.grid.finding.FEW", few)
    pages_of = walk(pages, f"/stores/{here.id}/listings?{filter}&sort={sort}&size=25")
    walked = [sku for page in pages_of for sku in page]
    expected = [
        sku
        for sku, row in many.items()
        if ("state" not in filter or f"state={row.state}" in filter)
        and ("price.is" not in filter or row.observed_price_minor is not None)
    ]
    assert sorted(walked) == sorted(expected)
    values = [VALUES[sort.lstrip("-")](many[sku]) for sku in walked]
    given = [value for value in values if value is not None]
    assert values[len(given) :] == [None] * (len(values) - len(given)), "what has no value comes last"
    if sort.lstrip("-") != "title":  # databases differ in where they sort an umlaut
        assert given == sorted(given, reverse=sort.startswith("-"))
    last = f"/stores/{here.id}/listings?{filter}&sort={sort}&size=25"
    while neighbour(pages, last, "next"):
        last = neighbour(pages, last, "next")
    assert walk(pages, last, "prev")[::-1] == pages_of


def test_rows_that_come_and_go_hide_and_repeat_no_other(pages: Pages, here: Store, many: dict[str, Listing]) -> None:
    first = f"/stores/{here.id}/listings?view=all&sort=sku&size=25"
    seen, second = skus(pages, first), neighbour(pages, first, "next")
    pages.db.session.execute(sa.delete(Listing).where(Listing.id.in_([many[seen[0]].id, many[seen[-1]].id])))
    pages.db.session.commit()
    making.listing(pages.db, here, "AAA")
    making.listing(pages.db, here, "ZZZ")
    later = [sku for page in walk(pages, second) for sku in page]
    assert later == [sku for sku in sorted(many) if sku > seen[-1]] + ["ZZZ"]


def test_a_position_whose_row_changed_its_place_goes_on_from_where_it_was(pages: Pages, here: Store) -> None:
    rows = [making.listing(pages.db, here, f"MUG-{number:02}", observed_price_minor=number) for number in range(30)]
    second = neighbour(pages, f"/stores/{here.id}/listings?sort=price&state=active&size=25", "next")
    rows[24].observed_price_minor = 1
    pages.db.session.commit()
    assert skus(pages, second) == [f"MUG-{number:02}" for number in range(25, 30)]


def test_where_everything_is_gone_the_page_says_so_and_leads_back(pages: Pages, here: Store) -> None:
    for number in range(30):
        making.listing(pages.db, here, f"MUG-{number:02}")
    second = neighbour(pages, f"/stores/{here.id}/listings?size=25&state=active", "next")
    pages.db.session.execute(sa.delete(Listing))
    pages.db.session.commit()
    assert "Back to the beginning" in pages.text(second)
