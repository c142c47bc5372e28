"""Messages to buyers, and the files that go with them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class UploadDestination:
    """A place for one file; `body` is what was put there."""

    id: str
    seller_id: str
    resource: str  # the path of the operation that it is for
    md5: str  # hexadecimal
    content_type: str
    created: float
    body: bytes | None = None


@dataclass
class Message:
    seller_id: str
    order_id: str
    kind: str
    sent: float
    text: str = ""
    attachments: list[dict[str, Any]] = field(default_factory=list)
    coverage: list[str] = field(default_factory=list)  # of a warranty: start and end
