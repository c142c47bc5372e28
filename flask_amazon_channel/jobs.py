"""Every background job, and the timetable.

| job | rung by | does |
|---|---|---|
| `work` | a saved product (after commit, at most once a second); the timetable every 10 s | whatever is due |
| `cycle` | the timetable every `SYNC_INTERVAL` | reads orders and listings of every account, then whatever is due |

The database says what is due; a job only makes it sooner.  So Redis may be flushed, stopped or restarted at any
moment, a ring may be lost or come twice, and several timetables and workers do no harm.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, Worker
from rq.cron import CronJob, CronScheduler
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty
from rq.worker import WorkerStatus
from sqlalchemy.orm import configure_mappers

from flask_amazon_channel.channel import Channel, current
from flask_amazon_channel.errors import ConfigurationError, OutOfTime
from flask_amazon_channel.faults import log_fault
from flask_amazon_channel.models import RunState
from flask_amazon_channel.models.database import begin_immediately, forget_connections
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.spapi.aws import QueueUnavailable
from flask_amazon_channel.sync import cycles
from flask_amazon_channel.sync.alerts.evaluate import watch_timetable, watch_worker
from flask_amazon_channel.sync.alerts.outbox import deliver
from flask_amazon_channel.sync.notifications.queue import is_configured, queue_of

log = logging.getLogger(__name__)

WORK_EVERY = 10
LISTENED_AT_MOST = 5
"""Seconds after which a worker that waits for a ring looks whether it was told to stop."""
LOOKED_EVERY = 60.0
"""Seconds between two looks of the timetable at whether a worker lives."""
WORK_AT_MOST = 50.0
QUIET_BEFORE_END = 1.2
TIMEOUT = 300
LOADED_AT_FIRST_USE = (
    "cryptography.hazmat.primitives.ciphers.aead",
    "flask_amazon_channel.spapi.wire",
    "simplejson",
    "throttled",
)
told_to_stop = threading.Event()
"""This process got SIGTERM or SIGINT.

