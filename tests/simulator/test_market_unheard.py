"""Changes of offers that nobody hears of cost nothing, and the first one that somebody hears of is told."""

from collections.abc import Iterator
from typing import Any

import pytest

from .conftest import DE, FR, Client, set_price, set_quantity
from .market import LAMP, rival, set_rivals
from .subscriber import Subscriber

ANY, HEALTH = "ANY_OFFER_CHANGED", "PRICING_HEALTH"


@pytest.fixture
def subscriber(client: Client) -> Iterator[Subscriber]:
    client.amazon.settings(notification_delay=0, submission_delay=0)
    subscriber = Subscriber(client)
    yield subscriber
    subscriber.close()


def ask(client: Client, price: float) -> None:
    client.patch("LAMP", set_price(price))


def end(client: Client, kind: str, subscription: str, subscriber: Subscriber) -> None:
    path = f"/notifications/v1/subscriptions/{kind}/{subscription}"
    assert subscriber.grantless("DELETE", path.removeprefix("/notifications/v1")).status_code == 200


def triggers(subscriber: Subscriber) -> list[tuple[str, str, str]]:
    """ASIN, marketplace and condition of each change that was told."""
    told = [each["Payload"]["AnyOfferChangedNotification"]["OfferChangeTrigger"] for each in subscriber.received()]
    return [(each["ASIN"], each["MarketplaceId"], each["ItemCondition"]) for each in told]


def test_nothing_is_kept_of_a_market_whose_changes_nobody_hears(client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("ORDER_CHANGE")
    ask(client, 40)
    client.patch("LAMP", set_quantity(0))
    assert client.amazon.world.state.markets == {}


def test_the_first_change_after_a_subscription_is_told(client: Client, subscriber: Subscriber) -> None:
    ask(client, 40)
    subscriber.subscribe(ANY)
    ask(client, 39)
    assert triggers(subscriber) == [(LAMP, DE, "new")]


def test_an_offer_that_goes_is_told_even_as_the_first_change(client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe(ANY)
    client.patch("LAMP", set_quantity(0))
    assert sorted(triggers(subscriber)) == [(LAMP, place, "new") for place in sorted((DE, FR))]


def test_what_is_no_change_to_buyers_is_not_told_even_as_the_first(client: Client, subscriber: Subscriber) -> None:
    ask(client, 40)
    subscriber.subscribe(ANY)
    client.patch("LAMP", set_quantity(2))
    start = "2031-01-01T00:00:00Z"
    sale: list[Any] = [{"schedule": [{"start_at": start, "end_at": start, "value_with_tax": 30}]}]
    client.patch("LAMP", set_price(40, discounted_price=sale))
    assert triggers(subscriber) == []


def test_a_change_back_to_what_was_told_long_ago_is_told(client: Client, subscriber: Subscriber) -> None:
    subscription = subscriber.subscribe(ANY)
    ask(client, 40)
    end(client, ANY, subscription, subscriber)
    ask(client, 45)
    subscriber.subscribe(ANY)
    subscriber.received()
    ask(client, 40)
    assert triggers(subscriber) == [(LAMP, DE, "new")]


def test_whoever_lists_the_item_hears_of_the_others(client: Client, subscriber: Subscriber) -> None:
    listing = {"sku": "LAMPE", "asin": LAMP, "price": "44.00", "quantity": 5}
    other = client.amazon.add_seller([DE], listings=[listing])["seller_id"]
    client.amazon.put_listing(other, DE, "CUP", price=5, quantity=1)
    subscriber.subscribe(ANY)
    client.amazon.put_listing(other, DE, "LAMPE", price=43)
    assert triggers(subscriber) == [(LAMP, DE, "new")]
    client.amazon.put_listing(other, DE, "CUP", price=6)
    assert triggers(subscriber) == []
    assert {each.asin for each in client.amazon.world.state.markets.values()} == {LAMP}


def test_an_offer_that_is_too_dear_is_told_once_again_after_a_time_without_subscription(
    client: Client, subscriber: Subscriber
) -> None:
    client.amazon.put_offers(LAMP, DE, competitive_price="45.00")
    subscription = subscriber.subscribe(HEALTH)
    ask(client, 55)
    assert len(subscriber.received()) == 1
    end(client, HEALTH, subscription, subscriber)
    ask(client, 44)
    subscriber.subscribe(HEALTH)
    ask(client, 56)
    assert len(subscriber.received()) == 1


def test_competitors_react_though_nobody_hears(client: Client, subscriber: Subscriber) -> None:
    set_rivals(client, rival("48.00", behaviour={"kind": "undercut", "by": "1", "delay": 60}))
    ask(client, 40)
    client.amazon.advance(60)
    assert [each["price"] for each in client.amazon.offers(LAMP, DE)["offers"]] == ["39.00", "40.00"]
