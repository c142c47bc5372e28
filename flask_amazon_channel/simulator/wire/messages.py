"""A request as it came, an answer as it goes, and Amazon's errors."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

JSON = "application/json"
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass
class Request:
    """`path` and `query` are raw: still percent-encoded."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def parameters(self) -> dict[str, list[str]]:
        """Every parameter with all its values, in the order in which they came."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found

    def one(self, name: str) -> str | None:
        """The first value of a parameter, or None where it is missing or empty."""
        return next((value for value in self.parameters.get(name, []) if value), None)

    def many(self, name: str) -> list[str]:
        """An array: comma-separated, encoded or not, or the parameter repeated.  No value comes twice."""
        parts = [part for value in self.parameters.get(name, []) for part in value.split(",")]
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    @cached_property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Any:
        """Raises ValueError for a body that is no JSON, or whose texts cannot be written again: half characters."""
        text = self.body.decode()
        try:
            document = json.loads(text)
        except RecursionError as error:
            raise ValueError("The JSON is nested too deep.") from error
        if _HALVES.search(text):
            json.dumps(document, ensure_ascii=False).encode()
        return document


@dataclass
class Response:
    """`wire` says how the answer reaches the client: whole, truncated, dripped, reset, closed or held.

    `pieces` stands for a body that is made while it is sent; `body` is empty then.
    """

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    wire: str = "whole"
    seconds: float = 0.0
    pieces: Iterator[bytes] | None = None


class ApiError(Exception):
    """An answer of Amazon's that is an error: HTTP status, code in the API's own casing, sentence."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body = {"errors": [{"code": code, "message": message, "details": details}]}


def json_response(document: object, status: int = 200) -> Response:
    return Response(status, json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def html_response(status: int, html: str) -> Response:
    return Response(status, html.encode(), "text/html;charset=UTF-8")


def path_value(text: str) -> str:
    """One part of the raw path, decoded."""
    return unquote(text)
