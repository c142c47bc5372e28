"""`flask amazon plan` and `flask amazon explain`: what would be sent, and why a listing is as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from flask_amazon_channel.cli.group import amazon, as_json, find_store, of_store, show, with_tables

if TYPE_CHECKING:
    from flask_amazon_channel.channel import Channel
    from flask_amazon_channel.models import Listing


@amazon.command("plan")
@of_store
@click.option("--sku", metavar="K", help="One SKU only.")
@as_json
def plan_command(store: str | None, sku: str | None, as_json: bool) -> None:
    """Show what would be sent, field by field, old and new.  Sends nothing."""
    from flask_amazon_channel.sync.publishing.plan import by_their_ways, plan

    channel = with_tables()
    chosen = find_store(channel, store)
    store_id = chosen.id if chosen else None
    channel.db.session.rollback()
    planned, feeds = by_their_ways(channel, list(plan(channel, store_id, sku)))
    sent = sum(change.why is None for change in planned)
    lines = [*(change.sentence for change in planned), *feeds]
    lines.append(f"{sent} would be sent, {len(planned) - sent} are held back.")
    show([change.as_json() for change in planned], lines, as_json)


@amazon.command("explain")
@click.argument("sku")
@of_store
@as_json
def explain_command(sku: str, store: str | None, as_json: bool) -> None:
    """Explain the listings of a SKU: state, quantity, price, each step, and what would change it."""
    from flask_amazon_channel.sync.explain import explain

    channel = with_tables()
    listings = _listings(channel, sku, store)
    if not listings:
        raise click.ClickException(
            f"There is no listing of SKU {sku!r} here. Read the listings with: flask amazon import-listings"
        )
    answers = [(listing.store.name, listing.store_id, listing) for listing in listings]
    explained = [(name, store_id, explain(channel, listing)) for name, store_id, listing in answers]
    document = [
        {"store": name, "store_id": store_id, "sku": sku, **decision.as_json()}
        for name, store_id, decision in explained
    ]
    show(document, _lines([(name, decision) for name, _, decision in explained]), as_json)


def _listings(channel: Channel, sku: str, store: str | None) -> list[Listing]:
    from flask_amazon_channel.models import Listing, Sku
    from flask_amazon_channel.models.database import reading
    from flask_amazon_channel.sync.decisions import load_listings

    chosen = find_store(channel, store)
    where = [Listing.sku.has(Sku.sku == sku)]
    if chosen is not None:
        where.append(Listing.store_id == chosen.id)
    channel.db.session.rollback()
    with reading(channel.db.engine) as session:
        return load_listings(session, *where)


def _lines(explained: list[tuple[str, Any]]) -> Iterator[str]:
    for number, (name, decision) in enumerate(explained):
        if number:
            yield ""
        yield f"{name}:"
        yield from decision.sentences()
