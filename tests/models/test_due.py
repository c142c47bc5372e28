"""Marks, claims and leases: of two workers one has the row, and what came meanwhile is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from flask_amazon_channel.models import (
    Aspect,
    AspectName,
    SellerAccount,
    Sku,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.models.due import LEASE, LeaseLost, claim, finish, hold, mark, pause, postpone
from tests.databases import Databases, make_tables

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def session(database_server: Databases) -> Iterator[Session]:
    """A session over a database with one account and one SKU; its quantity is due."""
    with database_server.fresh(make_tables) as uri:
        engine = sa.create_engine(uri)
        with Session(engine) as session:
            account = SellerAccount(seller_id="A1", region="na", name="A", connected_at=NOW)
            session.add(account)
            session.flush()
            sku = Sku(account_id=account.id, sku="LAMP")
            session.add(sku)
            session.flush()
            session.add(Aspect(account_id=account.id, sku_id=sku.id, name=AspectName.QUANTITY, due_at=NOW))
            session.commit()
            yield session
        engine.dispose()


def aspect(session: Session) -> Aspect:
    session.expire_all()
    return session.scalars(sa.select(Aspect)).one()


def neighbour(session: Session) -> Aspect:
    """Another row, due a moment later."""
    sku = Sku(account_id=aspect(session).account_id, sku="VASE")
    session.add(sku)
    session.flush()
    row = Aspect(account_id=sku.account_id, sku_id=sku.id, name=AspectName.QUANTITY, due_at=NOW)
    session.add(row)
    session.commit()
    return row


def test_a_claimed_row_is_nobody_elses(session: Session) -> None:
    assert len(claim(session, Aspect, NOW, 10)) == 1
    assert claim(session, Aspect, NOW, 10) == []


def test_what_is_not_due_yet_is_not_claimed(session: Session) -> None:
    assert claim(session, Aspect, NOW - timedelta(seconds=1), 10) == []


def test_a_dead_workers_row_is_free_again_when_its_lease_has_run_out(session: Session) -> None:
    [first] = claim(session, Aspect, NOW, 10)
    [second] = claim(session, Aspect, NOW + LEASE + timedelta(seconds=1), 10)
    assert second.epoch > first.epoch


def test_a_worker_that_was_taken_over_changes_nothing(session: Session) -> None:
    [first] = claim(session, Aspect, NOW, 10)
    taken_over = NOW + LEASE + timedelta(seconds=1)
    claim(session, Aspect, taken_over, 10)
    for act in (
        lambda: hold(session, Aspect, first, taken_over, problem="mine"),
        lambda: finish(session, Aspect, first, taken_over),
        lambda: postpone(session, Aspect, first, taken_over, "mine"),
    ):
        with pytest.raises(LeaseLost):
            act()
        session.rollback()
    assert aspect(session).problem is None


def test_f92_a_row_that_kills_its_worker_is_tried_alone_and_takes_no_other_along(session: Session) -> None:
    poison, other = aspect(session), neighbour(session)
    now = NOW
    for _ in range(2):
        assert {one.id for one in claim(session, Aspect, now, 10)} == {poison.id, other.id}
        now += LEASE + timedelta(seconds=1)
    assert [one.id for one in claim(session, Aspect, now, 10)] == [poison.id]
    [taken] = claim(session, Aspect, now, 10)
    assert taken.id == other.id
    finish(session, Aspect, taken, now)


def test_f89_what_kills_its_worker_again_and_again_is_put_off_and_says_so(session: Session) -> None:
    now = NOW
    for _ in range(5):
        assert len(claim(session, Aspect, now, 10)) == 1
        now += LEASE + timedelta(seconds=1)
    assert claim(session, Aspect, now, 10) == []
    row = aspect(session)
    assert row.problem is not None
    assert "ended without a word each of the last 5 times" in row.problem
    assert row.due_at is not None
    assert row.due_at >= now + timedelta(minutes=4)
    [again] = claim(session, Aspect, row.due_at, 10)
    finish(session, Aspect, again, row.due_at)
    session.commit()
    assert (aspect(session).failures, aspect(session).leased_until, aspect(session).problem) == (0, None, None)


def test_after_its_pause_it_is_tried_once_and_put_off_for_longer(session: Session) -> None:
    pauses, now = [], NOW
    for _ in range(8):
        if not claim(session, Aspect, now, 10):
            due_at = aspect(session).due_at
            assert due_at is not None
            pauses.append(due_at - now)
            now = due_at
            assert len(claim(session, Aspect, now, 10)) == 1
        now += LEASE + timedelta(seconds=1)
    assert len(pauses) == 3
    assert pauses[0] < pauses[1] < pauses[2]


def test_a_mark_made_while_the_row_is_worked_on_leaves_it_due(session: Session) -> None:
    [claimed] = claim(session, Aspect, NOW, 10)
    mark(session, Aspect, LATER)
    finish(session, Aspect, claimed, LATER)
    session.commit()
    assert aspect(session).due_at == LATER
    assert len(claim(session, Aspect, LATER, 10)) == 1


def test_a_finished_row_is_due_no_more_or_at_the_time_that_was_said(session: Session) -> None:
    [claimed] = claim(session, Aspect, NOW, 10)
    finish(session, Aspect, claimed, NOW, LATER)
    session.commit()
    assert aspect(session).due_at == LATER
    [claimed] = claim(session, Aspect, LATER, 10)
    finish(session, Aspect, claimed, LATER)
    session.commit()
    assert aspect(session).due_at is None


def test_a_mark_does_not_put_off_what_was_due_before(session: Session) -> None:
    mark(session, Aspect, LATER)
    session.commit()
    assert aspect(session).due_at == NOW


def test_failures_are_counted_and_a_new_mark_forgets_them(session: Session) -> None:
    [claimed] = claim(session, Aspect, NOW, 10)
    postpone(session, Aspect, claimed, LATER, "no answer")
    session.commit()
    assert (aspect(session).failures, aspect(session).problem) == (1, "no answer")
    [claimed] = claim(session, Aspect, LATER, 10)
    postpone(session, Aspect, claimed, LATER, "slow down", counts=False)
    session.commit()
    assert aspect(session).failures == 1
    mark(session, Aspect, LATER)
    session.commit()
    assert aspect(session).failures == 0


def test_pauses_grow_are_spread_and_end_at_an_hour() -> None:
    pauses = [pause(failures, 1.0) for failures in range(20)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)
    assert pause(3, 0.0) == pause(3, 1.0) / 2


def submission(session: Session, state: SubmissionState, *, is_open: bool, **more: object) -> Submission:
    row = aspect(session)
    return Submission(
        aspect_id=row.id,
        open_aspect_id=row.id if is_open else None,
        generation=1,
        state=state,
        marketplace_id="M",
        patches=[],
        created_at=NOW,
        **more,
    )


def test_an_aspect_never_has_two_open_submissions(session: Session) -> None:
    session.add(submission(session, SubmissionState.INTENT, is_open=True))
    session.commit()
    session.add(submission(session, SubmissionState.UNKNOWN, is_open=True))
    with pytest.raises(IntegrityError):
        session.commit()


@pytest.mark.parametrize(
    "values",
    [{"quantity": 5, "sellable": 4}, {"quantity": -1, "sellable": 4}, {"price_minor": 0}, {"price_minor": -100}],
    ids=["more than there is", "below nothing", "for nothing", "below nothing"],
)
def test_the_database_refuses_what_must_never_be_sent(session: Session, values: dict[str, int]) -> None:
    session.add(submission(session, SubmissionState.INTENT, is_open=True, **values))
    with pytest.raises(sa.exc.DBAPIError):
        session.commit()


def test_a_naive_time_is_refused(session: Session) -> None:
    aspect(session).due_at = datetime(2026, 1, 1)
    with pytest.raises(sa.exc.StatementError, match="no time zone"):
        session.commit()
