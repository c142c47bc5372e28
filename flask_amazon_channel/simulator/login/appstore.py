"""The Selling Partner Appstore, from where a seller comes to the application.

Documented: "Authorize Now" leads to the application's login URI with `amazon_callback_uri`, `amazon_state`
and `selling_partner_id`, and with `version=beta` while the application is a draft.
Documented: The application leads on to `amazon_callback_uri` with `amazon_state`, a `state` of its own and,
if it likes, `redirect_uri`; from there the browser comes back as from the consent page.
Assumed: The flow has to end within ten minutes, and after that `amazon_state` answers MD1000.
"""

from flask_amazon_channel.simulator.login.consent import (
    ConsentError,
    back,
    check_application,
    check_loopback,
    first_values,
    redirect,
    registered_uri,
)
from flask_amazon_channel.simulator.login.pages import button, error_page, form_page
from flask_amazon_channel.simulator.login.signing import make_token, read_token
from flask_amazon_channel.simulator.wire.messages import Request, Response
from flask_amazon_channel.simulator.world import World

STORE_PATH = "/selling-partner-appstore/dp/"
CONFIRM_PATH = "/apps/authorize/confirm/"
FLOW_LIFETIME = 600


def store(world: World, request: Request) -> Response:
    """The application's page: GET shows it, POST (Authorize Now) leads to the application's login URI."""
    application_id = request.path.removeprefix(STORE_PATH)
    login_uri = world.state.application.login_uri
    try:
        check_application(world, application_id, "beta")
        if not login_uri:
            raise ConsentError("MD9100", "The application has no registered login URI.")
        check_loopback(login_uri)
    except ConsentError as error:
        return error_page(error.code, error.message)
    seller_id = request.form.get("seller", "")
    if request.method == "GET" or seller_id not in world.state.sellers:
        text = "Authorise this application to work in your selling account."
        return form_page(world, "Selling Partner Appstore", text, request.path, {}, button("Authorize Now"))
    query = {
        "amazon_callback_uri": f"{world.url}{CONFIRM_PATH}{application_id}",
        "amazon_state": make_token(world, {"seller": seller_id, "at": world.now()}),
        "selling_partner_id": seller_id,
    }
    return redirect(login_uri, {**query, "version": "beta"} if world.settings.draft else query)


def confirm(world: World, request: Request) -> Response:
    """The callback of Amazon's, to which the application leads on."""
    fields = first_values(request)
    try:
        check_application(world, request.path.removeprefix(CONFIRM_PATH), fields.get("version", ""))
        seller_id = _seller_of(world, fields.get("amazon_state", ""))
        if not fields.get("state"):
            raise ConsentError("MD5100", "The parameter state is missing.")
        return back(world, seller_id, fields["state"], registered_uri(world, fields.get("redirect_uri", "")))
    except ConsentError as error:
        return error_page(error.code, error.message)


def _seller_of(world: World, amazon_state: str) -> str:
    facts = read_token(world, amazon_state)
    if facts is None or "seller" not in facts or world.now() - facts["at"] > FLOW_LIFETIME:
        raise ConsentError("MD1000", "The amazon_state is missing, forged or too old.")
    return str(facts["seller"])
