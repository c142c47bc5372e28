"""Searches that have to go through a whole shelf: once for all their pages, and not in the way of other calls.

Assumed: A search of more than 5,000 listings with filters, or by SKU or creation, is carried out for its first page;
the later pages show what was found then, as it is by now.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from flask_amazon_channel.simulator.api.call import Call
from flask_amazon_channel.simulator.state import State
from flask_amazon_channel.simulator.wire.messages import ApiError
from flask_amazon_channel.simulator.world import World

SLICE = 1000
MOST_REMEMBERED = 20
_OF_A_PAGE = ("pageToken", "pageSize", "includedData", "issueLocale")

T = TypeVar("T")


class Results(NamedTuple):
    """How many there are, and the SKUs of those that can be paged through, in order."""

    total: int
    skus: list[str]


class _Searches:
    """Those that were made lately; never saved."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.kept: OrderedDict[str, Results] = OrderedDict()


_SEARCHES: WeakKeyDictionary[World, _Searches] = WeakKeyDictionary()


def sliced(world: World, each: Iterable[T]) -> Iterator[T]:
    """All of them, and after every thousand other calls have their turn.

    They may change what is still to come.  Raises ApiError where the whole world was exchanged.
    """
    state = world.state
    for number, one in enumerate(each, 1):
        yield one
        if number % SLICE == 0:
            world.give_way()
            if world.state is not state:
                raise ApiError(503, "ServiceUnavailable", "Service is temporarily unavailable. Please try again.")


def remember(call: Call, results: Results) -> None:
    searches = _of(call.world)
    searches.kept[_name(call)] = results
    searches.kept.move_to_end(_name(call))
    if len(searches.kept) > MOST_REMEMBERED:
        searches.kept.popitem(last=False)


def remembered(call: Call) -> Results | None:
    """What was found for the first page of this search, if that is known still."""
    return _of(call.world).kept.get(_name(call))


def _of(world: World) -> _Searches:
    found = _SEARCHES.get(world)
    if found is None or found.state is not world.state:
        found = _SEARCHES[world] = _Searches(world.state)
    return found


def _name(call: Call) -> str:
    asked = {name: call.request.many(name) for name in call.request.parameters if name not in _OF_A_PAGE}
    return f"{call.seller.id} {sorted(asked.items())}"
