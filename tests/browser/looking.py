"""How the tests look at pages: Chromium, a person who is signed in, and where everything is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from example_store.demo.amazon import MARKETPLACES
from example_store.seed import DEMO_PASSWORD
from example_store.tour.scene import Scene, expect
from flask_amazon_channel.models import Store

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
US = MARKETPLACES["US"][0]
PATIENCE = 60_000
"""Milliseconds that the browser waits for a page: the machine may have other work."""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Visit:
    """Somebody signed in, with a browser window; what the browser complains about is kept."""

    def __init__(self, browser: Browser, scene: Scene, email: str, **window: Any) -> None:
        self.scene, self.email = scene, email
        self._context = browser.new_context(**{"base_url": scene.demo.url, "locale": "en-US", **window})
        self._context.set_default_timeout(PATIENCE)
        self.page: Page = self._context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __enter__(self) -> Self:
        self.page.goto("/login")
        self.page.get_by_label("E-mail").fill(self.email)
        self.page.get_by_label("Password").fill(DEMO_PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url("**/office/products")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.close()

    def open(self, address: str) -> Page:
        self.page.goto(address)
        return self.page

    def reload_until(self, text: str) -> None:
        """Load the page again until it says so: what a person does who waits for something."""

        def look() -> None:
            self.page.reload()
            expect(text in " ".join(self.page.inner_text("main").split()), f"{self.page.url} does not say: {text}")

        self.scene.until(look)

    def violations(self, *rules: str) -> list[str]:
        """What the checker of accessibility finds wrong with the page, by all of its rules or by these."""
        options = {"runOnly": list(rules)} if rules else {}
        found = Axe().run(self.page, options={"resultTypes": ["violations"], **options}).response["violations"]
        return [f"{each['id']}: {each['help']}: {node['html'][:200]}" for each in found for node in each["nodes"]]

    def sticks_out(self) -> list[str]:
        """The elements that make the page wider than its window; none where the page is not wider."""
        found: list[str] = self.page.evaluate(_STICKS_OUT)
        return found

    def _listen(self, message: ConsoleMessage) -> None:
        """Keep what the browser says about the shop's pages; Amazon's are not ours."""
        if message.type in ("error", "warning") and message.location["url"].startswith(self.scene.demo.url):
            self.complaints.append(message.text)


_STICKS_OUT = """() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const out = [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > wide + 1);
    return [`wider than ${wide}`, ...out.slice(-5).map(one => one.outerHTML.slice(0, 160))];
}"""


def is_imported(scene: Scene) -> None:
    with scene.database() as session:
        waiting = session.scalars(
            sa.select(Store.name).where(Store.imported_at.is_(None), Store.state == "active")
        ).all()
    expect(not waiting, f"The listings are still being read: {waiting}")


def order_something(scene: Scene, *items: tuple[str, int]) -> str:
    """Let a buyer order, wait until the shop has the order, and return Amazon's number of it."""
    order_id = scene.amazon.place_order(scene.seller, US, *items)
    scene.until(lambda: scene.shop_order(order_id))
    return order_id
