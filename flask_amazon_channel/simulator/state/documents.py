"""Reports, their schedules, and documents behind pre-signed URLs."""

from dataclasses import dataclass, field


@dataclass
class Report:
    id: str
    seller_id: str
    type: str
    marketplaces: list[str]
    created: float
    data_start: float | None
    data_end: float | None
    options: dict[str, str] = field(default_factory=dict)
    status: str = "IN_QUEUE"
    started: float | None = None
    ended: float | None = None
    document_id: str | None = None
    schedule_id: str | None = None


@dataclass
class Schedule:
    """`next` is when it makes its next report."""

    id: str
    seller_id: str
    type: str
    marketplaces: list[str]
    period: str
    next: float
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Document:
    """`body` is what a download gives, gzipped where `gzip` says so; an upload has none until it came."""

    id: str
    seller_id: str
    body: bytes
    content_type: str
    gzip: bool = False
    created: float = 0.0
    uploaded: bool = True
