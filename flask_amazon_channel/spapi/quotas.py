"""How often Amazon may be called: one token bucket for each seller account and operation.

All workers share the buckets through Redis (throttled-py's GCRA, which counts fractions of a token exactly: its
`TOKEN_BUCKET` forgets them, and would never refill one that gains a token in three minutes).  Where Redis does not
answer, each process goes on by itself with the same rule: a quota neither fails a call nor holds it up.

The rate begins as Amazon publishes it and follows the header `x-amzn-RateLimit-Limit` both ways; the burst never moves.
A 429 empties the bucket; 429 for minutes halves the rate, until the header speaks after a calm minute.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from flask_amazon_channel.spapi.operations import Operation

log = logging.getLogger(__name__)

T = TypeVar("T")
Facts = Mapping[str, float]

PREFIX = "amazon_channel"
CALM = 60.0
"""Seconds without a 429 after which the header may raise a rate again."""
HALVE_AFTER = 120.0
"""Seconds of 429 after which the rate is halved."""
SLOWEST = 16
"""At most so many times slower than Amazon publishes."""
REMEMBERED = 24 * 3600
"""Seconds after which a rate that nobody spoke of is forgotten: then it is the published one again."""
BROKER_AWAY = 5.0
"""Seconds in which a broker that did not answer is not asked again."""
PACE = 0.98
"""We keep this share of Amazon's rate: calls do not arrive at the intervals at which they left."""
TURNS = 1.5
"""So many workers, for each token that comes back, may prepare a call."""
_MARGIN = 0.001
"""A token is waited for a little longer than it takes: clocks round."""
_ROUNDING = 0.0001
"""Seconds.  A token that is there but for so little is there."""
_PERIOD = timedelta(seconds=10**6)
"""The library counts whole calls in whole seconds; in so many of them 0.0167 a second is a whole number."""


class BrokerAway(Exception):
    """Redis did not answer."""


class Place(Protocol):
    """Where buckets are.  A bucket is the *debt*: how many seconds it takes until it is full again."""

    def now(self) -> float: ...

    def take(self, key: str, rate: float, burst: int, cost: int) -> float:
        """Take `cost` tokens, or none.  Return the seconds after which they would be there (0: taken)."""

    def debt(self, key: str, rate: float) -> float: ...

    def facts(self, key: str) -> Facts: ...

    def keep(self, key: str, facts: Facts) -> None: ...


class InRedis:
    """The buckets as all workers share them.  Raises `BrokerAway`.

    What it learns is told to `alone`, which goes on from there when Redis goes away.
    """

    def __init__(self, redis_url: str, alone: InProcess) -> None:
        from redis.backoff import NoBackoff
        from redis.retry import Retry
        from throttled import RedisStore

        patience = {"SOCKET_CONNECT_TIMEOUT": 0.2, "SOCKET_TIMEOUT": 0.3}
        self._store = RedisStore(redis_url, {**patience, "CONNECTION_POOL_KWARGS": {"retry": Retry(NoBackoff(), 0)}})
        self._alone = alone
        self._limiter = lru_cache(maxsize=500)(self._make_limiter)

    def _make_limiter(self, rate: float, burst: int) -> Any:
        from throttled import Quota, Rate, RateLimiterRegistry, RateLimiterType

        limit = max(1, round(rate * _PERIOD.total_seconds()))
        kind = RateLimiterRegistry.get(RateLimiterType.GCRA.value)
        return kind(Quota(Rate(_PERIOD, limit), burst), self._store, key_prefix=PREFIX)

    def now(self) -> float:
        return time.time()

    def take(self, key: str, rate: float, burst: int, cost: int) -> float:
        result = _answered(lambda: self._limiter(rate, burst).limit(key, cost))
        self._alone.follow(key, float(result.state.reset_after))
        return float(result.state.retry_after) + _MARGIN if result.limited else 0.0

    def debt(self, key: str, rate: float) -> float:
        return float(_answered(lambda: self._limiter(rate, 1).peek(key)).reset_after)

    def facts(self, key: str) -> Facts:
        found = _answered(lambda: self._store.hgetall(_facts(key)))
        facts = {name: float(value) for name, value in found.items()}
        if facts:
            self._alone.keep(key, facts)
        return facts

    def keep(self, key: str, facts: Facts) -> None:
        _answered(lambda: self._store.hset(_facts(key), mapping=dict(facts)))
        _answered(lambda: self._store.expire(_facts(key), REMEMBERED))
        self._alone.keep(key, facts)


