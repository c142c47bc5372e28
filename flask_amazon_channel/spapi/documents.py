"""Documents: fetched from their pre-signed address, checked, and handed out line by line; and feeds, uploaded to one.

The document is spooled to a temporary file first, so a slow reader never holds the connection, memory stays
flat for any number of rows, and nothing of a document that is cut short or damaged is ever seen.
"""

from __future__ import annotations

import codecs
import ipaddress
import zlib
from collections.abc import Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from flask_amazon_channel.errors import AmazonUnavailable, BadDocument
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.spapi import transport
from flask_amazon_channel.spapi.parse import JSON, Unreadable

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

MAX_BYTES = 2 * 1024**3
MAX_RATIO = 200
"""How many times its compressed size a document may have; real reports stay near 20, a bomb has 1000."""

_MAX_LINE_BYTES = 1024 * 1024
_FREE_BYTES = 16 * 1024 * 1024
"""The ratio counts only above this size."""

_SLICE = 256 * 1024
_CHARSETS: Mapping[str, str] = {
    "utf-8": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "windows-31j": "cp932",
    "cp932": "cp932",
    "ms932": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
}
"""What Amazon's downloads declare, and the codec that reads it.

Windows code pages are what is really meant.
"""


class Document:
    """A complete and decodable document.  Leave its `with` block, and it is gone."""

    def __init__(self, file: IO[bytes], charset: str, size: int, lines: int) -> None:
        self._file = file
        self.charset = charset
        """The codec that read it: `utf-8-sig` counts as `utf-8`."""
        self.size = size
        """Bytes after decompression."""
        self.lines = lines

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[str]:
        """Yield the lines, without their ends."""
        self._file.seek(3 if self._starts_with_bom() else 0)
        decoder = codecs.getincrementaldecoder(self.charset)()
        rest = ""
        while piece := self._file.read(_SLICE):
            lines = (rest + decoder.decode(piece)).replace("\r\n", "\n").split("\n")
            rest = lines.pop()
            yield from lines
        if rest:
            yield rest

    def read(self) -> bytes:
        """Return all of it, for what has no lines; as large as `max_bytes` allowed."""
        self._file.seek(0)
        return self._file.read()

    def _starts_with_bom(self) -> bool:
        self._file.seek(0)
        return self._file.read(3) == codecs.BOM_UTF8


def address_in(answer: JSON) -> tuple[str, bool]:
    """Return where a document is, and whether it is compressed (`getReportDocument`, `getFeedDocument`)."""
    url = answer.get("url")
    if not isinstance(url, str) or not url:
        raise Unreadable("url is missing.")
    compression = answer.get("compressionAlgorithm")
    if compression not in (None, "GZIP"):
        raise Unreadable("compressionAlgorithm is none that we know.")
    return url, compression == "GZIP"


def upload(url: str, content: bytes, content_type: str, *, timeout: float, near: bool) -> None:
    """Put a feed's document where Amazon said, without any of our headers: the address is its own key."""
    _check_address(url, near)
    try:
        answer = transport.send("PUT", url, headers={"Content-Type": content_type}, body=content, timeout=timeout)
    except transport.NoAnswer as failure:
        raise AmazonUnavailable(
            phrase("The feed could not be uploaded: {why}.", why=str(failure)), operation="feedDocument"
        ) from None
    if answer.status != 200:
        raise AmazonUnavailable(
            phrase("The feed could not be uploaded."),
            operation="feedDocument",
            status=answer.status,
            request_id=answer.request_id,
        )


def download(
    url: str,
    *,
    gzipped: bool,
    undeclared: str,
    timeout: float,
    near: bool,
    max_bytes: int,
    max_line_bytes: int = _MAX_LINE_BYTES,
) -> Document:
    """Fetch a document without any of our headers: its address is its own key.

    `near`: plain http on loopback is allowed, because the endpoint that named it is on loopback too.
    `undeclared`: the codec for text that is not UTF-8 and has no declared charset.  `timeout` is seconds in
    all. Raises `AmazonUnavailable` (ask again) and `BadDocument`.
    """
    _check_address(url, near)
    file: IO[bytes] = SpooledTemporaryFile(max_size=1024 * 1024)  # noqa: SIM115  the Document closes it
    try:
        with transport.exchange("GET", url, headers={"Accept-Encoding": "identity"}, timeout=timeout) as response:
            if response.status != 200:
                # 403 is an address that has expired: the next attempt asks for a new one.
                raise AmazonUnavailable(
                    phrase("The report's document could not be fetched."),
                    operation="reportDocument",
                    status=response.status,
                    request_id=transport.request_id(dict(response.headers)),
                )
            gzipped = gzipped or response.headers.get("Content-Encoding", "").lower() == "gzip"
            _refuse_open_end(response, gzipped)
            declared = response.headers.get("Content-Type", "")
            spool = _Spool(file, max_bytes, max_line_bytes)
            pieces = transport.chunks_of(response)
            for piece in _unzipped(pieces) if gzipped else pieces:
                spool.write(piece)
        return Document(file, _charset(file, spool, declared, undeclared), spool.size, spool.lines)
    except transport.NoAnswer as failure:
        file.close()
        raise AmazonUnavailable(
            phrase("The report's document did not come whole: {why}.", why=str(failure)), operation="reportDocument"
        ) from None
    except BaseException:
        file.close()
        raise


