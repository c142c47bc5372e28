"""The control calls (`/_control/...`): what happens at Amazon without the seller's client.

Bodies and answers are JSON.  What cannot be done answers 400 with a sentence; what does not exist, 404.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask_amazon_channel.simulator.api.orders.shapes import PARTS, order_shape, package_shape
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.control import (
    application,
    fba,
    notices,
    product_types,
    products,
    sales,
    shelves,
    shopping,
)
from flask_amazon_channel.simulator.control.sales import Refused
from flask_amazon_channel.simulator.market import setting as market
from flask_amazon_channel.simulator.state import snapshot
from flask_amazon_channel.simulator.wire.gateway import Gateway
from flask_amazon_channel.simulator.wire.messages import Request, Response, json_response, path_value

PREFIX = "/_control/"


def control(gateway: Gateway, request: Request) -> Response:
    """Answer one control call."""
    parts = [path_value(part) for part in request.path.removeprefix(PREFIX).split("/")]
    call = _CALLS.get((request.method, parts[0], len(parts) - 1))
    if call is None:
        return json_response({"error": f"There is no control call {request.method} {request.path}."}, 404)
    try:
        body = request.json() if request.body else {}
        with gateway.world.lock:
            gateway.world.settle()
            return json_response(call(gateway, body, *parts[1:]))
    except (Refused, ValueError, TypeError, KeyError, AttributeError) as error:
        return json_response({"error": f"{type(error).__name__}: {error}"}, 400)


def state(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    world = gateway.world
    return {
        "seed": world.state.seed,
        "clock": {"now": iso(world.now()), "speed": world.clock.speed},
        "application": {
            "application_id": world.state.application.application_id,
            "client_id": world.state.application.client_id,
            "redirect_uris": world.state.application.redirect_uris,
        },
        "sellers": [_seller_state(gateway, each) for each in world.state.sellers],
        "settings": asdict(world.settings),
        "counts": {
            "orders": len(world.state.orders),
            "reports": len(world.state.reports),
            "pending": len(world.state.pending),
        },
    }


def _seller_state(gateway: Gateway, seller_id: str) -> dict[str, Any]:
    world = gateway.world
    seller = world.state.sellers[seller_id]
    return {
        "seller_id": seller.id,
        "region": seller.region,
        "marketplaces": seller.marketplaces,
        "suspended": seller.suspended,
        "roles": seller.roles,
        "revoked": seller.revoked,
        "listings": len(world.stock(seller_id)),
        "orders": len(world.orders(seller_id)),
    }


def add_seller(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    facts = dict(body)
    return shelves.add_seller(gateway.world, facts.pop("marketplaces"), facts.pop("catalogue", 0), **facts)


def change_seller(gateway: Gateway, body: dict[str, Any], seller_id: str) -> dict[str, Any]:
    return shelves.change_seller(gateway.world, seller_id, body)


def get_listing(gateway: Gateway, body: dict[str, Any], seller: str, marketplace: str, sku: str) -> dict[str, Any]:
    return shelves.listing_facts(gateway.world, seller, marketplace, sku)


def put_listing(gateway: Gateway, body: dict[str, Any], seller: str, marketplace: str, sku: str) -> dict[str, Any]:
    return shelves.put_listing(gateway.world, seller, marketplace, sku, body)


def drop_listing(gateway: Gateway, body: dict[str, Any], seller: str, marketplace: str, sku: str) -> dict[str, Any]:
    shelves.drop_listing(gateway.world, seller, sku)
    return {}


def get_fba(gateway: Gateway, body: dict[str, Any], seller: str, sku: str) -> dict[str, Any]:
    return fba.fba_facts(gateway.world, seller, sku)


def put_fba(gateway: Gateway, body: dict[str, Any], seller: str, sku: str) -> dict[str, Any]:
    return fba.put_fba(gateway.world, seller, sku, body)


def add_product(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return products.add_product(gateway.world, **body)


def add_restriction(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return products.add_restriction(gateway.world, **body)


def drop_restrictions(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return products.drop_restrictions(gateway.world, body)


def place_order(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    order = sales.place_order(gateway.world, **body)
    return {
        "order_id": order.id,
        "items": [{"order_item_id": item.id, "sku": item.sku} for item in order.items],
    }


def change_order(gateway: Gateway, body: dict[str, Any], order_id: str) -> dict[str, Any]:
    sales.change_order(gateway.world, order_id, body)
    return get_order(gateway, {}, order_id)


def get_order(gateway: Gateway, body: dict[str, Any], order_id: str) -> dict[str, Any]:
    """The order with everything that Amazon knows of it, its packages and its refunds."""
    order = gateway.world.state.orders.get(order_id)
    if order is None:
        raise Refused(f"There is no order {order_id}.")
    return {
        "seller": order.seller_id,
        "status": order.status,
        "order": order_shape(order, list(PARTS), personal_data=True),
        "packages": [package_shape(package) for package in order.packages],
        "refunds": order.refunds,
    }


def put_offers(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return market.put_offers(gateway.world, **body)


def get_offers(gateway: Gateway, body: dict[str, Any], marketplace: str, asin: str) -> dict[str, Any]:
    return market.shown_offers(gateway.world, asin, marketplace)


def drop_offers(gateway: Gateway, body: dict[str, Any], marketplace: str, asin: str) -> dict[str, Any]:
    market.drop_offers(gateway.world, asin, marketplace)
    return {}


def get_buyers(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return shopping.shoppers_shape(gateway.world)


def set_buyers(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return shopping.set_shoppers(gateway.world, body)


def drop_buyers(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    shopping.drop_shoppers(gateway.world)
    return {}


def get_messages(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return {"messages": [asdict(each) for each in gateway.world.state.messages]}


def change_application(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return application.change_application(gateway.world, body)


def set_clock(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    clock = gateway.world.clock
    if "speed" in body:
        clock.run_at(float(body["speed"]))
    clock.advance(float(body.get("advance", 0)))
    gateway.world.settle()
    return {"now": iso(clock.now()), "speed": clock.speed}


def set_settings(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    gateway.world.settings.change(body)
    if "quotas" in body:
        gateway.world.state.buckets.clear()
    return asdict(gateway.world.settings)


def get_settings(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return asdict(gateway.world.settings)


def get_requests(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return {"requests": gateway.recording.as_plain()}


def forget_requests(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    gateway.recording.clear()
    return {}


def get_notifications(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return notices.get_notifications(gateway.world)


def cause_notification(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return notices.cause_notification(gateway.world, **body)


def forget_notifications(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return notices.forget_notifications(gateway.world)


def get_event_rules(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return notices.get_event_rules(gateway.world)


def put_event_rule(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return notices.put_event_rule(gateway.world, **body)


def add_fault(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return dict(vars(gateway.faults.add(**body)))


def get_faults(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return gateway.faults.as_plain()


def drop_faults(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    gateway.faults.waiting.clear()
    return {}


def get_product_types(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return product_types.list_product_types(gateway.world)


def release_product_type(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    return product_types.release(gateway.world, body)


def reset(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    """Back to the seed, or to another one: no sellers, no faults, no record of requests."""
    seed = int(body.get("seed", gateway.world.state.seed))
    gateway.world.reset(seed)
    gateway.faults.reset(seed)
    gateway.recording.clear()
    return state(gateway, {})


def save_world(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    gateway.world.take_back()
    return {"now": gateway.world.now(), "state": snapshot.save(gateway.world.state)}


def load_world(gateway: Gateway, body: dict[str, Any]) -> dict[str, Any]:
    gateway.world.adopt(snapshot.load(body["state"]))
    gateway.world.clock.set_to(float(body["now"]))
    return state(gateway, {})


_CALLS: dict[tuple[str, str, int], Callable[..., dict[str, Any]]] = {
    ("GET", "state", 0): state,
    ("POST", "sellers", 0): add_seller,
    ("PATCH", "sellers", 1): change_seller,
    ("GET", "listings", 3): get_listing,
    ("PUT", "listings", 3): put_listing,
    ("DELETE", "listings", 3): drop_listing,
    ("GET", "fba", 2): get_fba,
    ("PUT", "fba", 2): put_fba,
    ("POST", "products", 0): add_product,
    ("POST", "restrictions", 0): add_restriction,
    ("DELETE", "restrictions", 0): drop_restrictions,
    ("POST", "orders", 0): place_order,
    ("PATCH", "orders", 1): change_order,
    ("GET", "orders", 1): get_order,
    ("GET", "buyers", 0): get_buyers,
    ("POST", "buyers", 0): set_buyers,
    ("DELETE", "buyers", 0): drop_buyers,
    ("GET", "messages", 0): get_messages,
    ("PATCH", "application", 0): change_application,
    ("POST", "offers", 0): put_offers,
    ("GET", "offers", 2): get_offers,
    ("DELETE", "offers", 2): drop_offers,
    ("POST", "clock", 0): set_clock,
    ("GET", "settings", 0): get_settings,
    ("PUT", "settings", 0): set_settings,
    ("GET", "requests", 0): get_requests,
    ("DELETE", "requests", 0): forget_requests,
    ("GET", "notifications", 0): get_notifications,
    ("POST", "notifications", 0): cause_notification,
    ("DELETE", "notifications", 0): forget_notifications,
    ("GET", "event_rules", 0): get_event_rules,
    ("PUT", "event_rules", 0): put_event_rule,
    ("POST", "faults", 0): add_fault,
    ("GET", "faults", 0): get_faults,
    ("DELETE", "faults", 0): drop_faults,
    ("GET", "product_types", 0): get_product_types,
    ("POST", "product_types", 0): release_product_type,
    ("POST", "reset", 0): reset,
    ("GET", "world", 0): save_world,
    ("PUT", "world", 0): load_world,
}
