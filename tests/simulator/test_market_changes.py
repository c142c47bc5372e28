"""Who is told that the offers of an ASIN changed, and when."""

from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.market.notices import offer_change
from flask_amazon_channel.simulator.market.pricing_health import pricing_health
from flask_amazon_channel.simulator.world import LISTENERS, World

from .conftest import DE, FR, JP, Client, set_price, set_quantity
from .market import LAMP, ask, rival, set_rivals

Told = list[tuple[str, str, dict[str, Any]]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Name, seller and facts of everything that occurred to markets."""
    heard: Told = []

    def listener(name: str) -> Any:
        def hear(world: World, seller_id: str, facts: dict[str, Any]) -> None:
            heard.append((name, seller_id, facts))

        return hear

    for name in ("offers_changed", "pricing_health"):
        monkeypatch.setitem(LISTENERS, name, [*LISTENERS.get(name, []), listener(name)])
    return heard


def changes(told: Told) -> list[tuple[str, str, str, str]]:
    """Seller, ASIN, marketplace and condition of the changes since the last look."""
    found = [
        (seller, facts["asin"], facts["marketplace"], facts["condition"])
        for name, seller, facts in told
        if name == "offers_changed"
    ]
    told.clear()
    return found


def test_a_competitors_change_is_told_once(client: Client, told: Told) -> None:
    set_rivals(client, rival("45.00"))
    assert changes(told) == [(client.seller, LAMP, DE, "New")]
    set_rivals(client, rival("45.00"))
    assert changes(told) == []
    set_rivals(client, rival("44.00"))
    assert changes(told) == [(client.seller, LAMP, DE, "New")]


def test_our_price_is_told_when_it_is_live(client: Client, told: Told) -> None:
    client.patch("LAMP", set_price(39.5))
    assert changes(told) == []
    client.amazon.advance(2)
    assert changes(told) == [(client.seller, LAMP, DE, "New")]
    client.patch("LAMP", set_price(39.5))
    client.amazon.advance(2)
    assert changes(told) == []


def test_a_quantity_alone_is_told_only_where_the_offer_comes_or_goes(client: Client, told: Told) -> None:
    client.patch("LAMP", set_quantity(2))
    client.amazon.advance(2)
    client.amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 1}])
    assert changes(told) == []
    client.amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 1}])
    assert sorted(changes(told)) == [(client.seller, LAMP, place, "New") for place in sorted((DE, FR))]


def test_a_listing_that_is_gone_is_told_to_those_that_are_left(client: Client, told: Told) -> None:
    listing = {"sku": "LAMPE", "asin": LAMP, "price": "44.00", "quantity": 1}
    other = client.amazon.add_seller([DE], listings=[listing])["seller_id"]
    assert {seller for seller, *_ in changes(told)} == {client.seller, other}
    client.amazon.drop_listing(other, DE, "LAMPE")
    assert changes(told) == [(client.seller, LAMP, DE, "New")]


def test_a_sale_is_told_when_it_begins_and_when_it_ends(client: Client, told: Told) -> None:
    start, end = (iso(client.amazon.world.now() + hours * 3600) for hours in (24, 48))
    sale = [{"schedule": [{"start_at": start, "end_at": end, "value_with_tax": 30}]}]
    client.patch("LAMP", set_price(49, discounted_price=sale))
    client.amazon.advance(23 * 3600)
    assert changes(told) == []
    client.amazon.advance(3600)
    assert changes(told) == [(client.seller, LAMP, DE, "New")]
    assert client.amazon.offers(LAMP, DE)["offers"][0]["price"] == "30.00"
    client.amazon.advance(24 * 3600)
    assert changes(told) == [(client.seller, LAMP, DE, "New")]


def test_a_reaction_is_told_as_well(client: Client, told: Told) -> None:
    set_rivals(client, rival("48.00", behaviour={"kind": "undercut", "by": "1", "delay": 60}))
    ask(client, "40.00")
    changes(told)
    client.amazon.advance(60)
    assert changes(told) == [(client.seller, LAMP, DE, "New")]


def test_a_used_offer_that_appears_changes_what_is_summed_up_for_all(client: Client, told: Told) -> None:
    set_rivals(client, rival("45.00", condition="Used"))
    assert changes(told) == [(client.seller, LAMP, DE, "New"), (client.seller, LAMP, DE, "Used")]


def test_the_twentyfirst_offer_changes_counts_and_nothing_else(client: Client, told: Told) -> None:
    crowd = [rival(f"{10 + number}.00", f"A{number}") for number in range(25)]
    set_rivals(client, *crowd)
    changes(told)
    crowd[24]["price"] = "99.00"
    set_rivals(client, *crowd)
    assert changes(told) == []
    set_rivals(client, *crowd[:24])
    assert changes(told) == [(client.seller, LAMP, DE, "New")]


def test_sellers_without_the_asin_are_told_nothing(client: Client, told: Told) -> None:
    client.amazon.add_seller([DE], listings=[{"sku": "X", "asin": "B000000009", "price": 1, "quantity": 1}])
    changes(told)
    set_rivals(client, rival("45.00"))
    assert {seller for seller, *_ in changes(told)} == {client.seller}


def test_touching_an_item_of_the_catalogue_without_changing_its_offer_remembers_no_market(
    amazon: Amazon, told: Told
) -> None:
    seller = amazon.add_seller([DE], catalogue=40)["seller_id"]
    listing = next(each for each in amazon.world.listings(seller) if each.quantity > 3 and each.condition == "new_new")
    amazon.put_listing(seller, DE, listing.sku, quantity=2)
    assert (changes(told), amazon.world.state.markets, amazon.world.state.offers_seen) == ([], {}, {})
    amazon.put_listing(seller, DE, listing.sku, price="1.23")
    assert (seller, listing.asin, DE, "New") in changes(told)
    assert list(amazon.world.state.markets) == [f"{DE}/{listing.asin}"]


def test_a_price_far_above_other_retailers_is_told_once_as_a_matter_of_pricing_health(
    client: Client, told: Told
) -> None:
    set_rivals(client, rival("60.00"), competitive_price="45.00")
    told.clear()
    ask(client, "54.01")
    health = [each for each in told if each[0] == "pricing_health"]
    assert health == [("pricing_health", client.seller, {"sku": "LAMP", "marketplace": DE})]
    told.clear()
    ask(client, "55.00")
    ask(client, "54.00")
    assert [each for each in told if each[0] == "pricing_health"] == []
    ask(client, "54.01")
    assert len([each for each in told if each[0] == "pricing_health"]) == 1


def test_losing_to_a_cheaper_competitor_is_no_matter_of_pricing_health(client: Client, told: Told) -> None:
    set_rivals(client, rival("10.00"), competitive_price="45.00")
    assert [name for name, *_ in told] == ["offers_changed"]


def test_the_notice_tells_the_summary_and_the_offers_of_the_condition(client: Client) -> None:
    set_rivals(
        client, rival("45.00", fulfillment="AMAZON"), rival(None, "ANOPRICE"), rival("9", "AU", condition="Used")
    )
    notice = offer_change(client.amazon.world, client.seller, LAMP, DE, "New")
    assert notice["SellerId"] == client.seller
    trigger = notice["OfferChangeTrigger"]
    assert (trigger["MarketplaceId"], trigger["ASIN"], trigger["ItemCondition"]) == (DE, LAMP, "new")
    assert [each["SellerId"] for each in notice["Offers"]] == ["ARIVAL", client.seller]
    assert notice["Offers"][1]["ListingPrice"] == {"Amount": 49.0, "CurrencyCode": "EUR"}
    summary = notice["Summary"]
    counts = {(each["Condition"], each["FulfillmentChannel"]): each["OfferCount"] for each in summary["NumberOfOffers"]}
    assert counts == {("new", "Amazon"): 1, ("new", "Merchant"): 2, ("used", "Merchant"): 1}
    assert summary["TotalBuyBoxEligibleOffers"] == 3
    assert [each["LandedPrice"]["Amount"] for each in summary["BuyBoxPrices"]] == [45.0, 9.0]


def test_the_notice_after_the_last_offer_went_is_empty(client: Client) -> None:
    client.amazon.put_listing(client.seller, DE, "LAMP", quantity=0)
    notice = offer_change(client.amazon.world, client.seller, LAMP, DE, "New")
    assert (notice["Offers"], notice["Summary"]["NumberOfOffers"]) == ([], [])


def test_the_health_notice_compares_our_offer_with_the_references(client: Client) -> None:
    set_rivals(client, rival("44.00"), competitive_price="40.00", list_price="60", was_price="42")
    notice = pricing_health(client.amazon.world, client.seller, "LAMP", DE)
    assert notice is not None
    assert (notice["issueType"], notice["sellerId"]) == ("BuyBoxDisqualification", client.seller)
    assert notice["offerChangeTrigger"]["asin"] == LAMP
    assert notice["merchantOffer"]["landedPrice"] == {"amount": 49.0, "currencyCode": "EUR"}
    assert notice["summary"]["buyBoxPrices"][0]["landedPrice"]["amount"] == 44.0
    assert notice["summary"]["referencePrice"] == {
        "averageSellingPrice": {"amount": 42.0, "currencyCode": "EUR"},
        "competitivePriceThreshold": {"amount": 40.0, "currencyCode": "EUR"},
        "msrpPrice": {"amount": 60.0, "currencyCode": "EUR"},
    }


def test_there_is_no_health_notice_for_a_listing_that_is_not_there(client: Client) -> None:
    assert pricing_health(client.amazon.world, client.seller, "NONE", DE) is None
    assert pricing_health(client.amazon.world, client.seller, "LAMP", JP) is None
