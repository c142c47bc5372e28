"""The pages in a real browser: checked by axe, narrow and wide, light and dark."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import make_server

from flask_amazon_channel.models import Activity, Aspect, ListingIssue, Submission
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.making import ago, product

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the extra `browser` is not installed")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="Chromium is not installed"),
]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = {"wide and light": (1280, "light"), "narrow and dark": (360, "dark")}
LONG = "A very long title with Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def whole_answers(app: Flask) -> WSGIApplication:
    """`app`, with every file closed before its answer is sent: Chromium leaves a page while a style sheet is on its
    way, and Werkzeug's server then drops the open file.
    """

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with contextlib.closing(app(environ, start_response)) as answer:
            return [b"".join(answer)]

    return serve


@pytest.fixture
def address(pages: Pages) -> Iterator[str]:
    """A shop with something on every page, served on loopback."""
    of = making.account(pages.db)
    here = making.store(pages.db, of, problem="The listings are suspended (vacation setting).")
    making.store(pages.db, of, "FR", state="inactive", imported_at=None)
    pages.shop.stock["8"] = product("8", enabled=False, quantity=0, title=LONG)
    active = making.listing(pages.db, here, title=LONG, note="sent", wanted_price_minor=2190)
    making.listing(
        pages.db, here, "THIRD", state="new_third_party", of_sku={"product_id": None, "match_candidates": ["7", "8"]}
    )
    making.listing(pages.db, here, "M" * 40, state="ineligible", of_sku={"product_id": "8"})
    order = making.order(pages.db, of, here, {"title": LONG}, problem="It waits. " * 20, due_at=making.NOW)
    making.order(pages.db, of, here, purchased_at=ago(days=40))
    making.alert(pages.db, here, LONG)
    making.cycle(pages.db, here, failures=1)
    aspect = Aspect(account_id=of.id, listing_id=active.id, name="price", due_at=ago(minutes=4))
    pages.db.session.add_all(
        [
            aspect,
            ListingIssue(listing_id=active.id, code="1", severity="ERROR", message=LONG, seen_at=ago(hours=1)),
            Activity(at=ago(days=3), listing_id=active.id, store_id=here.id, action="x", sentence=LONG),
            Activity(at=ago(days=3), order_id=order.id, action="x", sentence=LONG),
        ]
    )
    pages.db.session.flush()
    pages.db.session.add(
        Submission(
            aspect_id=aspect.id, generation=1, state="invalid", marketplace_id=here.marketplace_id, patches=[],
            price_minor=1, amazon_submission_id="f" * 36, created_at=ago(hours=2), problem=LONG,
        )
    )  # fmt: skip
    pages.db.session.commit()
    server = make_server("127.0.0.1", 0, whole_answers(pages.app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/amazon"
    server.shutdown()
    thread.join()
    server.server_close()


EVERY = [
    "/", "/connect", "/accounts/1", "/stores/1", "/stores/2", "/stores/1/listings", "/stores/1/listings?q=mug",
    "/stores/1/listings?state=ineligible", "/stores/1/listings?state=ended", "/listings/1", "/listings/2",
    "/listings/3", "/listings/1/prices", "/orders", "/orders/1", "/stores/99", "/search", "/search?q=M", "/help",
]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_can_be_used_by_everybody(browser: Any, address: str, look: str) -> None:
    width, scheme = LOOKS[look]
    # Axe is brought in as a script, which our policy rightly forbids.
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en-GB", bypass_csp=True
    )
    page = context.new_page()
    found = []
    for path in EVERY:
        page.goto(address + path)
        found += [(path, rule["id"], rule["nodes"][0]["html"]) for rule in _violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append((path, "wider than the window", ""))
    context.close()
    assert found == []


def _violations(page: Any) -> list[dict[str, Any]]:
    return list(axe.Axe().run(page, options=RULES).response["violations"])


def test_a_person_connects_pauses_and_matches_with_the_keyboard_alone(browser: Any, address: str, pages: Pages) -> None:
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address + "/stores/1")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.locator("button", has_text="Pause").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Potter DE is paused.").wait_for()
    page.goto(address + "/connect")
    page.get_by_label("Name").focus()
    page.keyboard.type("Potter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Continue at Amazon").wait_for()
    page.goto(address + "/listings/2")
    page.get_by_label("SKU or id of the product").focus()
    page.keyboard.type("MUG-7")
    page.keyboard.press("Enter")
    page.get_by_text("This listing is Mug 7 (MUG-7) from now on.").wait_for()
    context.close()
    assert complaints == []


def test_the_keyboard_leads_everywhere_and_the_keys_can_be_switched_off(browser: Any, address: str) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(address + "/stores/1")
    page.keyboard.press("/")
    assert page.locator(":focus").get_attribute("name") == "q"
    page.keyboard.press("g")
    page.keyboard.press("l")
    assert page.locator(":focus").input_value() == "gl", "keys in a field are text"
    page.locator("main").focus()
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/stores/1/listings")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard")
    keys.wait_for()
    keys.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").count() == 0
    assert page.url.endswith("/stores/1/listings")
    page.goto(address + "/help")
    page.get_by_role("checkbox").check()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/amazon/")
    context.close()


def test_the_menu_is_opened_and_closed_on_a_phone_without_a_script(browser: Any, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/stores/1")
    menu = page.get_by_role("navigation", name="Places")
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert menu.is_visible()
    menu.get_by_role("button", name="Close").click()
    assert not menu.is_visible()
    page.get_by_role("button", name="Menu").click()
    menu.get_by_role("link", name="All orders").click()
    page.wait_for_url("**/amazon/orders")
    context.close()


def test_where_the_page_says_light_or_dark_the_system_does_not_decide(browser: Any, address: str) -> None:
    context = browser.new_context(color_scheme="light", locale="en-GB")
    page = context.new_page()
    page.goto(address + "/")
    paper = "getComputedStyle(document.querySelector('.amazon-channel')).backgroundColor"
    light = page.evaluate(paper)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate(paper) != light
    context.close()
