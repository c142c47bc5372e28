"""Login with Amazon: the token endpoint, `POST /auth/o2/token`.

Seen in public: Login with Amazon describes a grant type that there is not, a grant that the application may not
use, a wrong client, and an invalid code or refresh token in these words.
Assumed: A missing parameter and an invalid scope are described in words of the same kind.
Documented: A code and a client secret go by form, and a refresh token stays the same when it is used.
Documented: `redirect_uri` may come with an authorisation code or be absent.
Assumed: A `redirect_uri` that comes with a code and is not the address to which the code went is an
invalid_grant, as OAuth has it.
"""

from typing import Any

from flask_amazon_channel.simulator.login.lives import (
    TOKEN_LIFETIME,
    authorised,
    issue_access_token,
    issue_refresh_token,
    valid_secrets,
)
from flask_amazon_channel.simulator.operations import SCOPES
from flask_amazon_channel.simulator.state.application import GRANTS
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.wire.messages import Request, Response, json_response
from flask_amazon_channel.simulator.world import World


class LoginError(Exception):
    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error, self.description = status, error, description


def token(world: World, request: Request) -> Response:
    try:
        answer = _grant(world, request.form)
    except LoginError as error:
        response = json_response({"error": error.error, "error_description": error.description}, error.status)
    else:
        response = json_response({"token_type": "bearer", "expires_in": TOKEN_LIFETIME, **answer})
    response.headers |= {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return response


def _grant(world: World, form: dict[str, str]) -> dict[str, Any]:
    kind = _required(form, "grant_type")
    if kind not in GRANTS:
        description = "The authorization grant type is not supported by the authorization server"
        raise LoginError(400, "unsupported_grant_type", description)
    _check_client(world, form)
    if kind not in world.state.application.grants:
        raise LoginError(400, "unauthorized_client", "Not authorized for requested operation")
    if kind == "client_credentials":
        return {"access_token": issue_access_token(world, "", _scope(form))}
    if kind == "refresh_token":
        refresh_token = _required(form, "refresh_token")
        seller = _seller_of(world, refresh_token)
    else:
        seller = _redeem(world, _required(form, "code"), form.get("redirect_uri"))
        refresh_token = issue_refresh_token(world, seller)
    return {"access_token": issue_access_token(world, seller.id), "refresh_token": refresh_token}


def _scope(form: dict[str, str]) -> str:
    scope = _required(form, "scope")
    if scope not in SCOPES:
        raise LoginError(400, "invalid_scope", "The request has an invalid scope parameter")
    return scope


def _required(form: dict[str, str], name: str) -> str:
    if not form.get(name):
        raise LoginError(400, "invalid_request", f"The request is missing a required parameter : {name}")
    return form[name]


def _check_client(world: World, form: dict[str, str]) -> None:
    client_id, secret = _required(form, "client_id"), _required(form, "client_secret")
    if client_id != world.state.application.client_id or secret not in valid_secrets(world):
        raise LoginError(401, "invalid_client", "Client authentication failed")


def _seller_of(world: World, refresh_token: str) -> Seller:
    for seller in world.state.sellers.values():
        if refresh_token in seller.refresh_tokens and authorised(world, seller):
            return seller
    raise _invalid("refresh_token")


def _redeem(world: World, code: str, redirect_uri: str | None) -> Seller:
    """A code serves once and for five minutes; one that is refused has served, too."""
    found = world.state.codes.pop(code, None)
    if found is None or found.expires_at <= world.now():
        raise _invalid("code")
    if redirect_uri and redirect_uri != found.redirect_uri:
        raise _invalid("redirect_uri")
    return world.state.sellers[found.seller_id]


def _invalid(name: str) -> LoginError:
    return LoginError(400, "invalid_grant", f"The request has an invalid grant parameter : {name}")
