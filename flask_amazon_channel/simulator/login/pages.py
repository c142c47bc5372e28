"""The HTML of Seller Central's pages."""

from html import escape

from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.wire.messages import Response, html_response
from flask_amazon_channel.simulator.world import World

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#111}"
    "button{font:inherit;padding:.5rem 1.5rem;background:#ffd814;border:1px solid #c79b00}"
    "button+button{background:#fff;border-color:#888;margin-left:.6rem}"
    "select{font:inherit;padding:.3rem;width:100%;margin:.3rem 0 1.2rem}"
)


def form_page(world: World, title: str, text: str, action: str, kept: dict[str, str], *buttons: str) -> Response:
    """A page where a seller is chosen; `kept` goes back with the form."""
    options = "".join(_option(each) for each in world.state.sellers.values())
    if not options:
        return _page(200, title, "<p>There is no seller yet. Make one with POST /_control/sellers.</p>")
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in kept.items())
    form = (
        f'<p>{escape(text)}</p><form method="post" action="{escape(action)}">{hidden}'
        f'<label for="seller">Selling account</label><select id="seller" name="seller" required>{options}</select>'
        f"{''.join(buttons)}</form>"
    )
    return _page(200, title, form)


def button(label: str, action: str = "") -> str:
    """A button of a form; one with an action of its own needs nothing to be filled in."""
    other = f' formaction="{escape(action)}" formnovalidate' if action else ""
    return f'<button type="submit"{other}>{escape(label)}</button>'


def error_page(code: str, message: str) -> Response:
    return _page(400, f"Error {code}", f"<p>{escape(message)}</p>")


def _option(seller: Seller) -> str:
    label = escape(f"{seller.store_name} ({seller.id}, {seller.region})")
    return f'<option value="{escape(seller.id)}">{label}</option>'


def _page(status: int, title: str, body: str) -> Response:
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return html_response(status, html)
