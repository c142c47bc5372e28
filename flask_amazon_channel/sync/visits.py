"""One visit to a claimed row.  What goes wrong with it is kept on it, and it is given back; the others go on."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy.exc import InterfaceError, OperationalError

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import (
    AccountDisconnected,
    AmazonError,
    AmazonUnavailable,
    OutcomeUnknown,
    SecretRefused,
    SendingStopped,
    ShopRefused,
)
from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import Claim, Due, LeaseLost, pause, postpone
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.signals import announce, sync_failed
from flask_amazon_channel.sync import runs
from flask_amazon_channel.sync.accounts import disconnect
from flask_amazon_channel.sync.permission import RESTS

log = logging.getLogger(__name__)

UNKNOWN_OUTCOME_PAUSE = timedelta(seconds=5)
INTERNAL_ERROR_PAUSE = timedelta(hours=1)
INTERNAL_ERROR = phrase("Internal error; the log has the details.")
DATABASE_GONE = phrase("The database did not answer; it is tried again.")


@contextmanager
def visiting(
    channel: Channel,
    model: type[Due],
    claimed: Claim,
    account_id: int,
    failures: int,
    journey: str,
    store_id: int | None = None,
) -> Iterator[None]:
    """Do inside what is to be done with the row.  `failures` is how often it failed before."""
    with runs.visit(account_id, store_id), _giving_back(channel, model, claimed, account_id, failures, journey):
        yield


@contextmanager
def _giving_back(
    channel: Channel, model: type[Due], claimed: Claim, account_id: int, failures: int, journey: str
) -> Iterator[None]:
    try:
        yield
    except LeaseLost:
        channel.db.session.rollback()
    except AccountDisconnected as error:
        disconnect(channel, account_id, str(error))
        give_back(channel, model, claimed, pause(failures, random.random()), str(error), counts=False)
    except SendingStopped as error:
        give_back(channel, model, claimed, wait_after(error, failures), str(error), counts=False)
    except (AmazonError, ShopRefused) as error:
        # No fault of this row: Amazon asks to slow down, or the account rests until a client secret works.
        throttled = isinstance(error, SecretRefused) or (isinstance(error, AmazonUnavailable) and error.throttled)
        give_back(channel, model, claimed, wait_after(error, failures), str(error), counts=not throttled)
        if not throttled:
            announce(sync_failed, journey=journey, problem=str(error))
    except (OperationalError, InterfaceError):
        # The database was away or busy: nothing is wrong with the row.
        log_fault(log, "%s was interrupted: %s %s", journey, model.__name__, claimed.id)
        give_back(channel, model, claimed, pause(failures, random.random()), DATABASE_GONE)
    except Exception:
        log_fault(log, "%s could not be done: %s %s", journey, model.__name__, claimed.id)
        give_back(channel, model, claimed, INTERNAL_ERROR_PAUSE, INTERNAL_ERROR)


def wait_after(error: AmazonError | ShopRefused | SendingStopped, failures: int) -> timedelta:
    """Return when to try again: as soon as Amazon's quota allows, where that was all, else later and later."""
    if isinstance(error, SendingStopped):
        return RESTS
    if isinstance(error, AmazonUnavailable) and error.wait is not None:
        return error.wait
    return UNKNOWN_OUTCOME_PAUSE if isinstance(error, OutcomeUnknown) else pause(failures, random.random())


def give_back(
    channel: Channel, model: type[Due], claimed: Claim, wait: timedelta, problem: str, *, counts: bool = True
) -> None:
    """Give the row back undone, due again after a while, unless another worker has it by now."""
    session = channel.db.session()
    session.rollback()
    if counts:
        runs.failed(problem)
    again_at = channel.clock() + wait
    try:
        in_transaction(session, lambda: postpone(session, model, claimed, again_at, problem, counts=counts))
    except LeaseLost:
        session.rollback()
