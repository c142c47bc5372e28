"""RQ's alarms: one ends a job that takes too long, the other only wakes the worker that waits for it."""

from __future__ import annotations

import signal

import pytest
from rq.timeouts import HorseMonitorTimeoutException, JobTimeoutException

from flask_amazon_channel.jobs import Deadline, OutOfTime


def test_f88_a_job_that_takes_too_long_is_ended_by_what_no_except_exception_swallows() -> None:
    def job() -> None:
        with Deadline(1, JobTimeoutException):  # type: ignore[no-untyped-call]
            try:
                signal.pause()
            except Exception:
                pytest.fail("It was swallowed.")

    with pytest.raises(OutOfTime):
        job()


def test_a_worker_outlives_a_job_that_takes_longer_than_its_look_at_it() -> None:
    """RQ's parent looks every 30 s at its work-horse: that alarm is its own exception, which it expects."""
    with pytest.raises(HorseMonitorTimeoutException), Deadline(1, HorseMonitorTimeoutException):  # type: ignore[no-untyped-call]
        signal.pause()
