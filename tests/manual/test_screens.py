"""The manual has a chapter for every page of the channel, with pictures, and the help of each page knows its place."""

from __future__ import annotations

import re

import pytest

from flask_amazon_channel.admin.help import CHAPTERS
from flask_amazon_channel.admin.navigation import PLACES
from flask_amazon_channel.admin.pages import PAGES
from tests.manual.pages import ROOT

FOLDER = ROOT / "docs" / "pages"
IMAGES = ROOT / "docs" / "images"
CHAPTERS_OF_THE_MANUAL = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
LOOKED_AT = [page for page in PAGES if page.method == "GET"]
HELP = (ROOT / "templates" / "amazon_channel" / "help.html").read_text()


def addresses(text: str) -> list[str]:
    """Return the pages that a chapter says it is about, as `/amazon/stores/<store>`."""
    lines = re.findall(r"^Address(?:es)?: (.+)$", text, re.M)
    return [address for line in lines for address in re.findall(r"`([^`]+)`", line)]


def address_of(rule: str) -> str:
    return "/amazon" + re.sub(r"<int:(\w+)_id>", r"<\1>", rule)


def test_every_page_has_one_chapter_and_every_chapter_is_about_a_page() -> None:
    described = [address for chapter in CHAPTERS_OF_THE_MANUAL for address in addresses(chapter.read_text())]
    assert sorted(described) == sorted(address_of(page.rule) for page in LOOKED_AT)


@pytest.mark.parametrize("chapter", CHAPTERS_OF_THE_MANUAL, ids=lambda path: path.stem)
def test_a_chapter_has_one_title_and_a_picture_and_stands_in_the_index(chapter) -> None:  # type: ignore[no-untyped-def]
    text = chapter.read_text()
    assert len(re.findall(r"^# ", text, re.M)) == 1
    assert re.search(r"!\[[^\]]+\]\(\.\./images/[\w-]+\.png\)", text), (
        "A picture with words for those who cannot see it."
    )
    assert f"]({chapter.name})" in (FOLDER / "README.md").read_text()


def test_every_picture_is_shown_and_all_of_them_together_are_small() -> None:
    shown = {
        name for path in (ROOT / "docs").rglob("*.md") for name in re.findall(r"images/([\w-]+\.png)", path.read_text())
    } | set(re.findall(r"images/([\w-]+\.png)", (ROOT / "README.md").read_text()))
    there = {path.name: path.stat().st_size for path in IMAGES.glob("*.png")}
    assert set(there) == shown
    assert sum(there.values()) < 3_000_000


def test_the_pictures_are_those_that_the_tests_take() -> None:
    pytest.importorskip("playwright.sync_api", reason="needs the extra `browser`")
    pytest.importorskip("axe_playwright_python", reason="needs the extra `browser`")
    from tests.browser.shots import SHOTS

    taken = {f"{shot.name}.png" for shot in SHOTS if shot.height} | {"local-amazon.png"}
    assert {path.name for path in IMAGES.glob("*.png")} == taken


@pytest.mark.parametrize("page", LOOKED_AT, ids=lambda page: page.endpoint)
def test_the_help_link_of_a_page_leads_to_its_chapter(page) -> None:  # type: ignore[no-untyped-def]
    if page.endpoint != "return_from_amazon":  # it shows a page only where something went wrong, and says what to do
        assert f'chapter("{CHAPTERS[page.endpoint]}"' in HELP


def test_no_page_is_named_that_is_none() -> None:
    endpoints = {page.endpoint for page in PAGES}
    assert set(CHAPTERS) - endpoints == set()
    assert set(PLACES) - endpoints == set()
