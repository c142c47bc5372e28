"""Competitors' offers as control calls set, show and drop them, and those that are made up."""

from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, FR, JP, Client
from .market import LAMP, rival, rival_price, set_rivals, winner


def control(client: Client, method: str, path: str, body: Any = None) -> Any:
    return client.http.request(method, f"{client.amazon.url}/_control/{path}", json=body, timeout=10)


def test_offers_are_set_shown_and_dropped_over_http(client: Client) -> None:
    body = {
        "asin": LAMP,
        "marketplace": DE,
        "offers": [
            {"price": "45.00", "shipping": "3", "fulfillment": "AMAZON", "feedback": {"percent": 91, "count": 7}}
        ],
    }
    shown = control(client, "POST", "offers", body).json()
    assert shown == control(client, "GET", f"offers/{DE}/{LAMP}").json()
    first, second = shown["offers"]
    assert (first["price"], first["shipping"], first["landed"]) == ("45.00", "3.00", "48.00")
    assert (first["fulfillment"], first["prime"], first["handling"]) == ("AMAZON", True, [0, 0])
    assert first["feedback"] == {"percent": 91, "count": 7}
    assert (second["seller"], second["sku"], second["price"]) == (client.seller, "LAMP", "49.00")
    assert shown["featured"] == {"New": first["seller"]}
    assert (first["featured"], second["featured"]) == (True, False)
    assert control(client, "DELETE", f"offers/{DE}/{LAMP}").json() == {}
    assert [each["sku"] for each in client.amazon.offers(LAMP, DE)["offers"]] == ["LAMP"]
    assert winner(client) == client.seller


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"marketplace": "X"}, "no marketplace X"),
        ({"asin": "lamp"}, "ten digits and capital letters"),
        ({"offers": [{}]}, "has a price"),
        ({"offers": [{"price": "-1"}]}, "price is an amount"),
        ({"offers": [{"price": "much"}]}, "price is an amount"),
        ({"offers": [{"price": "NaN"}]}, "price is an amount"),
        ({"offers": [{"price": 1, "shipping": -1}]}, "shipping is an amount"),
        ({"offers": [{"price": 1, "points": 3}]}, "in Japan only"),
        ({"offers": [{"price": 1, "condition": "Old"}]}, "condition of an offer"),
        ({"offers": [{"price": 1, "sub_condition": "shiny"}]}, "sub_condition of an offer"),
        ({"offers": [{"price": 1, "fulfillment": "DRONE"}]}, "fulfillment of an offer"),
        ({"offers": [{"price": 1, "feedback": {"percent": 101}}]}, "feedback is"),
        ({"offers": [{"price": 1, "handling": [48, 24]}]}, "handling is"),
        ({"offers": [{"price": 1, "prime": "yes"}]}, "prime is true or false"),
        ({"offers": [{"price": 1, "colour": "red"}]}, "Unknown facts of an offer: colour"),
        ({"offers": [rival("1"), rival("2")]}, "one offer of an ASIN"),
        ({"offers": [rival(None, behaviour={"kind": "match"})]}, "needs a price"),
        ({"weather": "fine"}, "Unknown facts: weather"),
        ({"featurable": "no"}, "featurable is true or false"),
        ({"list_price": "dear"}, "list_price is an amount"),
    ],
)
def test_bad_facts_are_refused_with_a_sentence_and_change_nothing(
    client: Client, change: dict[str, Any], sentence: str
) -> None:
    set_rivals(client, rival("45.00"))
    before = client.amazon.offers(LAMP, DE)
    answer = control(client, "POST", "offers", {"asin": LAMP, "marketplace": DE, **change})
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert client.amazon.offers(LAMP, DE) == before


def test_a_seller_of_the_simulator_is_no_competitor_by_control(client: Client) -> None:
    with pytest.raises(ValueError, match="its offers are its listings"):
        set_rivals(client, rival("1.00", seller=client.seller))


def test_other_sellers_of_the_simulator_compete_too(client: Client) -> None:
    listing = {"sku": "LAMPE", "asin": LAMP, "price": "44.00", "quantity": 1}
    other = client.amazon.add_seller([DE], listings=[listing])["seller_id"]
    assert winner(client) == other
    client.amazon.put_listing(other, DE, "LAMPE", quantity=0)
    assert winner(client) == client.seller


def test_a_marketplace_knows_nothing_of_another(client: Client) -> None:
    set_rivals(client, rival("1.00"))
    assert client.amazon.offers(LAMP, FR)["featured"] == {"New": client.seller}


def test_reference_prices_stay_when_only_offers_are_set(client: Client) -> None:
    set_rivals(client, list_price="60", competitive_price={"amount": "40.5", "currency": "EUR"})
    shown = set_rivals(client, rival("45.00"))
    assert (shown["list_price"], shown["competitive_price"], shown["was_price"]) == ("60.00", "40.50", None)
    shown = client.amazon.put_offers(LAMP, DE, list_price=None)
    assert (shown["list_price"], shown["competitive_price"]) == (None, "40.50")
    assert rival_price(client) == "45.00"


