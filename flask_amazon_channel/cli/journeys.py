"""The journeys in the foreground, now: they ignore when something is due, but not who is working on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from flask_amazon_channel.cli.group import amazon, as_json, find_store, of_store, prepared, show

if TYPE_CHECKING:
    from flask_amazon_channel.sync.cycles import Outcome

JOURNEYS = ("orders", "listings", "prices")


def _journeys(ctx: click.Context, parameter: click.Parameter, value: str) -> frozenset[str]:
    chosen = frozenset(name.strip() for name in value.split(",") if name.strip())
    unknown = sorted(chosen - set(JOURNEYS))
    if unknown:
        raise click.UsageError(f"--only knows {', '.join(JOURNEYS)}, not {', '.join(unknown)}.")
    return chosen or frozenset(JOURNEYS)


@amazon.command("sync")
@of_store
@click.option(
    "--only", default="", metavar="orders,listings,prices", callback=_journeys, help="Default: all three."
)
@as_json
def sync_command(store: str | None, only: frozenset[str], as_json: bool) -> None:
    """Run one complete cycle: read orders and listings, then send what differs."""
    _run(store, only, as_json)


@amazon.command("import-orders")
@of_store
@as_json
def import_orders_command(store: str | None, as_json: bool) -> None:
    """Read new and changed orders, and bring them into the shop."""
    _run(store, frozenset({"orders"}), as_json)


@amazon.command("import-listings")
@of_store
@as_json
def import_listings_command(store: str | None, as_json: bool) -> None:
    """Read the listings from Amazon, and match them with products."""
    _run(store, frozenset({"listings"}), as_json)


@amazon.command("publish")
@of_store
@as_json
def publish_command(store: str | None, as_json: bool) -> None:
    """Send the prices and quantities that differ from what Amazon shows."""
    _run(store, frozenset({"prices"}), as_json)


def _run(store: str | None, only: frozenset[str], as_json: bool) -> None:
    from flask_amazon_channel.sync import cycles

    channel = prepared()
    chosen = find_store(channel, store)
    store_id = chosen.id if chosen else None
    channel.db.session.rollback()
    outcomes = cycles.run_once(channel, store_id=store_id, only=set(only))
    _report(outcomes, as_json)


def _report(outcomes: Sequence[Outcome], as_json: bool) -> None:
    """Print what came of each journey; the exit status says whether one of them failed."""
    import dataclasses

    document = [dataclasses.asdict(outcome) for outcome in outcomes]
    show(document, [str(outcome) for outcome in outcomes], as_json)
