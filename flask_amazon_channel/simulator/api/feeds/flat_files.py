"""Flat-file order feeds: tab-separated rows under a row of headings; and their processing report."""

import re

from flask_amazon_channel.simulator.api.feeds.records import Problem, Record, Unreadable

COLUMNS = {
    "cancel": ("order-id", "amazon-order-item-code", "cancellation-reason-code"),
    "refund": (
        "order-id", "order-item-id", "adjustment-reason-code", "currency", "item-price-adj", "item-tax-adj",
        "shipping-price-adj", "shipping-tax-adj", "gift-wrap-price-adj", "gift-wrap-tax-adj", "item-promotion-adj",
        "item-promotion-id", "ship-promotion-adj", "ship-promotion-id", "quantity-cancelled",
    ),
    "ship": (
        "order-id", "order-item-id", "quantity", "ship-date", "carrier-code", "carrier-name", "tracking-number",
        "ship-method", "ship_from_supply_source_id",
    ),
}  # fmt: skip
_NEEDED = {
    "cancel": ("order-id",),
    "refund": ("order-id", "order-item-id", "adjustment-reason-code", "currency"),
    "ship": ("order-id", "ship-date"),
}
_NAMES = {"amazon-order-item-code": "item-id", "order-item-id": "item-id", "cancellation-reason-code": "reason"}
_OF_THE_ORDER = ("ship-date", "carrier-code", "carrier-name", "tracking-number", "ship-method")


def read_flat_file(body: bytes, action: str) -> tuple[list[Record], list[Problem]]:
    """The records, and warnings of headings that nobody knows.  Raises Unreadable.

    Seen in public: a heading that is missing is a fatal error 90012 of record 0, an unknown one a warning 90061.
    Seen in public: the first line may be the template's own, which begins with TemplateType=.
    """
    rows = [line.split("\t") for line in re.split(r"\r\n|\n|\r", _text(body)) if line.strip()]
    if rows and rows[0][0].startswith("TemplateType="):
        del rows[0]
    headings = [heading.strip().strip('"').lower() for heading in rows[0]] if rows else []
    for needed in _NEEDED[action]:
        if needed not in headings:
            raise Unreadable("90012", f"The required {needed} field is missing from the file.")
    unknown = [heading for heading in headings if heading and heading not in COLUMNS[action]]
    warnings = [
        Problem(0, "90061", f"The {heading} field heading is invalid, so its values were ignored.", kind="Warning")
        for heading in unknown
    ]
    return [_record(action, headings, row, number) for number, row in enumerate(rows[1:], 1)], warnings


def _text(body: bytes) -> str:
    """Assumed: a flat file is UTF-8, with or without a byte order mark, or else Windows-1252."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _record(action: str, headings: list[str], row: list[str], number: int) -> Record:
    cells = {heading: cell.strip().strip('"') for heading, cell in zip(headings, row, strict=False)}
    cells = {name: cell for name, cell in cells.items() if cell and name in COLUMNS[action]}
    facts = {name: cells.pop(name) for name in _OF_THE_ORDER if name in cells}
    if action == "cancel":
        facts["status-code"] = "Failure"
    line = {_NAMES.get(name, name): cell for name, cell in cells.items() if name != "order-id"}
    return Record(number, cells.get("order-id", ""), facts, [line] if line else [])


def write_flat_file(processed: int, problems: list[Problem]) -> bytes:
    """Seen in public: the processing report of a flat file, with a line for each error.

    Assumed: rows are counted from 1, without the headings.
    """
    failed = len({problem.number for problem in problems if problem.kind != "Warning"})
    lines = [
        "Feed Processing Summary:",
        f"\tNumber of records processed\t\t{processed}",
        f"\tNumber of records successful\t\t{max(0, processed - failed)}",
        "",
    ]
    if problems:
        lines.append("original-record-number\torder-id\torder-item-id\terror-code\terror-type\terror-message")
    for each in problems:
        cells = (str(each.number), each.order_id, each.item_id, each.code, each.kind, each.message)
        lines.append("\t".join(" ".join(cell.split()) for cell in cells))
    return ("\r\n".join(lines) + "\r\n").encode()