def test_nobody_has_the_buy_box_where_the_asin_may_not_or_all_are_too_dear(client: Client) -> None:
    assert set_rivals(client, rival("45.00"), featurable=False)["featured"] == {}
    assert set_rivals(client, rival("45.00"), featurable=True, competitive_price="30.00")["featured"] == {}
    assert set_rivals(client, rival("36.00"))["featured"] == {"New": "ARIVAL"}


def test_used_offers_have_a_buy_box_of_their_own(client: Client) -> None:
    used = rival("12.00", "AUSED", condition="Used", sub_condition="very_good")
    assert set_rivals(client, rival("45.00"), used)["featured"] == {"New": "ARIVAL", "Used": "AUSED"}


def test_without_a_seller_each_competitor_gets_a_name(client: Client) -> None:
    shown = set_rivals(client, {"price": 1}, {"price": 2})
    names = [each["seller"] for each in shown["offers"] if each["sku"] is None]
    assert len(set(names)) == 2
    assert names == [
        each["seller"] for each in set_rivals(client, {"price": 1}, {"price": 2})["offers"] if not each["sku"]
    ]


def test_items_of_a_catalogue_have_competitors_that_the_seed_decides_and_nobody_stores(amazon: Amazon) -> None:
    def offers(seed: int) -> list[Any]:
        amazon.reset(seed)
        seller = amazon.add_seller([DE, FR], catalogue=60)["seller_id"]
        asins = [each.asin for each in amazon.world.listings(seller)]
        return [amazon.offers(asin, DE)["offers"] for asin in asins]

    first = offers(5)
    assert amazon.world.state.markets == {}
    assert offers(5) == first != offers(6)
    counts = {sum(1 for offer in each if offer["sku"] is None) for each in first}
    assert counts <= set(range(13))
    assert len(counts) > 6
    assert {offer["condition"] for each in first for offer in each} == {"New", "Used"}
    assert {offer["fulfillment"] for each in first for offer in each} == {"MERCHANT", "AMAZON"}


def test_made_up_competitors_do_not_move_with_our_price(amazon: Amazon) -> None:
    seller = amazon.add_seller([DE], catalogue=30)["seller_id"]
    listing = next(each for each in amazon.world.listings(seller) if len(amazon.offers(each.asin, DE)["offers"]) > 3)

    def others() -> list[Any]:
        return [each["price"] for each in amazon.offers(listing.asin, DE)["offers"] if each["sku"] is None]

    before = others()
    amazon.put_listing(seller, DE, listing.sku, price="1.00")
    assert others() == before


def test_set_offers_take_the_place_of_the_made_up_ones_until_they_are_dropped(amazon: Amazon) -> None:
    seller = amazon.add_seller([DE], catalogue=5)["seller_id"]
    asin = next(iter(amazon.world.listings(seller))).asin
    before = amazon.offers(asin, DE)
    amazon.put_offers(asin, DE, [rival("1.00")], list_price="9.99")
    assert {each["seller"] for each in amazon.offers(asin, DE)["offers"] if not each["sku"]} == {"ARIVAL"}
    amazon.drop_offers(asin, DE)
    assert amazon.offers(asin, DE) == before


def test_what_was_set_survives_saving_and_loading(client: Client) -> None:
    shown = set_rivals(client, rival("45.00", behaviour={"kind": "match", "floor": "3"}), list_price="70.00")
    saved = client.amazon.save()
    client.amazon.drop_offers(LAMP, DE)
    client.amazon.load(saved)
    assert client.amazon.offers(LAMP, DE) == shown


def test_offers_in_japan_have_points(amazon: Amazon) -> None:
    amazon.add_seller([JP], listings=[{"sku": "LAMP", "asin": LAMP, "price": 5000, "quantity": 3}])
    shown = amazon.put_offers(LAMP, JP, [rival("5020", points=50)])
    assert [(each["price"], each["landed"]) for each in shown["offers"]] == [("5020", "4970"), ("5000", "5000")]
    assert shown["featured"] == {"New": "ARIVAL"}


def test_other_retailers_do_not_bound_the_price_of_used_items(client: Client) -> None:
    used = rival("12.00", "AUSED", condition="Used")
    assert set_rivals(client, used, competitive_price="1.00")["featured"] == {"Used": "AUSED"}


def test_an_isbn_of_a_listing_is_not_its_asin(client: Client) -> None:
    client.amazon.put_listing(client.seller, DE, "LAMP", external_id="0306406152")
    assert client.amazon.offers("0306406152", DE)["offers"] == []
