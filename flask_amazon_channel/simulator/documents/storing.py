"""Documents: stored, addressed by URLs that expire after five minutes, forgotten after 90 days."""

import gzip
import hashlib
from typing import Any

from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.login.signing import sign
from flask_amazon_channel.simulator.state.documents import Document
from flask_amazon_channel.simulator.world import World

URL_LIFETIME = 300
KEPT = 90 * DAY


def store(world: World, seller_id: str, body: bytes, content_type: str, compress: bool = False) -> Document:
    """Keep a document that the seller may download."""
    stored = gzip.compress(body, compresslevel=1, mtime=0) if compress else body
    identifier = f"amzn1.spdoc.1.4.{seller_id}.{world.hex_id('document')}"
    document = Document(identifier, seller_id, stored, content_type, compress, world.now())
    world.state.documents[identifier] = document
    return document


def make_upload(world: World, seller_id: str, content_type: str) -> Document:
    """A document without content yet."""
    digits = world.hex_id("upload")
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    identifier = f"amzn1.tortuga.4.eu.{'-'.join(parts)}.{hashlib.sha256(seller_id.encode()).hexdigest()[:12].upper()}"
    document = Document(identifier, seller_id, b"", content_type, created=world.now(), uploaded=False)
    world.state.documents[identifier] = document
    return document


def content(document: Document) -> bytes:
    """What was stored, before it was compressed."""
    return gzip.decompress(document.body) if document.gzip else document.body


def compress(document: Document) -> None:
    """Keep a document that has been read in less memory."""
    if not document.gzip:
        document.body, document.gzip = gzip.compress(document.body, compresslevel=1, mtime=0), True


def presigned_url(world: World, document_id: str, encoding: bool = False) -> str:
    """An address that anybody may read for five minutes."""
    query = f"{_expiry(world)}" + ("&encoding=gzip" if encoding else "")
    signature = sign(world, f"/documents/{document_id}?{query}")
    return f"{world.url}/documents/{document_id}?{query}&X-Amz-Signature={signature}"


def upload_url(world: World, document: Document) -> str:
    """An address that anybody may write to for five minutes, with the declared content type."""
    query = f"{_expiry(world)}&X-Amz-SignedHeaders=content-type%3Bhost"
    signature = sign_upload(world, f"/documents/{document.id}", query, document.content_type)
    return f"{world.url}/documents/{document.id}?{query}&X-Amz-Signature={signature}"


def sign_upload(world: World, path: str, query: str, content_type: str) -> str:
    return sign(world, f"PUT {path}?{query}\ncontent-type:{content_type}")


def _expiry(world: World) -> str:
    return f"X-Amz-Expires={URL_LIFETIME}&expires={int(world.now()) + URL_LIFETIME}"


def forget_old(world: World) -> None:
    """Feeds, reports and documents are kept for 90 days: the oldest come first, so few are looked at."""
    limit = world.now() - KEPT
    for kept in (world.state.feeds, world.state.reports, world.state.documents):
        for key in _older(kept, limit):
            del kept[key]


def _older(kept: dict[str, Any], limit: float) -> list[str]:
    old = []
    for key, each in kept.items():
        if each.created >= limit:
            break
        old.append(key)
    return old
