"""`Amazon`: the simulator for tests, with the control calls as methods."""

import threading
from types import TracebackType
from typing import Any, Self

from flask_amazon_channel.simulator.control.calls import perform
from flask_amazon_channel.simulator.wire.faults import Faults
from flask_amazon_channel.simulator.wire.gateway import Gateway
from flask_amazon_channel.simulator.wire.server import Server
from flask_amazon_channel.simulator.world import World

Facts = dict[str, Any]


class Amazon:
    """A local Amazon.  `with Amazon() as amazon:` serves at `amazon.url` until the block ends.

    State survives `stop` and `start`.  Methods do what the control calls do, in this process.
    """

    def __init__(
        self, host: str = "127.0.0.1", port: int = 0, seed: int = 1, now: float | None = None, speed: float = 1.0
    ) -> None:
        """The clock starts at `now` (seconds since 1970; this moment unless told) and runs at `speed`, 0 for not."""
        self.host, self.port = host, port
        self.world = World(seed, now, speed)
        self.gateway = Gateway(self.world, Faults(seed))
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> Self:
        """Listen and answer in a thread; with port 0 the system chooses a free one, which is kept."""
        if self._server is not None:
            raise RuntimeError("The simulator runs already.")
        self._server = Server((self.host, self.port), self.gateway)
        self.port = self._server.server_address[1]
        self.world.url = self.url
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="amazon", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
            self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _call(self, method: str, *path: str, body: Facts | None = None) -> Facts:
        return perform(self.gateway, method, list(path), body or {})

    def state(self) -> Facts:
        return self._call("GET", "state")

    def add_seller(
        self, marketplaces: list[str], catalogue: int = 0, listings: list[Facts] | None = None, **facts: Any
    ) -> Facts:
        """seller_id, client_id, client_secret, application_id, refresh_token, region, marketplaces."""
        body = {"marketplaces": marketplaces, "catalogue": catalogue, "listings": listings or [], **facts}
        return self._call("POST", "sellers", body=body)

    def change_seller(self, seller: str, **changes: Any) -> Facts:
        return self._call("PATCH", "sellers", seller, body=changes)

    def listing(self, seller: str, marketplace: str, sku: str) -> Facts:
        """What a buyer would see."""
        return self._call("GET", "listings", seller, marketplace, sku)

    def put_listing(self, seller: str, marketplace: str, sku: str, **facts: Any) -> Facts:
        return self._call("PUT", "listings", seller, marketplace, sku, body=facts)

    def drop_listing(self, seller: str, marketplace: str, sku: str) -> None:
        self._call("DELETE", "listings", seller, marketplace, sku)

    def fba(self, seller: str, sku: str) -> Facts:
        """Where the units of a SKU are in Amazon's warehouses."""
        return self._call("GET", "fba", seller, sku)

    def put_fba(self, seller: str, sku: str, **facts: Any) -> Facts:
        return self._call("PUT", "fba", seller, sku, body=facts)

    def add_product(self, title: str, marketplaces: list[str], **facts: Any) -> Facts:
        """A product in Amazon's catalogue that nobody offers; `facts` may hold asin, brand, ean, product_type."""
        return self._call("POST", "products", body={"title": title, "marketplaces": marketplaces, **facts})

    def restrict(self, seller: str, marketplace: str, **facts: Any) -> Facts:
        """The seller may not list an `asin`, or a `brand`; `facts` may hold reason and condition, too."""
        return self._call("POST", "restrictions", body={"seller": seller, "marketplace": marketplace, **facts})

    def lift_restrictions(self, **facts: Any) -> None:
        """Drop the restrictions that have these facts, or all of them."""
        self._call("DELETE", "restrictions", body=facts)

    def place_order(
        self, seller: str, marketplace: str, items: list[Facts], status: str = "UNSHIPPED", **facts: Any
    ) -> str:
        """A buyer orders; returns the order id."""
        body = {"seller": seller, "marketplace": marketplace, "items": items, "status": status, **facts}
        return str(self._call("POST", "orders", body=body)["order_id"])

    def change_order(self, order_id: str, **changes: Any) -> Facts:
        return self._call("PATCH", "orders", order_id, body=changes)

    def order(self, order_id: str) -> Facts:
        """seller, status, order (as Orders 2026-01-01 shows it, complete), packages, refunds."""
        return self._call("GET", "orders", order_id)

    def put_offers(self, asin: str, marketplace: str, offers: list[Facts] | None = None, **facts: Any) -> Facts:
        """Set all competitors' offers of an ASIN; answers what `offers` answers."""
        return self._call("POST", "offers", body={"asin": asin, "marketplace": marketplace, "offers": offers, **facts})

    def offers(self, asin: str, marketplace: str) -> Facts:
        """All offers of an ASIN, the sellers' own among them, and the seller of the featured one by condition."""
        return self._call("GET", "offers", marketplace, asin)

    def drop_offers(self, asin: str, marketplace: str) -> None:
        """Nothing that was set of an ASIN's offers holds any more."""
        self._call("DELETE", "offers", marketplace, asin)

    def let_buyers_order(self, seller: str, **facts: Any) -> Facts:
        """Let buyers order by themselves: orders_per_hour or orders_per_day, marketplace, pending_minutes, ..."""
        return self._call("POST", "buyers", body={"seller": seller, **facts})

    def buyers(self) -> list[Facts]:
        """The buyers who order by themselves, and how much they ordered."""
        found: list[Facts] = self._call("GET", "buyers")["buyers"]
        return found

    def send_buyers_home(self) -> None:
        self._call("DELETE", "buyers")

    def messages(self) -> list[Facts]:
        """What sellers wrote to buyers."""
        found: list[Facts] = self._call("GET", "messages")["messages"]
        return found

    def change_application(self, **changes: Any) -> Facts:
        """redirect_uris, login_uri, grants, rotate_secret (true or "at_once"; answers client_secret)."""
        return self._call("PATCH", "application", body=changes)

    def requests(self, operation: str | None = None) -> list[Facts]:
        """Every call received, or those of one operation; tokens and secrets are not in them."""
        found: list[Facts] = self._call("GET", "requests")["requests"]
        return [each for each in found if operation in (None, each["operation"])]

    def forget_requests(self) -> None:
        self._call("DELETE", "requests")

    def notifications(self, kind: str | None = None) -> list[Facts]:
        """What was sent, or that of one type: at, type, seller, queue, notification."""
        found: list[Facts] = self._call("GET", "notifications")["sent"]
        return [each for each in found if kind in (None, each["type"])]

    def forget_notifications(self) -> None:
        self._call("DELETE", "notifications")

    def cause_notification(self, occurrence: str, seller: str = "", **facts: Any) -> None:
        """Let happen what nothing else here causes, so that sellers are told of it."""
        self._call("POST", "notifications", body={"occurrence": occurrence, "seller": seller, **facts})

    def event_rule(self, account: str, region: str, queue_arn: str | None, types: list[str] | None = None) -> Facts:
        """Let EventBridge put the events of an account and region into a queue, or stop that."""
        body = {"account": account, "region": region, "queue_arn": queue_arn, "types": types}
        return self._call("PUT", "event_rules", body=body)

    def settings(self, **changes: Any) -> Facts:
        return self._call("PUT", "settings", body=changes)

    def advance(self, seconds: float) -> Facts:
        return self._call("POST", "clock", body={"advance": seconds})

    def speed(self, speed: float) -> Facts:
        return self._call("POST", "clock", body={"speed": speed})

    def fault(
        self, operation: str, kind: str, *, when: Facts | None = None, times: int | None = 1, **facts: Any
    ) -> Facts:
        """Let calls of an operation fail; `facts` may hold seconds (of real time) and issue."""
        body = {"operation": operation, "kind": kind, "when": when or {}, "times": times, **facts}
        return self._call("POST", "faults", body=body)

    def faults(self) -> Facts:
        """The seed, the faults that wait, and those that struck."""
        return self._call("GET", "faults")

    def heal(self) -> None:
        """Drop all faults that still wait."""
        self._call("DELETE", "faults")

    def product_types(self) -> Facts:
        """Every product type with the ids of its latest version and of the one that waits to be released."""
        return self._call("GET", "product_types")

    def release_product_type(self, product_type: str) -> Facts:
        """Make the announced version of a product type the latest one."""
        return self._call("POST", "product_types", body={"product_type": product_type, "release": True})

    def reset(self, seed: int | None = None) -> Facts:
        return self._call("POST", "reset", body={} if seed is None else {"seed": seed})

    def save(self) -> Facts:
        return self._call("GET", "world")

    def load(self, document: Facts) -> None:
        self._call("PUT", "world", body=document)
