"""Getting started: a page for each step, how far it has come, and one address at which to go on.

Which step comes next follows from what is stored (`rules.onboarding`), so it can be left and taken up at any time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import access, identifiers
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError
from flask_amazon_channel.models import AccountState, MarkState, SellerAccount, Store
from flask_amazon_channel.rules.onboarding import Standing, Step, next_step, standings
from flask_amazon_channel.rules.preparation import KINDS

NAMES = {
    Step.PREPARE: marked("Prepare"),
    Step.CONNECT: marked("Connect"),
    Step.MARKETPLACES: marked("Choose marketplaces"),
    Step.STOREFRONTS: marked("Bind storefronts"),
    Step.IDENTIFIERS: marked("Map identifiers"),
    Step.RULE: marked("Listing rule"),
    Step.REVIEW: marked("Review"),
    Step.START: marked("Start"),
}
ENDPOINTS = {
    Step.PREPARE: "preparation",
    Step.CONNECT: "connect",
    Step.MARKETPLACES: "choose_marketplaces",
    Step.STOREFRONTS: "bind_storefronts",
    Step.IDENTIFIERS: "map_identifiers",
    Step.RULE: "first_rules",
    Step.REVIEW: "review_import",
    Step.START: "last_step",
}
OF_NO_ACCOUNT = (Step.PREPARE, Step.CONNECT)


class Shown(NamedTuple):
    """A step as the pages show it.  `url` is empty where it cannot be opened yet."""

    step: Step
    name: str
    standing: Standing
    url: str


def account_in_hand(channel: Channel) -> SellerAccount | None:
    """Return the newest account that the person may view and that has not begun; else the newest that has."""
    connected = sa.select(SellerAccount).where(SellerAccount.state == AccountState.CONNECTED)
    newest = [
        account
        for account in channel.db.session.scalars(connected.order_by(SellerAccount.id.desc()))
        if all(access.may(channel, access.VIEW, store) for store in list[Store | None](account.stores) or [None])
    ]
    waiting = [one for one in newest if not any(store.is_active for store in one.stores)]
    return next(iter(waiting or newest), None)


def steps(channel: Channel, account: SellerAccount | None) -> list[Shown]:
    """Return all steps, as they stand for the account."""
    from flask_amazon_channel.sync import onboarding as journey

    found = standings(journey.facts_of(channel, account))
    closed = {step for step, standing in found.items() if standing is Standing.LATER}
    if not access.may(channel, access.ADMINISTER, None):
        closed.add(Step.CONNECT)
    return [
        Shown(step, say(NAMES[step]), standing, "" if step in closed else address(step, account))
        for step, standing in found.items()
    ]


def address(step: Step, account: SellerAccount | None) -> str:
    """Return where the step is done; empty where it needs an account and there is none."""
    if step in OF_NO_ACCOUNT:
        return url_for(f"amazon_channel.{ENDPOINTS[step]}")
    return url_for(f"amazon_channel.{ENDPOINTS[step]}", account_id=account.id) if account is not None else ""


def resume(channel: Channel) -> Response:
    """Go on with the first step that is neither done nor skipped."""
    from flask_amazon_channel.sync import onboarding as journey

    account = account_in_hand(channel)
    step = next_step(journey.facts_of(channel, account))
    return redirect(address(step or Step.PREPARE, account), 303)


def choose_marketplaces(channel: Channel, account: SellerAccount) -> str:
    return _page(channel, account, Step.MARKETPLACES)


def save_marketplaces(channel: Channel, account: SellerAccount) -> ResponseReturnValue:
    from flask_amazon_channel.sync import onboarding as journey

    chosen = {int(text) for text in request.form.getlist("store") if text.isdecimal() and len(text) < 19}
    if not journey.choose(channel, account, chosen):
        return _page(channel, account, Step.MARKETPLACES, wrong=say("Choose at least one marketplace.")), 422
    return _go_on()


def bind_storefronts(channel: Channel, account: SellerAccount) -> str:
    return _storefronts(channel, account)


def save_storefronts(channel: Channel, account: SellerAccount) -> ResponseReturnValue:
    from flask_amazon_channel.sync import onboarding as journey

    known = {one.id for one in journey.storefronts(channel)}
    given = {store.id: request.form.get(f"storefront-{store.id}", "") for store in journey.chosen_stores(account)}
    if not set(given.values()) <= known | {""}:
        return _storefronts(channel, account, wrong=say("Choose one of the shop’s storefronts for each store.")), 422
    journey.bind(channel, account, {store_id: one or None for store_id, one in given.items()})
    return _go_on()


def map_identifiers(channel: Channel, account: SellerAccount) -> str:
    return _identifiers(channel, account)


def save_identifiers(channel: Channel, account: SellerAccount) -> ResponseReturnValue:
    from flask_amazon_channel.sync import onboarding as journey

    sources = _sources(channel)
    given = {kind: request.form.get(kind, "") for kind in ("sku", *KINDS)}
    if not set(given.values()) <= {*sources, ""} or not given["sku"]:
        return _identifiers(channel, account, wrong=say("Choose an attribute of the shop; the SKU needs one.")), 422
    journey.map_identifiers(channel, account, {kind: one for kind, one in given.items() if one})
    return _go_on()


def first_rules(channel: Channel, account: SellerAccount) -> str:
    from flask_amazon_channel.rules.listing_rule import aloud
    from flask_amazon_channel.sync import facts
    from flask_amazon_channel.sync import onboarding as journey

    stores = journey.chosen_stores(account)
    read = facts.listing_rules(channel, stores)
    rules = [(store, aloud(read[store.id].rule) if store.id in read else ()) for store in stores]
    return _page(channel, account, Step.RULE, rules=rules)


def leave_rules(channel: Channel, account: SellerAccount) -> Response:
    """Go on with the rules that there are; without one everything is offered."""
    from flask_amazon_channel.sync import onboarding as journey

    journey.set_mark(channel, Step.RULE, MarkState.SKIPPED, account)
    return _go_on()


def review_import(channel: Channel, account: SellerAccount) -> str:
    from flask_amazon_channel.sync import onboarding as journey

    stores, session = journey.chosen_stores(account), channel.db.session()
    reviews = [journey.review(session, store) for store in stores]
    sends: dict[int, Any] = {}
    problem = ""
    channel.db.session.rollback()
    try:
        sends = {one.store.id: journey.would_send(channel, one.store) for one in reviews if one.is_imported}
    except ChannelError as error:
        problem = say(str(error))
    return _page(channel, account, Step.REVIEW, reviews=reviews, sends=sends, problem=problem)


def begin_import(channel: Channel, account: SellerAccount) -> Response:
    from flask_amazon_channel.sync import onboarding as journey

    journey.begin_import(channel, account)
    flash(say("The listings are read now. Nothing is sent to Amazon."), "success")
    return redirect(url_for("amazon_channel.review_import", account_id=account.id), 303)


def confirm_review(channel: Channel, account: SellerAccount) -> Response:
    from flask_amazon_channel.sync import onboarding as journey

    journey.set_mark(channel, Step.REVIEW, MarkState.DONE, account)
    return _go_on()


def last_step(channel: Channel, account: SellerAccount) -> str:
    return _page(channel, account, Step.START)


def start(channel: Channel, account: SellerAccount) -> Response:
    from flask_amazon_channel.sync import onboarding as journey

    try:
        begun = journey.start(channel, account)
    except ChannelError as error:
        flash(say(str(error)), "error")
        return redirect(url_for("amazon_channel.last_step", account_id=account.id), 303)
    if begun:
        names = ", ".join(store.name for store in begun)
        flash(say("Started: {stores}. From now on everything is kept in step.", stores=names), "success")
    return redirect(url_for("amazon_channel.last_step", account_id=account.id), 303)


def _go_on() -> Response:
    return redirect(url_for("amazon_channel.resume"), 303)


def _storefronts(channel: Channel, account: SellerAccount, wrong: str = "") -> str:
    from flask_amazon_channel.sync import onboarding as journey

    offered = journey.storefronts(channel)
    return _page(channel, account, Step.STOREFRONTS, storefronts=offered, wrong=wrong)


def _identifiers(channel: Channel, account: SellerAccount, wrong: str = "") -> str:
    from flask_amazon_channel.sync import preparation as facts

    look = facts.current(channel.db.session())
    found = look.found if look is not None else None
    sources = _sources(channel)
    given = request.form if wrong else account.identifier_attributes
    return _page(
        channel,
        account,
        Step.IDENTIFIERS,
        wrong=wrong,
        sources=sources,
        found=found,
        look=look,
        given=given,
        names={"sku": "SKU", **identifiers.NAMES},
        help=identifiers.HELP,
        finds={
            kind: [(one, found["filled"].get(one, 0), found["valid"].get(f"{kind} {one}", 0)) for one in sources]
            for kind in KINDS
        }
        if found
        else {},
    )


def _sources(channel: Channel) -> list[str]:
    """Return the attributes that may hold an identifier, in the shop's own order."""
    from flask_amazon_channel.sync import preparation as facts

    return facts.sources(channel)


def _page(channel: Channel, account: SellerAccount, step: Step, **shown: Any) -> str:
    from flask_amazon_channel.sync import onboarding as journey

    return render_template(
        f"amazon_channel/onboarding_{step}.html",
        account=account,
        step=step,
        steps=steps(channel, account),
        chosen=journey.chosen_stores(account),
        **shown,
    )
