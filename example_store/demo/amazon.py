"""The simulated Amazon of the demo, a process of its own: `python -m example_store.demo.amazon`.

The shop has two sellers there, with their listings.  The world is kept in a file, so that it survives a restart, and
buyers order now and then if there are any.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import threading
import time
from pathlib import Path
from typing import Any

from example_store.amazon_catalogue import amazon_listings
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.control.refused import Refused

MARKETPLACES = {
    "US": ("ATVPDKIKX0DER", "USD"),
    "MX": ("A1AM78C64UM0Y8", "MXN"),
    "GB": ("A1F83G8C2ARO7P", "GBP"),
    "DE": ("A1PA6795UKMFR9", "EUR"),
}
"""Where the shop sells: the marketplace and its currency, by country."""
SELLERS = {"Fjellstad & Sons": ("US", "MX"), "Fjellstad & Sons Europe": ("GB", "DE")}
QUICK = {"quotas": "off", "submission_delay": 0.3, "report_delay": 0.5, "order_delay": 0.0}
"""Amazon takes minutes where this one takes less than a second, and it does not count calls."""
SAVE_EVERY = 5.0


def world_file(folder: Path) -> Path:
    return folder / "amazon.json"


def sellers_file(folder: Path) -> Path:
    """The sellers as the simulator made them, with their tokens."""
    return folder / "sellers.json"


def main() -> None:
    parser = argparse.ArgumentParser(description="The simulated Amazon of the demo.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--return-to", required=True, help="where the consent page sends the seller")
    parser.add_argument("--buyers", type=float, default=0, help="seconds between two orders; 0: nobody buys")
    arguments = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    amazon = Amazon(port=arguments.port)
    prepare(amazon, arguments.folder, arguments.return_to)
    with amazon:
        live(amazon, arguments.folder, arguments.buyers, stop)


def prepare(amazon: Amazon, folder: Path, return_to: str) -> None:
    """Take up the world where it was left, or begin one."""
    if world_file(folder).exists():
        world = json.loads(world_file(folder).read_text())
        amazon.load(world)
        amazon.advance(max(0.0, time.time() - world["now"]))
    else:
        sellers = [_new_seller(amazon, name, countries) for name, countries in SELLERS.items()]
        _write(sellers_file(folder), sellers)
        _write(world_file(folder), amazon.save())
    amazon.settings(**QUICK)
    for seller in _sellers(folder):
        amazon.change_seller(seller["seller_id"], redirect_uris=[return_to])


def live(amazon: Amazon, folder: Path, buyers: float, stop: threading.Event) -> None:
    """Keep the world in its file, and let buyers buy, until told to stop."""
    chance = random.Random()
    save_at = buy_at = time.monotonic()
    while not stop.wait(0.2):
        now = time.monotonic()
        if buyers and now >= buy_at + buyers:
            buy_at = now
            buy(amazon, _sellers(folder)[0]["seller_id"], chance)
        if now >= save_at + SAVE_EVERY:
            save_at = now
            _write(world_file(folder), amazon.save())
    _write(world_file(folder), amazon.save())


def buy(amazon: Amazon, seller_id: str, chance: random.Random) -> str | None:
    """Let somebody order one or two of something; return the order id, None where it was not for sale."""
    sku = chance.choice([each["sku"] for each in amazon_listings() if each["fulfillment"] == "MERCHANT"])
    try:
        return amazon.place_order(
            seller_id, MARKETPLACES["US"][0], [{"sku": sku, "quantity": chance.choice([1, 1, 1, 2])}]
        )
    except Refused:
        return None


def _new_seller(amazon: Amazon, name: str, countries: tuple[str, ...]) -> dict[str, Any]:
    places = [MARKETPLACES[country] for country in countries]
    listings = [
        {**listing, "marketplace": marketplace}
        for marketplace, currency in places
        for listing in amazon_listings(currency)
    ]
    return {**amazon.add_seller([place for place, _ in places], listings=listings, store_name=name), "name": name}


def _sellers(folder: Path) -> list[dict[str, Any]]:
    sellers: list[dict[str, Any]] = json.loads(sellers_file(folder).read_text())
    return sellers


def _write(file: Path, document: Any) -> None:
    """Write the whole document or nothing, for the eyes of this user only: it holds tokens."""
    fresh = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as opened:
        json.dump(document, opened)
    fresh.replace(file)


if __name__ == "__main__":
    main()
