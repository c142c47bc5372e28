"""Rows as files: streamed in portions, each read in a transaction of its own, so that no number of rows is too many."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from flask import Response, stream_with_context

from flask_amazon_channel.admin.grid.columns import Column, Plain

PORTION = 1000
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
Rows = Iterator[Sequence[Plain]]


def as_csv(name: str, columns: Sequence[Column], rows: Callable[[], Rows]) -> Response:
    """Return the rows as CSV in UTF-8 with the mark by which Excel knows it."""
    titles = [column.title for column in columns]
    return _file(_csv_lines(titles, rows), f"{name}.csv", "text/csv; charset=utf-8")


def _csv_lines(titles: Sequence[str], rows: Callable[[], Rows]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([safe(title) for title in titles])
    for row in rows():
        writer.writerow([_in_csv(value) for value in row])
        if buffer.tell() > 32_000:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _in_csv(value: Plain) -> str | int | Decimal:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, Decimal):
        return f"{value:f}"
    return safe(value) if isinstance(value, str) else value


def safe(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula.  Numbers are no texts: theirs stays as it is."""
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _file(body: Iterator[str] | Iterator[bytes], name: str, mimetype: str) -> Response:
    response = Response(stream_with_context(body), content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
