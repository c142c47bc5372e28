"""What a command leaves behind: the record of its run, and the debug log."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from flask_amazon_channel.channel import current
from flask_amazon_channel.models import Aspect, AspectName, LoggedCall, Run, RunPart, RunState, Sku, Store
from flask_amazon_channel.simulator import Amazon
from tests.cli.conftest import PassTime
from tests.cli.conftest import Run as Command
from tests.cli.test_doctor import wrong
from tests.hosts.variant_shop.models import db


def runs(app: Flask) -> list[Run]:
    with app.app_context():
        found = list(db.session.scalars(sa.select(Run).order_by(Run.id)))
        db.session.expunge_all()
        return found


def test_a_command_leaves_a_record_with_what_it_did(app: Flask, run: Command, connected: dict[str, Any]) -> None:
    run("sync")
    [record] = runs(app)
    assert (record.name, record.state) == ("sync", RunState.DONE)
    assert record.calls >= 2
    assert record.ended is not None
    assert record.progress["orders"] == {"done": 1, "left": 0}
    with app.app_context():
        parts = {part.journey: part for part in db.session.scalars(sa.select(RunPart))}
        assert {part.store.name for part in parts.values() if part.store} == {"Wolle DE"}
        assert parts["orders"].account.name == "Wolle"
        assert parts["orders"].store is None
        assert sum(part.calls for part in parts.values()) == record.calls


def test_the_record_of_one_store_names_it(app: Flask, run: Command, connected: dict[str, Any]) -> None:
    run("import-orders", "--store", "DE")
    assert [record.name for record in runs(app)] == ["import-orders Wolle DE"]


def test_what_failed_is_counted_and_said(
    app: Flask, run: Command, connected: dict[str, Any], local_amazon: Amazon
) -> None:
    local_amazon.stop()
    run("import-orders")
    [record] = runs(app)
    assert record.failures == 1
    with app.app_context():
        [part] = db.session.scalars(sa.select(RunPart).where(RunPart.failures > 0))
        assert part.problem


def test_nothing_but_the_document_is_printed(run: Command, connected: dict[str, Any]) -> None:
    for command in ("sync", "publish", "import-orders", "import-listings", "doctor", "plan", "purge-personal-data"):
        json.loads(run(command, "--json").stdout)


def test_freezing_can_be_asked_for_in_json(run: Command, connected: dict[str, Any]) -> None:
    assert json.loads(run("freeze", "--json").stdout) == {"frozen": ["Wolle"]}
    assert json.loads(run("unfreeze", "--json").stdout)["unfrozen"] == ["Wolle"]


def test_the_doctor_tells_of_the_last_cycle(run: Command, connected: dict[str, Any]) -> None:
    run("sync")
    found = {one["about"]: one for one in json.loads(run("doctor", "--json").stdout)}
    assert found["last cycle"]["grade"] == "good"
    assert "calls to Amazon, 0 failures" in found["last cycle"]["sentence"]
    assert found["sold out"]["grade"] == "good"


def test_a_cycle_that_was_killed_is_wrong(app: Flask, run: Command, connected: dict[str, Any]) -> None:
    with app.app_context():
        now = current().clock()
        db.session.add(
            Run(name="cycle", state=RunState.KILLED, process="elsewhere 1", began=now, seen_at=now, ended=now)
        )
        db.session.commit()
    assert "last cycle" in {about for about, _ in wrong(run)}


def test_a_zero_that_did_not_go_out_is_wrong_after_some_minutes(
    app: Flask, run: Command, synced: dict[str, Any]
) -> None:
    with app.app_context():
        sku = db.session.scalars(sa.select(Sku).where(Sku.observed_quantity > 0)).first()
        assert sku is not None
        aspect = db.session.scalars(sa.select(Aspect).filter_by(sku_id=sku.id, name=AspectName.QUANTITY)).one()
        sku.wanted_quantity, aspect.due_at = 0, current().clock() - timedelta(minutes=1)
        db.session.commit()
        assert "sold out" not in {about for about, _ in wrong(run)}
        aspect.due_at = current().clock() - timedelta(minutes=10)
        db.session.commit()
    assert "sold out" in {about for about, _ in wrong(run)}


def logged(app: Flask) -> list[LoggedCall]:
    with app.app_context():
        found = list(db.session.scalars(sa.select(LoggedCall).order_by(LoggedCall.id)))
        db.session.expunge_all()
        return found


def test_the_debug_log_keeps_calls_and_ends_by_itself(
    app: Flask, run: Command, connected: dict[str, Any], pass_time: PassTime
) -> None:
    run("sync")
    assert logged(app) == []
    done = json.loads(run("debug-log", "--store", "DE", "--minutes", "30", "--json").stdout)
    assert done["store"] == "Wolle DE"
    pass_time(300)
    run("sync")
    calls = logged(app)
    assert {"searchOrders", "searchListingsItems"} <= {call.operation for call in calls}
    assert {call.status for call in calls} == {200}
    assert all(call.request_id for call in calls)
    pass_time(1800)
    run("sync")
    assert len(logged(app)) == len(calls)


def test_the_debug_log_can_be_ended(app: Flask, run: Command, connected: dict[str, Any]) -> None:
    run("debug-log", "--store", "DE")
    assert run("debug-log", "--store", "DE", "--off").output == "The debug log of Wolle DE is off.\n"
    run("sync")
    assert logged(app) == []
    with app.app_context():
        assert {store.debug_until for store in db.session.scalars(sa.select(Store))} == {None}


def test_no_buyer_and_no_token_is_in_the_debug_log(
    app: Flask, run: Command, synced: dict[str, Any], local_amazon: Amazon, pass_time: PassTime
) -> None:
    order_id = local_amazon.place_order(synced["seller_id"], "A1PA6795UKMFR9", [{"sku": "SCARF", "quantity": 1}])
    order = local_amazon.order(order_id)["order"]
    recipient, buyer = order["recipient"]["deliveryAddress"], order["buyer"]
    run("debug-log", "--store", "DE")
    pass_time(300)
    run("import-orders")
    kept = " ".join(f"{call.path} {call.sent} {call.answered}" for call in logged(app))
    assert order_id in kept
    for secret in (buyer["buyerName"], buyer["buyerEmail"], recipient["addressLine1"], recipient["postalCode"]):
        assert secret
        assert secret not in kept
    assert synced["refresh_token"] not in kept
    assert "Atza|" not in kept
