"""What people do all day, in a real browser, against the running demo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from example_store.tour.scene import expect

pytest.importorskip("playwright.sync_api", reason="needs the extra `browser`")
pytest.importorskip("axe_playwright_python", reason="needs the extra `browser`")

from tests.browser.looking import US, Visit, order_something

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_an_owner_connects_an_account_on_amazons_page_and_activates_a_store(owner: Visit) -> None:
    page, seller = owner.open("/amazon/"), owner.scene.demo.sellers[1]
    page.get_by_role("link", name="Connect an account").click()
    page.get_by_label("Name").fill("Fjellstad Europe")
    page.get_by_role("radio", name=re.compile("Europe")).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Continue at Amazon").click()
    assert page.url.startswith(owner.scene.demo.amazon_url)
    page.get_by_label("Selling account").select_option(seller["seller_id"])
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/onboarding/marketplaces")
    assert "Fjellstad Europe is connected" in page.inner_text("main")
    owner.open(page.url.partition("/onboarding")[0])
    card = page.locator("li.card", has_text="Fjellstad Europe GB")
    card.get_by_role("button", name="Activate").click()
    assert "Fjellstad Europe GB is active" in page.inner_text("main")
    page.get_by_role("main").get_by_role("link", name="Fjellstad Europe GB").click()
    owner.reload_until("68 Active")
    assert owner.complaints == []


def test_a_price_changed_in_the_back_office_is_what_buyers_see_and_stands_on_the_listings_page(clerk: Visit) -> None:
    scene = clerk.scene
    page = _product_page(clerk, "ST-4002")
    page.get_by_label("Price (USD)", exact=True).fill("17.25")
    page.get_by_label("Stock").fill("90")
    page.get_by_role("button", name="Save").click()
    assert "Saved." in page.inner_text("main")

    def buyers_see_it() -> None:
        seen = scene.amazon.listing(scene.seller, US, "ST-4002")
        shown = (seen["price"]["amount"], seen["quantity"])
        expect(shown == ("17.25", 90), f"Buyers see {shown}.")

    scene.until(buyers_see_it)
    page.get_by_role("link", name="Active").first.click()
    clerk.reload_until("Live")
    compared = page.locator("table", has_text="Observed at Amazon").inner_text()
    assert compared.count("$17.25") == 3
    assert compared.count("90") == 3
    assert clerk.complaints == []


def test_an_order_arrives_is_shipped_and_its_package_is_confirmed(clerk: Visit) -> None:
    scene = clerk.scene
    order_id = order_something(scene, ("CG-2006", 2))
    page = clerk.open(f"/office/orders?q={order_id}")
    page.get_by_role("row", name=re.compile(scene.shop_order(order_id).number)).get_by_role("link").first.click()
    page.get_by_label("Carrier").fill("UPS")
    page.get_by_label("Tracking number").fill("1Z999AA10123456784")
    page.get_by_role("button", name="Book the package").click()
    assert "The package is booked." in page.inner_text("main")

    def buyer_sees_the_package() -> None:
        packages = scene.amazon.order(order_id)["packages"]
        expect(len(packages) == 1 and "1Z999AA10123456784" in str(packages), f"Amazon shows {packages}.")

    scene.until(buyer_sees_the_package)
    page.get_by_role("link", name=order_id).click()
    clerk.reload_until("Shown")
    assert clerk.complaints == []


def test_a_person_chooses_the_product_where_several_match(clerk: Visit) -> None:
    scene = clerk.scene
    page = clerk.open(scene.listing_page("fjs-juniper"))
    assert "Several products of the shop match it" in page.inner_text("#product")
    page.locator("li", has_text="BK-1009-U").get_by_role("button", name="Choose").click()
    assert "matched by" in page.inner_text("#product")
    assert "BK-1009-U" in page.inner_text("#product")
    assert clerk.complaints == []


def _product_page(visit: Visit, sku: str) -> Page:
    page = visit.open(f"/office/products?q={sku}")
    page.get_by_role("row", name=re.compile(sku)).get_by_role("link").first.click()
    return page
