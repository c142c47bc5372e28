"""The frame of every page: the menu, the way up, the shortcuts and the help."""

from __future__ import annotations

import re

import pytest

from flask_amazon_channel.admin import navigation
from flask_amazon_channel.admin.help import CHAPTERS
from flask_amazon_channel.admin.pages import PAGES
from flask_amazon_channel.folders import folder
from tests.admin import making
from tests.admin.conftest import Pages

SHOWN = [page.endpoint for page in PAGES if page.method == "GET"]


def crumbs(text: str) -> list[str]:
    found = re.search(r'<nav class="crumbs".*?</nav>', text, re.S)
    return re.findall(r">([^<>]+)</a>", found[0]) if found else []


def menu(text: str) -> str:
    found = re.search(r'<nav class="side".*?</nav>', text, re.S)
    assert found is not None
    return found[0]


def current(text: str) -> list[str]:
    links = re.findall(r'<a[^>]*aria-current="page"[^>]*>(.*?)</a>', menu(text), re.S)
    return [" ".join(re.sub("<[^>]+>", " ", link).split()) for link in links]


@pytest.mark.parametrize("endpoint", [name for name in SHOWN if name != "return_from_amazon"])
def test_every_page_has_its_place_and_is_explained(endpoint: str) -> None:
    assert endpoint in navigation.PLACES
    assert endpoint in CHAPTERS


def test_every_chapter_is_there_to_be_read(pages: Pages) -> None:
    text = pages.get("/help").text
    assert [chapter for chapter in set(CHAPTERS.values()) if f'id="{chapter}"' not in text] == []


def test_what_a_place_hangs_below_is_a_place() -> None:
    above = {place.above for place in navigation.PLACES.values()} - {""}
    assert above <= set(navigation.PLACES)


def test_no_two_shortcuts_are_the_same_nor_begin_another() -> None:
    keys = [place.keys for place in navigation.PLACES.values() if place.keys] + ["/", "?"]
    assert len(keys) == len(set(keys))
    assert [one for one in keys for other in keys if one != other and other.startswith(f"{one} ")] == []


def test_the_way_up_from_a_listing_names_its_store_and_the_listings(pages: Pages) -> None:
    here = making.store(pages.db, making.account(pages.db))
    row = making.listing(pages.db, here, "MUG-9")
    assert crumbs(pages.get(f"/listings/{row.id}/prices").text) == ["Stores", "Potter DE", "Listings", "MUG-9"]


def test_an_order_without_a_store_hangs_below_all_orders(pages: Pages) -> None:
    of = making.account(pages.db)
    here = making.store(pages.db, of)
    stray, own = making.order(pages.db, of, None), making.order(pages.db, of, here)
    with pages.app.test_request_context(f"/amazon/orders/{stray.id}"):
        from flask_amazon_channel.admin import access

        access.remember({"order": stray})
        assert [step.text for step in navigation.trail()] == ["Stores", "All orders"]
        access.remember({"order": own})
        assert [step.text for step in navigation.trail()] == ["Stores", "Potter DE", "Orders"]


def test_the_menu_shows_the_pages_of_the_store_that_is_looked_at(pages: Pages) -> None:
    of = making.account(pages.db)
    here, there = making.store(pages.db, of, "DE"), making.store(pages.db, of, "GB")
    text = pages.get(f"/stores/{here.id}").text
    assert f'href="/amazon/stores/{here.id}/listings"' in menu(text)
    assert f'href="/amazon/stores/{there.id}"' in menu(text)
    assert f'href="/amazon/stores/{there.id}/listings"' not in menu(text)
    assert current(text) == ["DE Potter DE"]
    assert current(pages.get("/").text) == ["Stores"]


def test_the_menu_marks_the_part_of_the_store_that_a_page_belongs_to(pages: Pages) -> None:
    here = making.store(pages.db, making.account(pages.db))
    row = making.listing(pages.db, here)
    assert current(pages.get(f"/listings/{row.id}").text) == ["Listings"]


def test_the_menu_shows_only_what_the_person_may_view(pages: Pages) -> None:
    of = making.account(pages.db, name="Whole account")
    mine, _ = making.store(pages.db, of, "DE", name="Mine"), making.store(pages.db, of, "GB", name="Not mine")
    assert f"/accounts/{of.id}" in menu(pages.get("/").text)
    pages.person.stores = [mine.id]
    text = menu(pages.get("/").text)
    assert "Mine" in text
    assert "Not mine" not in text
    assert f"/accounts/{of.id}" not in text, "the account's page is for those who may view all of its stores"


def test_an_archived_store_is_left_out_of_the_menu_except_on_its_own_pages(pages: Pages) -> None:
    here = making.store(pages.db, making.account(pages.db), name="Put away", state="archived")
    assert "Put away" not in menu(pages.get("/").text)
    assert "Put away" in menu(pages.get(f"/stores/{here.id}").text)


def test_somebody_who_may_view_nothing_gets_no_menu_of_stores(pages: Pages) -> None:
    making.store(pages.db, making.account(pages.db), name="Secret")
    pages.person.permissions = ()
    answer = pages.get("/")
    assert answer.status_code == 403
    assert "Secret" not in answer.text


def test_the_help_page_lists_the_shortcuts(pages: Pages) -> None:
    page = pages.text("/help")
    assert "g l Listings of this store" in page
    assert "? Show these keys" in page


def test_the_help_link_leads_to_the_chapter_of_the_page(pages: Pages) -> None:
    here = making.store(pages.db, making.account(pages.db))
    assert 'href="/amazon/help#stores"' in pages.get("/").text
    assert 'href="/amazon/help#store"' in pages.get(f"/stores/{here.id}").text


def test_the_menu_opens_on_a_phone_without_a_script() -> None:
    text = (folder("templates") / "amazon_channel" / "page.html").read_text(encoding="utf-8")
    assert 'popovertarget="amazon-channel-menu"' in text
    assert re.search(r'<nav[^>]*id="amazon-channel-menu"[^>]*popover', text)