def _facts(key: str) -> str:
    return f"{PREFIX}:rate:{key}"


def _answered(ask: Callable[[], T]) -> T:
    from redis.exceptions import RedisError
    from throttled.exceptions import StoreUnavailableError

    try:
        return ask()
    except (RedisError, StoreUnavailableError, OSError) as error:
        raise BrokerAway(type(error.__cause__ or error).__name__) from None


class InProcess:
    """The same rule for one process, by the clock that it is given.  Safe to share between threads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._full_at: dict[str, float] = {}
        self._facts: dict[str, Facts] = {}

    def now(self) -> float:
        return self._clock().timestamp()

    def take(self, key: str, rate: float, burst: int, cost: int) -> float:
        with self._lock:
            now = self.now()
            full_at = max(now, self._full_at.get(key, now)) + cost / rate
            wait = full_at - now - burst / rate
            if wait > _ROUNDING:
                return wait + _MARGIN
            self._full_at[key] = full_at
            return 0.0

    def debt(self, key: str, rate: float) -> float:
        now = self.now()
        return max(0.0, self._full_at.get(key, now) - now)

    def facts(self, key: str) -> Facts:
        known = self._facts.get(key, {})
        return known if self.now() - known.get("kept_at", 0.0) < REMEMBERED else {}

    def keep(self, key: str, facts: Facts) -> None:
        self._facts[key] = {**self.facts(key), **facts, "kept_at": self.now()}

    def follow(self, key: str, debt: float) -> None:
        """Remember how the shared bucket stands."""
        self._full_at[key] = self.now() + debt


@dataclass(frozen=True, slots=True)
class Standing:
    """How one bucket stands: calls per second, and the calls that could go at once, unless it is closed for seconds."""

    operation: Operation
    rate: float
    left: float
    closed_for: float = 0.0


class Quotas:
    """All buckets of one installation.  `clock` is what the buckets of this process go by when Redis is away."""

    def __init__(self, redis_url: str, clock: Callable[[], datetime]) -> None:
        self._redis_url = redis_url
        self._alone = InProcess(clock)
        self._shared: InRedis | None = None
        self._away_until = float("-inf")
        self._refused_until: float | None = None

    def take(self, account: str, operation: Operation, *, scale: float = 1, urgent: bool = False) -> float:
        """Take a token.  Return 0, or the seconds after which the call may go."""
        key = _key(account, operation)
        wait = self._ask(lambda place: _take(place, key, operation, scale, urgent))
        return self._noted(wait)

    def headroom(self, account: str, operation: Operation, *, scale: float = 1, urgent: bool = False) -> int:
        """Return how many calls could go now."""
        standing = self.standing(account, operation, scale=scale)
        size = capacity(operation, urgent)
        left = 0 if standing.closed_for else max(0, math.floor(standing.left - operation.burst + size))
        if not left:
            missing = 1 - (standing.left - operation.burst + size)
            self._noted(max(standing.closed_for, missing / (standing.rate * PACE)))
        return left

    def claimable(self, account: str, operation: Operation, purpose: str, *, scale: float, urgent: bool) -> int:
        """Return how many calls this worker may prepare now.  While tokens are few, workers prepare in turns.

        Else all of them would prepare for the same token, and all but one in vain.  What is urgent takes no turns.
        """
        left = self.headroom(account, operation, scale=scale, urgent=urgent)
        if urgent or not 0 < left < capacity(operation, urgent):
            return left
        key = _key(account, operation)
        turns = self.standing(account, operation, scale=scale).rate * TURNS
        wait = self._ask(lambda place: place.take(f"{_bucket(key, turns)}:{purpose}", turns, 1, 1))
        return 0 if self._noted(wait) else left

    def standing(self, account: str, operation: Operation, *, scale: float = 1) -> Standing:
        key = _key(account, operation)
        return self._ask(lambda place: _standing(place, key, operation, scale))

    def rate_seen(self, account: str, operation: Operation, told: str, *, scale: float = 1) -> None:
        """Follow the header: what it says is the rate.  Text that is no sensible rate is ignored."""
        rate = _readable(told)
        if rate is not None:
            self._ask(lambda place: _follow_header(place, _key(account, operation), operation, scale, rate))

    def refused(self, account: str, operation: Operation, *, scale: float = 1, retry_after: float = 0) -> float:
        """Amazon answered 429: empty the bucket.  Return the seconds after which to try again."""
        key = _key(account, operation)
        return self._noted(self._ask(lambda place: _empty(place, key, operation, scale, retry_after)))

    def waits(self) -> float | None:
        """Return the seconds until the first of the calls that were refused since this was last asked may go."""
        until, self._refused_until = self._refused_until, None
        return None if until is None else max(0.0, until - time.monotonic())

    def _noted(self, wait: float) -> float:
        if wait > 0:
            until = time.monotonic() + wait
            self._refused_until = until if self._refused_until is None else min(until, self._refused_until)
        return wait

    def _ask(self, ask: Callable[[Place], T]) -> T:
        if time.monotonic() >= self._away_until:
            try:
                self._shared = self._shared or InRedis(self._redis_url, self._alone)
                return ask(self._shared)
            except BrokerAway as why:
                self._away_until = time.monotonic() + BROKER_AWAY
                log.info("Redis does not answer (%s); this process counts its calls by itself for a while", why)
        return ask(self._alone)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one seller account may call.  `scale` multiplies the published rates; None: calls are not counted."""

    quotas: Quotas
    account: str
    scale: float | None = 1

    def take(self, operation: Operation, *, urgent: bool = False) -> float:
        """Take a token.  Return 0, or the seconds after which the call may go."""
        if self.scale is None:
            return 0.0
        return self.quotas.take(self.account, operation, scale=self.scale, urgent=urgent)

    def headroom(self, operation: Operation, at_most: int, *, urgent: bool = False) -> int:
        """Return how many calls could go now, `at_most` so many."""
        if self.scale is None:
            return at_most
        return min(at_most, self.quotas.headroom(self.account, operation, scale=self.scale, urgent=urgent))

    def claimable(self, operation: Operation, at_most: int, purpose: str, *, urgent: bool = False) -> int:
        """Return how many calls for a purpose this worker may prepare now, `at_most` so many."""
        if self.scale is None:
            return at_most
        return min(at_most, self.quotas.claimable(self.account, operation, purpose, scale=self.scale, urgent=urgent))

    def standing(self, operation: Operation) -> Standing | None:
        """Return how the bucket stands; None where calls are not counted."""
        return None if self.scale is None else self.quotas.standing(self.account, operation, scale=self.scale)

    def rate_seen(self, operation: Operation, told: str) -> None:
        """Follow the header."""
        if self.scale is not None:
            self.quotas.rate_seen(self.account, operation, told, scale=self.scale)

    def refused(self, operation: Operation, retry_after: float = 0) -> float | None:
        """Amazon answered 429.  Return the seconds after which to try again, if that is known."""
        if self.scale is None:
            return retry_after or None
        return self.quotas.refused(self.account, operation, scale=self.scale, retry_after=retry_after)


