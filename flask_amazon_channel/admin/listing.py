"""One listing: why it is as it is, what is wanted, observed and sent, and which product of the shop it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import access, forms
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError, ShopRefused
from flask_amazon_channel.models import Activity, Aspect, AspectName, Listing, Submission, SubmissionState
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.rules.reasons import Reason
from flask_amazon_channel.rules.values import ShopProduct
from flask_amazon_channel.sync.shop_calls import shop_failed

SHOWN = 20
_SENT_AGAIN = {
    AspectName.PRICE: marked("Our price is sent again."),
    AspectName.QUANTITY: marked("Our quantity is sent again."),
}
_TAKEN_OVER = {
    AspectName.PRICE: marked("Amazon’s price was taken over. It holds until it is removed."),
    AspectName.QUANTITY: marked("Amazon’s quantity was taken over. It holds until it is removed."),
}
_NOTHING_TO_TAKE = {
    AspectName.PRICE: marked("Amazon shows no price that could be taken over."),
    AspectName.QUANTITY: marked("Amazon shows no quantity that could be taken over."),
}


def listing(channel: Channel, listing: Listing) -> str:
    return _page(channel, listing, forms.ChooseProduct())


def choose_product(channel: Channel, listing: Listing) -> ResponseReturnValue:
    """Take a person's choice: a candidate's button sends the id, the box takes a SKU or an id."""
    _require_all_stores(channel, listing)
    form = forms.ChooseProduct()
    if not form.validate():
        return _page(channel, listing, form), 422
    typed = form.product_id.data or form.wanted.data or ""
    try:
        found = _products_meant(channel, listing, form.product_id.data, typed)
    except ShopRefused as error:
        form.wanted.errors = [say(str(error))]
        return _page(channel, listing, form), 502
    if len(found) != 1:
        form.wanted.errors = [_why_not(typed, found)]
        return _page(channel, listing, form, found), 422
    _store_choice(channel, listing, found[0].id)
    flash(say("This listing is {title} ({sku}) from now on.", title=found[0].title, sku=found[0].sku), "success")
    return _back(listing)


def release_product(channel: Channel, listing: Listing) -> Response:
    _require_all_stores(channel, listing)
    _store_choice(channel, listing, None)
    flash(say("The listing has no product now. The channel leaves it alone until one is chosen."), "success")
    return _back(listing)


def send_again(channel: Channel, listing: Listing) -> Response:
    """Send ours once more: what Amazon did not apply, or what somebody else keeps changing there."""
    from flask_amazon_channel.sync.publishing import drift

    name = _aspect_meant(channel, listing)
    if drift.send_again(channel, listing, name):
        flash(say(_SENT_AGAIN[name]), "success")
    return redirect(url_for("amazon_channel.listing", listing_id=listing.id) + "#compare-title", 303)


def take_over(channel: Channel, listing: Listing) -> Response:
    """Make what Amazon shows the value that is wanted here."""
    from flask_amazon_channel.sync.publishing import drift

    name = _aspect_meant(channel, listing)
    if drift.take_over(channel, listing, name):
        flash(say(_TAKEN_OVER[name]), "success")
    else:
        flash(say(_NOTHING_TO_TAKE[name]), "error")
    return redirect(url_for("amazon_channel.listing", listing_id=listing.id) + "#compare-title", 303)


def _aspect_meant(channel: Channel, listing: Listing) -> AspectName:
    name = request.form.get("aspect", "")
    if name not in (AspectName.PRICE, AspectName.QUANTITY):
        abort(400)
    if name == AspectName.QUANTITY:
        _require_all_stores(channel, listing)
    return AspectName(name)


def _page(channel: Channel, listing: Listing, form: forms.ChooseProduct, found: Sequence[ShopProduct] = ()) -> str:
    decision, problem = _explained(channel, listing)
    candidates = list(found) or _candidates(channel, listing)
    session = channel.db.session()
    submissions = session.scalars(_submissions(listing)).all()
    reasons = _reasons(decision) if decision else []
    held_back = _held_back(session, listing, submissions, reasons)
    return render_template(
        "amazon_channel/listing.html",
        listing=listing,
        sku=listing.sku,
        store=listing.store,
        decision=decision,
        problem=problem,
        reasons=reasons,
        form=form,
        product=next(iter(_ask(channel, listing, [listing.sku.product_id])), None) if listing.sku.product_id else None,
        candidates=candidates,
        shop_currency=channel.shop.currency,
        submissions=submissions,
        sent_quantity=next((one for one in submissions if one.quantity is not None), None),
        sent_price=next((one for one in submissions if one.price_minor is not None), None),
        held={one.name: one.problem for one, _ in held_back},
        owners=list(Owner),
        waiting=held_back,
        activity=session.scalars(_activity(listing)).all(),
    )


def _explained(channel: Channel, listing: Listing) -> tuple[Decision | None, str]:
    from flask_amazon_channel.sync.explain import explain

    try:
        return explain(channel, listing), ""
    except ChannelError as error:
        return None, say(str(error))


def _reasons(decision: Decision) -> list[Reason]:
    """Return all that speaks for the state, the reason that decided it first."""
    others = [*decision.reasons, *decision.missing]
    return others if decision.reason is None or decision.reason in others else [decision.reason, *others]


def _held_back(
    session: Session, listing: Listing, submissions: Sequence[Submission], reasons: Sequence[Reason]
) -> list[tuple[Aspect, bool]]:
    """Return the aspects that something holds back, and whether a person may say what follows.

    What is a reason for the state is said there already.
    """
    of_it = sa.or_(Aspect.listing_id == listing.id, Aspect.sku_id == listing.sku_id)
    found = session.scalars(sa.select(Aspect).where(of_it, Aspect.problem.is_not(None)).order_by(Aspect.name))
    given_up = {one.aspect_id for one in submissions if one.state == SubmissionState.NOT_APPLIED}
    said = {reason.sentence for reason in reasons}
    asks = [(aspect, aspect.drift_since is not None or aspect.id in given_up) for aspect in found]
    return [(aspect, asks_person) for aspect, asks_person in asks if asks_person or aspect.problem not in said]


def _submissions(listing: Listing) -> sa.Select[Submission]:
    """The price of this listing and the quantity of its SKU, the newest first."""
    return (
        sa.select(Submission)
        .join(Aspect, Submission.aspect_id == Aspect.id)
        .where(sa.or_(Aspect.listing_id == listing.id, Aspect.sku_id == listing.sku_id))
        .order_by(Submission.id.desc())
        .limit(SHOWN)
    )


def _activity(listing: Listing) -> sa.Select[Activity]:
    """What happened to it; what happened to the SKU in another store is that store's."""
    of_this = sa.or_(
        Activity.listing_id == listing.id,
        sa.and_(
            Activity.sku_id == listing.sku_id,
            Activity.listing_id.is_(None),
            sa.or_(Activity.store_id.is_(None), Activity.store_id == listing.store_id),
        ),
    )
    return sa.select(Activity).where(of_this).order_by(Activity.id.desc()).limit(SHOWN)


