"""The single way out to the network.

One call has one total time limit and one size limit; nothing is retried and no redirect is followed.  The
certificate is always verified; proxy variables and netrc are ignored.  Plain http is for loopback only.
(Resolving a host name takes as long as the system's resolver allows.)
"""

from __future__ import annotations

import functools
import ipaddress
import platform
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.rules.phrases import phrase

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

CONNECT_TIMEOUT = 5.0
MAX_ANSWER_BYTES = 32 * 1024 * 1024
_CHUNK = 64 * 1024
_USER_AGENT_LIMIT = 500


class NoAnswer(Exception):
    """The exchange failed.  `sent`: bytes may have left this machine before it did."""

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer, whatever its status.

    Neither headers nor body are shown: they may hold tokens and names.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def request_id(self) -> str:
        return request_id(self.headers)


def request_id(headers: Mapping[str, str]) -> str:
    """Return what Amazon's support asks for."""
    found = headers.get("x-amzn-requestid") or headers.get("x-amz-request-id") or ""
    return "".join(character for character in found[:100] if character.isprintable())


def is_loopback(url: str) -> bool:
    """Say whether the address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_endpoint(url: str) -> str:
    """Return the endpoint without its trailing slash, or raise `ConfigurationError`: https, or loopback."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ConfigurationError(
            phrase("{url} is no endpoint: give scheme and host alone.", url=parts.hostname or "This")
        )
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)):
        return url.rstrip("/")
    raise ConfigurationError(
        phrase("The endpoint {host} must use https: tokens would travel in the open.", host=parts.hostname)
    )


@functools.cache
def user_agent() -> str:
    """Return the User-Agent in the form that Amazon asks for, at most 500 characters."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        release = version("flask-amazon-channel")
    except PackageNotFoundError:
        release = "0"
    return format_user_agent(
        "flask-amazon-channel",
        release,
        {"Language": f"Python/{platform.python_version()}", "Platform": platform.system() or "unknown"},
    )


def format_user_agent(name: str, release: str, attributes: Mapping[str, str]) -> str:
    r"""Return `name/release (key=value; ...)`.

    Amazon wants `\ / ( = ) ;` quoted by a backslash where they do not belong to the form; its own example
    keeps the slash of `Java/1.8` in a value.  Longer than 500 characters is refused by Amazon, so attributes
    that do not fit are left out.
    """
    head = f"{_quoted(name, '/(')}/{_quoted(release, '/(')}"[:200]
    kept: list[str] = []
    for key, value in attributes.items():
        longer = [*kept, f"{_quoted(key, '/(=);')}={_quoted(value, '(=);')}"]
        if len(head) + len("; ".join(longer)) + 3 <= _USER_AGENT_LIMIT:
            kept = longer
    return f"{head} ({'; '.join(kept)})"


def _quoted(text: str, special: str) -> str:
    plain = "".join(character for character in text if character.isascii() and character.isprintable())
    return "".join(f"\\{character}" if character in special + "\\" else character for character in plain)


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    timeout: float,
    limit: int = MAX_ANSWER_BYTES,
) -> Answer:
    """Make one call and return the complete answer.  `timeout` is seconds in all; raises `NoAnswer`."""
    with exchange(method, url, headers=headers, body=body, timeout=timeout) as response:
        declared = response.headers.get("Content-Length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise NoAnswer(phrase("the answer is larger than allowed"), sent=True)
        collected = bytearray()
        for chunk in chunks_of(response):
            collected += chunk
            if len(collected) > limit:
                raise NoAnswer(phrase("the answer is larger than allowed"), sent=True)
        return Answer(response.status, dict(_lowered(response)), bytes(collected))


def chunks_of(response: BaseHTTPResponse) -> Iterator[bytes]:
    """Yield the body as it is on the wire.  One that ends before its declared length raises."""
    while chunk := response.read(_CHUNK, decode_content=False):
        yield chunk


@contextmanager
def exchange(
    method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, timeout: float
) -> Iterator[BaseHTTPResponse]:
    """Make one call; within the block its body can be read.  Whatever fails raises `NoAnswer`."""
    import http.client

    import requests
    import urllib3

    from flask_amazon_channel.spapi import wire

    session = wire.session()
    wire.exchange.deadline = time.monotonic() + timeout
    wire.exchange.bytes_left = False
    try:
        prepared = session.prepare_request(requests.Request(method, url, headers=dict(headers), data=body))
        response = session.send(
            prepared,
            stream=True,
            timeout=(min(CONNECT_TIMEOUT, timeout), timeout),
            allow_redirects=False,
            proxies={},
            verify=True,
        )
        try:
            yield response.raw
        finally:
            # Closing an answer that was not read to its end also closes the connection, so nothing stale is
            # reused.
            response.close()
    except (
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        OSError,
        http.client.HTTPException,
    ) as error:
        # The library's own text holds the address, and a pre-signed address is a key: it is not passed on.
        raise NoAnswer(_why(error), sent=wire.exchange.bytes_left) from None
    finally:
        wire.exchange.deadline = float("inf")


def _why(error: BaseException) -> str:
    """Name the failure in words that hold no address and no content."""
    import requests
    import urllib3

    if isinstance(error, requests.ConnectTimeout):
        return phrase("the connection was not made in time")
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)):
        return phrase("the answer did not come in time")
    if isinstance(error, (requests.exceptions.SSLError, urllib3.exceptions.SSLError)):
        return phrase("the encrypted connection failed, perhaps by its certificate")
    if isinstance(error, (requests.ConnectionError, urllib3.exceptions.ProtocolError, ConnectionError)):
        return phrase("the connection failed or broke off")
    return phrase("the exchange failed ({error})", error=type(error).__name__)


def _lowered(response: BaseHTTPResponse) -> Iterator[tuple[str, str]]:
    for name, value in response.headers.items():
        yield name.lower(), value
