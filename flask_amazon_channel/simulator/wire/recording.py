"""Every call that the simulator received, without tokens and secrets."""

from collections import deque
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

from flask_amazon_channel.simulator.wire.messages import Request

MOST = 100_000
LONGEST_UPLOAD = 20_000
_SECRET_FIELDS = ("client_secret", "refresh_token", "code", "access_token")


@dataclass(slots=True)
class Record:
    at: float
    operation: str
    seller: str
    method: str
    path: str
    query: str
    body: str
    user_agent: str
    status: int = 0
    request_id: str = ""
    fault: str | None = None

    @classmethod
    def of(cls, request: Request, operation: str, seller_id: str, now: float) -> "Record":
        query = "" if operation in ("document", "upload") else request.query
        agent = request.headers.get("user-agent", "")
        return cls(now, operation, seller_id, request.method, request.path, query, _body(request, operation), agent)


def _body(request: Request, operation: str) -> str:
    """An upload is kept by its beginning only: feeds can have ten megabytes each."""
    if operation == "upload":
        return request.body[:LONGEST_UPLOAD].decode("utf-8", "replace")
    text = request.body.decode("utf-8", "replace")
    if operation not in ("token", "consent"):
        return text
    pairs = parse_qsl(text, keep_blank_values=True)
    return "&".join(f"{name}={'***' if name in _SECRET_FIELDS else value}" for name, value in pairs)


class Recording:
    def __init__(self) -> None:
        self._records: deque[Record] = deque(maxlen=MOST)

    def add(self, record: Record) -> None:
        self._records.append(record)

    def newest(self, count: int) -> list[Record]:
        """The last ones, the newest first."""
        return list(islice(reversed(self._records), count))

    def as_plain(self) -> list[dict[str, Any]]:
        return [asdict(record) for record in self._records]

    def clear(self) -> None:
        self._records.clear()
