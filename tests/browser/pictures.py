"""Take the pictures of the documentation: `python -m tests.browser.pictures docs/images`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from example_store.demo.running import Demo
from example_store.tour.products import come_to_rest, product_saved
from example_store.tour.scene import Scene
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.serving import READY_MARKETPLACES
from tests.browser import shots
from tests.browser.looking import Visit, chromium, is_imported, order_something

ORDERS = (("CG-2003", 1), ("KT-3005", 4), ("BK-1014", 1))


def take(scene: Scene, browser: Browser, folder: Path) -> None:
    """Take a picture of each page that the manual shows."""
    scene.until(lambda: is_imported(scene))
    come_to_rest(scene)
    for item in ORDERS:
        order_something(scene, item)
    product_saved(scene)
    found = shots.furnish(scene)
    come_to_rest(scene)
    folder.mkdir(parents=True, exist_ok=True)
    with Visit(browser, scene, "owner@example.com", viewport=shots.DESK) as visit:
        for shot in shots.SHOTS:
            if shot.height:
                visit.open(shots.where(shot, found))
                shots.take(visit, shot, folder / f"{shot.name}.png")


def take_amazon(browser: Browser, folder: Path) -> None:
    """The page of the local Amazon, with a few orders."""
    with Amazon(seed=3) as amazon:
        seller = amazon.add_seller(READY_MARKETPLACES, catalogue=100)["seller_id"]
        for sku in ("COFF-000001", "LAMP-000002", "LAMP-000004"):
            amazon.place_order(seller, READY_MARKETPLACES[0], [{"sku": sku, "quantity": 1}])
        page = browser.new_page(viewport={"width": shots.WIDTH, "height": shots.HEIGHT})
        page.goto(amazon.url)
        page.screenshot(path=folder / "local-amazon.png")
        shots.shrink(folder / "local-amazon.png")


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        demo = Demo(Path(data))
        try:
            demo.start()
            with chromium() as browser:
                take(Scene(demo), browser, Path(sys.argv[1]))
                take_amazon(browser, Path(sys.argv[1]))
        finally:
            demo.stop()


if __name__ == "__main__":
    main()
