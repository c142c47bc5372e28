"""Logs are deleted when their days are over, a few rows at a time, and nothing that is still needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from flask_amazon_channel.models import (
    Activity,
    Alert,
    AlertMessage,
    Aspect,
    Base,
    BulkAction,
    CallError,
    Change,
    ListingIssue,
    LoggedCall,
    Run,
    RunPart,
    RunState,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.models.alerts import Event, Way
from flask_amazon_channel.rules.alerts import Alarm, Severity, Subject
from flask_amazon_channel.rules.reasons import because
from flask_amazon_channel.sync import cycles, purging
from tests.journeys.world import ShopWorld

STAY = {
    "amazon_aspect",
    "amazon_client_secret",
    "amazon_grid_view",
    "amazon_hint",
    "amazon_instance",
    "amazon_listing",
    "amazon_listing_issue",
    "amazon_mass_change",
    "amazon_notification_subscription",
    "amazon_onboarding_mark",
    "amazon_order",
    "amazon_order_item",
    "amazon_order_person",
    "amazon_package",
    "amazon_package_item",
    "amazon_preparation",
    "amazon_product_change",
    "amazon_purge_position",
    "amazon_run_part",
    "amazon_seller_account",
    "amazon_sku",
    "amazon_slot",
    "amazon_stock_ledger",
    "amazon_store",
    "amazon_stream",
}
"""These are no logs: they say how things are, or are deleted with what they belong to."""


def old(world: ShopWorld, days: float = 1) -> datetime:
    """A moment so long after which a log's days were over."""
    return world.clock.now - timedelta(days=world.channel.config.log_days + days)


def count(world: ShopWorld, model: type[Any]) -> int:
    return len(world.all(model))


def submitted(world: ShopWorld, number: int, at: datetime, **values: Any) -> list[int]:
    """Let the price of the LAMP have been sent so often, long ago."""
    aspect = world.all(Aspect, Aspect.name == "price")[0]
    given = {
        "aspect_id": aspect.id,
        "generation": 1,
        "state": SubmissionState.LIVE,
        "marketplace_id": "ATVPDKIKX0DER",
        "price_minor": 2000,
        "patches": [],
        "created_at": at,
    }
    before = [row.id for row in world.submissions()]
    world.session.execute(sa.insert(Submission), [{**given, **values}] * number)
    world.session.commit()
    return [row.id for row in world.submissions() if row.id not in before]


def test_each_table_is_a_log_or_stays(selling: ShopWorld) -> None:
    logs = {one.name for one in purging.LOGS}
    assert logs & STAY == set()
    assert logs | STAY == set(Base.metadata.tables)


def test_old_rows_of_every_log_go_and_newer_ones_stay(selling: ShopWorld) -> None:
    world, account_id = selling, selling.listing().store.account_id
    purging.purge(world.channel)
    logs = (Run, RunPart, LoggedCall, CallError, Activity, AlertMessage, Alert, BulkAction)
    was = {model: count(world, model) for model in logs}
    for at in (old(world), world.clock.now):
        run = Run(name="work", process="here 1", began=at, seen_at=at, ended=at, state=RunState.DONE)
        run.parts = [RunPart(journey="orders", account_id=account_id)]
        call = {"account_id": account_id, "operation": "getOrder"}
        alert = Alert.of(Alarm(Subject(account_id), Severity.WARN, because("odd", "It is odd.")), at)
        alert.open_key, alert.ended = None, at
        told = {"way": Way.MAIL, "event": Event.RAISED, "address": "a@b.de", "created_at": at}
        world.session.add_all(
            [
                run,
                LoggedCall(at=at, method="GET", path="/", milliseconds=1, **call),
                CallError(bucket=at.isoformat(), first_at=at, last_at=at, **call),
                Activity(at=at, action="test", sentence="It was."),
                AlertMessage(key=at.isoformat(), **told),
                alert,
                BulkAction(grid="orders", action="retry", stores=[], last_key=1, total=1, created_at=at),
            ]
        )
    world.session.commit()
    purging.purge(world.channel)
    assert {model: count(world, model) - before for model, before in was.items()} == dict.fromkeys(was, 1)


def test_a_visit_deletes_a_bounded_number_and_the_next_ones_the_rest(selling: ShopWorld) -> None:
    rows = [{"at": old(selling), "action": "test", "sentence": "It was."}] * 12_000
    selling.session.execute(sa.insert(Activity), rows)
    selling.session.commit()
    news = count(selling, Activity) - 12_000
    left = []
    for _ in range(3):
        purging.purge(selling.channel)
        left.append(count(selling, Activity) - news)
    assert left == [7_000, 2_000, 0]


