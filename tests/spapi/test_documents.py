"""Report documents: fetched whole or refused whole."""

from __future__ import annotations

import gzip
import resource
import tempfile
from pathlib import Path

import pytest

from flask_amazon_channel.errors import AmazonUnavailable, BadDocument
from flask_amazon_channel.spapi import documents
from flask_amazon_channel.spapi.client import AmazonClient

TEXT = "seller-sku\tprice\nä-1\t10.00\n"


@pytest.fixture
def fetch(server, client):
    """Let the server offer a document, and return its lines and charset."""

    def fetch(answer, compressed=False, **options):
        address = {"reportDocumentId": "d", "url": f"{server.url}/document?X-Amz-Signature=s"}
        server.then_json({**address, **({"compressionAlgorithm": "GZIP"} if compressed else {})})
        server.then(answer)
        with client.report_document("d", **{"timeout": 30.0, **options}) as document:
            return list(document), document.charset

    return fetch


LINES = ["seller-sku\tprice", "ä-1\t10.00"]


@pytest.mark.parametrize(
    ("body", "declared", "charset"),
    [
        (TEXT.encode(), "text/plain; charset=UTF-8", "utf-8"),
        (TEXT.encode(), "text/plain", "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/plain", "utf-8"),
        (TEXT.encode(), "text/plain; charset=Cp1252", "utf-8"),
        (TEXT.encode("cp1252"), "text/plain; charset=Cp1252", "cp1252"),
        (TEXT.encode("cp1252"), 'text/plain;charset="ISO-8859-1"', "cp1252"),
        (TEXT.encode("cp1252"), "text/plain", "cp1252"),
        (TEXT.replace("\n", "\r\n").encode(), "text/plain", "utf-8"),
        (TEXT.rstrip("\n").encode(), "text/plain", "utf-8"),
    ],
)
def test_text_is_decoded_by_what_is_declared_and_what_it_is(body, declared, charset, fetch, answer):
    assert fetch(answer(body, Content_Type=declared)) == (LINES, charset)


@pytest.mark.parametrize("declared", ["windows-31j", "Shift_JIS", "x-windows-31j", "MS932"])
def test_japanese_text_is_decoded(declared, fetch, answer):
    text = "出品者SKU\t価格\nソ-1\t100"
    body = text.encode("cp932")
    assert fetch(answer(body, Content_Type=f"text/plain; charset={declared}"))[0] == text.split("\n")
    assert fetch(answer(body), undeclared="cp932")[0] == text.split("\n")


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (b"a\xff\xfe\tb\n", "text/plain; charset=UTF-8"),
        (b"a\x81\tb\n", "text/plain; charset=Cp1252"),
        (b"a\xfc\tb\n", "text/plain; charset=EBCDIC"),
        (TEXT.encode()[:-8].replace("ä".encode(), b"") + b"\xc3", "text/plain; charset=utf-8"),
        (b"", "text/plain"),
        (b"", "text/plain; charset=utf-8"),
    ],
)
def test_text_that_does_not_fit_its_character_set_is_refused(body, declared, fetch, answer):
    with pytest.raises(BadDocument):
        fetch(answer(body, Content_Type=declared))


def test_lines_are_whole_wherever_the_document_is_cut_for_reading(fetch, answer):
    lines = [f"{n} ä€𝄞 " + "x" * (n % 97) for n in range(20_000)]
    assert fetch(answer("\r\n".join(lines).encode()))[0] == lines


def test_a_compressed_document_is_unpacked(fetch, answer):
    assert fetch(answer(gzip.compress(TEXT.encode())), compressed=True)[0] == LINES
    assert fetch(answer(gzip.compress(TEXT.encode()), Content_Encoding="gzip"))[0] == LINES


def test_a_document_compressed_in_parts_is_unpacked(fetch, answer):
    whole = TEXT.encode()
    assert fetch(answer(gzip.compress(whole[:9]) + gzip.compress(whole[9:])), compressed=True)[0] == LINES


BIG = "".join(f"{n}\t{n * 7919 % 100_003}\n" for n in range(20_000)).encode()
ZIPPED = gzip.compress(BIG)


