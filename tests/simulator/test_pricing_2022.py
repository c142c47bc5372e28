"""Product Pricing 2022-05-01."""

from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, JP, US, Client
from .market import BATCHES, LAMP, Shape, ask, post, rival, set_rivals, winner

SUMMARY = "/products/pricing/2022-05-01/items/competitiveSummary"
EXPECTED = "/products/pricing/2022-05-01/offer/featuredOfferExpectedPrice"
ALL = ["featuredBuyingOptions", "referencePrices", "lowestPricedOffers", "similarItems"]


def money(amount: float, currency: str = "EUR") -> Shape:
    return {"amount": amount, "currencyCode": currency}


def wanted(asin: str = LAMP, **facts: Any) -> Shape:
    return {"uri": SUMMARY, "method": "GET", "asin": asin, "marketplaceId": DE, "includedData": ALL, **facts}


def summed_up(client: Client, *requests: Shape) -> Any:
    answer = post(client, f"/batches{SUMMARY}", list(requests))
    assert answer.status_code == 200, answer.text
    return answer.json()["responses"]


def body(client: Client, **facts: Any) -> Any:
    [found] = summed_up(client, wanted(**facts))
    assert found["status"] == {"statusCode": 200, "reasonPhrase": "Success"}
    return found["body"]


def test_only_what_was_asked_for_is_included(client: Client) -> None:
    assert body(client, includedData=["similarItems"]).keys() == {"asin", "marketplaceId", "similarItems"}
    assert body(client).keys() == {"asin", "marketplaceId", *ALL}


def test_customers_with_and_without_prime_may_see_different_featured_offers(client: Client) -> None:
    set_rivals(client, rival("50.00", fulfillment="AMAZON"))
    [option] = body(client)["featuredBuyingOptions"]
    assert option["buyingOptionType"] == "New"
    prime, other = option["segmentedFeaturedOffers"]
    assert (prime["sellerId"], prime["fulfillmentType"], prime["listingPrice"]) == ("ARIVAL", "AFN", money(50))
    assert [each["customerMembership"] for each in prime["featuredOfferSegments"]] == ["PRIME"]
    assert (other["sellerId"], other["condition"]) == (client.seller, "New")
    assert [each["customerMembership"] for each in other["featuredOfferSegments"]] == ["NON_PRIME"]
    shares = [
        each["featuredOfferSegments"][0]["segmentDetails"]["glanceViewWeightPercentage"] for each in (prime, other)
    ]
    assert sum(shares) == 100


def test_one_offer_may_be_featured_in_both_segments_or_none_in_any(client: Client) -> None:
    [featured] = body(client)["featuredBuyingOptions"][0]["segmentedFeaturedOffers"]
    assert [each["customerMembership"] for each in featured["featuredOfferSegments"]] == ["PRIME", "NON_PRIME"]
    set_rivals(client, competitive_price="10.00")
    assert body(client)["featuredBuyingOptions"] == []


def test_reference_prices_are_told_by_name_as_far_as_they_are_known(client: Client) -> None:
    assert body(client)["referencePrices"] == []
    set_rivals(client, competitive_price="47.50", was_price="52")
    assert body(client)["referencePrices"] == [
        {"name": "CompetitivePrice", "price": money(47.5)},
        {"name": "WasPrice", "price": money(52)},
    ]


def test_japan_has_a_threshold_in_place_of_the_competitive_price_and_points(amazon: Amazon) -> None:
    client = Client(
        amazon, amazon.add_seller([JP], listings=[{"sku": "LAMP", "asin": LAMP, "price": 5000, "quantity": 1}])
    )
    amazon.put_offers(LAMP, JP, [rival("4900", points=49)], competitive_price="4800")
    found = body(client, marketplaceId=JP)
    assert found["referencePrices"] == [{"name": "CompetitivePriceThreshold", "price": money(4800, "JPY")}]
    [lowest] = found["lowestPricedOffers"]
    assert lowest["offers"][0]["points"] == {"pointsNumber": 49, "pointsMonetaryValue": money(49, "JPY")}
    client.http.close()


