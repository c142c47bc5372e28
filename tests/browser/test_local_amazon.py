"""The page of the local Amazon in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="needs the extra `browser`")
pytest.importorskip("axe_playwright_python", reason="needs the extra `browser`")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from flask_amazon_channel.simulator import Amazon

DE = "A1PA6795UKMFR9"
LAMP = {"sku": "LAMP", "asin": "B000000002", "title": "Lamp", "price": "49.00", "quantity": 3}
WINDOWS: list[dict[str, Any]] = [
    {"viewport": {"width": 1300, "height": 900}},
    {"viewport": {"width": 1300, "height": 900}, "color_scheme": "dark"},
    {"viewport": {"width": 400, "height": 800}},
]


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    with Amazon(seed=3) as amazon:
        amazon.speed(0)
        seller = amazon.add_seller([DE], listings=[LAMP], catalogue=30)
        amazon.place_order(seller["seller_id"], DE, [{"sku": "LAMP", "quantity": 1}])
        amazon.fault("getOrder", "429", times=3)
        yield amazon


@pytest.fixture(params=WINDOWS, ids=["wide", "dark", "phone"])
def page(browser: Browser, amazon: Amazon, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(**request.param)
    page = context.new_page()
    page.goto(f"{amazon.url}/?listing=LAMP")
    yield page
    context.close()


def test_nobody_is_shut_out_of_it_and_it_fits_the_window(page: Page) -> None:
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_its_buttons_place_an_order_set_a_competitor_and_advance_the_clock(page: Page, amazon: Amazon) -> None:
    seller = amazon.state()["sellers"][0]["seller_id"]
    page.get_by_role("button", name="Order", exact=True).click()
    assert "was placed" in page.get_by_role("status").inner_text()
    assert amazon.listing(seller, DE, "LAMP")["quantity"] == 1
    page.goto(f"{amazon.url}/?listing=LAMP")
    page.get_by_label("Price").fill("41.50")
    page.get_by_role("button", name="Compete").click()
    assert "A competitor asks 41.50 EUR" in page.get_by_role("status").inner_text()
    before = amazon.world.now()
    page.get_by_label("By how much").select_option("1 day")
    page.get_by_role("button", name="Advance").click()
    assert "It is" in page.get_by_role("status").inner_text()
    assert amazon.world.now() - before == 86400
