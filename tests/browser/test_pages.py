"""Every page of the channel: for everybody, on a phone, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from example_store.tour.scene import Scene

pytest.importorskip("playwright.sync_api", reason="needs the extra `browser`")
pytest.importorskip("axe_playwright_python", reason="needs the extra `browser`")

from tests.browser.looking import PAGES, Visit, addresses

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
NOT_FOUND = "404"


@pytest.fixture(scope="module")
def where(scene: Scene) -> dict[str, str]:
    return addresses(scene)


@pytest.fixture(scope="module")
def desk(browser: Browser, scene: Scene) -> Iterator[Visit]:
    with Visit(browser, scene, "owner@example.com") as visit:
        yield visit


@pytest.fixture(scope="module")
def dark(browser: Browser, scene: Scene) -> Iterator[Visit]:
    with Visit(browser, scene, "owner@example.com", color_scheme="dark") as visit:
        yield visit


@pytest.fixture(scope="module")
def phone(browser: Browser, scene: Scene) -> Iterator[Visit]:
    with Visit(browser, scene, "owner@example.com", **PHONE) as visit:
        yield visit


@pytest.fixture(scope="module")
def plain(browser: Browser, scene: Scene) -> Iterator[Visit]:
    with Visit(browser, scene, "owner@example.com", java_script_enabled=False) as visit:
        yield visit


def test_the_list_of_pages_is_complete(where: dict[str, str]) -> None:
    assert list(where) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page(name: str, desk: Visit, where: dict[str, str]) -> None:
    desk.complaints.clear()
    desk.open(where[name])
    assert desk.page.get_by_role("heading", level=1).count() == 1
    assert desk.violations() == []
    assert [text for text in desk.complaints if NOT_FOUND not in text] == []


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page_in_the_dark(name: str, dark: Visit, where: dict[str, str]) -> None:
    dark.open(where[name])
    assert dark.violations() == []


@pytest.mark.parametrize("name", PAGES)
def test_the_page_fits_a_phone(name: str, phone: Visit, where: dict[str, str]) -> None:
    phone.open(where[name])
    assert phone.sticks_out() == []
    assert phone.violations() == []


def test_a_store_is_paused_and_activated_without_javascript(plain: Visit, where: dict[str, str]) -> None:
    page = plain.open(where["store"])
    page.get_by_role("button", name="Pause").click()
    assert "is paused" in page.inner_text("main")
    page.get_by_role("button", name="Activate").click()
    assert "is active" in page.inner_text("main")


def test_listings_are_found_and_explained_without_javascript(plain: Visit, where: dict[str, str]) -> None:
    page = plain.open(where["active listings"])
    page.get_by_role("main").get_by_role("searchbox").fill("CG-2001")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="CG-2001", exact=True).click()
    assert "Price of the product in USD." in page.inner_text("main")