@pytest.mark.parametrize(
    "body",
    [
        ZIPPED[:-1],
        ZIPPED[:-9],
        ZIPPED[: len(ZIPPED) // 2],
        ZIPPED[:-5] + bytes([ZIPPED[-5] ^ 1]) + ZIPPED[-4:],
        ZIPPED + b"something",
        BIG,
        b"",
    ],
    ids=["last byte", "checksum gone", "half", "checksum wrong", "more behind", "not gzip", "nothing"],
)
def test_a_damaged_compressed_document_is_refused_before_a_line_is_read(body, fetch, answer):
    with pytest.raises(BadDocument):
        fetch(answer(body), compressed=True)


def test_a_document_that_unpacks_to_a_thousand_times_its_size_is_refused(fetch, answer):
    bomb = gzip.compress(b"\n" * 64 * 1024 * 1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadDocument, match="too large"):
        fetch(answer(bomb), compressed=True)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 48 * 1024  # kilobytes: less than the bomb


def test_a_document_larger_than_allowed_is_refused(fetch, answer):
    with pytest.raises(BadDocument, match="larger"):
        fetch(answer(BIG), max_bytes=len(BIG) - 1)
    assert len(fetch(answer(BIG), max_bytes=len(BIG))[0]) == 20_000


@pytest.mark.parametrize("compressed", [False, True])
def test_a_line_without_end_is_refused(compressed, fetch, answer):
    body = b"a\n" + b"x" * (2 * 1024 * 1024)
    if compressed:
        body = gzip.compress(body)
    with pytest.raises(BadDocument, match="line"):
        fetch(answer(body), compressed=compressed)


def test_a_document_that_breaks_off_is_asked_for_again(fetch, server):
    with pytest.raises(AmazonUnavailable):
        fetch(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + TEXT.encode())


def test_a_document_that_does_not_say_its_length_could_be_cut_and_is_refused(fetch):
    with pytest.raises(BadDocument, match="how long"):
        fetch(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + TEXT.encode())


def test_a_document_that_drips_is_given_up(fetch, server, answer):
    with pytest.raises(AmazonUnavailable):
        fetch(server.drip(answer(TEXT * 20), pause=0.02, at_once=60), timeout=0.3)


@pytest.mark.parametrize("status", [403, 404, 302, 500])
def test_an_address_that_has_expired_is_asked_for_again(status, fetch, answer):
    with pytest.raises(AmazonUnavailable) as caught:
        fetch(answer("<Error><Code>AccessDenied</Code></Error>", status, Location="http://127.0.0.1:1/"))
    assert caught.value.status == status


def test_the_document_is_fetched_without_our_token(fetch, server, answer):
    fetch(answer(TEXT))
    names = {line.partition(":")[0].lower() for line in server.heads()[1][1:]}
    assert names <= {"host", "accept-encoding", "connection", "user-agent"}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/d",
        "https://169.254.169.254/latest/meta-data",
        "https://me:pw@bucket.s3.amazonaws.com/d",
        "file:///etc/passwd",
        "//bucket.s3.amazonaws.com/d",
        "",
    ],
)
@pytest.mark.parametrize("near", [False, True])
def test_an_address_that_amazon_would_not_give_is_not_fetched(url, near):
    with pytest.raises(BadDocument, match="not fetched"):
        documents.download(url, gzipped=False, undeclared="cp1252", timeout=1, near=near, max_bytes=99)


def test_loopback_is_not_fetched_for_an_endpoint_elsewhere(server):
    for url in (
        f"{server.url}/d",
        f"https://127.0.0.1:{server.port}/d",
        "https://[::1]/d",
        "https://localhost/d",
    ):
        with pytest.raises(BadDocument, match="not fetched"):
            documents.download(url, gzipped=False, undeclared="cp1252", timeout=1, near=False, max_bytes=99)
    assert server.requests == []


def test_an_unknown_compression_is_no_document(server, client: AmazonClient):
    server.then_json({"reportDocumentId": "d", "url": f"{server.url}/d", "compressionAlgorithm": "ZSTD"})
    with pytest.raises(AmazonUnavailable):
        client.report_document("d")


def test_nothing_is_left_on_disk_after_a_document_was_refused(fetch, answer, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    noise = gzip.compress(b"".join(str(n * n).encode() + b"\n" for n in range(300_000)))
    with pytest.raises(BadDocument):
        fetch(answer(noise[:-1]), compressed=True)
    assert list(Path(tmp_path).iterdir()) == []