def test_each_batch_is_a_transaction_of_its_own(selling: ShopWorld) -> None:
    selling.session.execute(
        sa.insert(Activity), [{"at": old(selling), "action": "test", "sentence": "It was."}] * 1_200
    )
    selling.session.commit()
    commits: list[int] = []

    def committed(connection: sa.Connection) -> None:
        commits.append(1)

    sa.event.listen(selling.channel.db.engine, "commit", committed)
    try:
        purging.purge(selling.channel)
    finally:
        sa.event.remove(selling.channel.db.engine, "commit", committed)
    assert len(commits) >= 3


def test_the_newest_submission_of_an_aspect_stays_however_old_it_is(selling: ShopWorld) -> None:
    ids = submitted(selling, 3, old(selling))
    selling.session.execute(sa.delete(Submission).where(Submission.id.not_in(ids)))
    selling.session.commit()
    purging.purge(selling.channel)
    assert [row.id for row in selling.submissions()] == [ids[-1]]


@pytest.mark.parametrize("state", [SubmissionState.ACCEPTED, SubmissionState.NOT_APPLIED])
def test_what_has_no_outcome_yet_stays(selling: ShopWorld, state: SubmissionState) -> None:
    ids = submitted(selling, 1, old(selling), state=state)
    submitted(selling, 1, selling.clock.now)
    purging.purge(selling.channel)
    assert ids[0] in [row.id for row in selling.submissions()]


def test_what_is_being_sent_stays(selling: ShopWorld) -> None:
    aspect = selling.all(Aspect, Aspect.name == "price")[0]
    ids = submitted(selling, 1, old(selling), state=SubmissionState.UNKNOWN, open_aspect_id=aspect.id)
    submitted(selling, 1, selling.clock.now)
    purging.purge(selling.channel)
    assert ids[0] in [row.id for row in selling.submissions()]


def test_a_refusal_that_an_issue_explains_stays(selling: ShopWorld) -> None:
    ids = submitted(selling, 1, old(selling), state=SubmissionState.INVALID)
    submitted(selling, 1, selling.clock.now)
    about = {"listing_id": selling.listing().id, "submission_id": ids[0], "seen_at": selling.clock.now}
    selling.session.add(ListingIssue(code="90220", severity="ERROR", message="A brand is required.", **about))
    selling.session.commit()
    purging.purge(selling.channel)
    assert ids[0] in [row.id for row in selling.submissions()]


def test_submissions_that_stay_are_not_looked_at_again_before_all_others_were(
    selling: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "AT_ONCE", 10)
    monkeypatch.setattr(purging, "WALKED_AT_MOST", 20)
    stays = submitted(selling, 25, old(selling), state=SubmissionState.NOT_APPLIED)
    goes = submitted(selling, 5, old(selling))
    submitted(selling, 1, selling.clock.now)
    for expected in (5, 0):
        purging.purge(selling.channel)
        assert len([row for row in selling.submissions() if row.id in goes]) == expected
    assert len([row for row in selling.submissions() if row.id in stays]) == 25


def test_an_open_alert_and_a_message_that_is_still_to_be_sent_stay(selling: ShopWorld) -> None:
    at = old(selling)
    selling.session.add(Alert.of(Alarm(Subject(), Severity.WARN, because("odd", "It is odd.")), at))
    told = {"way": Way.MAIL, "event": Event.HEALTH, "address": "a@b.de", "created_at": at}
    selling.session.add(AlertMessage(key="x", due_at=selling.clock.now, **told))
    selling.session.commit()
    purging.purge(selling.channel)
    assert (count(selling, Alert), count(selling, AlertMessage)) == (1, 1)


def test_who_changed_which_setting_is_kept_for_a_year(selling: ShopWorld) -> None:
    for days in (364, 366):
        at = selling.clock.now - timedelta(days=days)
        selling.session.add(
            Change(set_id=f"{days}", at=at, subject="store", subject_name="US", setting="buffer", old=1, new=2)
        )
    selling.session.commit()
    purging.purge(selling.channel)
    assert [change.set_id for change in selling.all(Change, Change.set_id.in_(["364", "366"]))] == ["364"]


def test_the_cycle_purges(selling: ShopWorld) -> None:
    selling.session.add(Activity(at=old(selling), action="test", sentence="It was."))
    selling.session.commit()
    selling.clock.now += timedelta(minutes=6)
    assert cycles.begin(selling.channel)
    assert selling.all(Activity, Activity.action == "test") == []


def test_a_table_that_cannot_be_purged_does_not_stop_the_others(
    selling: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = purging.Log(Run, sa.literal_column("no_such_column"))
    monkeypatch.setattr(purging, "LOGS", (broken, *purging.LOGS))
    selling.session.add(Activity(at=old(selling), action="test", sentence="It was."))
    selling.session.commit()
    assert purging.purge(selling.channel)["amazon_activity"] == 1
