"""How a call is made: address, token, one renewal of it, and the answer read or refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from flask_amazon_channel.errors import AmazonRejected, AmazonUnavailable
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.spapi import answers, transport
from flask_amazon_channel.spapi.operations import Operation
from flask_amazon_channel.spapi.parse import JSON, Unreadable
from flask_amazon_channel.spapi.quotas import Allowance
from flask_amazon_channel.spapi.tokens import TokenSource

T = TypeVar("T")
Query = Mapping[str, str | None]

LONGEST_RETRY_AFTER = 3600
"""Seconds: whatever the header says, we look again after them."""


@dataclass(frozen=True, slots=True)
class CallMade:
    """One call as it went, for whoever keeps a record; no header, so no token, is in it.

    `path` is without the query.  `status` is None where no answer came.  What was sent and answered may hold names and
    addresses: nothing of it may be kept as it is.
    """

    operation: str
    method: str
    path: str
    query: str = field(repr=False)
    sent: bytes | None = field(repr=False)
    status: int | None
    answered: bytes = field(repr=False)
    request_id: str
    seconds: float


class Calls:
    """Makes calls at one endpoint with one account's tokens; `AmazonClient` explains the arguments."""

    def __init__(
        self,
        endpoint: str,
        tokens: TokenSource,
        timeout: float,
        user_agent: str,
        rate_seen: Callable[[str, str], None] | None,
        before_call: Callable[[str], None] | None,
        allowance: Allowance | None = None,
        after_call: Callable[[CallMade], None] | None = None,
    ) -> None:
        self._endpoint = transport.checked_endpoint(endpoint)
        self.on_loopback = transport.is_loopback(endpoint)
        self._tokens = tokens
        self._timeout = timeout
        self._user_agent = user_agent
        self._rate_seen = rate_seen
        self._before_call = before_call
        self._allowance = allowance
        self._after_call = after_call

    def take(self, operation: Operation, *, urgent: bool = False) -> None:
        """Take the token that a call needs, or raise `AmazonUnavailable` with the time until there is one."""
        wait = self._allowance.take(operation, urgent=urgent) if self._allowance else 0
        if wait > 0:
            raise AmazonUnavailable(
                phrase("Waits for its turn: Amazon's quota is used up."),
                operation=operation.name,
                throttled=True,
                wait=timedelta(seconds=wait),
            )

    def ask(
        self,
        operation: Operation,
        read: Callable[[JSON], T],
        query: Query | None = None,
        body: Any = None,
        urgent: bool = False,
        taken: bool = False,
        **names: str,
    ) -> T:
        """Call, and read the answer.  What cannot be read is no answer: never an empty success."""
        answer = self.exchange(operation, query or {}, body, names, urgent=urgent, taken=taken)
        content = answers.content_of(operation, answer)
        try:
            return read(content)
        except Unreadable as why:
            raise answers.unreliable(
                operation, answer, phrase("Amazon's answer is not as expected. {why}", why=str(why))
            ) from None

    def exchange(
        self,
        operation: Operation,
        query: Query,
        body: Any,
        names: Mapping[str, str],
        *,
        urgent: bool = False,
        taken: bool = False,
    ) -> transport.Answer:
        """Call within the quota.  `urgent` calls may use its last token; `taken`: the token was taken before."""
        url = self._endpoint + path_of(operation, names) + query_of(query)
        content = None if body is None else answers.write_json(body)
        if not taken:
            self.take(operation, urgent=urgent)
        answer = self._send(operation, url, content, renew=False)
        if answer.status in (401, 403):
            # An expired token and a missing role look alike: only a new token tells them apart.
            answer = self._send(operation, url, content, renew=True)
        if answer.status == 429:
            raise answers.throttled(operation, answer, self._refused(operation, answer))
        return answer

    def _refused(self, operation: Operation, answer: transport.Answer) -> float | None:
        told = answer.headers.get("retry-after", "")
        seconds = min(int(told), LONGEST_RETRY_AFTER) if told.isdecimal() else 0
        return self._allowance.refused(operation, seconds) if self._allowance else seconds or None

    def _send(self, operation: Operation, url: str, content: bytes | None, *, renew: bool) -> transport.Answer:
        headers = {
            "x-amz-access-token": self._tokens.access_token(renew=renew),
            "User-Agent": self._user_agent,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        if content is not None:
            headers["Content-Type"] = "application/json"
        if self._before_call:
            self._before_call(operation.name)
        began = time.monotonic()
        try:
            answer = transport.send(operation.method, url, headers=headers, body=content, timeout=self._timeout)
        except transport.NoAnswer as failure:
            self._tell(operation, url, content, None, began)
            raise answers.unanswered(operation, failure) from None
        self._tell(operation, url, content, answer, began)
        rate = answer.headers.get("x-amzn-ratelimit-limit")
        if rate and self._rate_seen:
            self._rate_seen(operation.name, rate)
        if rate and self._allowance and answer.status != 429:
            self._allowance.rate_seen(operation, rate)
        return answer

    def _tell(
        self, operation: Operation, url: str, sent: bytes | None, answer: transport.Answer | None, began: float
    ) -> None:
        if self._after_call is None:
            return
        path, _, query = url.removeprefix(self._endpoint).partition("?")
        self._after_call(
            CallMade(
                operation=operation.name,
                method=operation.method,
                path=path,
                query=query,
                sent=sent,
                status=answer.status if answer else None,
                answered=answer.body if answer else b"",
                request_id=answer.request_id if answer else "",
                seconds=time.monotonic() - began,
            )
        )


def path_of(operation: Operation, names: Mapping[str, str]) -> str:
    """Fill in the path; every character of a name is encoded, `/` and `%` too."""
    for name in names.values():
        # Empty, it would name another operation; as a dot, every proxy would resolve it.
        if name in ("", ".", ".."):
            raise AmazonRejected(
                phrase("{name} cannot stand in an address of Amazon's.", name=repr(name)), operation=operation.name
            )
    return operation.path.format_map({name: quote(value, safe="") for name, value in names.items()})


def query_of(query: Query) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return "?" + urlencode(given, quote_via=quote, safe="") if given else ""


def iso_time(moment: datetime) -> str:
    """ISO 8601 in UTC, as Amazon writes it."""
    if moment.tzinfo is None:
        raise ValueError("A time without a zone cannot be sent.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
