"""What ran for an account or a store, how far it is, and the calls that a debug log kept.

A run works for several accounts; whoever reads here sees of it only what was done for stores that they may view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import access, formats
from flask_amazon_channel.admin.grid import Grid, choice, code, moment, number, text, yes_no
from flask_amazon_channel.admin.logs import sees_whole
from flask_amazon_channel.admin.words import marked, say, say_many
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import LoggedCall, Run, RunPart, RunState, SellerAccount, Store

CELLS = "amazon_channel/grid_records.html"
MINUTES = (10, 30, 120)
STATES = {
    RunState.RUNNING: marked("Running"),
    RunState.DONE: marked("Done"),
    RunState.IDLE: marked("Nothing to do"),
    RunState.OUT_OF_TIME: marked("Out of time, the rest followed"),
    RunState.FAILED: marked("Failed"),
    RunState.KILLED: marked("Killed"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A run as far as the reader may see it."""

    run: Run
    parts: Sequence[RunPart]

    @property
    def took(self) -> timedelta | None:
        return self.run.ended - self.run.began if self.run.ended else None

    @property
    def worked_on(self) -> int:
        return sum(part.worked_on for part in self.parts)

    @property
    def calls(self) -> int:
        return sum(part.calls for part in self.parts)

    @property
    def failures(self) -> int:
        return sum(part.failures for part in self.parts)

    @property
    def problems(self) -> list[str]:
        return sorted({part.problem for part in self.parts if part.problem})


COMMANDS = ("sync", "import-listings", "import-orders", "publish", "reprice")
RUNS = ("cycle", "work", *COMMANDS)
NAME = sa.case(*((Run.name.startswith(f"{name} "), name) for name in COMMANDS), else_=Run.name)
"""What ran; which store a command was asked for may be another's affair."""


def runs_grid(scope: sa.ColumnElement[bool]) -> Grid:
    """Return the grid of runs, whose figures count only the parts in `scope`."""

    def total(of: Any) -> sa.ScalarSelect[Any]:
        parts = sa.select(sa.func.coalesce(sa.func.sum(of), 0)).where(RunPart.run_id == Run.id, scope)
        return parts.correlate(Run).scalar_subquery()

    has_failed = sa.exists().where(RunPart.run_id == Run.id, scope, RunPart.failures > 0).correlate(Run)
    return Grid(
        name="runs",
        row=Run,
        columns=(
            moment("began", marked("Began"), Run.began),
            choice(
                "name", marked("What"), NAME, choices=RUNS, show=formats.run, cell=f"{CELLS}#run", sort=False, wide=True
            ),
            choice("state", marked("Outcome"), Run.state, choices=STATES, cell=f"{CELLS}#run_state", sort=False),
            moment("ended", marked("Ended"), Run.ended, cell=f"{CELLS}#took", find="", sort=False),
            number("worked_on", marked("Rows"), total(RunPart.worked_on), sort=False),
            number("calls", marked("Calls to Amazon"), total(RunPart.calls), sort=False),
            number("failures", marked("Failures"), total(RunPart.failures), sort=False),
            yes_no("failed", marked("With failures"), has_failed, sort=False),
        ),
        shown=("began", "name", "state", "ended", "worked_on", "calls", "failures"),
        sort="-began",
        empty=(
            marked("Nothing ran yet"),
            marked("Once a worker runs, each run that did something is listed here."),
        ),
        nothing=(marked("No such run"), marked("No run that is still remembered is like that.")),
    )


