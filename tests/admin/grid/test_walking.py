"""Pages follow each other in the order of any column, whatever has no value, is the same, appears or vanishes."""

from __future__ import annotations

import itertools
import re

import pytest
import sqlalchemy as sa

from flask_amazon_channel.admin.grid import finding
from flask_amazon_channel.admin.grid.finding import FEW, NEAR
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
            of_sku={
                "observed_quantity": next(quantities),
                "wanted_quantity": number % 4 and 2,
                "condition": next(conditions),
            },
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
    ("filter", "few", "near"),
    [
        ("view=all", FEW, NEAR),
        ("state=inactive", FEW, NEAR),
        ("state=active&state=not_listed", FEW, NEAR),
        ("price.is=set", FEW, NEAR),
        pytest.param("price.is=set", 20, NEAR, id="some parts are sorted and the others walked"),
        pytest.param("price.is=set", 0, NEAR, id="every part is walked"),
        pytest.param("condition=new_new", 0, NEAR, id="parts without any are read whole"),
        pytest.param("condition=used_good", 0, NEAR, id="of what an index finds, too"),
        pytest.param("wanted_quantity.from=2", 0, NEAR, id="parts with some are walked"),
        pytest.param("wanted_quantity.from=2", 0, 1, id="parts whose first ones do not match are read whole"),
    ],
)
def test_all_rows_come_once_in_their_order_and_the_way_back_is_the_same(
    pages: Pages,
    here: Store,
    many: dict[str, Listing],
    sort: str,
    filter: str,
    few: int,
    near: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(finding, "FEW", few)
    monkeypatch.setattr(finding, "NEAR", near)
    pages_of = walk(pages, f"/stores/{here.id}/listings?{filter}&sort={sort}&size=25")
    walked = [sku for page in pages_of for sku in page]
    expected = [
        sku
        for sku, row in many.items()
        if ("state" not in filter or f"state={row.state}" in filter)
        and ("price.is" not in filter or row.observed_price_minor is not None)
        and ("condition" not in filter or filter == f"condition={row.sku.condition}")
        and ("wanted" not in filter or row.sku.wanted_quantity == 2)
    ]
    assert expected
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


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("condition=used_good", "ix_amazon_sku_condition"),
        ("condition.is=empty", "ix_amazon_sku_condition"),
        ("fulfilled_by=amazon", "ix_amazon_sku_fulfilled_by"),
        ("quantity_owner=person", "ix_amazon_sku_quantity_owner"),
        ("price_owner=repricer&price_owner=person", "ix_amazon_listing_price_owner"),
        ("price_override=yes", "ix_amazon_listing_price_override"),
        ("condition=used_good&price.from=900", "ix_amazon_listing_price"),
        ("asin=B000000001&condition=new_new", "ix_amazon_listing_asin"),
        ("product=17", "ix_amazon_sku_product_id"),
        ("wanted_quantity.from=2&wanted_quantity.to=3", "ix_amazon_sku_wanted_quantity"),
        ("wanted_price.from=900", "ix_amazon_listing_wanted_price"),
    ],
)
@pytest.mark.parametrize("view", ["", "&view=all"])
def test_what_few_rows_have_is_found_by_its_index(pages: Pages, here: Store, asked: str, index: str, view: str) -> None:
    """Also where the database knows nothing of how many rows there are."""
    found = plans(pages, f"/stores/{here.id}/listings?{asked}{view}", limit=FEW + 1)
    assert found
    assert all(f"INDEX {index} " in plan for plan in found), found


@pytest.mark.parametrize("asked", ["price.from=0", "wanted_quantity.from=0"])
@pytest.mark.parametrize("sort", ["sku", "-sku"])
def test_all_states_in_the_order_of_their_skus_are_walked_at_once(
    pages: Pages, here: Store, many: dict[str, Listing], monkeypatch: pytest.MonkeyPatch, asked: str, sort: str
) -> None:
    monkeypatch.setattr(finding, "FEW", 20)
    address = f"/stores/{here.id}/listings?{asked}&view=all&sort={sort}&size=25"
    for page in (address, neighbour(pages, address, "next")):
        found = plans(pages, page, limit=26, of="AS tie")
        assert found
        assert not any("TEMP B-TREE" in plan or "UNION" in plan for plan in found), found


def plans(pages: Pages, address: str, *, limit: int, of: str = "") -> list[str]:
    """Return how the statements of a page with this limit, and with these words, are answered, as SQLite says it."""
    if pages.db.engine.dialect.name != "sqlite":
        pytest.skip("The plan is asked for in SQLite's words.")
    statements: list[tuple[str, tuple[object, ...]]] = []

    def listen(_: object, cursor: object, statement: str, parameters: tuple[object, ...], *rest: object) -> None:
        if limit in parameters and of in statement:
            statements.append((statement, parameters))

    sa.event.listen(pages.db.engine, "before_cursor_execute", listen)
    assert pages.get(address).status_code == 200
    sa.event.remove(pages.db.engine, "before_cursor_execute", listen)
    with pages.db.engine.connect() as connection:
        return [
            " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
            for statement, parameters in statements
        ]


def test_what_is_looked_for_in_another_table_is_counted_less_far_and_says_so(
    pages: Pages, here: Store, many: dict[str, Listing], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = f"/stores/{here.id}/listings?wanted_quantity.from=2"
    assert "45 rows" in pages.text(asked)
    monkeypatch.setattr(finding, "FEW", 20)
    assert "20+ rows" in pages.text(asked)
    assert "60 rows" in pages.text(f"/stores/{here.id}/listings?view=all")
