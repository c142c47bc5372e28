"""Learning and preparation: what is verified, what only a person can say, and what the catalogue has and lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import onboarding
from flask_amazon_channel.admin.identifiers import HELP, NAMES
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError, ShopRefused
from flask_amazon_channel.models import MarkState, Preparation, SellerAccount
from flask_amazon_channel.rules.onboarding import Step
from flask_amazon_channel.rules.preparation import KINDS, condition_known

LOOKED_AT_ONCE = 2.0
"""Seconds that a page walks over the catalogue itself; the worker does the rest."""

BY_HAND = {
    "plan": (
        marked("The seller account has Amazon’s Professional plan"),
        marked("Only it may work with programs. See Settings, Account info, Your services in Seller Central."),
        True,
    ),
    "approved": (
        marked("The seller is approved for the categories and brands that it sells"),
        marked("Otherwise Amazon refuses those listings. See Catalogue, Complete your drafts, in Seller Central."),
        True,
    ),
    "returns": (
        marked("Return policy, tax and shipping settings are complete in Seller Central"),
        marked("The return policy must be at least as good as Amazon’s. Shipping templates decide what buyers pay."),
        True,
    ),
    "login": (
        marked("The main log-in of Seller Central is at hand"),
        marked("Only it can give the permission: the e-mail or phone that opened the account, with its second factor."),
        True,
    ),
    "vat": (
        marked("In Europe and the United Kingdom: value added tax is arranged with Amazon"),
        marked("Enrolling in Amazon’s VAT Calculation Service takes 10 to 14 days."),
        False,
    ),
    "excluded": (
        marked("It is noted which products shall not be sold at Amazon"),
        marked("The listing rule leaves them out. You make it further on, with a preview."),
        False,
    ),
    "vacation": (
        marked("The listings rest at Amazon while you set up (vacation setting)"),
        marked("If you want nothing sold meanwhile. Set them Active again afterwards."),
        False,
    ),
}
"""What cannot be verified: text, help, and whether it is needed."""

NEEDED = tuple(item for item, (_, _, needed) in BY_HAND.items() if needed)


@dataclass(frozen=True, slots=True)
class Held:
    """What the catalogue has of one identifier in the attribute that is mapped to it (empty: none is)."""

    kind: str
    source: str
    filled: int
    valid: int
    lacking: list[Any]
    wrong: list[Any]

    @property
    def name(self) -> str:
        return NAMES[self.kind]


def preparation(channel: Channel) -> str:
    from flask_amazon_channel.sync import onboarding as journey
    from flask_amazon_channel.sync import preparation as facts

    channel.db.session.rollback()
    found, session = facts.installation(channel), channel.db.session()
    account = onboarding.account_in_hand(channel)
    look = facts.current(session)
    return render_template(
        "amazon_channel/onboarding_prepare.html",
        steps=onboarding.steps(channel, account),
        step=Step.PREPARE,
        found=found,
        expected_redirect=url_for("amazon_channel.return_from_amazon", _external=True),
        by_hand=BY_HAND,
        marks=journey.marks(session),
        account=account,
        look=look,
        held=_held(look, account),
        conditions=_conditions(look),
        rates=_rates(channel, account),
        help=HELP,
        prepared=journey.is_prepared(channel, NEEDED),
    )


def tick(channel: Channel) -> Response:
    """Keep that a person says it is done, or takes that back."""
    from flask_amazon_channel.sync import onboarding as journey

    item = request.form.get("item", "")
    if item not in BY_HAND:
        abort(400)
    journey.set_mark(channel, item, MarkState.DONE if request.form.get("done") == "yes" else None)
    return redirect(url_for("amazon_channel.preparation", _anchor="by-hand"), 303)


def look_at_catalogue(channel: Channel) -> Response:
    """Count anew; a large catalogue is counted on by the worker."""
    from flask_amazon_channel.sync import preparation as facts

    try:
        facts.look(channel, at_most=LOOKED_AT_ONCE)
    except ChannelError as error:
        flash(say(str(error)), "error")
    return redirect(url_for("amazon_channel.preparation", _anchor="catalogue"), 303)


def leave_preparation(channel: Channel) -> Response:
    """Go on to the next step: prepared, or without it."""
    from flask_amazon_channel.sync import onboarding as journey

    prepared = journey.is_prepared(channel, NEEDED)
    journey.set_mark(channel, Step.PREPARE, MarkState.DONE if prepared else MarkState.SKIPPED)
    return redirect(url_for("amazon_channel.resume"), 303)


def _held(look: Preparation | None, account: SellerAccount | None) -> list[Held]:
    """Return what was counted of each identifier, in the attribute that the account maps to it."""
    found = look.found if look is not None else None
    mapping = account.identifier_attributes if account is not None else {kind: kind for kind in KINDS}
    if found is None:
        return []
    held = []
    for kind in KINDS:
        source = mapping.get(kind) or ""
        key = f"{kind} {source}"
        lacking, wrong = found["lacking"].get(source, []), found["wrong"].get(key, [])
        held.append(Held(kind, source, found["filled"].get(source, 0), found["valid"].get(key, 0), lacking, wrong))
    return held


def _conditions(look: Preparation | None) -> list[tuple[str, int, bool]]:
    """Return the conditions that products have, how many each, and whether Amazon has one of that name."""
    found = look.found["conditions"] if look is not None and look.found else {}
    rows = [(text, count, condition_known(text) is not None) for text, count in found.items()]
    return sorted(rows, key=lambda row: -row[1])


def _rates(channel: Channel, account: SellerAccount | None) -> list[tuple[str, Any]]:
    """Return the currencies of the account's marketplaces that differ from the shop's, with their rates."""
    from flask_amazon_channel.sync import facts

    currencies = {store.currency for store in account.stores} if account is not None else set()
    found: list[tuple[str, Any]] = []
    for currency in sorted(currencies - {channel.shop.currency}):
        try:
            found.append((currency, facts.exchange_rate(channel, currency)))
        except ShopRefused:
            found.append((currency, None))
    return found
