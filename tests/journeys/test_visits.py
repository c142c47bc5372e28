from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from example_store.database import db
from flask_amazon_channel.models import Stream
from flask_amazon_channel.models.due import Claim, claim
from flask_amazon_channel.sync.visits import INTERNAL_ERROR_PAUSE, visiting
from tests.journeys.world import ShopWorld


def claimed(world: ShopWorld) -> Claim:
    world.pass_time(400)
    return claim(db.session(), Stream, world.clock(), 1)[0]


def test_a_fault_of_ours_is_kept_on_its_row_without_its_values_and_tried_again_later(
    selling: ShopWorld, caplog: pytest.LogCaptureFixture
) -> None:
    row, buyer = claimed(selling), "Zacharias " + "Canary"
    with caplog.at_level(logging.ERROR), visiting(selling.channel, Stream, row, 1, 0, "reading"):
        raise ZeroDivisionError(buyer)
    stream = selling.all(Stream, Stream.id == row.id)[0]
    assert "Internal error" in stream.problem
    assert stream.due_at == selling.clock() + INTERNAL_ERROR_PAUSE
    assert stream.leased_until is None
    assert "ZeroDivisionError" in caplog.text
    assert buyer not in caplog.text


def test_f97_a_database_that_went_away_makes_no_row_wait_for_an_hour(
    selling: ShopWorld, caplog: pytest.LogCaptureFixture
) -> None:
    row = claimed(selling)
    with caplog.at_level(logging.ERROR), visiting(selling.channel, Stream, row, 1, 0, "reading"):
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection unexpectedly"))
    stream = selling.all(Stream, Stream.id == row.id)[0]
    assert "database" in stream.problem
    assert stream.due_at - selling.clock() < timedelta(minutes=1)
    assert stream.leased_until is None


def test_a_worker_that_was_taken_over_gives_nothing_back(selling: ShopWorld) -> None:
    row = claimed(selling)
    selling.clock.now += timedelta(minutes=10)
    [other] = claim(db.session(), Stream, selling.clock(), 1, Stream.id == row.id)
    with visiting(selling.channel, Stream, row, 1, 0, "reading"):
        raise ZeroDivisionError
    stream = selling.all(Stream, Stream.id == row.id)[0]
    assert (stream.lease_epoch, stream.problem) == (other.epoch, None)
    assert stream.leased_until is not None
