"""Seller Central's consent page, where a seller authorises the application."""

from html import escape
from urllib.parse import urlencode, urlsplit

from flask_amazon_channel.simulator.login.grants import CODE_LIFETIME
from flask_amazon_channel.simulator.state.application import Code
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.wire.messages import Request, Response, html_response
from flask_amazon_channel.simulator.world import World

PATH = "/apps/authorize/consent"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_KEPT_FIELDS = ("application_id", "state", "redirect_uri", "version")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#111}"
    "button{font:inherit;padding:.5rem 1.5rem;background:#ffd814;border:1px solid #c79b00}"
    "select{font:inherit;padding:.3rem;width:100%;margin:.3rem 0 1.2rem}"
)


class ConsentError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def consent(world: World, request: Request) -> Response:
    """GET shows the page, POST (its Confirm button) sends the browser back with a code."""
    query = {name: values[0] for name, values in request.parameters.items()}
    fields = request.form if request.method == "POST" else query
    try:
        redirect_uri = _check(world, fields)
        if request.method == "POST":
            return _confirm(world, fields, redirect_uri)
        return html_response(200, _page(world, fields))
    except ConsentError as error:
        return html_response(400, _document(f"Error {error.code}", f"<p>{escape(error.message)}</p>"))


def _check(world: World, fields: dict[str, str]) -> str:
    """The address to return to.  Raises ConsentError with Amazon's code."""
    application = world.state.application
    if fields.get("application_id") != application.application_id:
        raise ConsentError("MD1000", "The application does not exist.")
    if world.settings.draft and fields.get("version") != "beta":
        raise ConsentError("MD1000", "The application is a draft: version=beta is missing.")
    if not fields.get("state"):
        raise ConsentError("MD5100", "The parameter state is missing.")
    redirect_uri = fields.get("redirect_uri", "")
    if not redirect_uri and not application.redirect_uris:
        raise ConsentError("MD9100", "The application has no registered redirect URI.")
    redirect_uri = redirect_uri or application.redirect_uris[0]
    if "#" in redirect_uri:
        raise ConsentError("MD5110", "The redirect URI must not hold a fragment.")
    if application.redirect_uris and redirect_uri not in application.redirect_uris:
        raise ConsentError("MD5101", "The redirect URI is not registered for this application.")
    if urlsplit(redirect_uri).hostname not in _LOOPBACK:
        raise ConsentError("MD5101", "The simulator returns to loopback addresses only.")
    return redirect_uri


def _confirm(world: World, fields: dict[str, str], redirect_uri: str) -> Response:
    seller_id = fields.get("seller", "")
    if seller_id not in world.state.sellers:
        raise ConsentError("MD1000", "Choose a seller.")
    code = f"S{world.hex_id('code', 24)}"
    world.state.codes[code] = Code(seller_id, world.now() + CODE_LIFETIME)
    query = urlencode({"state": fields["state"], "selling_partner_id": seller_id, "spapi_oauth_code": code})
    target = f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{query}"
    return Response(302, headers={"Location": target, "Referrer-Policy": "no-referrer"}, content_type="text/html")


def _page(world: World, fields: dict[str, str]) -> str:
    options = "".join(_option(each) for each in world.state.sellers.values())
    if not options:
        empty = "<p>There is no seller yet. Make one with POST /_control/sellers.</p>"
        return _document("Authorise the application", empty)
    kept = {name: value for name, value in fields.items() if name in _KEPT_FIELDS}
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in kept.items())
    form = (
        "<p>An application asks to work in your selling account: to manage listings and prices,"
        " to read orders and to confirm shipments.</p>"
        f'<form method="post" action="{PATH}">{hidden}<label for="seller">Selling account</label>'
        f'<select id="seller" name="seller" required>{options}</select>'
        '<button type="submit">Confirm</button></form>'
    )
    return _document("Authorise the application", form)


def _option(seller: Seller) -> str:
    label = escape(f"{seller.store_name} ({seller.id}, {seller.region})")
    return f'<option value="{escape(seller.id)}">{label}</option>'


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
