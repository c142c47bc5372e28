"""How a call is made: address, token, one renewal of it, and the answer read or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from flask_amazon_channel.errors import AmazonRejected
from flask_amazon_channel.spapi import answers, transport
from flask_amazon_channel.spapi.operations import Operation
from flask_amazon_channel.spapi.parse import JSON, Unreadable
from flask_amazon_channel.spapi.tokens import TokenSource

T = TypeVar("T")
Query = Mapping[str, str | None]


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
    ) -> None:
        self._endpoint = transport.checked_endpoint(endpoint)
        self.on_loopback = transport.is_loopback(endpoint)
        self._tokens = tokens
        self._timeout = timeout
        self._user_agent = user_agent
        self._rate_seen = rate_seen
        self._before_call = before_call

    def ask(
        self,
        operation: Operation,
        read: Callable[[JSON], T],
        query: Query | None = None,
        body: Any = None,
        **names: str,
    ) -> T:
        """Call, and read the answer.  What cannot be read is no answer: never an empty success."""
        answer = self.exchange(operation, query or {}, body, names)
        content = answers.content_of(operation, answer)
        try:
            return read(content)
        except Unreadable as why:
            raise answers.unreliable(operation, answer, f"Amazon's answer is not as expected. {why}") from None

    def exchange(self, operation: Operation, query: Query, body: Any, names: Mapping[str, str]) -> transport.Answer:
        url = self._endpoint + path_of(operation, names) + query_of(query)
        content = None if body is None else answers.write_json(body)
        answer = self._send(operation, url, content, renew=False)
        if answer.status in (401, 403):
            # An expired token and a missing role look alike: only a new token tells them apart.
            answer = self._send(operation, url, content, renew=True)
        return answer

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
        try:
            answer = transport.send(operation.method, url, headers=headers, body=content, timeout=self._timeout)
        except transport.NoAnswer as failure:
            raise answers.unanswered(operation, failure) from None
        rate = answer.headers.get("x-amzn-ratelimit-limit")
        if rate and self._rate_seen:
            self._rate_seen(operation.name, rate)
        return answer


def path_of(operation: Operation, names: Mapping[str, str]) -> str:
    """Fill in the path; every character of a name is encoded, `/` and `%` too."""
    for name in names.values():
        # Empty, it would name another operation; as a dot, every proxy would resolve it.
        if name in ("", ".", ".."):
            raise AmazonRejected(f"{name!r} cannot stand in an address of Amazon's.", operation=operation.name)
    return operation.path.format_map({name: quote(value, safe="") for name, value in names.items()})


def query_of(query: Query) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return "?" + urlencode(given, quote_via=quote, safe="") if given else ""


def iso_time(moment: datetime) -> str:
    """ISO 8601 in UTC, as Amazon writes it."""
    if moment.tzinfo is None:
        raise ValueError("A time without a zone cannot be sent.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
