"""Searches through a whole shelf of listings: other calls have their turn, and pages fit together."""

import json
import threading
from collections.abc import Iterator
from itertools import count

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.api.listings.narrowing import FEW
from flask_amazon_channel.simulator.api.listings.whole_shelf import MOST_REMEMBERED, SLICE, sliced
from flask_amazon_channel.simulator.wire.messages import ApiError

from .conftest import DE, Client

SOLD_OUT = {"withoutStatus": "BUYABLE", "sortBy": "sku", "sortOrder": "ASC", "pageSize": "20"}


@pytest.fixture
def large(amazon: Amazon) -> Iterator[Client]:
    """A seller with more listings than are looked at one by one."""
    client = Client(amazon, amazon.add_seller([DE], catalogue=FEW + 1000))
    yield client
    client.http.close()


def sold_out(client: Client) -> list[str]:
    world = client.amazon.world
    return sorted(each.sku for each in world.listings(client.seller) if "BUYABLE" not in each.status(DE, world.now()))


def pages(client: Client, token: str | None, most: int) -> list[str]:
    found: list[str] = []
    while token and most:
        page = client.search(**SOLD_OUT, pageToken=token)
        found += [each["sku"] for each in page["items"]]
        token, most = page["pagination"].get("nextToken"), most - 1
    return found


def test_another_call_has_its_turn_in_the_middle_of_a_long_one(amazon: Amazon) -> None:
    came = threading.Event()

    def call() -> None:
        with amazon.world.lock:
            came.set()

    with amazon.world.lock:
        other = threading.Thread(target=call)
        other.start()
        looked_at = next((number for number in sliced(amazon.world, count()) if came.is_set() or number > 10**6), 0)
    other.join()
    assert came.is_set()
    assert SLICE <= looked_at <= 10**6


def test_a_search_in_a_world_that_was_exchanged_is_unavailable(amazon: Amazon) -> None:
    with amazon.world.lock:
        looking = sliced(amazon.world, count())
        next(looking)
        amazon.world.reset(1)
        with pytest.raises(ApiError) as caught:
            sum(looking)
    assert caught.value.status == 503


def test_later_pages_show_what_the_first_one_found(large: Client) -> None:
    expected = sold_out(large)
    first = large.search(**SOLD_OUT)
    assert first["numberOfResults"] == len(expected)
    for sku in expected[:5]:
        large.amazon.put_listing(large.seller, DE, sku, quantity=3, status="ACTIVE")
    large.amazon.put_listing(large.seller, DE, "A-NEW-ONE", quantity=0)
    token = first["pagination"]["nextToken"]
    assert pages(large, token, 3) == expected[20:80]
    again = large.search(**SOLD_OUT)
    assert again["items"][0]["sku"] == "A-NEW-ONE"
    assert again["numberOfResults"] < first["numberOfResults"]


def test_what_is_gone_by_now_is_on_no_page(large: Client) -> None:
    expected, first = sold_out(large), large.search(**SOLD_OUT)
    large.amazon.drop_listing(large.seller, DE, expected[20])
    assert pages(large, first["pagination"]["nextToken"], 1) == expected[21:40]


def test_pages_go_on_where_the_search_is_forgotten(large: Client) -> None:
    expected, first = sold_out(large), large.search(**SOLD_OUT)
    large.amazon.load(json.loads(json.dumps(large.amazon.save())))
    assert pages(large, first["pagination"]["nextToken"], 2) == expected[20:60]


def test_few_searches_are_remembered(large: Client) -> None:
    token = large.search(**SOLD_OUT)["pagination"]["nextToken"]
    large.amazon.put_listing(large.seller, DE, "A-NEW-ONE", quantity=0)
    expected = sold_out(large)
    for number in range(MOST_REMEMBERED):
        large.search(withoutStatus="BUYABLE", createdAfter=f"20{number + 10}-01-01T00:00:00Z")
    assert pages(large, token, 1) == expected[20:40]


def test_searches_of_two_sellers_are_two(large: Client) -> None:
    other = Client(large.amazon, large.amazon.add_seller([DE], catalogue=FEW + 1))
    tokens = [each.search(**SOLD_OUT)["pagination"]["nextToken"] for each in (large, other)]
    for client, token in zip((large, other), tokens, strict=True):
        assert pages(client, token, 1) == sold_out(client)[20:40]
    other.http.close()
