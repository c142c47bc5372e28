"""What ran for an account or a store, how far it is, and the calls that a debug log kept.

A run works for several accounts; whoever reads here sees of it only what was done for stores that they may view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import access, paging
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import LoggedCall, Run, RunPart, RunState, SellerAccount, Store

MINUTES = (10, 30, 120)
STATES = {
    RunState.RUNNING: "Running",
    RunState.DONE: "Done",
    RunState.IDLE: "Nothing to do",
    RunState.OUT_OF_TIME: "Out of time, the rest followed",
    RunState.FAILED: "Failed",
    RunState.KILLED: "Killed",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A run as far as the reader may see it."""

    run: Run
    parts: Sequence[RunPart]

    @property
    def name(self) -> str:
        """What ran; which store a command was asked for may be another's affair."""
        return self.run.name.partition(" ")[0]

    @property
    def label(self) -> str:
        return STATES[RunState(self.run.state)]

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


def account_runs(channel: Channel, account: SellerAccount) -> str:
    return _runs(channel, RunPart.account_id == account.id, account, None)


def store_runs(channel: Channel, store: Store) -> str:
    scope = RunPart.store_id == store.id
    if _sees_all(channel, store.account):
        of_account = sa.and_(RunPart.account_id == store.account_id, RunPart.store_id.is_(None))
        scope = sa.or_(scope, of_account)
    return _runs(channel, scope, store.account, store)


def _sees_all(channel: Channel, account: SellerAccount) -> bool:
    return all(access.may(channel, access.VIEW, store) for store in account.stores)


def _runs(channel: Channel, scope: sa.ColumnElement[bool], account: SellerAccount, store: Store | None) -> str:
    session, failed = channel.db.session(), request.args.get("status") == "failed"
    part = sa.select(RunPart.id).where(RunPart.run_id == Run.id, scope)
    if failed:
        part = part.where(RunPart.failures > 0)
    query = sa.select(Run).where(part.exists()).options(selectinload(Run.parts.and_(scope)))
    found = paging.page(session, query, Run.id.desc())
    everything = sa.select(sa.func.count()).select_from(Store)
    sees_everything = len(access.visible_stores(channel)) == session.scalar(everything)
    running = sa.select(Run).where(Run.state == RunState.RUNNING).order_by(Run.id)
    return render_template(
        "amazon_channel/runs.html",
        account=account,
        store=store,
        found=found,
        shown=[Shown(run, run.parts) for run in found.rows],
        failed=failed,
        running=session.scalars(running).all() if sees_everything else [],
    )


def debug_log(channel: Channel, store: Store) -> str:
    words, failed = paging.words(), request.args.get("status") == "failed"
    places = LoggedCall.marketplace_id == store.marketplace_id
    if _sees_all(channel, store.account):
        places = sa.or_(places, LoggedCall.marketplace_id.is_(None))
    query = sa.select(LoggedCall).where(LoggedCall.account_id == store.account_id, places)
    if words:
        in_path = LoggedCall.path.contains(words, autoescape=True)
        query = query.where(sa.or_(LoggedCall.operation == words, LoggedCall.request_id == words, in_path))
    if failed:
        query = query.where(sa.or_(LoggedCall.status.is_(None), LoggedCall.status >= 400))
    now = channel.clock()
    return render_template(
        "amazon_channel/debug_log.html",
        store=store,
        found=paging.page(channel.db.session(), query, LoggedCall.id.desc()),
        words=words,
        failed=failed,
        until=store.debug_until if store.debug_until and store.debug_until > now else None,
        minutes=MINUTES,
        log_days=channel.config.log_days,
    )


def switch_debug_log(channel: Channel, store: Store) -> Response:
    from flask_amazon_channel.sync import debug_log as log

    chosen = request.form.get("minutes", "")
    if chosen == "0":
        log.switch_off(channel, store)
        flash("The debug log is off.", "success")
    elif chosen in map(str, MINUTES):
        log.switch_on(channel, store, int(chosen))
        flash(f"The debug log is on for {chosen} minutes.", "success")
    else:
        abort(400)
    return redirect(url_for("amazon_channel.debug_log", store_id=store.id), 303)
