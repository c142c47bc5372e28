"""An answer becomes JSON, or the error that says what happens next.  What is not clearly a success is an
error.

| answer | of a read | of a write |
|---|---|---|
| none, broken off, redirect, 5xx, 2xx that is not what was due | `AmazonUnavailable` | `OutcomeUnknown` |
| nothing was sent | `AmazonUnavailable` | `AmazonUnavailable` |
| 429 | `AmazonUnavailable`, throttled | the same |
| 404 with Amazon's error | `NotFound` | `NotFound` |
| any other 4xx | `AmazonRejected` | `AmazonRejected` |
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

from flask_amazon_channel.errors import AmazonRejected, AmazonUnavailable, BadDocument, NotFound, OutcomeUnknown
from flask_amazon_channel.rules.phrases import joined, phrase
from flask_amazon_channel.spapi.operations import Operation
from flask_amazon_channel.spapi.parse import Unreadable
from flask_amazon_channel.spapi.transport import Answer, NoAnswer

T = TypeVar("T")

_TOKEN = re.compile(r"Atz\w*(?:\.\w+)?\|[^\s\"']+|amzn1\.oa2-cs\.[^\s\"']+")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MAY_BE_UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_DENIED = phrase(
    "Amazon denies access to this: a role may be missing, the seller's account may be deactivated, "
    "or it may belong to another region."
)


class NotJSON(ValueError):
    """The text is not the JSON that Amazon promises."""


def read_json(body: bytes) -> Any:
    """Parse strictly: UTF-8, numbers with a point as `Decimal`, no NaN, no name twice, not too deep.

    Characters that databases cannot hold (NUL, half of a surrogate pair) become U+FFFD.
    """
    try:
        parsed = json.loads(
            body.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_unique
        )
        return _storable(parsed) if _MAY_BE_UNSTORABLE.search(body) else parsed
    except NotJSON:
        raise
    except (ValueError, RecursionError) as error:
        raise NotJSON("The text is not JSON, or is nested too deeply.") from error


def _refuse(constant: str) -> NoReturn:
    raise NotJSON(f"{constant} is not JSON.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJSON("A name occurs twice in one object.")
    return found


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_UNSTORABLE.sub("\ufffd", name): _storable(item) for name, item in value.items()}
    return value


def write_json(body: Any) -> bytes:
    """Serialise a request.

    A `Decimal` becomes a JSON number with exactly its value, or `ValueError` is raised.
    """
    return json.dumps(body, allow_nan=False, ensure_ascii=False, default=_number).encode()


def _number(value: Any) -> int | float:
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is not JSON.")
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    if Decimal(repr(number)) != value:
        raise ValueError("This amount has more digits than a JSON number keeps.")
    return number


def unanswered(operation: Operation, failure: NoAnswer) -> AmazonUnavailable:
    """Return the error for a call that failed on the way."""
    if operation.is_write and failure.sent:
        return OutcomeUnknown(
            phrase("It was sent, but {why}: nobody knows whether Amazon took it.", why=str(failure)),
            operation=operation.name,
        )
    return AmazonUnavailable(phrase("Amazon did not answer: {why}.", why=str(failure)), operation=operation.name)


def throttled(operation: Operation, answer: Answer, wait: float | None) -> AmazonUnavailable:
    """Return the error for a 429; `wait` is seconds until the call may go again, if they are known."""
    code, _ = _first_error(answer)
    return AmazonUnavailable(
        phrase("Amazon asks to slow down."),
        operation=operation.name,
        status=answer.status,
        request_id=answer.request_id,
        code=code,
        throttled=True,
        wait=None if wait is None else timedelta(seconds=wait),
    )


def unreliable(operation: Operation, answer: Answer, why: str) -> AmazonUnavailable:
    """Return the error for an answer that says nothing to rely on."""
    kind = OutcomeUnknown if operation.is_write else AmazonUnavailable
    code, _ = _first_error(answer)
    return kind(why, operation=operation.name, status=answer.status, request_id=answer.request_id, code=code)


def content_of(operation: Operation, answer: Answer) -> dict[str, Any]:
    """Return the JSON object of a success, or raise what the status means."""
    check_status(operation, answer)
    if answer.status == 204:
        raise unreliable(operation, answer, phrase("Amazon answered without content where content is due."))
    try:
        content = read_json(answer.body)
    except NotJSON:
        raise unreliable(operation, answer, phrase("Amazon's answer is not JSON.")) from None
    if not isinstance(content, dict):
        raise unreliable(operation, answer, phrase("Amazon's answer is not a JSON object."))
    if content.get("errors"):
        raise unreliable(operation, answer, phrase("Amazon reported success and an error at once."))
    return content


def read_document(content: bytes, read: Callable[[Any], T]) -> T:
    """Read a document that is one JSON object, or raise `BadDocument`."""
    try:
        parsed = read_json(content)
        if not isinstance(parsed, dict):
            raise Unreadable("It is not a JSON object.")
        return read(parsed)
    except (NotJSON, Unreadable) as why:
        raise BadDocument(
            phrase("The document is not as expected. {why}", why=str(why)), operation="document"
        ) from None


def expect_no_content(operation: Operation, answer: Answer) -> None:
    """Accept 204 with nothing, which is how Amazon confirms; raise for everything else."""
    check_status(operation, answer)
    if answer.status != 204 or answer.body:
        raise unreliable(operation, answer, phrase("Amazon answered, but not with its confirmation."))


def check_status(operation: Operation, answer: Answer) -> None:
    """Raise what a status other than 2xx means."""
    status = answer.status
    if 200 <= status < 300:
        return
    code, message = _first_error(answer)
    if status == 429:
        raise throttled(operation, answer, None)
    if status < 400 or status >= 500 or status in (408, 425) or (status == 404 and not code):
        raise unreliable(operation, answer, _unreliable_status(status))
    kind = NotFound if status == 404 else AmazonRejected
    raise kind(
        joined([_DENIED, message]) if status in (401, 403) else _refused(message),
        operation=operation.name,
        status=status,
        request_id=answer.request_id,
        code=code,
    )


def _unreliable_status(status: int) -> str:
    if 300 <= status < 400:
        return phrase("Amazon's address answered with a redirect, which is not followed.")
    return phrase("Amazon is not available." if status >= 500 else "The answer does not come from Amazon's API.")


def _refused(message: str) -> str:
    return phrase("Amazon refused this: {why}", why=message or phrase("without a reason"))


def _first_error(answer: Answer) -> tuple[str, str]:
    """Return code and message of Amazon's first error, short and without tokens, or ("", "")."""
    try:
        content = read_json(answer.body)
    except NotJSON:
        return "", ""
    errors = content.get("errors") if isinstance(content, dict) else content
    if not isinstance(errors, list) or not errors or not isinstance(errors[0], dict):
        return "", ""
    return _quotable(errors[0].get("code"), 80), _quotable(errors[0].get("message"), 300)


def _quotable(text: object, length: int) -> str:
    if not isinstance(text, str):
        return ""
    return "".join(c if c.isprintable() else " " for c in _TOKEN.sub("[token]", text))[:length].strip()
