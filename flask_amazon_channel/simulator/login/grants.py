"""Login with Amazon: the token endpoint, and the lives of secrets, codes and tokens."""

from typing import Any

from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.operations import SCOPES
from flask_amazon_channel.simulator.state.application import AccessToken, Secret
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.wire.messages import Request, Response, json_response
from flask_amazon_channel.simulator.world import World

TOKEN_LIFETIME = 3600
CODE_LIFETIME = 300
OLD_SECRET_LIFETIME = 7 * DAY


class LoginError(Exception):
    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error, self.description = status, error, description


def token(world: World, request: Request) -> Response:
    """`POST /auth/o2/token`"""
    try:
        answer = _grant(world, request.form)
    except LoginError as error:
        return json_response({"error": error.error, "error_description": error.description}, error.status)
    response = json_response({"token_type": "bearer", "expires_in": TOKEN_LIFETIME, **answer})
    response.headers["Cache-Control"] = "no-store"
    return response


def _grant(world: World, form: dict[str, str]) -> dict[str, Any]:
    kind = form.get("grant_type", "")
    _check_client(world, form)
    if kind == "refresh_token":
        refresh_token = _required(form, "refresh_token")
        seller = _seller_of(world, refresh_token)
        return {"access_token": issue_access_token(world, seller.id), "refresh_token": refresh_token}
    if kind == "authorization_code":
        seller = _redeem(world, _required(form, "code"))
        return {
            "access_token": issue_access_token(world, seller.id),
            "refresh_token": issue_refresh_token(world, seller),
        }
    if kind == "client_credentials":
        return {"access_token": issue_access_token(world, "", _scope(form))}
    raise LoginError(400, "unsupported_grant_type", "The authorization grant type is not supported.")


def _scope(form: dict[str, str]) -> str:
    scope = _required(form, "scope")
    if scope not in SCOPES:
        raise LoginError(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")
    return scope


def _required(form: dict[str, str], name: str) -> str:
    if not form.get(name):
        raise LoginError(400, "invalid_request", f"The request is missing a required parameter : {name}")
    return form[name]


def _check_client(world: World, form: dict[str, str]) -> None:
    _required(form, "grant_type")
    client_id, secret = _required(form, "client_id"), _required(form, "client_secret")
    application, now = world.state.application, world.now()
    valid = [each.value for each in application.secrets if each.expires_at is None or each.expires_at > now]
    if client_id != application.client_id or secret not in valid:
        raise LoginError(401, "invalid_client", "Client authentication failed")


def _seller_of(world: World, refresh_token: str) -> Seller:
    for seller in world.state.sellers.values():
        if refresh_token in seller.refresh_tokens and not seller.revoked:
            return seller
    raise LoginError(400, "invalid_grant", "The request has an invalid grant parameter : refresh_token")


def _redeem(world: World, code: str) -> Seller:
    """A code serves once and for five minutes."""
    found = world.state.codes.pop(code, None)
    if found is None or found.expires_at <= world.now():
        raise LoginError(400, "invalid_grant", "The request has an invalid grant parameter : code")
    return world.state.sellers[found.seller_id]


def issue_access_token(world: World, seller_id: str, scope: str | None = None) -> str:
    """A new token; the earlier ones of this seller stay valid until they expire."""
    tokens, now = world.state.tokens, world.now()
    if len(tokens) > 1000:
        world.state.tokens = tokens = {each: facts for each, facts in tokens.items() if facts.expires_at > now}
    value = f"Atza|{world.hex_id('access', 120)}"
    tokens[value] = AccessToken(seller_id, now + TOKEN_LIFETIME, scope)
    return value


def issue_refresh_token(world: World, seller: Seller) -> str:
    value = f"Atzr|{world.hex_id('refresh', 120)}"
    seller.refresh_tokens.append(value)
    seller.revoked = False
    return value


def rotate_secret(world: World, keep_old: bool) -> str:
    """A new secret; the old ones live for seven more days, or not at all."""
    application = world.state.application
    end = world.now() + (OLD_SECRET_LIFETIME if keep_old else 0)
    for secret in application.secrets:
        secret.expires_at = min(end, secret.expires_at or end)
    fresh = f"amzn1.oa2-cs.v1.{world.hex_id('secret', 64)}"
    application.secrets.append(Secret(fresh))
    return fresh
