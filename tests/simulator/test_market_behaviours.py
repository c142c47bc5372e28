"""Competitors that react to our live price, on the simulator's clock."""

from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, JP, Client, set_price
from .market import LAMP, ask, rival, rival_price, set_rivals, winner

QUARTER = 900  # seconds, until a competitor reacts


def behaves(client: Client, kind: str, price: str = "48.00", **facts: Any) -> None:
    """The only competitor of the lamp, which costs 49.00 with us, behaves so."""
    set_rivals(client, rival(price, behaviour={"kind": kind, **facts}))


def after(client: Client, seconds: float = QUARTER) -> str | None:
    """The competitor's price once so much time has passed."""
    client.amazon.advance(seconds)
    return rival_price(client)


def test_a_static_competitor_never_moves(client: Client) -> None:
    behaves(client, "static")
    ask(client, "20.00")
    assert after(client, 10 * 86400) == "48.00"


def test_one_that_undercuts_goes_below_us_once_we_are_cheaper_and_after_its_delay(client: Client) -> None:
    behaves(client, "undercut", by="0.50", delay=600)
    assert after(client, 600) == "48.00"
    ask(client, "45.00")
    assert after(client, 599) == "48.00"
    assert after(client, 1) == "44.50"


def test_it_reacts_to_a_price_when_it_becomes_live_not_when_it_is_sent(client: Client) -> None:
    behaves(client, "undercut", by="1", delay=60)
    client.amazon.settings(submission_delay=100)
    client.patch("LAMP", set_price(40))
    assert after(client, 100) == "48.00"
    assert after(client, 59) == "48.00"
    assert after(client, 1) == "39.00"


def test_it_undercuts_by_a_percentage_too_and_an_equal_price_is_enough(client: Client) -> None:
    behaves(client, "undercut", percent=10)
    ask(client, "48.00")
    assert after(client) == "43.20"


def test_it_does_not_go_below_its_floor_and_then_leaves_us_alone(client: Client) -> None:
    behaves(client, "undercut", by="5", floor="40.00")
    ask(client, "43.00")
    assert after(client) == "40.00"
    ask(client, "35.00")
    assert after(client) == "40.00"
    assert client.amazon.state()["counts"]["pending"] == 0


def test_a_floor_above_its_price_does_not_make_it_dearer(client: Client) -> None:
    behaves(client, "undercut", floor="60.00")
    ask(client, "30.00")
    assert after(client) == "48.00"


def test_it_compares_landed_prices(client: Client) -> None:
    behaviour = {"kind": "undercut", "by": "1"}
    set_rivals(client, rival("45.00", shipping="5.00", behaviour=behaviour))
    assert after(client) == "43.00"  # 48.00 with shipping


def test_nobody_plays_ping_pong_within_one_moment(client: Client) -> None:
    undercut = {"kind": "undercut", "by": "0.01"}
    set_rivals(client, rival("48.00", behaviour=undercut), rival("47.00", "AOTHER", behaviour=undercut))
    ask(client, "40.00")
    assert client.amazon.state()["counts"]["pending"] == 2
    client.amazon.advance(30 * 86400)
    assert (rival_price(client), rival_price(client, "AOTHER")) == ("39.99", "39.99")
    assert client.amazon.state()["counts"]["pending"] == 0


def test_changes_during_the_delay_make_one_reaction_to_the_last_of_them(client: Client) -> None:
    behaves(client, "undercut", by="1")
    for price in ("45.00", "44.00", "30.00"):
        ask(client, price)
    assert client.amazon.state()["counts"]["pending"] == 1
    assert after(client) == "29.00"


def test_one_that_lost_its_reason_by_the_end_of_its_delay_does_nothing(client: Client) -> None:
    behaves(client, "undercut")
    ask(client, "45.00")
    ask(client, "50.00")
    assert after(client) == "48.00"


def test_one_that_matches_follows_down_and_up(client: Client) -> None:
    behaves(client, "match", floor="30.00")
    assert after(client) == "49.00"
    ask(client, "41.00")
    assert after(client) == "41.00"
    ask(client, "55.00")
    assert after(client) == "55.00"
    ask(client, "10.00")
    assert after(client) == "30.00"


def test_one_that_is_alone_raises_its_price_until_we_are_back(client: Client) -> None:
    behaves(client, "raise_when_alone", to="80.00")
    assert after(client) == "48.00"
    client.amazon.put_listing(client.seller, DE, "LAMP", quantity=0)
    assert after(client) == "80.00"
    client.amazon.put_listing(client.seller, DE, "LAMP", quantity=5)
    assert after(client) == "48.00"


def test_one_disappears_after_its_time(client: Client) -> None:
    behaves(client, "disappear", after=3600)
    assert after(client, 3599) == "48.00"
    assert after(client, 1) == "gone"
    assert winner(client) == client.seller


def test_one_disappears_when_we_undercut_it(client: Client) -> None:
    behaves(client, "disappear", when="undercut")
    assert after(client) == "48.00"
    ask(client, "47.99")
    assert rival_price(client) == "48.00"
    assert after(client) == "gone"


def test_one_comes_without_a_price_and_never_wins(client: Client) -> None:
    behaves(client, "no_price")
    assert rival_price(client) is None
    assert winner(client) == client.seller


def test_a_random_walk_stays_in_its_bounds_and_is_the_same_for_the_same_seed(client: Client) -> None:
    def walked() -> list[str | None]:
        behaves(client, "walk", every=3600, percent=5, floor="45.00", ceiling="50.00")
        return [after(client, 3600) for _ in range(30)]

    first, second = walked(), walked()
    assert first == second
    assert len(set(first)) > 10
    assert all(45 <= float(price or 0) <= 50 for price in first)


