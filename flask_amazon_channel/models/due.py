"""What is to be done: when it is due, who works on it, and how often it failed.

*Mark* makes a row due and raises its generation.  *Claim* takes due rows for one worker, by one conditional UPDATE
that raises the row's epoch.  Every result is stored *with* that epoch: a worker whose lease ran out and was taken over
changes nothing.  A mark made while the row is worked on leaves it due, because the generation has moved on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from flask_amazon_channel.models.base import BigId, Numbered, Sentence
from flask_amazon_channel.rules.phrases import phrase

LEASE = timedelta(seconds=120)
"""Longer than the longest chain of calls that a claim covers; a dead worker's rows are free again after it."""

LONGEST_PAUSE = timedelta(hours=1)

DEATHS_IN_COMPANY = 2
"""A row whose worker died so often is claimed alone: it may be the one that kills, and takes nobody along any more."""

DEATHS_IN_A_ROW = 5
"""A row whose worker died so often is put off, with growing pauses."""


class LeaseLost(Exception):
    """Another worker has taken the row over: roll back, and leave the row alone."""


class Due(Numbered):
    """The columns of a row that has something to be done."""

    due_at: Mapped[datetime | None] = mapped_column(index=True)
    generation: Mapped[int] = mapped_column(BigId, default=0, server_default="0")
    lease_epoch: Mapped[int] = mapped_column(BigId, default=0, server_default="0")
    leased_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    problem: Mapped[str | None] = mapped_column(Sentence(1000))


@dataclass(frozen=True, slots=True)
class Claim:
    """One claimed row: its id, the epoch that the claim gave it, and the generation that was found."""

    id: int
    epoch: int
    generation: int


