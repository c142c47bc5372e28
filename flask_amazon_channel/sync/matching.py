"""Which product of the shop is a SKU?  Ask the shop by every identifier, let the rule decide, store the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import AmazonOrder, AmazonOrderItem, Aspect, AspectName, Listing, Sku
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.models.upserts import keep_matches, numbers_in, texts_in
from flask_amazon_channel.rules.amazon import ReportedListing
from flask_amazon_channel.rules.matching import BY_PERSON, Found, Match, Query, match, queries
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.state import ListingState
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.signals import announce, listing_matched
from flask_amazon_channel.sync import history
from flask_amazon_channel.sync.decisions import News, tell
from flask_amazon_channel.sync.shop_calls import shop_failed


def match_rows(
    channel: Channel, account_id: int, attributes: Mapping[str, Any], rows: Iterable[ReportedListing]
) -> int:
    """Match those of the SKUs that have no product yet and that no person has decided on.  Return how many matched."""
    session = channel.db.session()
    by_sku = {row.sku: row for row in rows}
    open_skus = session.execute(
        sa.select(Sku.id, Sku.sku, Sku.match_problem, Sku.match_candidates).where(
            Sku.account_id == account_id,
            Sku.sku.in_(texts_in(session, by_sku)),
            Sku.product_id.is_(None),
            sa.func.coalesce(Sku.matched_by, "") != BY_PERSON,
        )
    ).all()
    session.rollback()
    asked = {row.id: queries(by_sku[row.sku]) for row in open_skus}
    answers = _ask_shop(channel, attributes, asked.values())
    matches = {
        row.id: match([Found(query.kind, _found(answers, query)) for query in asked[row.id]]) for row in open_skus
    }
    changed = {
        row.id: matches[row.id]
        for row in open_skus
        if (matches[row.id].problem, list(matches[row.id].candidates) or None)
        != (row.match_problem, row.match_candidates or None)
    }

    def store() -> News:
        news = _store(session, account_id, changed, channel.clock())
        take_over(session, account_id, _known_elsewhere(session, account_id, list(by_sku)), channel.clock())
        return news

    tell(in_transaction(session, store))
    return sum(1 for found in changed.values() if found.product_id)


def _known_elsewhere(session: Session, account_id: int, skus: Sequence[str]) -> Sequence[int]:
    """Return the SKUs whose product another store's import found, and that have a listing which is not kept yet."""
    is_kept = sa.exists().where(Aspect.listing_id == Listing.id, Aspect.name == AspectName.PRICE)
    return session.scalars(
        sa.select(Sku.id).where(
            Sku.account_id == account_id,
            Sku.sku.in_(texts_in(session, skus)),
            Sku.product_id.is_not(None),
            sa.exists().where(Listing.sku_id == Sku.id, ~is_kept),
        )
    ).all()


def _ask_shop(
    channel: Channel, attributes: Mapping[str, Any], asked: Iterable[Sequence[Query]]
) -> dict[tuple[str, str], Sequence[str]]:
    """Ask once per identifier for all forms; return the product ids by identifier and form."""
    forms: dict[str, set[str]] = defaultdict(set)
    for some in asked:
        for query in some:
            forms[query.kind] |= set(query.forms)
    answers: dict[tuple[str, str], Sequence[str]] = {}
    for kind, values in forms.items():
        attribute = attributes.get(kind)
        if not attribute:
            continue
        try:
            found = channel.shop.find_products(attribute, sorted(values))
        except Exception as error:
            raise shop_failed("find_products", error) from error
        finally:
            channel.db.session.rollback()
        answers |= {(kind, value): list(ids) for value, ids in found.items()}
    return answers


def _found(answers: Mapping[tuple[str, str], Sequence[str]], query: Query) -> list[str]:
    return list(dict.fromkeys(one for form in query.forms for one in answers.get((query.kind, form), ())))


def _store(session: Session, account_id: int, matches: Mapping[int, Match], now: datetime) -> News:
    keep_matches(session, matches)
    matched = {sku_id: found for sku_id, found in matches.items() if found.product_id}
    take_over(session, account_id, list(matched), now)
    return [
        (listing_matched, {"sku_id": sku_id, "product_id": found.product_id, "matched_by": found.matched_by})
        for sku_id, found in matched.items()
    ]


