"""`python -m example_store`: the shop with everything around it on this machine; `python -m example_store tour`."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click

from example_store.demo.running import Demo, Failed, demo_folder, free_port, is_free
from example_store.tour import steps
from example_store.tour.scene import Scene
from example_store.tour.steps import BREAKABLE

PORT = 8000


@click.group(invoke_without_command=True)
@click.option("--port", type=int, help=f"Port of the shop.  Default: {PORT}, or a free one where that is taken.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for database, broker, simulated Amazon and logs; started again there, everything goes on where it "
    "stopped.  Default: a temporary one, so that each start begins anew.",
)
@click.option("--no-connect", is_flag=True, help="Connect no account to Amazon: that is left to you, on the page.")
@click.option(
    "--buyers", type=float, default=45, show_default=True, metavar="SECONDS", help="How often somebody buys; 0: never."
)
@click.pass_context
def main(ctx: click.Context, port: int | None, data: Path | None, no_connect: bool, buyers: float) -> None:
    """Run the example store with a database, a broker, a worker, a timetable and a simulated Amazon of its own.

    Nothing has to be installed or configured.  Ctrl-C stops everything.
    """
    _stop_by_exception()
    if ctx.invoked_subcommand is not None:
        return
    if port is not None and port and not is_free(port):
        raise click.UsageError(f"Port {port} is taken. Choose another with --port, or leave --port out.")
    with demo_folder(data) as folder:
        demo = Demo(folder, port=_port(port), buyers=buyers, say=click.echo)
        try:
            _run(demo, connect=not no_connect)
        except Failed as failure:
            raise click.ClickException(str(failure)) from None
        except KeyboardInterrupt:
            click.echo("Stopping.")
        finally:
            _ignore_signals()
            demo.stop()
    click.echo("Everything has stopped.")


@main.command("tour")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option(
    "--break",
    "broken",
    type=click.Choice(BREAKABLE),
    help="Let the simulated Amazon fail in this step, to see what a failure looks like.",
)
@click.pass_context
def tour_command(ctx: click.Context, as_json: bool, broken: str | None) -> None:
    """Go through the journeys without a browser, and say what happened at each step.

    The exit status is 0 only if every step held.
    """
    outcomes = []
    with demo_folder(ctx.parent.params["data"] if ctx.parent else None) as folder:
        demo = Demo(folder, say=lambda text: click.echo(text, err=True))
        try:
            for outcome in _take(demo, broken):
                outcomes.append(outcome)
                if not as_json:
                    _tell(outcome)
        except KeyboardInterrupt:
            click.echo("Stopping.", err=True)
            raise SystemExit(130) from None
        finally:
            _ignore_signals()
            demo.stop()
    ok = all(outcome.ok for outcome in outcomes)
    if as_json:
        click.echo(json.dumps({"steps": [outcome.as_json() for outcome in outcomes], "ok": ok}, indent=2, default=str))
    else:
        click.echo("Every step held." if ok else "Not every step held.")
    raise SystemExit(0 if ok else 1)


def _take(demo: Demo, broken: str | None) -> Iterator[steps.Outcome]:
    """Start the demo and do the steps; where one did not hold, the worker may have written why."""
    try:
        demo.start(connect=False)
        for outcome in steps.take(Scene(demo), broken):
            yield outcome
            if not outcome.ok and (lines := demo.end_of_log("worker")):
                click.echo(f"The end of the worker's log:\n{lines}", err=True)
    except (Failed, LookupError) as failure:
        yield from steps.none_taken(str(failure))


def _tell(outcome: steps.Outcome) -> None:
    click.echo(f"{'ok  ' if outcome.ok else 'FAIL'} {outcome.name} ({outcome.seconds:.1f} s): {outcome.shows}")
    for name, value in outcome.facts.items():
        click.echo(f"       {name.replace('_', ' ')}: {value}")


def _run(demo: Demo, *, connect: bool) -> NoReturn:
    click.echo("Starting the simulated Amazon, the broker, the shop, its worker and its timetable. That takes seconds.")
    demo.start(connect=connect)
    click.echo("\n" + "\n".join(demo.introduction()))
    while True:
        demo.look_after()
        time.sleep(0.2)


def _port(wanted: int | None) -> int:
    if wanted is None:
        return PORT if is_free(PORT) else free_port()
    return wanted or free_port()


def _stop_by_exception() -> None:
    """SIGTERM ends as Ctrl-C does, with what has to be cleaned up."""

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _ignore_signals() -> None:
    """Stopping takes seconds at most; a second Ctrl-C must not leave half of it undone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