DEBUG_LOG = Grid(
    name="debug-log",
    row=LoggedCall,
    columns=(
        moment("at", marked("When"), LoggedCall.at),
        code("operation", marked("Operation"), LoggedCall.operation, cell=f"{CELLS}#call", wide=True, sort=False),
        text("path", marked("Address"), LoggedCall.path, find="contains", sort=False),
        number("status", marked("HTTP status"), LoggedCall.status, cell=f"{CELLS}#status", sort=False),
        yes_no(
            "failed",
            marked("Failed"),
            sa.or_(LoggedCall.status.is_(None), LoggedCall.status >= 400),
            sort=False,
        ),
        number("milliseconds", marked("Milliseconds"), LoggedCall.milliseconds, sort=False),
        code("request_id", marked("Request id"), LoggedCall.request_id, find="equals", sort=False),
    ),
    shown=("at", "operation", "status", "milliseconds", "request_id"),
    sort="-at",
    search=lambda words: sa.or_(
        LoggedCall.operation == words,
        LoggedCall.request_id == words,
        LoggedCall.path.contains(words, autoescape=True),
    ),
    search_label=marked("Operation, SKU or request id"),
    empty=(marked("No calls"), marked("Switch the log on, and the calls of the next minutes appear here.")),
    nothing=(marked("No such call"), marked("None of those that were kept is like that.")),
)


def account_runs(channel: Channel, account: SellerAccount) -> ResponseReturnValue:
    return _runs(channel, RunPart.account_id == account.id, say("Runs"), account, None)


def store_runs(channel: Channel, store: Store) -> ResponseReturnValue:
    scope = RunPart.store_id == store.id
    if sees_whole(channel, store):
        of_account = sa.and_(RunPart.account_id == store.account_id, RunPart.store_id.is_(None))
        scope = sa.or_(scope, of_account)
    return _runs(channel, scope, say("Runs"), store.account, store)


def all_runs(channel: Channel) -> ResponseReturnValue:
    """Show every run, those without any account, too: for whoever may view every store."""
    access.require(channel, access.VIEW, channel.db.session.scalars(sa.select(Store)))
    return _runs(channel, sa.true(), say("All runs"), None, None)


def _runs(
    channel: Channel, scope: sa.ColumnElement[bool], title: str, account: SellerAccount | None, store: Store | None
) -> ResponseReturnValue:
    session = channel.db.session()
    query = sa.select(Run)
    if account is not None:
        query = query.where(sa.exists().where(RunPart.run_id == Run.id, scope))
    everything = sa.select(sa.func.count()).select_from(Store)
    sees_everything = len(access.visible_stores(channel)) == session.scalar(everything)
    running = sa.select(Run).where(Run.state == RunState.RUNNING).order_by(Run.id)
    return runs_grid(scope).answer(
        channel,
        query=query,
        load=(selectinload(Run.parts.and_(scope)).joinedload(RunPart.store),),
        about=lambda rows: {run.id: Shown(run, run.parts) for run in rows},
        title=title,
        store=store,
        template="amazon_channel/runs.html",
        account=account,
        running=session.scalars(running).all() if sees_everything else [],
    )


def debug_log(channel: Channel, store: Store) -> ResponseReturnValue:
    places = LoggedCall.marketplace_id == store.marketplace_id
    if sees_whole(channel, store):
        places = sa.or_(places, LoggedCall.marketplace_id.is_(None))
    now = channel.clock()
    return DEBUG_LOG.answer(
        channel,
        query=sa.select(LoggedCall).where(LoggedCall.account_id == store.account_id, places),
        title=say("Debug log"),
        store=store,
        template="amazon_channel/debug_log.html",
        until=store.debug_until if store.debug_until and store.debug_until > now else None,
        minutes=MINUTES,
        log_days=channel.config.log_days,
    )


def switch_debug_log(channel: Channel, store: Store) -> Response:
    from flask_amazon_channel.sync import debug_log as log

    chosen = request.form.get("minutes", "")
    if chosen == "0":
        log.switch_off(channel, store)
        flash(say("The debug log is off."), "success")
    elif chosen in map(str, MINUTES):
        log.switch_on(channel, store, int(chosen))
        minutes = say_many("The debug log is on for {n} minute.", "The debug log is on for {n} minutes.", int(chosen))
        flash(minutes, "success")
    else:
        abort(400)
    return redirect(url_for("amazon_channel.debug_log", store_id=store.id), 303)
