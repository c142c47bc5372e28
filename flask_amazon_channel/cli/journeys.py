"""The journeys in the foreground, now: they ignore when something is due, but not who is working on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from flask_amazon_channel.cli.group import amazon, as_json, find_store, of_store, prepared, show

if TYPE_CHECKING:
    from flask_amazon_channel.sync.cycles import Outcome

JOURNEYS = ("orders", "listings", "prices")
DECIDED = ("quantities", "prices")


def _journeys(ctx: click.Context, parameter: click.Parameter, value: str) -> frozenset[str]:
    chosen = frozenset(name.strip() for name in value.split(",") if name.strip())
    unknown = sorted(chosen - set(JOURNEYS))
    if unknown:
        raise click.UsageError(f"--only knows {', '.join(JOURNEYS)}, not {', '.join(unknown)}.")
    return chosen or frozenset(JOURNEYS)


@amazon.command("sync")
@of_store
@click.option("--only", default="", metavar="orders,listings,prices", callback=_journeys, help="Default: all three.")
@as_json
def sync_command(store: str | None, only: frozenset[str], as_json: bool) -> None:
    """Run one complete cycle: read orders and listings, then send what differs."""
    run("sync", store, only, as_json)


@amazon.command("import-listings")
@of_store
@click.option("--wholly", is_flag=True, help="All of them by report, not only what changed.")
@click.option("--accept-smaller", is_flag=True, help="Believe a report that is much smaller than the last one.")
@as_json
def import_listings_command(store: str | None, wholly: bool, accept_smaller: bool, as_json: bool) -> None:
    """Read the listings from Amazon, and match them with products.

    Amazon takes a while to make a report: the worker reads it then, or the same command without --wholly.
    """
    from flask_amazon_channel.sync import listings_report

    if wholly or accept_smaller:
        channel = prepared()
        chosen = find_store(channel, store)
        store_id = chosen.id if chosen else None
        channel.db.session.rollback()
        if accept_smaller:
            listings_report.accept_smaller(channel, store_id)
        listings_report.make_reports_due(channel, store_id)
    run("import-listings", store, frozenset({"listings"}), as_json)


@amazon.command("publish")
@of_store
@as_json
def publish_command(store: str | None, as_json: bool) -> None:
    """Send the prices and quantities that differ from what Amazon shows; the listings are read first."""
    run("publish", store, frozenset({"listings", "prices"}), as_json)


@amazon.command("purge-personal-data")
@as_json
def purge_command(as_json: bool) -> None:
    """Delete the buyers' personal data whose time is over.  The cycle does so too."""
    from flask_amazon_channel.sync.orders import personal_data

    purged = personal_data.purge(prepared())
    show({"orders": purged}, [f"Deleted the personal data of {purged} orders."], as_json)


def run(name: str, store: str | None, only: frozenset[str], as_json: bool) -> None:
    """Run these journeys in the foreground, and print what came of them."""
    from flask_amazon_channel.cli.progress import bars
    from flask_amazon_channel.sync import cycles

    channel = prepared()
    chosen = find_store(channel, store)
    store_id = chosen.id if chosen else None
    called = f"{name} {chosen.name}" if chosen else name
    channel.db.session.rollback()
    with bars(wanted=not as_json) as show_progress, cycles.recorded(channel, called[:64], show_progress):
        outcomes = cycles.run_once(channel, store_id=store_id, only=only)
    _report(outcomes, as_json)


def _report(outcomes: Sequence[Outcome], as_json: bool) -> None:
    """Print what came of each journey; the exit status says whether reading or confirming failed.

    What holds a price or a quantity back is not a failure: the rules said so.
    """
    import dataclasses

    lines = [line for outcome in outcomes for line in _lines(outcome)]
    show([dataclasses.asdict(outcome) for outcome in outcomes], lines, as_json)
    if any(outcome.problems for outcome in outcomes if outcome.journey not in DECIDED):
        raise SystemExit(1)


def _lines(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.journey}: {outcome.worked_on}"
    for problem in outcome.problems:
        yield f"  {problem}"