def _check_address(url: str, near: bool) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if near and transport.is_loopback(url) and parts.scheme in ("http", "https"):
        return
    try:
        ipaddress.ip_address(host)
        named = False
    except ValueError:
        named = "." in host
    if parts.scheme != "https" or not named or parts.username:
        raise BadDocument(
            phrase("The report's document has an address that is not fetched."), operation="reportDocument"
        )


def _refuse_open_end(response: BaseHTTPResponse, gzipped: bool) -> None:
    """Refuse text whose end cannot be told from a connection that broke.  gzip has a checksum of its own."""
    framed = response.headers.get("Content-Length") or response.headers.get("Transfer-Encoding")
    if not framed and not gzipped:
        raise BadDocument(phrase("The report's document does not say how long it is."), operation="reportDocument")


class _Spool:
    """Writes to the file and learns what it must know: size, lines, the longest of them, whether it is UTF-8."""

    def __init__(self, file: IO[bytes], max_bytes: int, max_line_bytes: int) -> None:
        self._file = file
        self._max_bytes = max_bytes
        self._max_line_bytes = max_line_bytes
        self._open_line = 0
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._ends = 0
        self.size = 0
        self.is_utf8 = True

    @property
    def lines(self) -> int:
        return self._ends + (1 if self._open_line else 0)

    def write(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._max_bytes:
            raise BadDocument(phrase("The report's document is larger than allowed."), operation="reportDocument")
        self._measure_lines(piece)
        if self.is_utf8:
            try:
                self._utf8.decode(piece)
            except UnicodeDecodeError:
                self.is_utf8 = False
        self._file.write(piece)

    def _measure_lines(self, piece: bytes) -> None:
        """Lines inside one piece are shorter than it; only one that runs over its edges can be too long."""
        self._ends += piece.count(b"\n")
        first = piece.find(b"\n")
        longest = self._open_line + (len(piece) if first < 0 else first)
        if longest > self._max_line_bytes:
            raise BadDocument(
                phrase("The report's document has a line longer than allowed."), operation="reportDocument"
            )
        self._open_line = longest if first < 0 else len(piece) - piece.rfind(b"\n") - 1

    def ends_as_utf8(self) -> bool:
        if self.is_utf8:
            try:
                self._utf8.decode(b"", final=True)
            except UnicodeDecodeError:
                self.is_utf8 = False
        return self.is_utf8


def _unzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress with bounds; refuse what is damaged, cut short or followed by something else."""
    read = written = 0
    stream = zlib.decompressobj(wbits=31)
    try:
        for piece in pieces:
            read += len(piece)
            while piece:
                if stream.eof:
                    stream = zlib.decompressobj(wbits=31)
                text = stream.decompress(piece, _SLICE)
                written += len(text)
                if written > _FREE_BYTES and written > MAX_RATIO * read:
                    raise BadDocument(
                        phrase("The report's document unpacks far too large."), operation="reportDocument"
                    )
                if text:
                    yield text
                piece = stream.unused_data if stream.eof else stream.unconsumed_tail
    except zlib.error:
        raise BadDocument(phrase("The report's document is damaged."), operation="reportDocument") from None
    if not stream.eof:
        raise BadDocument(phrase("The report's document is cut short."), operation="reportDocument")


def _charset(file: IO[bytes], spool: _Spool, content_type: str, undeclared: str) -> str:
    """Return the codec that reads the whole document.

    Text that is valid UTF-8 is UTF-8, whatever is declared.
    """
    if spool.size == 0:
        raise BadDocument(phrase("The report's document is empty."), operation="reportDocument")
    if spool.ends_as_utf8():
        return "utf-8"
    declared = _declared(content_type)
    charset = _CHARSETS.get(declared) if declared else undeclared
    if charset is None or not _decodes(file, charset):
        raise BadDocument(
            phrase("The report's document cannot be decoded: its text does not fit the character set it declares."),
            operation="reportDocument",
        )
    return charset


def _declared(content_type: str) -> str:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower().replace("_", "-").removeprefix("x-")
    return ""


def _decodes(file: IO[bytes], charset: str) -> bool:
    decoder = codecs.getincrementaldecoder(charset)()
    file.seek(0)
    try:
        while piece := file.read(_SLICE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
