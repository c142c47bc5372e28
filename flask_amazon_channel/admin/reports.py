"""Reports of a store: what Amazon advises to improve, and how its prices stand beside its competitors'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import aliased, joinedload

from flask_amazon_channel.admin import links, titles
from flask_amazon_channel.admin.grid import Grid, choice, code, moment, money, number, text
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Listing, ListingIssue, Sku, Store

CELLS = "amazon_channel/grid_records.html"
SEVERITIES = {"ERROR": marked("Error"), "WARNING": marked("Warning"), "INFO": marked("Advice")}


def _same_code() -> tuple[Any, ...]:
    """Return an issue and its listing, beside the one of the row: of the same code and store."""
    issue, listing = aliased(ListingIssue), aliased(Listing)
    alike = sa.and_(issue.code == ListingIssue.code, issue.severity == ListingIssue.severity)
    return issue, listing, alike


def _listings_with_it() -> sa.ScalarSelect[int]:
    issue, listing, alike = _same_code()
    return (
        sa.select(sa.func.count(sa.distinct(issue.listing_id)))
        .join(listing, listing.id == issue.listing_id)
        .where(alike, listing.store_id == Listing.store_id)
        .correlate(ListingIssue, Listing)
        .scalar_subquery()
    )


def _issues_with(issue: ListingIssue) -> str:
    return url_for("amazon_channel.issues", store_id=issue.listing.store_id, code=issue.code, severity=issue.severity)


IMPROVEMENTS = Grid(
    name="improvements",
    row=ListingIssue,
    columns=(
        code("code", marked("Issue"), ListingIssue.code, find="equals", sort=False, link=_issues_with),
        choice(
            "severity", marked("Kind"), ListingIssue.severity, choices=SEVERITIES, sort=False, cell=f"{CELLS}#issue"
        ),
        text("message", marked("Amazon’s advice"), ListingIssue.message, find="contains", sort=False, wide=True),
        number("listings", marked("Listings it would mend"), _listings_with_it(), link=_issues_with),
        text("attributes", marked("Fields"), ListingIssue.attribute_names, find="", sort=False, cell=f"{CELLS}#fields"),
        moment("seen_at", marked("Last seen"), ListingIssue.seen_at, sort=False),
    ),
    shown=("code", "severity", "message", "listings", "attributes"),
    sort="-listings",
    empty=(
        marked("Amazon has no advice"),
        marked("What Amazon says about listings when they are read is collected here, the most frequent first."),
    ),
)

ISSUES = Grid(
    name="issues",
    row=ListingIssue,
    columns=(
        code("sku", marked("SKU"), Sku.sku, cell=f"{CELLS}#issue_sku", wide=True, sort=False),
        code(
            "asin",
            marked("ASIN"),
            Listing.asin,
            typed=str.upper,
            sort=False,
            link=lambda row: links.at_amazon(row.listing),
        ),
        titles.column(wide=True),
        code("code", marked("Issue"), ListingIssue.code, find="equals", sort=False),
        choice(
            "severity", marked("Kind"), ListingIssue.severity, choices=SEVERITIES, sort=False, cell=f"{CELLS}#issue"
        ),
        text("attributes", marked("Fields"), ListingIssue.attribute_names, find="", sort=False, cell=f"{CELLS}#fields"),
        text("message", marked("Amazon’s advice"), ListingIssue.message, find="contains", sort=False, wide=True),
        moment("seen_at", marked("Last seen"), ListingIssue.seen_at),
    ),
    shown=("sku", "code", "severity", "attributes", "message"),
    sort="-seen_at",
    search=lambda words: sa.or_(Sku.sku.startswith(words, autoescape=True), Listing.asin == words.upper()),
    search_label=marked("SKU or ASIN"),
    empty=IMPROVEMENTS.empty,
)

COMPETITORS = Grid(
    name="competitors",
    row=Listing,
    columns=(
        code("sku", marked("SKU"), Sku.sku, sort=False),
        code("asin", marked("ASIN"), Listing.asin, typed=str.upper, sort=False),
        titles.column(),
        money("price", marked("Your price"), Listing.observed_price_minor),
    ),
    shown=("sku", "asin", "title", "price"),
    sort="-price",
    empty=(
        marked("No competitor’s price was read yet"),
        marked(
            "Once the channel reads them, this page sets your landed price beside the lowest one and that of the Buy "
            "Box, with condition and time. Until then it shows none, for there are none to show."
        ),
    ),
)


def improvements(channel: Channel, store: Store) -> ResponseReturnValue:
    """Group by code: of each code and kind the newest issue stands for all."""
    newest = (
        sa.select(sa.func.max(ListingIssue.id))
        .join(Listing, Listing.id == ListingIssue.listing_id)
        .where(Listing.store_id == store.id)
        .group_by(ListingIssue.code, ListingIssue.severity)
    )
    query = (
        sa.select(ListingIssue)
        .join(Listing, Listing.id == ListingIssue.listing_id)
        .where(Listing.store_id == store.id, ListingIssue.id.in_(newest))
    )
    return IMPROVEMENTS.answer(
        channel,
        query=query,
        load=(joinedload(ListingIssue.listing),),
        title=say("Listing improvements"),
        store=store,
        template="amazon_channel/improvements.html",
    )


def issues(channel: Channel, store: Store) -> ResponseReturnValue:
    query = (
        sa.select(ListingIssue)
        .join(Listing, Listing.id == ListingIssue.listing_id)
        .join(Sku, Sku.id == Listing.sku_id)
        .where(Listing.store_id == store.id)
    )
    of_listing = joinedload(ListingIssue.listing)
    load = (of_listing.joinedload(Listing.sku), of_listing.joinedload(Listing.store))
    return ISSUES.answer(channel, query=query, load=load, title=say("Issues of listings"), store=store)


def competitive_prices(channel: Channel, store: Store) -> ResponseReturnValue:
    """No competitor's price is stored, so there is no listing to compare."""
    query = sa.select(Listing).join(Sku, Sku.id == Listing.sku_id).where(Listing.store_id == store.id, sa.false())
    return COMPETITORS.answer(channel, query=query, title=say("Competitive prices"), store=store)


__all__: Sequence[str] = ("competitive_prices", "improvements", "issues")
