"""The simulator in the foreground, with a seller ready to connect."""

import json
import signal
import threading
from collections.abc import Callable
from typing import Any

from flask_amazon_channel.simulator.amazon import Amazon

READY_MARKETPLACES = ["A1PA6795UKMFR9", "A13V1IB3VIYZZH", "A1F83G8C2ARO7P"]


def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
    seed: int = 1,
    catalogue: int = 100,
    speed: float = 1.0,
    say: Callable[[str], Any] = print,
) -> None:
    """Serve until Ctrl-C or SIGTERM; `say` prints a line."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Amazon(host, port, seed) as amazon:
        amazon.speed(speed)
        seller = amazon.add_seller(READY_MARKETPLACES, catalogue=catalogue)
        for line in introduction(amazon.url, seller):
            say(line)
        stop.wait()
    say("The simulator has stopped.")


def introduction(url: str, seller: dict[str, Any]) -> list[str]:
    """The address, the ready seller and the configuration to paste."""
    return [
        f"A local Amazon answers at {url} (control calls: {url}/_control/state).",
        "",
        "A seller is ready, in Germany, France and the United Kingdom:",
        f"  seller id      {seller['seller_id']}",
        f"  refresh token  {seller['refresh_token']}",
        "",
        "Configuration of the shop:",
        *(f"  {line}" for line in configuration(url, seller)),
        "",
        "Ctrl-C stops it.",
    ]


def configuration(url: str, seller: dict[str, Any]) -> list[str]:
    values = {
        "LWA_CLIENT_ID": seller["client_id"],
        "LWA_CLIENT_SECRET": seller["client_secret"],
        "APPLICATION_ID": seller["application_id"],
        "ENDPOINTS": {"na": url, "eu": url, "fe": url},
        "LWA_ENDPOINT": url,
        "CONSENT_ENDPOINT": url,
    }
    return [f"AMAZON_CHANNEL_{name} = {json.dumps(value)}" for name, value in values.items()]
