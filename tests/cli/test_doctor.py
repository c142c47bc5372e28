"""`flask amazon doctor` names what is wrong, and what to do about it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from flask_amazon_channel.channel import current, installed
from flask_amazon_channel.models import SellerAccount, Slot
from tests.cli.conftest import Run, runner
from tests.hosts.variant_shop.models import db

Findings = dict[tuple[str, str], dict[str, str]]


def wrong(run: Run) -> Findings:
    """What is wrong, by what it is about."""
    found = json.loads(run("doctor", "--json").stdout)
    return {(one["about"], one["sentence"]): one for one in found if one["grade"] == "wrong"}


def subjects(run: Run) -> set[str]:
    return {about for about, _ in wrong(run)}


def test_a_fresh_installation_lacks_tables_and_a_worker(empty_app: Flask) -> None:
    run = runner(empty_app)
    assert subjects(run) == {"database", "worker"}
    assert run("doctor").exit_code == 1
    assert "Run: flask amazon db upgrade" in run("doctor").output


def test_with_tables_it_looks_further(run: Run) -> None:
    assert subjects(run) == {"worker", "timetable", "accounts"}


def test_a_connected_account_is_not_wrong(run: Run, connected: dict[str, Any]) -> None:
    run("sync")
    assert subjects(run) == {"worker", "timetable"}


def test_a_timetable_that_rang_lately_is_not_wrong(app: Flask, run: Run, connected: dict[str, Any]) -> None:
    run("sync")
    with app.app_context():
        db.session.add(Slot(name="cycle", next_run=current().clock()))
        db.session.commit()
    assert subjects(run) == {"worker"}


def test_a_timetable_that_stopped_is_wrong(app: Flask, run: Run, connected: dict[str, Any]) -> None:
    run("sync")
    with app.app_context():
        db.session.add(Slot(name="cycle", next_run=current().clock() - timedelta(hours=1)))
        db.session.commit()
    assert ("timetable", "No cycle has begun lately.") in wrong(run)


def test_orders_that_were_not_read_are_wrong(run: Run, connected: dict[str, Any]) -> None:
    assert "Wolle: orders" in subjects(run)


def test_a_disconnected_account_is_wrong(app: Flask, run: Run, connected: dict[str, Any]) -> None:
    with app.app_context():
        db.session.execute(sa.update(SellerAccount).values(state="disconnected", problem="The consent has run out."))
        db.session.commit()
    assert ("Wolle", "The consent has run out.") in wrong(run)


def test_a_token_that_no_key_opens_is_wrong(app: Flask, run: Run, connected: dict[str, Any]) -> None:
    with app.app_context():
        db.session.execute(sa.update(SellerAccount).values(refresh_token_sealed=b"\x01damaged"))
        db.session.commit()
    [finding] = [one for (about, _), one in wrong(run).items() if about == "Wolle"]
    assert "AMAZON_CHANNEL_ENCRYPTION_KEYS" in finding["sentence"]


@pytest.mark.parametrize("broker_url", ["redis://127.0.0.1:1/0"])
def test_a_broker_that_does_not_answer_is_wrong(run: Run) -> None:
    assert "broker" in subjects(run)


def test_an_unwatched_shop_is_wrong(app: Flask, run: Run) -> None:
    channel = installed(app)
    assert channel is not None
    channel.watched = {}
    assert "products" in subjects(run)
