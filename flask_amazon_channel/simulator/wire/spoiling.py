"""Faults that strike when everything was applied: the answer alone is spoilt."""

import codecs
import json
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice, repeat
from typing import Any

from flask_amazon_channel.simulator.documents.recipes import unzipped, zipped
from flask_amazon_channel.simulator.wire.faults import Fault
from flask_amazon_channel.simulator.wire.instead import busy_page, hold
from flask_amazon_channel.simulator.wire.messages import Response

DRIP_SECONDS = 3.0
BOMB = 300  # megabytes
_BLOCK = 200  # lines of a document that are looked at together
_GARBLED = bytes(byte ^ 0x55 for byte in range(256))
_SPACES = b" " * (1 << 20)

Change = Callable[[Iterator[bytes]], Iterable[bytes]]


def spoil(fault: Fault, chance: random.Random, response: Response) -> Response:
    """Another answer, made from the right one.

    Seen in public: Documents come in another character set than their headers say.
    """
    spoilers: dict[str, Callable[[], Response]] = {
        "reset_after_apply": lambda: replace(response, wire="reset"),
        "apply_then_timeout": lambda: hold(fault, replace(response)),
        "503_after_apply": lambda: busy_page(503),
        "truncate": lambda: replace(response, wire="truncate"),
        "garble": lambda: _rewritten(response, _garbled, packed=True),
        "wrong_charset": lambda: _rewritten(response, lambda pieces: _in_another_charset(pieces, response)),
        "bomb": lambda: _bomb(response),
        "skip_item": lambda: _relisted(response, lambda items: items.pop(chance.randrange(len(items)))),
        "reorder": lambda: _relisted(response, lambda items: _shuffle(items, chance)),
        "slow_drip": lambda: replace(response, wire="drip", seconds=_drip_seconds(fault)),
    }
    return spoilers[fault.kind]() if fault.kind in spoilers else response


def _drip_seconds(fault: Fault) -> float:
    return DRIP_SECONDS if fault.seconds is None else fault.seconds


def _rewritten(response: Response, change: Change, packed: bool = False) -> Response:
    """With another content, in pieces as before if it came in pieces; `packed` leaves the compression alone."""
    pieces, is_zipped = _opened(response)
    if is_zipped and not packed:
        changed: Iterable[bytes] = zipped(change(unzipped(pieces)))
    else:
        changed = change(pieces)
    if response.pieces is None:
        return replace(response, body=b"".join(changed))
    return replace(response, pieces=iter(changed))


def _opened(response: Response) -> tuple[Iterator[bytes], bool]:
    """The content, and whether it is compressed."""
    pieces = iter([response.body]) if response.pieces is None else response.pieces
    first = next(pieces, b"")
    return chain([first], pieces), first.startswith(b"\x1f\x8b")


def _garbled(pieces: Iterator[bytes]) -> Iterator[bytes]:
    return (piece.translate(_GARBLED) for piece in pieces)


def _in_another_charset(pieces: Iterator[bytes], response: Response) -> Iterator[bytes]:
    """In Windows' charset, or in UTF-16 where that would be the same bytes."""
    declared = response.content_type.partition("charset=")[2] or "utf-8"
    start = b"".join(islice(pieces, 2))
    usual = "cp1252" if declared.lower() == "utf-8" else "utf-8"
    other = "utf-16" if start.isascii() else usual
    text = codecs.iterdecode(chain([start], pieces), declared, "replace")
    return codecs.iterencode(text, other, "replace")


def _bomb(response: Response) -> Response:
    """The same content and very many spaces, compressed while it is sent: never held here."""
    pieces, is_zipped = _opened(response)
    content = unzipped(pieces) if is_zipped else pieces
    headers = response.headers if is_zipped else {**response.headers, "Content-Encoding": "gzip"}
    return replace(response, body=b"", headers=headers, pieces=zipped(chain(content, repeat(_SPACES, BOMB))))


def _relisted(response: Response, change: Callable[[list[Any]], object]) -> Response:
    """With another list of items; in a document of lines, with other lines below the first."""
    return _rewritten(response, lambda pieces: _changed_lists(pieces, change))


def _changed_lists(pieces: Iterator[bytes], change: Callable[[list[Any]], object]) -> Iterator[bytes]:
    start = b"".join(islice(pieces, 2))
    if not start.lstrip().startswith((b"{", b"[")):
        yield from _changed_lines(chain([start], pieces), change)
        return
    document = json.loads(start + b"".join(pieces))
    items = _items(document)
    if items:
        change(items)
    yield json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _items(document: Any) -> list[Any] | None:
    """The outermost list of things in an answer."""
    level = [document]
    while level:
        for each in level:
            if isinstance(each, list) and each and isinstance(each[0], dict):
                return each
        level = [value for each in level if isinstance(each, dict) for value in each.values()]
    return None


def _changed_lines(pieces: Iterator[bytes], change: Callable[[list[Any]], object]) -> Iterator[bytes]:
    lines = _lines(pieces)
    yield next(lines, b"")
    block = list(islice(lines, _BLOCK))
    if block:
        change(block)
    yield from block
    yield from lines


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from (line + b"\n" for line in whole)
    if rest:
        yield rest


def _shuffle(items: list[Any], chance: random.Random) -> None:
    """Another order, wherever there is one."""
    before = list(items)
    if len(items) > 1:
        while items == before and any(each != items[0] for each in items):
            chance.shuffle(items)
