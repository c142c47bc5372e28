"""The documents that a definition links to.  They are not stored: their ids say how to make them again."""

import base64
import hashlib
import json
from functools import lru_cache
from typing import NamedTuple

from flask_amazon_channel.simulator.product_types.catalogue import find_type
from flask_amazon_channel.simulator.product_types.meta_schema import meta_schema
from flask_amazon_channel.simulator.product_types.parentage import at_level
from flask_amazon_channel.simulator.product_types.schema import Making, document

_PREFIX = "product-type-"
META_SCHEMA = f"{_PREFIX}meta-schema"


class Wanted(NamedTuple):
    """One schema: `version` is an id, `level` a parentage level or empty, `seller` an id or empty."""

    product_type: str
    version: str
    requirements: str
    enforced: bool
    level: str
    marketplace: str
    locale: str
    seller: str = ""


def document_id(wanted: Wanted) -> str:
    return _PREFIX + base64.urlsafe_b64encode(json.dumps(wanted, separators=(",", ":")).encode()).decode()


@lru_cache(maxsize=32)
def body_of(identifier: str) -> bytes | None:
    """The content of a document with an id of ours; None for any other id."""
    if identifier == META_SCHEMA:
        return _bytes(meta_schema())
    if not identifier.startswith(_PREFIX):
        return None
    wanted = Wanted(*json.loads(base64.urlsafe_b64decode(identifier.removeprefix(_PREFIX))))
    kind = at_level(find_type(wanted.product_type, wanted.version), wanted.level)
    making = Making(wanted.marketplace, wanted.locale, wanted.seller)
    return _bytes(document(kind, making, wanted.requirements, wanted.enforced))


def _bytes(schema: object) -> bytes:
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":")).encode()


def checksum(body: bytes) -> str:
    """Base64 of the MD5 of a document."""
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