def capacity(operation: Operation, urgent: bool) -> int:
    """Return how much of the burst the call may use: ordinary ones leave the last token to urgent ones."""
    return operation.burst if urgent else max(1, operation.burst - 1)


def _key(account: str, operation: Operation) -> str:
    return f"{account}:{operation.name}"


def _bucket(key: str, rate: float) -> str:
    """A bucket counts seconds, so each rate has a bucket of its own."""
    return f"{key}:{rate:.6g}"


def _rate(facts: Facts, operation: Operation, scale: float) -> float:
    return facts.get("rate", operation.rate * scale)


def _used(place: Place, key: str, rate: float) -> float:
    """Return how many tokens are missing."""
    return max(0.0, place.debt(_bucket(key, rate), rate * PACE) - _ROUNDING) * rate * PACE


def _take_of(place: Place, key: str, rate: float, burst: int, cost: int) -> float:
    return place.take(_bucket(key, rate), rate * PACE, burst, cost)


def _take(place: Place, key: str, operation: Operation, scale: float, urgent: bool) -> float:
    facts = place.facts(key)
    closed_for = facts.get("closed_until", 0.0) - place.now()
    if closed_for > 0:
        return closed_for
    rate = _rate(facts, operation, scale)
    return _take_of(place, key, rate, capacity(operation, urgent), 1)


