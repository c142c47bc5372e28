"""The control calls (`/_control/...`): what happens at Amazon without the seller's client.

Bodies and answers are JSON.  What cannot be done answers 400 with a sentence; what does not exist, 404.  The function
of a call takes the world (or the gateway), then the parts of the path, then the members of the body by their names;
an answer of nothing is an empty object.
"""

from collections.abc import Callable
from typing import Any

from flask_amazon_channel.simulator.control import (
    application,
    fba,
    listings,
    notices,
    offers,
    orders,
    product_types,
    products,
    sellers,
    shopping,
    traffic,
    worlds,
)
from flask_amazon_channel.simulator.wire.gateway import Gateway
from flask_amazon_channel.simulator.wire.messages import Request, Response, json_response, path_value

PREFIX = "/_control/"
Facts = dict[str, Any]
Place = tuple[str, str]  # method and path

_OF_THE_WORLD: dict[Place, Callable[..., Facts | None]] = {
    ("GET", "state"): worlds.state,
    ("POST", "clock"): worlds.set_clock,
    ("GET", "settings"): worlds.get_settings,
    ("PUT", "settings"): worlds.set_settings,
    ("GET", "world"): worlds.save,
    ("PUT", "world"): worlds.load,
    ("PATCH", "application"): application.change_application,
    ("POST", "sellers"): sellers.add_seller,
    ("PATCH", "sellers/{id}"): sellers.change_seller,
    ("GET", "listings/{seller}/{marketplace}/{sku}"): listings.get_listing,
    ("PUT", "listings/{seller}/{marketplace}/{sku}"): listings.put_listing,
    ("DELETE", "listings/{seller}/{marketplace}/{sku}"): listings.drop_listing,
    ("GET", "fba/{seller}/{sku}"): fba.get_fba,
    ("PUT", "fba/{seller}/{sku}"): fba.put_fba,
    ("POST", "products"): products.add_product,
    ("POST", "restrictions"): products.add_restriction,
    ("DELETE", "restrictions"): products.drop_restrictions,
    ("GET", "product_types"): product_types.list_product_types,
    ("POST", "product_types"): product_types.release_product_type,
    ("POST", "offers"): offers.put_offers,
    ("GET", "offers/{marketplace}/{asin}"): offers.get_offers,
    ("DELETE", "offers/{marketplace}/{asin}"): offers.drop_offers,
    ("POST", "orders"): orders.post_order,
    ("GET", "orders/{id}"): orders.get_order,
    ("PATCH", "orders/{id}"): orders.patch_order,
    ("GET", "messages"): orders.get_messages,
    ("GET", "buyers"): shopping.get_shoppers,
    ("POST", "buyers"): shopping.set_shoppers,
    ("DELETE", "buyers"): shopping.drop_shoppers,
    ("GET", "notifications"): notices.get_notifications,
    ("POST", "notifications"): notices.cause_notification,
    ("DELETE", "notifications"): notices.forget_notifications,
    ("GET", "event_rules"): notices.get_event_rules,
    ("PUT", "event_rules"): notices.put_event_rule,
}
_OF_THE_GATEWAY: dict[Place, Callable[..., Facts | None]] = {
    ("GET", "requests"): traffic.get_requests,
    ("DELETE", "requests"): traffic.forget_requests,
    ("POST", "faults"): traffic.add_fault,
    ("GET", "faults"): traffic.get_faults,
    ("DELETE", "faults"): traffic.drop_faults,
    ("POST", "reset"): traffic.reset,
}
PLACES = (*_OF_THE_WORLD, *_OF_THE_GATEWAY)
_BY_LENGTH = {(method, path.split("/")[0], path.count("/")): (method, path) for method, path in PLACES}


def control(gateway: Gateway, request: Request) -> Response:
    """Answer one control call."""
    parts = [path_value(part) for part in request.path.removeprefix(PREFIX).split("/")]
    if (request.method, parts[0], len(parts) - 1) not in _BY_LENGTH:
        return json_response({"error": f"There is no control call {request.method} {request.path}."}, 404)
    try:
        with gateway.world.lock:
            return json_response(perform(gateway, request.method, parts, request.json() if request.body else {}))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return json_response({"error": f"{type(error).__name__}: {error}"}, 400)


def perform(gateway: Gateway, method: str, parts: list[str], body: Facts) -> Facts:
    """Raises KeyError for a control call that there is not, and ValueError for one that cannot be done."""
    place = _BY_LENGTH[method, parts[0], len(parts) - 1]
    with gateway.world.lock:
        gateway.world.settle()
        if place in _OF_THE_GATEWAY:
            return _OF_THE_GATEWAY[place](gateway, *parts[1:], **body) or {}
        return _OF_THE_WORLD[place](gateway.world, *parts[1:], **body) or {}