def _candidates(channel: Channel, listing: Listing) -> list[ShopProduct]:
    ids = [str(candidate) for candidate in listing.sku.match_candidates or []]
    return _ask(channel, listing, ids[:SHOWN]) if listing.sku.product_id is None else []


def _ask(channel: Channel, listing: Listing, ids: Iterable[str]) -> list[ShopProduct]:
    """Return these products, or nothing where the shop does not answer: the explanation says that already."""
    from flask_amazon_channel.sync.facts import ask_shop

    wanted = list(ids)
    try:
        known = ask_shop(channel, wanted, listing.store.storefront) if wanted else {}
    except ShopRefused:
        return []
    return [known[product_id] for product_id in wanted if product_id in known]


def _products_meant(channel: Channel, listing: Listing, product_id: str | None, typed: str) -> list[ShopProduct]:
    """Return the products with that SKU, else the one with that id."""
    from flask_amazon_channel.sync.facts import ask_shop

    storefront = listing.store.storefront
    attribute = listing.sku.account.identifier_attributes.get("sku") or "sku"
    channel.db.session.rollback()
    if not typed:
        return []
    ids = [] if product_id else [str(one) for one in _with_sku(channel, attribute, typed)]
    known = ask_shop(channel, ids or [typed], storefront)
    return list(known.values())


def _with_sku(channel: Channel, attribute: str, sku: str) -> Sequence[str]:
    try:
        return channel.shop.find_products(attribute, [sku]).get(sku, ())
    except Exception as error:
        raise shop_failed("find_products", error) from error
    finally:
        channel.db.session.rollback()


def _why_not(typed: str, found: Sequence[ShopProduct]) -> str:
    if not typed:
        return say("Type the SKU or the id of a product of the shop.")
    if found:
        return say("Several products of the shop have the SKU {sku}: choose one of them.", sku=typed)
    return say("The shop has no product with the SKU or id {sku}. Copy it from the product’s own page.", sku=typed)


def _require_all_stores(channel: Channel, listing: Listing) -> None:
    """A SKU is one product in all stores of its account, so whoever says which must be allowed to in all of them."""
    access.require(channel, access.OPERATE, [other.store for other in listing.sku.listings])


def _store_choice(channel: Channel, listing: Listing, product_id: str | None) -> None:
    from flask_amazon_channel.sync import matching

    matching.choose_product(channel, listing.sku, product_id)


def _back(listing: Listing) -> Response:
    return redirect(url_for("amazon_channel.listing", listing_id=listing.id) + "#product", 303)
