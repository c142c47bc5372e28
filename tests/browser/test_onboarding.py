"""Getting started in a real browser, at a desk and on a phone: from the first look to the first sale."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

pytest.importorskip("playwright.sync_api", reason="needs the extra `browser`")
pytest.importorskip("axe_playwright_python", reason="needs the extra `browser`")

from example_store.tour.scene import Scene
from tests.browser.looking import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DE, GB = "A1PA6795UKMFR9", "A1F83G8C2ARO7P"
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
PICTURES = os.environ.get("AMAZON_CHANNEL_PICTURES")
"""A folder for pictures of every page on the way, for people who want to look."""


@pytest.fixture(params=["desk", "phone"])
def newcomer(request: pytest.FixtureRequest, browser: Browser, scene: Scene) -> Iterator[Visit]:
    window = DESK if request.param == "desk" else PHONE
    with Visit(browser, scene, "owner@example.com", **window) as visit:
        visit.name = f"Newcomer at the {request.param}"  # type: ignore[attr-defined]
        yield visit


def a_seller(scene: Scene) -> str:
    """A new seller at Amazon, in Germany and the United Kingdom, with two listings that the shop has and one more."""
    listings = [
        {"sku": sku, "asin": f"B0NEW{sku[-4:]}0"[:10], "title": f"The {sku}", "price": price, "quantity": 4}
        for sku, price in (("BK-1001", "30.00"), ("CG-2001", "99.00"), ("ELSEWHERE", "7.00"))
    ]
    control = f"{scene.demo.amazon_url}/_control/sellers"
    made = requests.post(control, json={"marketplaces": [DE, GB], "listings": listings}, timeout=30)
    seller: str = made.json()["seller_id"]
    back = f"{scene.demo.url}/amazon/connect/return"
    requests.patch(f"{control}/{seller}", json={"redirect_uris": [back]}, timeout=30).raise_for_status()
    return seller


def look(visit: Visit, what: str) -> None:
    """Everybody can use the page, and it fits the window."""
    if PICTURES:
        wide = "phone" if visit.page.viewport_size and visit.page.viewport_size["width"] < 500 else "desk"
        visit.page.screenshot(path=Path(PICTURES) / f"{what}-{wide}.png", full_page=True)
    assert visit.violations() == []
    assert visit.sticks_out() == []


def test_somebody_new_is_led_to_the_first_sale(newcomer: Visit) -> None:
    page, seller, name = newcomer.page, a_seller(newcomer.scene), newcomer.name  # type: ignore[attr-defined]

    newcomer.open("/amazon/preparation")
    page.locator(".check.open").first.get_by_role("button").click()
    assert "Ticked by" in page.inner_text("main")
    page.get_by_role("button", name=re.compile("^Count")).click()
    assert "products that Amazon could take" in page.inner_text("main")
    assert "A worker is at work." in page.inner_text("main")
    look(newcomer, "prepare")

    newcomer.open("/amazon/connect")
    page.get_by_label("Name").fill(name)
    page.get_by_role("radio", name=re.compile("Europe")).check()
    look(newcomer, "connect")
    page.get_by_role("button", name="Continue").click()
    look(newcomer, "continue")
    page.get_by_role("link", name="Continue at Amazon").click()
    page.get_by_label("Selling account").select_option(seller)
    page.get_by_role("button", name="Confirm").click()

    page.wait_for_url("**/onboarding/marketplaces")
    assert f"{name} is connected" in page.inner_text("main")
    page.get_by_role("checkbox", name=re.compile("amazon.de")).check()
    look(newcomer, "marketplaces")
    page.get_by_role("button", name="Go on").click()

    page.wait_for_url("**/onboarding/identifiers")
    # Whoever leaves here comes back here.
    newcomer.open("/amazon/")
    newcomer.open("/amazon/onboarding")
    page.wait_for_url("**/onboarding/identifiers")
    look(newcomer, "identifiers")
    page.get_by_role("button", name="Go on and import the listings").click()

    page.wait_for_url("**/onboarding/rules")
    look(newcomer, "rules")
    page.get_by_role("link", name="Make a rule, with preview").click()
    page.get_by_label("A condition on").select_option("price")
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_label("Value of Price").fill("20")
    page.get_by_role("button", name="Add a group").click()
    page.locator("[id='1.new']").select_option("attributes.category")
    page.locator("li.rule-group").get_by_role("button", name="Add a condition").click()
    page.get_by_label("Books").or_(page.get_by_label("books")).first.check()
    page.get_by_label("SKU or id of the product").fill("BK-1001")
    page.get_by_role("button", name="Try", exact=True).click()
    assert "24.95" in page.inner_text("#try")
    page.locator(".form-buttons").get_by_role("button", name="Preview changes").click()
    assert "Will be listed" in page.inner_text("#preview")
    look(newcomer, "rule")
    page.get_by_role("button", name="Save and close").click()

    page.wait_for_url("**/onboarding/review")
    newcomer.reload_until("3 at Amazon")
    newcomer.reload_until("2 matched")
    look(newcomer, "review")
    page.get_by_role("button", name="This looks right: go on").click()

    page.wait_for_url("**/onboarding/start")
    look(newcomer, "start")
    page.get_by_role("button", name="Start this store").click()
    assert "It runs" in page.inner_text("main")
    look(newcomer, "runs")
    newcomer.scene.until(lambda: sold_out(newcomer.scene, seller))
    assert newcomer.complaints == []


def sold_out(scene: Scene, seller: str) -> None:
    """What the rule leaves out is no longer for sale."""
    shown = scene.amazon.listing(seller, DE, "CG-2001")["quantity"]
    if shown != 0:
        raise LookupError(f"Buyers see {shown}.")
