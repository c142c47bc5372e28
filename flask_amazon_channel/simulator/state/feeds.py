"""Feeds, and how far the processing of one has come."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class FeedWork:
    """The messages of a listings feed that wait, and what became of those before them."""

    messages: list[Any]
    header: dict[str, Any]
    issues: list[dict[str, Any]] = field(default_factory=list)
    accepted: int = 0
    invalid: int = 0
    skus: list[str] = field(default_factory=list)  # accepted and not deleted, where the report shall tell of them

    @property
    def processed(self) -> int:
        return self.accepted + self.invalid

    @property
    def total(self) -> int:
        return len(self.messages) + self.processed


@dataclass
class Feed:
    id: str
    seller_id: str
    type: str
    marketplaces: list[str]
    document_id: str
    created: float
    options: dict[str, str] = field(default_factory=dict)
    status: str = "IN_QUEUE"
    waited: bool = False  # its time in the queue is over; only feeds before it hold it up
    started: float | None = None
    ended: float | None = None
    result_id: str | None = None
    work: FeedWork | None = None
