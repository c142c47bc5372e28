"""Seller Central's consent page, where a seller authorises the application.

Documented: The page answers MD1000 for an unknown application and for a draft without `version=beta`, MD5101
for an address that is not registered, MD5110 for one with a fragment, and MD9100 where none is registered.
Seen in public: A consent without `state` ends with MD5100.
Documented: An application that may not be authorised by more sellers answers CONSENT_LIMIT_REACHED.
Assumed: A seller who authorised the application before may do so again at the limit.
Assumed: The error pages of the consent have status 400.
Assumed: The button Cancel leads back with `error=access_denied` and `state` and without a code.
"""

from urllib.parse import urlencode, urlsplit

from flask_amazon_channel.simulator.login.lives import authorised, issue_code
from flask_amazon_channel.simulator.login.pages import button, error_page, form_page
from flask_amazon_channel.simulator.wire.messages import Request, Response
from flask_amazon_channel.simulator.world import World

PATH, CANCEL_PATH = "/apps/authorize/consent", "/apps/authorize/cancel"
PAGES = ((PATH, "GET"), (PATH, "POST"), (CANCEL_PATH, "POST"))
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_KEPT_FIELDS = ("application_id", "state", "redirect_uri", "version")
_TITLE = "Authorise the application"
_TEXT = (
    "An application asks to work in your selling account: to manage listings and prices, to read orders and to"
    " confirm shipments."
)


class ConsentError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def consent(world: World, request: Request) -> Response:
    """GET shows the page, POST (its buttons) sends the browser back with a code or with an error."""
    fields = request.form if request.method == "POST" else first_values(request)
    try:
        redirect_uri = _check(world, fields)
        if request.method == "GET":
            kept = {name: value for name, value in fields.items() if name in _KEPT_FIELDS}
            return form_page(world, _TITLE, _TEXT, PATH, kept, button("Confirm"), button("Cancel", CANCEL_PATH))
        if request.path == CANCEL_PATH:
            refusal = {"error": "access_denied", "error_description": "The seller did not give consent."}
            return redirect(redirect_uri, {**refusal, "state": fields["state"]})
        return back(world, fields.get("seller", ""), fields["state"], redirect_uri)
    except ConsentError as error:
        return error_page(error.code, error.message)


def first_values(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.parameters.items()}


def _check(world: World, fields: dict[str, str]) -> str:
    check_application(world, fields.get("application_id", ""), fields.get("version", ""))
    if not fields.get("state"):
        raise ConsentError("MD5100", "The parameter state is missing.")
    return registered_uri(world, fields.get("redirect_uri", ""))


def check_application(world: World, application_id: str, version: str) -> None:
    if application_id != world.state.application.application_id:
        raise ConsentError("MD1000", "The application does not exist.")
    if world.settings.draft and version != "beta":
        raise ConsentError("MD1000", "The application is a draft: version=beta is missing.")


def registered_uri(world: World, wanted: str) -> str:
    """The address to return to: the one wanted, or the first one registered."""
    registered = world.state.application.redirect_uris
    if not wanted and not registered:
        raise ConsentError("MD9100", "The application has no registered redirect URI.")
    redirect_uri = wanted or registered[0]
    if "#" in redirect_uri:
        raise ConsentError("MD5110", "The redirect URI must not hold a fragment.")
    if registered and redirect_uri not in registered:
        raise ConsentError("MD5101", "The redirect URI is not registered for this application.")
    check_loopback(redirect_uri)
    return redirect_uri


def check_loopback(uri: str) -> None:
    if urlsplit(uri).hostname not in _LOOPBACK:
        raise ConsentError("MD5101", "The simulator leads to loopback addresses only.")


def back(world: World, seller_id: str, state: str, redirect_uri: str) -> Response:
    """Back to the application with a code."""
    _check_seller(world, seller_id)
    code = issue_code(world, seller_id, redirect_uri)
    return redirect(redirect_uri, {"state": state, "selling_partner_id": seller_id, "spapi_oauth_code": code})


def _check_seller(world: World, seller_id: str) -> None:
    sellers, limit = world.state.sellers, world.settings.consent_limit
    if seller_id not in sellers:
        raise ConsentError("MD1000", "Choose a seller.")
    standing = [each for each in sellers.values() if each.refresh_tokens and authorised(world, each)]
    if limit is not None and sellers[seller_id] not in standing and len(standing) >= limit:
        raise ConsentError("CONSENT_LIMIT_REACHED", "No more sellers may authorise this application.")


def redirect(uri: str, query: dict[str, str]) -> Response:
    target = f"{uri}{'&' if '?' in uri else '?'}{urlencode(query)}"
    return Response(302, headers={"Location": target, "Referrer-Policy": "no-referrer"}, content_type="text/html")
