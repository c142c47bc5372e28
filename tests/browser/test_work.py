"""What people do all day in the lists and forms: at a desk, on a phone, and some of it without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from example_store.tour.scene import Scene

pytest.importorskip("playwright.sync_api", reason="needs the extra `browser`")
pytest.importorskip("axe_playwright_python", reason="needs the extra `browser`")

from flask_amazon_channel.models import Store
from tests.browser.looking import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog

DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WINDOWS = {"desk": DESK, "phone": PHONE}
WAYS = {**WINDOWS, "plain": {**DESK, "java_script_enabled": False}}


@pytest.fixture(params=WINDOWS, scope="module")
def somebody(request: pytest.FixtureRequest, browser: Browser, scene: Scene) -> Iterator[Visit]:
    with Visit(browser, scene, "owner@example.com", **WINDOWS[request.param]) as visit:
        yield visit


@pytest.fixture(params=WAYS, scope="module")
def anybody(request: pytest.FixtureRequest, browser: Browser, scene: Scene) -> Iterator[Visit]:
    """With JavaScript or without."""
    with Visit(browser, scene, "owner@example.com", **WAYS[request.param]) as visit:
        yield visit


@pytest.fixture(scope="module")
def store(scene: Scene) -> str:
    with scene.database() as session:
        return f"/amazon/stores/{session.scalars(sa.select(Store.id).where(Store.country_code == 'US')).one()}"


def main(visit: Visit) -> str:
    return " ".join(visit.page.inner_text("main").split())


def panel(visit: Visit, name: str) -> None:
    visit.page.locator(f"[data-panel={name}] > summary").click()


def skus(visit: Visit) -> list[str]:
    return visit.page.locator(".grid-table tbody a.code").filter(has_text="-").all_inner_texts()


def test_a_list_is_filtered_sorted_kept_as_a_view_and_exported(anybody: Visit, store: str, tmp_path: Path) -> None:
    page = anybody.open(f"{store}/listings")
    panel(anybody, "filters")
    page.locator("[name='price.from']").fill("20")
    page.locator("[name='price.to']").fill("40")
    page.locator("[data-panel=filters]").get_by_role("button", name="Show").click()
    assert page.get_by_role("list", name="Filters").is_visible()
    found = skus(anybody)
    assert found
    anybody.open(f"{page.url}&sort=-price")
    assert sorted(skus(anybody)) == sorted(found) != skus(anybody)

    panel(anybody, "views")
    page.locator("#grid-new-view").fill("Middle prices")
    page.get_by_role("button", name="Keep", exact=True).click()
    anybody.open(f"{store}/listings?view=all")
    panel(anybody, "views")
    page.get_by_role("link", name="Middle prices").click()
    assert sorted(skus(anybody)) == sorted(found)

    panel(anybody, "export")
    with page.expect_download() as download:
        page.get_by_role("link", name="All that match, as CSV").click()
    download.value.save_as(tmp_path / "listings.csv")
    exported = (tmp_path / "listings.csv").read_text(encoding="utf-8-sig")
    assert all(sku in exported for sku in found)
    assert len(exported.splitlines()) == len(found) + 1

    panel(anybody, "views")
    page.get_by_role("button", name="Delete").click()
    assert anybody.complaints == []


def test_many_rows_are_changed_after_a_preview_and_the_progress_is_shown(anybody: Visit, store: str) -> None:
    page = anybody.open(f"{store}/listings?sku=CG-200&state=active")
    page.get_by_label(re.compile("All .* that match")).check()
    page.get_by_role("button", name="Send price again").click()
    assert re.search(r"\d+ rows are chosen", main(anybody))
    assert anybody.sticks_out() == []
    page.locator(".grid-preview").get_by_role("button", name="Send price again").click()
    page.wait_for_url("**/bulk/*")
    anybody.reload_until("Done")
    assert page.get_by_role("progressbar").get_attribute("value") == page.get_by_role("progressbar").get_attribute(
        "max"
    )
    assert anybody.sticks_out() == []
    assert anybody.complaints == []


def test_what_is_wrong_in_a_form_is_said_at_the_top_and_at_the_field(anybody: Visit, store: str) -> None:
    page = anybody.open(f"{store}/settings")
    page.get_by_label("Stock needed").fill("many")
    page.get_by_label("Mail address for alerts").fill("nobody")
    page.get_by_role("button", name="Save").click()
    assert "There are 2 problems" in main(anybody)
    problem = page.get_by_role("alert").get_by_role("link", name=re.compile("Stock needed"))
    problem.click()
    field = page.get_by_label("Stock needed")
    assert field.input_value() == "many"
    assert field.get_attribute("aria-invalid") == "true"
    assert anybody.sticks_out() == []


def test_a_form_with_changes_is_not_left_by_mistake(somebody: Visit, store: str) -> None:
    page, asked = somebody.open(f"{store}/settings"), []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.get_by_label("Stock needed").fill("3")
    page.once("dialog", stay)
    page.get_by_role("link", name="Earlier changes").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert page.url.endswith("/settings")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Earlier changes").click()
    page.wait_for_url("**/changes")


def test_of_two_people_who_save_the_second_chooses_and_what_was_saved_is_taken_back(
    anybody: Visit, scene: Scene, store: str
) -> None:
    anybody.complaints.clear()
    page = anybody.open(f"{store}/settings")
    before = page.get_by_label("Days looked back").input_value()
    _save_elsewhere(scene, store, str(int(before) + 1))
    page.get_by_label("Days looked back").fill(str(int(before) + 2))
    page.get_by_role("button", name="Save").click()
    assert "Somebody else saved meanwhile" in main(anybody)
    assert anybody.sticks_out() == []
    page.get_by_role("radio", name=re.compile("as you typed it")).check()
    page.get_by_role("button", name="Go on with this").click()
    anybody.open(f"{store}/settings")
    assert page.get_by_label("Days looked back").input_value() == str(int(before) + 2)

    anybody.open(f"{store}/changes?view=all")
    page.locator("tr", has_text="Days looked back").first.get_by_role("link").last.click()
    page.get_by_role("button", name="Take it back").click()
    assert "as it was before" in main(anybody)
    anybody.open(f"{store}/settings")
    assert page.get_by_label("Days looked back").input_value() == str(int(before) + 1)
    assert [text for text in anybody.complaints if "409" not in text] == [], "The page of the difference is a conflict."


def _save_elsewhere(scene: Scene, store: str, days: str) -> None:
    form = next(one for one in scene.owner.open(f"{store}/settings").forms if "look_back_days" in one.fields)
    form.action = f"{scene.demo.url}{store}/settings"
    scene.owner.send(form, look_back_days=days)


def test_a_clerk_is_not_offered_what_only_an_owner_may_do(browser: Browser, scene: Scene, store: str) -> None:
    for window in WINDOWS.values():
        with Visit(browser, scene, "clerk@example.com", **window) as clerk:
            page = clerk.open(store)
            names = page.get_by_role("main").get_by_role("button").all_inner_texts()
            assert {"Pause", "Activate", "Send no more prices"} & set(names) == set()
            assert page.get_by_role("link", name="Settings").count() == 0
            clerk.open(f"{store}/settings")
            assert "permission" in main(clerk)


def test_whoever_may_only_look_is_offered_nothing_that_is_refused(browser: Browser, scene: Scene, store: str) -> None:
    """Every link of the pages that a packer comes to is followed; nothing there changes but views of their own."""
    for window in WINDOWS.values():
        with Visit(browser, scene, "packer@example.com", **window) as packer:
            first = ["/amazon/", store, f"{store}/listings", scene.listing_page("CG-2003"), "/amazon/orders"]
            addresses = list(first)
            for address in addresses:
                answer = packer.page.goto(address)
                assert answer is not None
                assert answer.status == 200, f"{address}: {answer.status}"
                changing = packer.page.eval_on_selector_all("main form[method=post]", _ACTIONS)
                assert [action for action in changing if "/views" not in action] == [], address
                if address in first:
                    addresses += set(packer.page.eval_on_selector_all("a[href^='/amazon']", _PATHS)) - set(addresses)
            assert len(addresses) > 20
            assert packer.complaints == []


_PATHS = "links => links.map(link => link.getAttribute('href').split('#')[0]).filter(path => !path.includes('format='))"
_ACTIONS = "forms => forms.map(form => new URL(form.action).pathname)"