def test_the_lowest_offers_come_for_each_condition_that_was_asked_for(client: Client) -> None:
    used = rival("12", "AUSED", condition="Used", sub_condition="very_good", shipping="3.5")
    set_rivals(client, rival("45.00", prime=True), rival(None, "ANOPRICE"), used)
    inputs = [{"itemCondition": each, "offerType": "Consumer"} for each in ("Used", "New", "Club")]
    first, second = body(client, lowestPricedOffersInputs=inputs)["lowestPricedOffers"]
    assert first["lowestPricedOffersInput"] == inputs[0]
    [offer] = first["offers"]
    assert (offer["subCondition"], offer["listingPrice"]) == ("VeryGood", money(12))
    assert offer["shippingOptions"] == [{"shippingOptionType": "DEFAULT", "price": money(3.5)}]
    assert [each["sellerId"] for each in second["offers"]] == ["ARIVAL", client.seller, "ANOPRICE"]
    assert second["offers"][0]["primeDetails"] == {"eligibility": "NATIONAL"}
    assert second["offers"][2]["listingPrice"] == {"currencyCode": "EUR"}


def test_at_most_twenty_of_the_lowest_offers_come(client: Client) -> None:
    set_rivals(client, *[rival(f"{50 + number}.00", f"A{number}") for number in range(30)])
    assert len(body(client)["lowestPricedOffers"][0]["offers"]) == 20


def test_similar_items_are_always_the_same(client: Client) -> None:
    first = body(client)["similarItems"]
    assert len(first[0]["items"]) == 5
    assert body(client)["similarItems"] == first


def test_an_invalid_asin_spoils_only_its_own_request(client: Client) -> None:
    bad, unknown, good = summed_up(client, wanted("11_AABB_123"), wanted("B0NOTKNOWN"), wanted())
    assert bad["status"] == {"statusCode": 400, "reasonPhrase": "Client Error"}
    assert bad["body"]["errors"] == [{"code": "INVALID_ASIN", "message": "11_AABB_123 is not a valid ASIN"}]
    assert (unknown["status"]["statusCode"], good["status"]["statusCode"]) == (400, 200)


@pytest.mark.parametrize(
    "requests",
    [
        [],
        [wanted()] * 21,
        None,
        [wanted(uri=EXPECTED)],
        [wanted(method="POST")],
        [wanted(includedData=[])],
        [wanted(includedData=["everything"])],
        [wanted(marketplaceId=None)],
        [{**wanted(), "asin": 7}],
        [wanted(lowestPricedOffersInputs=[{"itemCondition": "New", "offerType": "Consumer"}] * 6)],
        [wanted(lowestPricedOffersInputs=[{"itemCondition": "New", "offerType": "Business"}])],
        [wanted(lowestPricedOffersInputs=[{"itemCondition": "Old", "offerType": "Consumer"}])],
        [
            wanted(
                includedData=["similarItems"],
                lowestPricedOffersInputs=[{"itemCondition": "New", "offerType": "Consumer"}],
            )
        ],
    ],
)
def test_a_summary_that_was_asked_for_wrongly_is_refused(client: Client, requests: Any) -> None:
    assert post(client, f"/batches{SUMMARY}", requests).status_code == 400


def aimed(sku: str = "LAMP", **facts: Any) -> Shape:
    return {"uri": EXPECTED, "method": "GET", "sku": sku, "marketplaceId": DE, **facts}


def expected(client: Client, sku: str = "LAMP", **facts: Any) -> Any:
    """The single result for a SKU."""
    answer = post(client, f"{BATCHES}/2022-05-01/offer/featuredOfferExpectedPrice", [aimed(sku, **facts)])
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["responses"]
    assert found["status"] == {"statusCode": 200, "reasonPhrase": "Success"}
    [result] = found["body"]["featuredOfferExpectedPriceResults"]
    return result


def test_the_expected_price_makes_our_offer_the_featured_one(client: Client) -> None:
    set_rivals(client, rival("45.00", shipping="0.50", fulfillment="AMAZON"))
    result = expected(client)
    assert result["resultStatus"] == "VALID_FOEP"
    price = result["featuredOfferExpectedPrice"]["listingPrice"]
    assert price["currencyCode"] == "EUR"
    assert result["competingFeaturedOffer"] == result["currentFeaturedOffer"]
    current = result["currentFeaturedOffer"]
    assert current["offerIdentifier"] == {
        "asin": LAMP,
        "marketplaceId": DE,
        "fulfillmentType": "AFN",
        "sellerId": "ARIVAL",
    }
    assert current["price"] == {"listingPrice": money(45), "shippingPrice": money(0.5)}
    ask(client, f"{price['amount'] + 0.01:.2f}")
    assert winner(client) == "ARIVAL"
    ask(client, f"{price['amount']:.2f}")
    assert winner(client) == client.seller


