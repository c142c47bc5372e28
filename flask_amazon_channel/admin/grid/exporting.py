"""Rows as files: streamed in portions, each read in a transaction of its own, so that no number of rows is too many."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from importlib.util import find_spec
from tempfile import TemporaryFile
from typing import IO, Any

from flask import Response, stream_with_context

from flask_amazon_channel.admin.grid.columns import Column, Plain
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.rules.phrases import phrase

PORTION = 1000
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS_OF_SHEET = 1_048_576
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


def has_excel() -> bool:
    return find_spec("openpyxl") is not None


def as_excel(name: str, columns: Sequence[Column], rows: Callable[[], Rows]) -> Response:
    """Return the rows as an Excel workbook, written to a file as they are read and sent from there."""
    if not has_excel():
        raise ConfigurationError(
            phrase(
                'Excel files need openpyxl. Install it: pip install "flask-amazon-channel[excel]". '
                "CSV works without it."
            )
        )
    file = TemporaryFile()  # noqa: SIM115  # it is closed when it has been sent
    try:
        _write_workbook(file, name, [column.title for column in columns], rows)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    response = _file(_pieces(file), f"{name}.xlsx", EXCEL)
    response.call_on_close(file.close)
    return response


def _write_workbook(file: IO[bytes], name: str, titles: Sequence[str], rows: Callable[[], Rows]) -> None:
    """Write row by row: the library keeps them in a file of its own, not in memory.

    Texts are stored as texts, so a spreadsheet takes none of them for a formula.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])

    def cell(value: Plain) -> Any:
        if not isinstance(value, str):
            return value.replace(tzinfo=None) if isinstance(value, datetime) else value
        try:
            written = WriteOnlyCell(sheet, value[:32_767])
        except IllegalCharacterError:
            written = WriteOnlyCell(sheet, "".join(one for one in value if one.isprintable())[:32_767])
        written.data_type = "s"
        return written

    sheet.append([cell(title) for title in titles])
    written = 1
    for row in rows():
        if written % MOST_ROWS_OF_SHEET == 0:
            sheet = book.create_sheet(f"{name[:25]} {len(book.worksheets) + 1}")
            sheet.append([cell(title) for title in titles])
            written += 1
        sheet.append([cell(value) for value in row])
        written += 1
    book.save(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(65_536):
            yield piece


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


FORMATS: Mapping[str, Callable[[str, Sequence[Column], Callable[[], Rows]], Response]] = {
    "csv": as_csv,
    "xlsx": as_excel,
}
