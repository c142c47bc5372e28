"""Whoever reads German is answered in German, on every page that can be opened without anything special."""

from __future__ import annotations

import re
from html import unescape

import pytest

from flask_amazon_channel.admin import navigation
from flask_amazon_channel.admin.pages import PAGES
from flask_amazon_channel.languages import catalogue
from tests.admin import making
from tests.admin.conftest import Pages

GERMAN = {"Accept-Language": "de"}
NAMES = {place.name for place in navigation.PLACES.values() if place.name} | set(navigation.GROUPS)
OPENED = [page for page in PAGES if page.method == "GET" and not re.search("change_id|bulk_id", page.rule)]


@pytest.fixture
def furnished(pages: Pages) -> Pages:
    of = making.account(pages.db)
    german = making.store(pages.db, of, "DE")
    making.listing(pages.db, german)
    making.order(pages.db, of, german)
    making.store(pages.db, of, "GB")
    return pages


def texts(page: str) -> list[str]:
    """Return the texts of a page one by one, each as it stands between two tags."""
    return [" ".join(unescape(text).split()) for text in re.findall(r">([^<>]+)<", page)]


@pytest.mark.parametrize("page", OPENED, ids=lambda page: page.endpoint)
def test_no_english_is_left_of_the_menu_the_breadcrumbs_and_the_titles(furnished: Pages, page) -> None:  # type: ignore[no-untyped-def]
    address = re.sub(r"<int:\w+>", "1", page.rule)
    answer = furnished.get(address, headers=GERMAN, follow_redirects=True)
    same = {name for name in NAMES if catalogue("de").gettext(name) == name}
    assert '<html lang="de">' in answer.text
    assert set(texts(answer.text)) & (NAMES - same) == set()
    assert {"Stores", "Alle Bestellungen", "Hilfe und Tastatur"} <= set(texts(answer.text))


def test_numbers_and_days_are_written_as_germans_write_them(furnished: Pages) -> None:
    page = furnished.text("/stores/1/listings", headers=GERMAN)
    assert re.search(r"\d+,\d\d\s€", page)