def take_over(session: Session, account_id: int, sku_ids: Sequence[int], now: datetime) -> None:
    """From now on these SKUs, which have a product, are kept in step.  In the caller's transaction."""
    if not sku_ids:
        return
    of_them = numbers_in(session, sku_ids)
    is_buyable = Listing.amazon_status.contains("BUYABLE")
    session.execute(
        sa.update(Listing)
        .where(Listing.sku_id.in_(of_them), Listing.on_amazon, Listing.state == ListingState.NEW_THIRD_PARTY)
        .values(state=sa.case((is_buyable, str(ListingState.ACTIVE)), else_=str(ListingState.INACTIVE)))
        .execution_options(synchronize_session=False)
    )
    make_aspects(session, now, Sku.id.in_(of_them))
    _give_orders_their_product(session, account_id, of_them, now)


def make_aspects(session: Session, now: datetime, *where: sa.ColumnElement[bool]) -> None:
    """Make the aspects that are missing for these SKUs with a product and for their listings, and make them due."""
    has_product = (Sku.product_id.is_not(None), *where)
    columns = ["account_id", "name", "due_at", "generation"]

    def values(name: AspectName) -> tuple[Any, ...]:
        return sa.literal(str(name)), sa.bindparam("due", now, Aspect.due_at.type), sa.literal(1)

    exists = sa.exists().where(Aspect.sku_id == Sku.id, Aspect.name == AspectName.QUANTITY)
    session.execute(
        sa.insert(Aspect).from_select(
            [*columns, "sku_id"],
            sa.select(Sku.account_id, *values(AspectName.QUANTITY), Sku.id).where(
                *has_product, Sku.fulfilled_by == FulfilledBy.MERCHANT, ~exists
            ),
        )
    )
    exists = sa.exists().where(Aspect.listing_id == Listing.id, Aspect.name == AspectName.PRICE)
    session.execute(
        sa.insert(Aspect).from_select(
            [*columns, "listing_id"],
            sa.select(Sku.account_id, *values(AspectName.PRICE), Listing.id)
            .join(Listing, Listing.sku_id == Sku.id)
            .where(*has_product, ~exists),
        )
    )


def _give_orders_their_product(session: Session, account_id: int, sku_ids: sa.Select[Any], now: datetime) -> None:
    """Lines that came before the match get their product, and their orders are brought into the shop."""
    orders = sa.select(AmazonOrder.id).where(AmazonOrder.account_id == account_id)
    waiting = session.execute(
        sa.select(AmazonOrderItem.id, AmazonOrderItem.order_id, Sku.product_id)
        .join(Sku, sa.and_(Sku.sku == AmazonOrderItem.sku, Sku.account_id == account_id))
        .where(
            Sku.id.in_(sku_ids),
            Sku.product_id.is_not(None),
            AmazonOrderItem.product_id.is_(None),
            AmazonOrderItem.order_id.in_(orders),
        )
    ).all()
    for row in waiting:
        session.execute(
            sa.update(AmazonOrderItem).where(AmazonOrderItem.id == row.id).values(product_id=row.product_id)
        )
    if waiting:
        mark(session, AmazonOrder, now, AmazonOrder.id.in_({row.order_id for row in waiting}))


def choose_product(
    channel: Channel, sku: Sku, product_id: str | None, *, by: str | None = None, undoes: str | None = None
) -> None:
    """Store a person's match (None: a person says that it has no product).  No import overrules it.  Commits."""
    session, now = channel.db.session(), channel.clock()
    before = {"product_id": sku.product_id, "matched_by": sku.matched_by}
    sku.product_id, sku.matched_by, sku.match_problem = product_id, BY_PERSON, None
    session.flush()
    after = {"product_id": product_id, "matched_by": BY_PERSON}
    history.keep(channel, sku, before, after, by=by, undoes=undoes)
    if product_id is None:
        session.execute(
            sa.update(Listing)
            .where(Listing.sku_id == sku.id, Listing.on_amazon, Listing.ended_at.is_(None))
            .values(state=ListingState.NEW_THIRD_PARTY, note=None, wanted_price_minor=None)
        )
    else:
        take_over(session, sku.account_id, [sku.id], now)
        listings = sa.select(Listing.id).where(Listing.sku_id == sku.id)
        mark(session, Aspect, now, sa.or_(Aspect.sku_id == sku.id, Aspect.listing_id.in_(listings)))
    sentence = phrase("Its product was taken away by hand.")
    if product_id:
        sentence = phrase("Matched to product {product} by hand.", product=product_id)
    note(
        session,
        now,
        "match",
        sentence,
        account_id=sku.account_id,
        sku_id=sku.id,
        **history.signature(channel, by),
    )
    sku_id = sku.id
    session.commit()
    if product_id is not None:
        announce(listing_matched, sku_id=sku_id, product_id=product_id, matched_by=BY_PERSON)
    channel.ring()