def test_a_walk_makes_up_for_time_that_passed_at_once(client: Client) -> None:
    behaves(client, "walk", every=3600)
    one_by_one = [after(client, 3600) for _ in range(5)][-1]
    behaves(client, "walk", every=3600)
    assert after(client, 5 * 3600) == one_by_one


def test_competitors_that_were_replaced_do_not_react_any_more(client: Client) -> None:
    behaves(client, "undercut", by="1")
    ask(client, "40.00")
    behaves(client, "static", price="60.00")
    assert after(client) == "60.00"
    behaves(client, "disappear", after=100)
    behaves(client, "static", price="60.00")
    assert after(client, 100) == "60.00"


def test_used_offers_do_not_compete_with_our_new_one(client: Client) -> None:
    set_rivals(client, rival("48.00", condition="Used", behaviour={"kind": "undercut"}))
    ask(client, "20.00")
    assert after(client) == "48.00"


def test_yen_have_no_smaller_unit(amazon: Amazon) -> None:
    listing = {"sku": "LAMP", "asin": LAMP, "price": 5000, "quantity": 3}
    seller = amazon.add_seller([JP], listings=[listing])
    amazon.put_offers(LAMP, JP, [rival("5200", points=10, behaviour={"kind": "undercut"})])
    amazon.put_listing(seller["seller_id"], JP, "LAMP", price=4000)
    amazon.advance(QUARTER)
    prices = {each["seller"]: each for each in amazon.offers(LAMP, JP)["offers"]}
    assert (prices["ARIVAL"]["price"], prices["ARIVAL"]["landed"]) == ("4009", "3999")


def test_reactions_survive_saving_and_loading(client: Client) -> None:
    behaves(client, "undercut", by="1")
    ask(client, "40.00")
    saved = client.amazon.save()
    ask(client, "10.00")
    client.amazon.advance(QUARTER)
    client.amazon.load(saved)
    assert rival_price(client) == "48.00"
    assert after(client) == "39.00"


def test_made_up_competitors_react_only_where_the_setting_says_so(amazon: Amazon) -> None:
    seller = amazon.add_seller([DE], catalogue=40)["seller_id"]
    skus = [each.sku for each in amazon.world.listings(seller)]

    def moved(price: str) -> int:
        before = [amazon.offers(amazon.listing(seller, DE, sku)["asin"], DE)["offers"] for sku in skus]
        for sku in skus:
            amazon.put_listing(seller, DE, sku, price=price, quantity=5, status=["BUYABLE"])
        amazon.advance(86400)
        after = [amazon.offers(amazon.listing(seller, DE, sku)["asin"], DE)["offers"] for sku in skus]
        return sum(1 for old, new in zip(before, after, strict=True) if _rivals(old) != _rivals(new))

    def _rivals(offers: list[dict[str, Any]]) -> set[tuple[str, str]]:
        return {(each["seller"], each["price"]) for each in offers if each["sku"] is None}

    assert moved("1.00") == 0
    amazon.settings(competitors_react=True)
    assert moved("0.90") > 10


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ({"kind": "sleep"}, "one of static, undercut"),
        ({}, "one of static, undercut"),
        ({"kind": "static", "by": 1}, "does not know by"),
        ({"kind": "undercut", "by": -1}, "above 0"),
        ({"kind": "undercut", "floor": "much"}, "above 0"),
        ({"kind": "undercut", "delay": 0}, "at least 1"),
        ({"kind": "walk", "every": "hourly"}, "at least 1"),
        ({"kind": "raise_when_alone"}, "needs the price"),
        ({"kind": "disappear"}, "needs either"),
        ({"kind": "disappear", "after": 5, "when": "undercut"}, "needs either"),
    ],
)
def test_a_behaviour_that_makes_no_sense_is_refused(client: Client, behaviour: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        set_rivals(client, {"seller": "ARIVAL", "price": "48.00", "behaviour": behaviour or {"kind": None}})
    assert rival_price(client) == "gone"


def test_points_of_a_competitor_count_when_it_compares_itself_with_us(amazon: Amazon) -> None:
    seller = amazon.add_seller([JP], listings=[{"sku": "LAMP", "asin": LAMP, "price": 5000, "quantity": 3}])
    amazon.put_offers(LAMP, JP, [rival("4005", points=10, behaviour={"kind": "disappear", "when": "undercut"})])
    amazon.put_listing(seller["seller_id"], JP, "LAMP", price=4000)
    amazon.advance(QUARTER)
    assert amazon.offers(LAMP, JP)["offers"][0]["landed"] == "3995"


def test_made_up_competitors_that_reacted_are_as_before_once_they_are_dropped(amazon: Amazon) -> None:
    amazon.settings(competitors_react=True)
    seller = amazon.add_seller([DE], catalogue=40)["seller_id"]
    before = {}
    for listing in list(amazon.world.listings(seller)):
        before[listing.asin] = amazon.offers(listing.asin, DE)
        amazon.put_listing(seller, DE, listing.sku, price="1.00")
    amazon.advance(86400)
    for asin, offers in before.items():
        amazon.drop_offers(asin, DE)
        left = [each for each in amazon.offers(asin, DE)["offers"] if each["sku"] is None]
        assert [each["price"] for each in left] == [each["price"] for each in offers["offers"] if each["sku"] is None]
