"""Who may see what: the host's `authorize` decides, and every page and every query asks here.

Whoever may not view a store gets the answer of a store that does not exist.  An order of a marketplace without a store
belongs to its account: it is for those who may view all of the account's stores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, has_request_context, request
from werkzeug.wrappers import Response

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import AmazonOrder, BulkAction, Change, GridView, Listing, SellerAccount, Store
from flask_amazon_channel.rules.phrases import phrase

VIEW, OPERATE, ADMINISTER = "view", "operate", "administer"
_LARGEST_ID = 2**63 - 1
_SUBJECT = "amazon_channel.subject"


class NoAuthorize(ConfigurationError):
    """The host has not said who may open the pages."""


def admit(channel: Channel, permission: str, ids: dict[str, int]) -> dict[str, Any] | Response:
    """Return what the ids of the address stand for, or the host's own answer, such as a redirect to its login.

    Ends the request with 404 for what is not there or not for this person's eyes, and with 403 for what may be viewed
    but not done.
    """
    _require_authorize(channel)
    if not channel.has_tables() or not ids:
        answer = ask(channel, permission, None)
        channel.require_tables()
        return _allowed(answer, 403, {})
    ((name, number),) = ids.items()
    subject, stores = _FIND[name](channel, number) if number <= _LARGEST_ID else (None, [])
    if subject is None:
        return _allowed(ask(channel, VIEW, None), 404, None)
    seen = _every(channel, VIEW, stores)
    if seen is not True or permission == VIEW:
        return _allowed(seen, 404, {name.removesuffix("_id"): subject})
    return _allowed(_every(channel, permission, stores), 403, {name.removesuffix("_id"): subject})


def remember(subject: dict[str, Any]) -> None:
    """Keep whose page is shown, once the person was let in: breadcrumbs and menu ask."""
    request.environ[_SUBJECT] = subject


def subject() -> dict[str, Any]:
    """Return whose page is shown, by kind; nothing on pages of nobody, and before the person was let in."""
    found: dict[str, Any] = request.environ.get(_SUBJECT, {})
    return found


def _require_authorize(channel: Channel) -> None:
    if channel.authorize is None:
        raise NoAuthorize(
            phrase(
                "Nobody may open these pages yet: call init_app(..., authorize=may), where may(permission, store) "
                "returns True for those who may 'view', 'operate' or 'administer'."
            )
        )
    if not current_app.secret_key:
        raise ConfigurationError(phrase("Set SECRET_KEY in the app's configuration: forms and log-ins need it."))


def _allowed(answer: bool | Response, otherwise: int, found: dict[str, Any] | None) -> dict[str, Any] | Response:
    if isinstance(answer, Response):
        return answer
    if not answer or found is None:
        abort(404 if answer else otherwise)
    return found


def ask(channel: Channel, permission: str, store: Store | None) -> bool | Response:
    """Return what the host says, asked once per request."""
    if channel.authorize is None:
        return False
    said = _answers()
    key = (permission, store.id if store is not None else None)
    if key not in said:
        answer = channel.authorize(permission, store)
        if not isinstance(answer, bool | Response | None):
            # A coroutine or an object would be true for everybody.
            raise ConfigurationError(
                phrase(
                    "authorize answered with {kind}; it must return True, False or a response.",
                    kind=type(answer).__name__,
                )
            )
        said[key] = answer or False if not isinstance(answer, Response) else answer
    return said[key]


def _answers() -> dict[tuple[str, int | None], bool | Response]:
    """Return what was answered in this request.  Not in `g`: an application context may outlive a request."""
    if not has_request_context():
        return {}
    answers: dict[tuple[str, int | None], bool | Response] = request.environ.setdefault("amazon_channel.answers", {})
    return answers


def may(channel: Channel, permission: str, store: Store | None) -> bool:
    """Say whether the person may; for showing or leaving out a button.

    A wrong answer opens nothing: `admit` has told of it, and the page that tells of it has a menu too.
    """
    try:
        return ask(channel, permission, store) is True
    except ConfigurationError:
        return False


def visible_stores(channel: Channel) -> list[Store]:
    """Return the stores that the person may view.  Every query over several stores is limited to these."""
    stores = channel.db.session.scalars(sa.select(Store).order_by(Store.account_id, Store.id)).all()
    return [store for store in stores if may(channel, VIEW, store)]


def visible_orders(channel: Channel) -> sa.ColumnElement[bool]:
    """Return the condition that limits a query over orders to what the person may view."""
    seen = {store.id for store in visible_stores(channel)}
    condition = AmazonOrder.store_id.in_(seen)
    accounts = channel.db.session.scalars(sa.select(SellerAccount)).all()
    whole = [account.id for account in accounts if account.stores and all(store.id in seen for store in account.stores)]
    if not whole:
        return condition
    return sa.or_(condition, sa.and_(AmazonOrder.store_id.is_(None), AmazonOrder.account_id.in_(whole)))


def require(channel: Channel, permission: str, stores: Iterable[Store]) -> None:
    """End the request with 403 unless the person may, in every one of these stores."""
    if any(not may(channel, permission, store) for store in stores):
        abort(403)


def _every(channel: Channel, permission: str, stores: list[Store | None]) -> bool | Response:
    for store in stores:
        answer = ask(channel, permission, store)
        if answer is not True:
            return answer
    return bool(stores)


Found = tuple[Any, list[Store | None]]


def _store(channel: Channel, number: int) -> Found:
    store = channel.db.session.get(Store, number)
    return store, [store]


def _listing(channel: Channel, number: int) -> Found:
    listing = channel.db.session.get(Listing, number)
    return listing, [listing.store] if listing else []


def _order(channel: Channel, number: int) -> Found:
    order = channel.db.session.get(AmazonOrder, number)
    if order is None:
        return None, []
    return order, [order.store] if order.store else list(order.account.stores)


def _account(channel: Channel, number: int) -> Found:
    account = channel.db.session.get(SellerAccount, number)
    return account, list(account.stores) or [None] if account else []


def _change(channel: Channel, number: int) -> Found:
    change = channel.db.session.get(Change, number)
    return change, stores_of_change(change) if change else []


def stores_of_change(change: Change) -> list[Store | None]:
    """Return whose a change is: its store's, else that of all stores of its SKU or account."""
    if change.store is not None:
        return [change.store]
    if change.sku is not None and change.sku.listings:
        return [listing.store for listing in change.sku.listings]
    return [*change.account.stores] if change.account is not None and change.account.stores else [None]


def _view(channel: Channel, number: int) -> Found:
    """A view is its owner's, or of those who may see the store that it is shared with."""
    view = channel.db.session.get(GridView, number)
    owner = (channel.signature()["actor_id"] or "")[:191]
    if view is None or (view.owner_id != owner and view.store_id is None):
        return None, []
    return view, [channel.db.session.get(Store, view.store_id) if view.store_id else None]


def _bulk(channel: Channel, number: int) -> Found:
    bulk = channel.db.session.get(BulkAction, number)
    stores = channel.db.session.scalars(sa.select(Store).where(Store.id.in_(bulk.stores))).all() if bulk else ()
    return (bulk, list(stores)) if stores else (None, [])


_FIND: dict[str, Callable[[Channel, int], Found]] = {
    "store_id": _store,
    "listing_id": _listing,
    "order_id": _order,
    "account_id": _account,
    "view_id": _view,
    "bulk_id": _bulk,
    "change_id": _change,
}