def mark(session: Session, model: type[Due], now: datetime, *where: sa.ColumnElement[bool]) -> int:
    """Make the rows due now, as something new to be done.  Return how many."""
    result = session.execute(
        sa.update(model)
        .where(*where)
        .values(
            due_at=sa.case((model.due_at < now, model.due_at), else_=now),
            generation=model.generation + 1,
            failures=0,
        )
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def claim(
    session: Session,
    model: type[Due],
    now: datetime,
    limit: int,
    *where: sa.ColumnElement[bool],
    lease: timedelta = LEASE,
) -> list[Claim]:
    """Take up to `limit` due rows, the longest due first, and commit.

    A lease that ran out is the mark of a worker that died; it counts as a failure of the row.
    """
    free = (model.due_at <= now, sa.or_(model.leased_until.is_(None), model.leased_until < now), *where)
    found = session.execute(
        sa.select(model.id, model.lease_epoch, model.generation, model.leased_until, model.failures, model.due_at)
        .where(*free)
        .order_by(model.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=model)
    ).all()
    fatal = [row for row in found if _deaths(row) >= DEATHS_IN_COMPANY]
    if fatal and fatal[0] is not found[0]:
        found = found[: found.index(fatal[0])]
    elif fatal and _deaths(fatal[0]) >= DEATHS_IN_A_ROW and fatal[0].due_at <= fatal[0].leased_until:
        _put_off(session, model, now, fatal[0])
        return claim(session, model, now, limit, *where, lease=lease)
    elif fatal:
        found = fatal[:1]
    return _take(session, model, now, lease, free, found)


def _deaths(row: Any) -> int:
    """Return how often a worker died over it; the last time was not counted yet."""
    return 0 if row.leased_until is None else row.failures + 1


def _put_off(session: Session, model: type[Due], now: datetime, row: Any) -> None:
    """Try again later what kills its worker each time.  It keeps its old lease, by which it is known."""
    text = "The worker ended without a word each of the last {n} times. Look into its log, or its memory."
    session.execute(
        sa.update(model)
        .where(model.id == row.id, model.lease_epoch == row.lease_epoch)
        .values(due_at=now + pause(row.failures, 1.0), problem=phrase(text, n=_deaths(row)))
        .execution_options(synchronize_session=False)
    )
    session.commit()


def _take(
    session: Session, model: type[Due], now: datetime, lease: timedelta, free: Any, found: Sequence[Any]
) -> list[Claim]:
    if not found:
        session.rollback()
        return []
    taken = session.execute(
        sa.update(model)
        .where(model.id.in_([row.id for row in found]), *free[:2])
        # In this order: MariaDB reads what it has just set.
        .ordered_values(
            (model.failures, _counted(model)),
            (model.leased_until, now + lease),
            (model.lease_epoch, model.lease_epoch + 1),
        )
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != len(found):  # type: ignore[attr-defined]
        # Only where the database neither locks rows nor begins immediately: somebody else was faster.
        session.rollback()
        return []
    session.commit()
    return [Claim(row.id, row.lease_epoch + 1, row.generation) for row in found]


def _counted(model: type[Due]) -> sa.ColumnElement[int]:
    return sa.case((model.leased_until.is_(None), model.failures), else_=model.failures + 1)


def hold(session: Session, model: type[Due], claimed: Claim, now: datetime, **values: Any) -> None:
    """Store values on a claimed row, and prove that the claim still stands.  Raise `LeaseLost` if it does not."""
    _update(session, model, claimed, leased_until=now + LEASE, **values)


def finish(
    session: Session,
    model: type[Due],
    claimed: Claim,
    now: datetime,
    again_at: datetime | None = None,
    **values: Any,
) -> None:
    """Give the row back: done, or due again at a time.  It stays due where it was marked meanwhile."""
    later = sa.case((model.generation == claimed.generation, again_at), else_=now)
    _update(session, model, claimed, due_at=later, leased_until=None, **{"failures": 0, "problem": None, **values})


def finish_all(
    session: Session, model: type[Due], now: datetime, rows: Sequence[tuple[Claim, datetime | None, dict[str, Any]]]
) -> None:
    """Give many rows back at once, each with its time and values, as `finish` does with one."""
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    by_names: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for claimed, again_at, values in rows:
        given = {"failures": 0, "problem": None, **values}
        facts = {"mine": claimed.id, "epoch": claimed.epoch, "found": claimed.generation, "again_at": again_at}
        by_names.setdefault(tuple(sorted(given)), []).append({**facts, **{f"new_{key}": given[key] for key in given}})
    for names, some in by_names.items():
        later = sa.case((table.c.generation == sa.bindparam("found"), _given(table, "due_at", "again_at")), else_=now)
        statement = table.update().where(
            table.c.id == sa.bindparam("mine"), table.c.lease_epoch == sa.bindparam("epoch")
        )
        news = {name: _given(table, name, f"new_{name}") for name in names}
        done = session.connection().execute(statement.values(due_at=later, leased_until=None, **news), some)
        if done.rowcount != len(some):
            raise LeaseLost(model.__name__)


def _given(table: sa.Table, column: str, name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=table.c[column].type)


def postpone(
    session: Session,
    model: type[Due],
    claimed: Claim,
    again_at: datetime,
    problem: str,
    *,
    counts: bool = True,
) -> None:
    """Give the row back undone, with the reason.  `counts`: it is a failure, so the next pause is longer."""
    _update(
        session,
        model,
        claimed,
        due_at=again_at,
        leased_until=None,
        failures=model.failures + (1 if counts else 0),
        problem=problem,
    )


def _update(session: Session, model: type[Due], claimed: Claim, **values: Any) -> None:
    result = session.execute(
        sa.update(model)
        .where(model.id == claimed.id, model.lease_epoch == claimed.epoch)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if result.rowcount != 1:  # type: ignore[attr-defined]
        raise LeaseLost(f"{model.__name__} {claimed.id}")


def pause(failures: int, chance: float, shortest: timedelta = timedelta(seconds=15)) -> timedelta:
    """Return how long to wait after so many failures: doubling, an hour at most, spread by `chance` (0 to 1)."""
    longest: timedelta = min(LONGEST_PAUSE, shortest * 2 ** min(failures, 12))
    return longest * (0.5 + chance / 2)
