"""The running demo, and Chromium to look at it.  Without Chromium or Playwright these tests are skipped."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from example_store.demo.running import Demo
from example_store.tour.scene import Scene

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.looking import Visit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Every part as a process of its own; the seller of the United States and Mexico is connected."""
    demo = Demo(tmp_path_factory.mktemp("demo"))
    try:
        demo.start()
        yield demo
    finally:
        demo.stop()


@pytest.fixture(scope="session")
def scene(demo: Demo) -> Scene:
    """The demo when its listings were imported, with one order that waits to be shipped."""
    from tests.browser.looking import is_imported, order_something

    scene = Scene(demo)
    scene.until(lambda: is_imported(scene))
    order_something(scene, ("CG-2003", 1), ("ST-4002", 2))
    return scene


@pytest.fixture
def owner(browser: Browser, scene: Scene) -> Iterator[Visit]:
    from tests.browser.looking import Visit

    with Visit(browser, scene, "owner@example.com") as visit:
        yield visit


@pytest.fixture
def clerk(browser: Browser, scene: Scene) -> Iterator[Visit]:
    from tests.browser.looking import Visit

    with Visit(browser, scene, "clerk@example.com") as visit:
        yield visit