def _standing(place: Place, key: str, operation: Operation, scale: float) -> Standing:
    facts = place.facts(key)
    rate = _rate(facts, operation, scale)
    left = operation.burst - _used(place, key, rate)
    closed_for = max(0.0, facts.get("closed_until", 0.0) - place.now())
    return Standing(operation, rate, max(0.0, left), closed_for)


def _readable(told: str) -> float | None:
    try:
        rate = float(told)
    except ValueError:
        return None
    return rate if 0.0001 <= rate <= 100_000 else None


def _follow_header(place: Place, key: str, operation: Operation, scale: float, told: float) -> None:
    facts = place.facts(key)
    rate = _rate(facts, operation, scale)
    if math.isclose(rate, told, rel_tol=1e-5):
        return
    # The header names the plan; 429s despite it mean that somebody else uses the plan, too.
    if told > rate and place.now() - facts.get("refused_at", 0.0) < _calm(rate):
        return
    _move(place, key, operation, rate, told)


def _move(place: Place, key: str, operation: Operation, old: float, new: float) -> None:
    """Change the rate.  As many tokens are missing afterwards as before."""
    cost = math.ceil(_used(place, key, old) - _used(place, key, new))
    if cost > 0:
        _take_of(place, key, new, operation.burst, min(cost, operation.burst))
    place.keep(key, {"rate": new})


def _calm(rate: float) -> float:
    """Slow operations are called so seldom that a calm minute says nothing."""
    return max(CALM, 3 / rate)


def _empty(place: Place, key: str, operation: Operation, scale: float, retry_after: float) -> float:
    facts, now = place.facts(key), place.now()
    rate = _rate(facts, operation, scale)
    since = now
    if now - facts.get("refused_at", 0.0) < _calm(rate):
        since = facts.get("refused_since", now)
    if now - since >= HALVE_AFTER and rate > operation.rate * scale / SLOWEST:
        _move(place, key, operation, rate, rate / 2)
        rate, since = rate / 2, now
    place.keep(key, {"refused_at": now, "refused_since": since, "closed_until": now + retry_after})
    _drain(place, key, rate, operation.burst)
    missing = _used(place, key, rate) - (capacity(operation, False) - 1)
    return max(retry_after, missing / (rate * PACE) + _MARGIN)


def _drain(place: Place, key: str, rate: float, burst: int) -> None:
    for _ in range(3):
        left = math.floor(burst - _used(place, key, rate))
        # Somebody may have taken one meanwhile: then look again.
        if left <= 0 or not _take_of(place, key, rate, burst, left):
            return
