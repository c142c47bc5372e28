"""Faults at the start of a call: what it names is worth nothing any more, or what it causes comes late."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.wire.faults import Fault, Faults
from flask_amazon_channel.simulator.wire.messages import Request, Response
from flask_amazon_channel.simulator.world import World

LATER = 60.0  # seconds of the virtual clock by which `reorder` holds back what a call causes
_PAGE_TOKENS = ("nextToken", "NextToken", "pageToken", "paginationToken")
_EXPIRED = "expired"


@contextmanager
def meddled(world: World, faults: Faults, fault: Fault | None, request: Request) -> Iterator[Request]:
    """Give the request to perform, while the fault holds.

    Assumed: An expired page token is answered as a page token that Amazon never gave.
    """
    if fault is not None and fault.kind == "revoke":
        if seller := seller_of(world, request):
            seller.revoked = True
    elif fault is not None and fault.kind == "expire_token":
        _expire(world, faults, request)
    world.held_back = 0.0
    if fault is not None and fault.kind == "reorder":
        world.held_back = LATER if fault.seconds is None else fault.seconds
    try:
        yield _without_expired(faults, request)
    finally:
        world.held_back = 0.0


def seller_of(world: World, request: Request) -> Seller | None:
    """The seller whose access token or refresh token a call names."""
    token = world.state.tokens.get(request.headers.get("x-amz-access-token", ""))
    if token is not None:
        return world.state.sellers.get(token.seller_id)
    if request.path != "/auth/o2/token" or not (refresh_token := request.form.get("refresh_token")):
        return None
    return next((each for each in world.state.sellers.values() if refresh_token in each.refresh_tokens), None)


def renew(faults: Faults, response: Response) -> None:
    """A page token that is given again is a new one."""
    for token in [each for each in faults.expired_pages if each.encode() in response.body]:
        faults.expired_pages.discard(token)


def _expire(world: World, faults: Faults, request: Request) -> None:
    """The page token, if the call names one; else the access token."""
    pages = [value for name in _PAGE_TOKENS for value in request.parameters.get(name, []) if value]
    faults.expired_pages.update(pages)
    token = world.state.tokens.get(request.headers.get("x-amz-access-token", ""))
    if not pages and token is not None:
        token.expires_at = world.now()


def _without_expired(faults: Faults, request: Request) -> Request:
    if not faults.expired_pages:
        return request
    pairs = parse_qsl(request.query, keep_blank_values=True)
    if not any(value in faults.expired_pages for _, value in pairs):
        return request
    changed = [(name, _EXPIRED if value in faults.expired_pages else value) for name, value in pairs]
    return replace(request, query=urlencode(changed))
