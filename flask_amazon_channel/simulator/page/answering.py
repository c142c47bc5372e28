"""Shows the page and does what its buttons say, by the control calls; afterwards the browser is sent back to it."""

from collections.abc import Callable
from html import escape
from urllib.parse import urlencode, urlsplit

from flask_amazon_channel.simulator.control import offers, traffic, worlds
from flask_amazon_channel.simulator.control.order_changes import change_order
from flask_amazon_channel.simulator.control.sales import place_order
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.page import sections
from flask_amazon_channel.simulator.page.html import document
from flask_amazon_channel.simulator.wire.gateway import Gateway
from flask_amazon_channel.simulator.wire.messages import Request, Response, html_response

Form = dict[str, str]
_LOCK_DOWN = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NAVIGATION = "".join(
    f'<a href="#{each}">{each.capitalize()}</a>' for each in ("sellers", "listings", "orders", "calls", "faults")
)


def page(gateway: Gateway, request: Request) -> Response:
    """`GET /` shows the page, `POST /` presses one of its buttons."""
    with gateway.world.lock:
        gateway.world.settle()
        response = _press(gateway, request) if request.method == "POST" else _show(gateway, request)
    response.headers["Content-Security-Policy"] = _LOCK_DOWN
    response.headers["Cache-Control"] = "no-store"
    return response


def _show(gateway: Gateway, request: Request) -> Response:
    world = gateway.world
    seller = request.one("seller") or next(iter(world.state.sellers), "")
    told = "".join(
        f'<p role="{role}">{escape(text)}</p>' for role in ("status", "alert") if (text := request.one(role))
    )
    body = (
        f"<header><h1>A local Amazon</h1><nav aria-label='Sections'>{_NAVIGATION}</nav></header>"
        f"<main>{told}{sections.clock(world)}{sections.sellers(world)}"
        f"{sections.listings(world, seller, request.one('listing') or '')}{sections.orders(world)}"
        f"{sections.calls(gateway)}{sections.faults(gateway)}</main>"
    )
    return html_response(200, document("A local Amazon", body))


def _press(gateway: Gateway, request: Request) -> Response:
    """Only the page itself may press: another site, open in the same browser, must not."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        return html_response(403, document("Not from here", "<p>The page's own buttons change the simulator.</p>"))
    wanted = request.form
    try:
        place, sentence = BUTTONS[wanted.get("do", "")](gateway, wanted)
        told = {"status": sentence}
    except (ValueError, KeyError) as error:
        place, told = "", {"alert": str(error)}
    if wanted.get("seller"):
        told["seller"] = wanted["seller"]
    return Response(303, headers={"Location": f"/?{urlencode(told)}{place}"}, content_type="text/html")


def _advance(gateway: Gateway, wanted: Form) -> tuple[str, str]:
    now = worlds.set_clock(gateway.world, advance=float(wanted["seconds"]))["now"]
    return "", f"It is {now} now."


def _speed(gateway: Gateway, wanted: Form) -> tuple[str, str]:
    speed = worlds.set_clock(gateway.world, speed=float(wanted["speed"]))["speed"]
    return "", f"Time runs {speed:g} times as fast now."


def _order(gateway: Gateway, wanted: Form) -> tuple[str, str]:
    items = [{"sku": wanted["sku"], "quantity": int(wanted["quantity"])}]
    order = place_order(gateway.world, wanted["seller"], wanted["marketplace"], items)
    return "#orders", f"Order {order.id} was placed."


def _compete(gateway: Gateway, wanted: Form) -> tuple[str, str]:
    offers.put_offers(gateway.world, wanted["asin"], wanted["marketplace"], [{"price": wanted["price"]}])
    currency = MARKETPLACES[wanted["marketplace"]].currency
    return "#listings", f"A competitor asks {wanted['price']} {currency} for {wanted['asin']}."


def _order_status(gateway: Gateway, wanted: Form) -> tuple[str, str]:
    change_order(gateway.world, wanted["order"], {"status": wanted["status"]})
    return "#orders", f"Order {wanted['order']} is {wanted['status']}."


def _ask_to_cancel(gateway: Gateway, wanted: Form) -> tuple[str, str]:
    change_order(gateway.world, wanted["order"], {"buyer_requests_cancel": True})
    return "#orders", f"The buyer asks to cancel order {wanted['order']}."


def _fault(gateway: Gateway, wanted: Form) -> tuple[str, str]:
    traffic.add_fault(gateway, operation=wanted["operation"], kind=wanted["kind"], times=int(wanted["times"]))
    return "#faults", f"The next calls of {wanted['operation']} will fail: {wanted['kind']}."


def _heal(gateway: Gateway, wanted: Form) -> tuple[str, str]:
    traffic.drop_faults(gateway)
    return "#faults", "No fault waits any more."


def _forget(gateway: Gateway, wanted: Form) -> tuple[str, str]:
    traffic.forget_requests(gateway)
    return "#calls", "All calls are forgotten."


BUTTONS: dict[str, Callable[[Gateway, Form], tuple[str, str]]] = {
    "advance": _advance,
    "speed": _speed,
    "order": _order,
    "compete": _compete,
    "order_status": _order_status,
    "ask_to_cancel": _ask_to_cancel,
    "fault": _fault,
    "heal": _heal,
    "forget": _forget,
}
