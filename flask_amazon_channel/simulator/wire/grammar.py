"""The grammar of HTTP/1.1, which Amazon insists on.

Documented: A request that does not keep to RFC 7230 is answered with 400 and a page of HTML.
"""

import re
from email.message import Message
from io import BufferedIOBase

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SIZE = re.compile(rb"[0-9a-fA-F]{1,8}")


def problem(headers: "Message[str, str]") -> str | None:
    """What is wrong with the head of a request, in a sentence."""
    if headers.defects or any(not _TOKEN.fullmatch(name) for name in headers):
        return "A header field has no name, or one with a character that it must not hold."
    if len(headers.get_all("Host") or []) != 1:
        return "A request has one Host header field."
    lengths = set(headers.get_all("Content-Length") or [])
    if len(lengths) > 1 or any(not (each.isascii() and each.isdigit()) for each in lengths):
        return "The Content-Length header field is not one number."
    encoding = headers.get("Transfer-Encoding")
    if encoding is not None and (lengths or encoding.lower() != "chunked"):
        return "The Transfer-Encoding header field is not chunked, or comes with Content-Length."
    return None


def read_body(stream: BufferedIOBase, headers: "Message[str, str]") -> bytes | None:
    """The body of a request; None for chunks that are none, and for a body that ends early: its sender is gone."""
    if headers.get("Transfer-Encoding") is None:
        return _exactly(stream, int(headers.get("Content-Length") or 0))
    body = b""
    while True:
        size = stream.readline(100).split(b";")[0].strip()
        if not _SIZE.fullmatch(size):
            return None
        piece = _exactly(stream, int(size, 16))
        if piece is None:
            return None
        if not piece:
            break
        body += piece
        if stream.readline(3) != b"\r\n":
            return None
    while stream.readline(10_000) not in (b"\r\n", b"\n", b""):
        pass
    return body


def _exactly(stream: BufferedIOBase, length: int) -> bytes | None:
    piece = stream.read(length) if length else b""
    return piece if len(piece) == length else None
