"""The notifications that were sent, for whoever looks on; never saved."""

from collections import deque
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.world import World

MOST = 5_000


class Sent(NamedTuple):
    """`queue` is an ARN, or empty where no rule took the event."""

    at: float
    type: str
    seller: str
    queue: str
    notification: dict[str, Any]
    secret: bool

    def as_plain(self) -> dict[str, Any]:
        plain = {"at": iso(self.at), "type": self.type, "seller": self.seller, "queue": self.queue}
        return plain if self.secret else {**plain, "notification": self.notification}


_SENT: WeakKeyDictionary[World, deque[Sent]] = WeakKeyDictionary()


def note(world: World, sent: Sent) -> None:
    _SENT.setdefault(world, deque(maxlen=MOST)).append(sent)


def sent_by(world: World) -> list[dict[str, Any]]:
    """Oldest first; of what carries a secret, only that it was sent."""
    return [each.as_plain() for each in _SENT.get(world, ())]


def forget(world: World) -> None:
    _SENT.pop(world, None)
