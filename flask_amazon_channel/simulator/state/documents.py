"""Reports, and documents that clients download."""

from dataclasses import dataclass


@dataclass
class Report:
    id: str
    seller_id: str
    type: str
    marketplaces: list[str]
    created: float
    data_start: float | None
    data_end: float | None
    status: str = "IN_QUEUE"
    started: float | None = None
    ended: float | None = None
    document_id: str | None = None


@dataclass
class Document:
    """`body` is what a download gives, gzipped where `gzip` says so."""

    id: str
    seller_id: str
    body: bytes
    content_type: str
    gzip: bool = False