def test_for_the_featured_offer_itself_the_competing_one_is_another(client: Client) -> None:
    set_rivals(client, rival("60.00"))
    result = expected(client)
    assert result["featuredOfferExpectedPrice"] == {"listingPrice": money(60)}
    assert result["competingFeaturedOffer"]["offerIdentifier"]["sellerId"] == "ARIVAL"
    assert result["currentFeaturedOffer"]["offerIdentifier"]["sellerId"] == client.seller
    assert "sku" not in result["currentFeaturedOffer"]["offerIdentifier"]


def test_other_retailers_bound_the_expected_price(client: Client) -> None:
    set_rivals(client, rival("36.00"), rival("90.00", "ADEAR"), competitive_price="30.00")
    assert expected(client)["featuredOfferExpectedPrice"] == {"listingPrice": money(36)}
    set_rivals(client, rival("36.01"))
    assert expected(client)["resultStatus"] == "NO_COMPETING_OFFER"


def test_without_anybody_to_compete_with_there_is_no_expected_price(client: Client) -> None:
    result = expected(client)
    assert result["resultStatus"] == "NO_COMPETING_OFFER"
    assert "featuredOfferExpectedPrice" not in result
    assert result["currentFeaturedOffer"]["offerIdentifier"]["sellerId"] == client.seller


def test_each_reason_for_no_expected_price_has_its_name(client: Client) -> None:
    set_rivals(client, rival("45.00"))
    client.amazon.put_listing(client.seller, DE, "LAMP", condition="used_good")
    assert expected(client)["resultStatus"] == "OFFER_NOT_ELIGIBLE"
    client.amazon.put_listing(client.seller, DE, "LAMP", quantity=0, condition="new_new")
    result = expected(client)
    assert (result["resultStatus"], "currentFeaturedOffer" in result) == ("OFFER_NOT_FOUND", True)
    set_rivals(client, featurable=False)
    assert expected(client) == {"resultStatus": "ASIN_NOT_ELIGIBLE"}


def test_a_segment_is_echoed_and_an_unknown_sku_spoils_only_its_own_request(client: Client) -> None:
    segment = {"segmentDetails": {"sampleLocation": {"postalCode": {"countryCode": "DE", "value": "10115"}}}}
    answer = post(client, f"/batches{EXPECTED}", [aimed(segment=segment), aimed("NONE")])
    good, bad = answer.json()["responses"]
    assert good["request"] == {"marketplaceId": DE, "sku": "LAMP", "segment": segment}
    assert good["body"]["offerIdentifier"]["sku"] == "LAMP"
    assert bad["status"] == {"statusCode": 400, "reasonPhrase": "Client Error"}
    assert bad["body"]["errors"][0]["code"] == "INVALID_SKU"


def test_forty_skus_fit_into_one_batch(client: Client) -> None:
    assert post(client, f"/batches{EXPECTED}", [aimed()] * 40).status_code == 200
    assert post(client, f"/batches{EXPECTED}", [aimed()] * 41).status_code == 400


@pytest.mark.parametrize(
    "change", [{"uri": SUMMARY}, {"method": "PUT"}, {"sku": ""}, {"segment": 1}, {"marketplaceId": "X"}]
)
def test_an_expected_price_that_was_asked_for_wrongly_is_refused(client: Client, change: Shape) -> None:
    assert post(client, f"/batches{EXPECTED}", [aimed(**change)]).status_code == 400


def test_a_foreign_marketplace_is_forbidden(client: Client) -> None:
    assert post(client, f"/batches{EXPECTED}", [aimed(marketplaceId=US)]).status_code == 403
    assert post(client, f"/batches{SUMMARY}", [wanted(marketplaceId=US)]).status_code == 403
