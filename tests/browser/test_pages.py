"""Every page of the channel: for everybody, wide and on a phone, in the light and in the dark, without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from example_store.tour.scene import Scene

pytest.importorskip("playwright.sync_api", reason="needs the extra `browser`")
pytest.importorskip("axe_playwright_python", reason="needs the extra `browser`")

from flask_amazon_channel.admin.pages import PAGES
from tests.browser import shots
from tests.browser.looking import Visit
from tests.browser.shots import SHOTS, Shot

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BY_ITSELF = {"amazon_channel.return_from_amazon"}
"""Amazon leads there; the journeys follow her."""
NOT_OK = "the server responded with a status of 4"
"""What the browser says where a page says by its status that something is not there."""
COLOURS = "color-contrast"


@pytest.fixture(scope="module")
def found(scene: Scene) -> dict[str, str]:
    return shots.furnish(scene)


@pytest.fixture(scope="module")
def owner_of_all(browser: Browser, scene: Scene) -> Iterator[Visit]:
    with Visit(browser, scene, "owner@example.com", viewport=shots.DESK) as visit:
        yield visit


@pytest.fixture(scope="module")
def plain(browser: Browser, scene: Scene) -> Iterator[Visit]:
    with Visit(browser, scene, "owner@example.com", java_script_enabled=False) as visit:
        yield visit


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures go; a person who wants to look at them says where."""
    wanted = os.environ.get("AMAZON_CHANNEL_PICTURES")
    return Path(wanted) if wanted else tmp_path_factory.mktemp("pictures")


def test_every_page_is_looked_at(scene: Scene, found: dict[str, str]) -> None:
    every = {f"amazon_channel.{page.endpoint}" for page in PAGES if page.method == "GET"}
    assert every - shots.endpoints(scene, found) == set()


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_everybody_can_use_the_page(shot: Shot, owner_of_all: Visit, found: dict[str, str], folder: Path) -> None:
    visit = owner_of_all
    visit.complaints.clear()
    page = visit.open(shots.where(shot, found))
    for width, window in (("wide", shots.DESK), ("phone", shots.PHONE)):
        page.set_viewport_size({"width": window["width"], "height": window["height"]})
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            page.screenshot(path=folder / f"{shot.name}-{width}-{colours}.png", full_page=True, animations="disabled")
            # Only colours differ between light and dark.
            assert visit.violations(*((COLOURS,) if colours == "dark" else ())) == [], f"{width}, {colours}"
        assert visit.sticks_out() == [], width
    assert page.get_by_role("heading", level=1).count() == 1
    assert [text for text in visit.complaints if NOT_OK not in text] == []


def test_german_which_is_longer_fits_too(browser: Browser, scene: Scene, found: dict[str, str], folder: Path) -> None:
    wide: dict[str, list[str]] = {}
    with Visit(browser, scene, "owner@example.com", viewport=shots.PHONE, locale="de-DE") as visit:
        for shot in SHOTS:
            page = visit.open(shots.where(shot, found))
            assert page.locator("html, .amazon-channel").last.get_attribute("lang") == "de", shot.name
            for width, window in (("phone", shots.PHONE), ("wide", shots.DESK)):
                page.set_viewport_size({"width": window["width"], "height": window["height"]})
                file = folder / f"{shot.name}-{width}-german.png"
                page.screenshot(path=file, full_page=True, animations="disabled")
                wide[file.stem] = visit.sticks_out()
    assert [name for name, out in wide.items() if out] == []


def test_a_store_is_paused_and_activated_without_javascript(plain: Visit, found: dict[str, str]) -> None:
    page = plain.open(f"/amazon/stores/{found['store']}")
    page.get_by_role("button", name="Pause").click()
    assert "is paused" in page.inner_text("main")
    page.get_by_role("button", name="Activate").click()
    assert "is active" in page.inner_text("main")


def test_listings_are_found_and_explained_without_javascript(plain: Visit, found: dict[str, str]) -> None:
    page = plain.open(f"/amazon/stores/{found['store']}/listings")
    search = page.get_by_role("main").get_by_role("search")
    search.get_by_role("searchbox").fill("CG-2001")
    search.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="CG-2001", exact=True).click()
    assert "Price of the product in USD." in page.inner_text("main")
