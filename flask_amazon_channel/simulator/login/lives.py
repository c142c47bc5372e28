"""The lives of secrets, authorisations and tokens.

Documented: An access token lives for an hour, an authorisation code for five minutes, and a client secret for
180 days.
Documented: A new secret ends the older ones seven days later; refresh tokens outlive their secrets.
Documented: An authorisation has to be renewed after 365 days, where the setting `authorisation_expiry` is on.
Documented: A new refresh token does not end the earlier ones.
Documented: Tokens have at most 2,048 bytes, and the setting `token_length` makes them that long.
"""

from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.state.application import AccessToken, Code, RestrictedResource, Secret
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.world import World

TOKEN_LIFETIME = 3600
CODE_LIFETIME = 300
SECRET_LIFETIME = 180 * DAY
OLD_SECRET_LIFETIME = 7 * DAY
AUTHORISATION_LIFETIME = 365 * DAY
MOST_TOKENS = 1000  # kept before those that have expired are forgotten


def valid_secrets(world: World) -> list[str]:
    now = world.now()
    oldest = now - SECRET_LIFETIME if world.settings.secret_expiry else 0.0
    secrets = [each for each in world.state.application.secrets if each.created >= oldest]
    return [each.value for each in secrets if each.expires_at is None or each.expires_at > now]


def rotate_secret(world: World, keep_old: bool) -> str:
    """A new secret; the old ones live for seven more days, or not at all."""
    application, now = world.state.application, world.now()
    end = now + (OLD_SECRET_LIFETIME if keep_old else 0)
    for secret in application.secrets:
        secret.expires_at = end if secret.expires_at is None else min(end, secret.expires_at)
    fresh = f"amzn1.oa2-cs.v1.{world.hex_id('secret', 64)}"
    application.secrets.append(Secret(fresh, now))
    world.occurred("secret_rotated", "", client_secret=fresh)
    return fresh


def authorised(world: World, seller: Seller) -> bool:
    """Whether the seller's consent to the application still stands."""
    if seller.revoked:
        return False
    return not world.settings.authorisation_expiry or world.now() < seller.authorised_at + AUTHORISATION_LIFETIME


def issue_code(world: World, seller_id: str, redirect_uri: str) -> str:
    now = world.now()
    world.state.codes = {each: facts for each, facts in world.state.codes.items() if facts.expires_at > now}
    code = f"S{world.hex_id('code', 24)}"
    world.state.codes[code] = Code(seller_id, now + CODE_LIFETIME, redirect_uri)
    return code


def issue_refresh_token(world: World, seller: Seller) -> str:
    value = _token(world, "Atzr|", "refresh")
    seller.refresh_tokens.append(value)
    seller.revoked, seller.authorised_at = False, world.now()
    return value


def issue_access_token(world: World, seller_id: str, scope: str | None = None) -> str:
    """A new token; the earlier ones of this seller stay valid until they expire."""
    return _keep(world, _token(world, "Atza|", "access"), AccessToken(seller_id, 0.0, scope))


def issue_restricted_token(world: World, seller_id: str, resources: list[RestrictedResource]) -> str:
    token = AccessToken(seller_id, 0.0, restricted=resources)
    return _keep(world, _token(world, "Atz.sprdt|", "restricted"), token)


def _token(world: World, prefix: str, kind: str) -> str:
    return prefix + world.hex_id(kind, world.settings.token_length - len(prefix))


def _keep(world: World, value: str, token: AccessToken) -> str:
    tokens, now = world.state.tokens, world.now()
    if len(tokens) > MOST_TOKENS:
        world.state.tokens = tokens = {each: facts for each, facts in tokens.items() if facts.expires_at > now}
    token.expires_at = now + TOKEN_LIFETIME
    tokens[value] = token
    return value