RQ only raises `StopRequested` then, which is lost when the broker is gone at the same moment, or where the broker's
client passes over every exception of its bookkeeping.
"""
KEEP = {"result_ttl": 0, "failure_ttl": 3600, "job_timeout": TIMEOUT}


def work() -> None:
    """Do what is due, until nothing is and no product changed for a moment; then whatever rings starts another."""
    channel = current()
    with cycles.recorded(channel, "work") as run:
        if not cycles.work_until_quiet(channel, at_most=WORK_AT_MOST, quiet=QUIET_BEFORE_END):
            run.state = RunState.OUT_OF_TIME
        watch_timetable(channel)


def cycle() -> None:
    """Make the reading of all orders and listings due, unless another timetable was first, and do what is due."""
    channel = current()
    with cycles.recorded(channel, "cycle") as run:
        if not cycles.begin(channel):
            return
        if not cycles.work_until_quiet(channel, at_most=WORK_AT_MOST, quiet=0):
            run.state = RunState.OUT_OF_TIME
        cycles.end(channel)


class Deadline(UnixSignalDeathPenalty):
    def handle_death_penalty(self, signum: int, frame: object) -> None:
        if issubclass(self._exception, JobTimeoutException):
            raise OutOfTime(phrase("The job took longer than {n} seconds", n=self._timeout))
        # The parent's: it only wakes to tell the broker that the work-horse is still at work.
        super().handle_death_penalty(signum, frame)  # type: ignore[no-untyped-call]


class AppJob(Job):
    """A job that runs in an application context of its own, so with a database session of its own."""

    def _execute(self) -> Any:
        with current_app._get_current_object().app_context():  # type: ignore[attr-defined]
            return super()._execute()


class AppWorker(Worker):
    """RQ's worker, which forks for each job; the child leaves the parent's database connections alone."""

    job_class = AppJob
    death_penalty_class = Deadline

    def request_stop(self, signum: int, frame: Any) -> None:
        told_to_stop.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    @property
    def dequeue_timeout(self) -> int:
        return LISTENED_AT_MOST

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        if self.get_state() != WorkerStatus.BUSY:
            stop_if_told()
        super().heartbeat(*args, **kwargs)

    def main_work_horse(self, *args: Any, **kwargs: Any) -> None:
        forget_connections(current().db)
        super().main_work_horse(*args, **kwargs)


def queue(channel: Channel, connection: Redis | None = None) -> Queue:
    """Return our queue.  Its serializer is JSON: nobody who reaches the broker can make a worker unpickle."""
    connection = connection or Redis.from_url(channel.config.redis_url)
    return Queue(channel.config.queue, connection=connection, job_class=AppJob, serializer=JSONSerializer)


def ring() -> None:
    """Ask a worker to look, as soon as possible.  It never fails and never waits long: the timetable rings anyway."""
    channel = current()
    now = time.monotonic()
    if now - channel.rang_at < 1:
        return
    channel.rang_at = now
    try:
        bell = _bell(channel)
        if bell.count < 5:
            bell.enqueue(work, **KEEP)
    except RedisError as error:
        log.warning("The worker could not be rung (it looks by itself every %s s): %s", WORK_EVERY, error)


def _bell(channel: Channel) -> Queue:
    """Return the queue over a connection that gives up within milliseconds."""
    if channel.bell is None:
        channel.bell = queue(
            channel,
            Redis.from_url(
                channel.config.redis_url,
                socket_connect_timeout=0.2,
                socket_timeout=0.3,
                retry=Retry(NoBackoff(), 0),
            ),
        )
    bell: Queue = channel.bell
    return bell


def prepare(channel: Channel) -> None:
    """Make this process one that works: short transactions that lock from their beginning on SQLite."""
    channel.require_tables()
    begin_immediately(channel.db)


def load() -> None:
    """Load in the worker what every job uses: a child that it forks has it then, and else would load it each time."""
    for module in LOADED_AT_FIRST_USE:
        import_module(module)
    configure_mappers()
    channel = current()
    if is_configured(channel):
        try:
            queue_of(channel)
        except (ConfigurationError, QueueUnavailable) as error:
            log.warning("Amazon's notifications are not read: %s", error)


def run_worker(*, burst: bool = False) -> None:
    """Serve the queue until told to stop."""
    channel = current()
    prepare(channel)
    load()
    outlive_the_broker(
        lambda: AppWorker(
            [queue(channel)],
            connection=Redis.from_url(channel.config.redis_url),
            serializer=JSONSerializer,
            worker_ttl=60,
            maintenance_interval=30,
            log_job_description=False,
        ).work(burst=burst, logging_level="WARNING")
    )


class Timetable(CronScheduler):
    """RQ's CronScheduler, with our queue and serializer."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(Redis.from_url(channel.config.redis_url), logging_level="WARNING")
        self.channel = channel
        self.looked_at = time.monotonic()
        name = channel.config.queue
        self.register(work, name, interval=WORK_EVERY)
        self.register(cycle, name, interval=max(1, int(channel.config.sync_interval.total_seconds())))

    def _request_stop(self, signum: int, frame: Any) -> None:
        told_to_stop.set()
        super()._request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def enqueue_jobs(self) -> list[CronJob]:
        due = [job for job in self.get_jobs() if job.should_run()]
        bell = queue(self.channel, self.connection)
        crowded = bell.count >= 10
        for job in due:
            if not crowded:
                bell.enqueue(job.func_name, **KEEP)
            job.set_enqueue_time(self.channel.clock())
        if due:
            self.watch_worker()
        return due

    def calculate_sleep_interval(self) -> float:
        stop_if_told()
        return super().calculate_sleep_interval()

    def watch_worker(self) -> None:
        """Once a minute: where no worker lives, nobody else would tell a person of it."""
        if time.monotonic() - self.looked_at < LOOKED_EVERY:
            return
        self.looked_at = time.monotonic()
        try:
            if watch_worker(self.channel):
                deliver(self.channel)
        except Exception:
            log_fault(log, "The timetable could not see whether a worker lives")
        finally:
            self.channel.db.session.remove()


def run_timetable() -> None:
    """Ring `work` and `cycle` until told to stop."""
    channel = current()
    channel.require_tables()
    outlive_the_broker(lambda: Timetable(channel).start())  # type: ignore[no-untyped-call]  # RQ names no types


def stop_if_told() -> None:
    """Raise again the `StopRequested` that may have been lost."""
    if told_to_stop.is_set():
        raise StopRequested


def outlive_the_broker(serve: Callable[[], Any]) -> None:
    """Serve, and begin anew when the broker comes back: by itself RQ ends when the broker does."""
    told = False
    while not told_to_stop.is_set():
        try:
            serve()
            return
        except StopRequested:
            return
        except RedisError as error:
            if not told:
                log.warning("The broker does not answer; trying again every second: %s", error)
            told = True
            try:
                time.sleep(1)
            except StopRequested:
                return
