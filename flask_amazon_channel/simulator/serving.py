"""The simulator in the foreground, with a seller ready to connect."""

import signal
import threading
from collections.abc import Callable
from typing import Any

from flask_amazon_channel.simulator.amazon import Amazon
from flask_amazon_channel.simulator.introduction import introduction

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
