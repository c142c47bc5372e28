"""Answers that were given before, for faults that give them again."""

from collections import OrderedDict

from flask_amazon_channel.simulator.wire.messages import Request, Response

MOST = 500  # addresses, of which the last two answers that differ are kept


class Earlier:
    def __init__(self) -> None:
        self._pages: dict[tuple[str, str], bytes] = {}
        self._versions: OrderedDict[tuple[str, str, str], list[bytes]] = OrderedDict()

    def remember(self, operation: str, seller_id: str, request: Request, response: Response) -> None:
        """Keep a good answer as it was before any fault spoilt it."""
        if request.method != "GET" or response.status != 200 or response.pieces is not None:
            return
        self._pages[operation, seller_id] = response.body
        key = (seller_id, request.path, request.query)
        versions = self._versions.setdefault(key, [])
        self._versions.move_to_end(key)
        if response.body not in versions[-1:]:
            versions[:] = [*versions[-1:], response.body]
        if len(self._versions) > MOST:
            self._versions.popitem(last=False)

    def page_before(self, operation: str, seller_id: str) -> bytes | None:
        """What the last call of this operation by this seller was answered."""
        return self._pages.get((operation, seller_id))

    def before_change(self, seller_id: str, request: Request, response: Response) -> bytes | None:
        """The last answer for the same address that differs from the right one."""
        versions = self._versions.get((seller_id, request.path, request.query), [])
        return next((body for body in reversed(versions) if body != response.body), None)
