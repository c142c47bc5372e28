"""Reports, their schedules, and documents behind pre-signed URLs."""

from dataclasses import dataclass, field

from flask_amazon_channel.simulator.state.shelves import Catalogue


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
class Recipe:
    """What a report of listings is made from, whenever it is downloaded.

    `touched` holds the rows of the listings that were kept, compressed; `skipped` are the numbers of the
    catalogue's listings that were touched or dropped.
    """

    type: str
    marketplace: str
    moment: float
    suspended: bool
    language: str
    charset: str
    bom: bool
    catalogue: Catalogue
    skipped: list[int]
    touched: bytes = b""


@dataclass
class Document:
    """`body` is what a download gives, gzipped where `gzip` says so; an upload has none until it came.

    With a recipe the body is empty, and a download makes it.
    """

    id: str
    seller_id: str
    body: bytes
    content_type: str
    gzip: bool = False
    created: float = 0.0
    uploaded: bool = True
    recipe: Recipe | None = None
