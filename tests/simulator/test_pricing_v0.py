"""Product Pricing v0."""

from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, FR, JP, US, Client, price
from .market import (
    BATCHES,
    LAMP,
    PRICES,
    Shape,
    answered,
    item_offers,
    listing_offers,
    post,
    refusal,
    rival,
    set_rivals,
)


def money(amount: float, currency: str = "EUR") -> Shape:
    return {"CurrencyCode": currency, "Amount": amount}


def priced(client: Client, operation: str = "price", **query: Any) -> Any:
    return answered(client, f"{PRICES}/{operation}", **query)


def test_ones_own_price_by_sku_and_by_asin(client: Client) -> None:
    [by_sku] = priced(client, ItemType="Sku", Skus="LAMP")
    assert (by_sku["status"], by_sku["SellerSKU"]) == ("Success", "LAMP")
    assert by_sku["Product"]["Identifiers"]["SKUIdentifier"]["SellerSKU"] == "LAMP"
    [offer] = by_sku["Product"]["Offers"]
    assert offer["BuyingPrice"] == {"LandedPrice": money(49), "ListingPrice": money(49), "Shipping": money(0)}
    assert (offer["FulfillmentChannel"], offer["ItemCondition"], offer["SellerSKU"]) == ("MERCHANT", "New", "LAMP")
    [by_asin] = priced(client, ItemType="Asin", Asins=LAMP)
    assert by_asin["Product"]["Offers"] == [offer]
    assert "SKUIdentifier" not in by_asin["Product"]["Identifiers"]


def test_a_sale_and_a_business_price_are_told_beside_the_regular_one(client: Client) -> None:
    sale = [{"schedule": [{"start_at": "2020-01-01", "end_at": "2099-01-01", "value_with_tax": 30}]}]
    value = [price(49, discounted_price=sale), price(44, audience="B2B")]
    client.patch("LAMP", {"op": "replace", "path": "/attributes/purchasable_offer", "value": value})
    client.amazon.advance(2)
    [offer] = priced(client, ItemType="Sku", Skus="LAMP")[0]["Product"]["Offers"]
    assert (offer["BuyingPrice"]["ListingPrice"], offer["RegularPrice"]) == (money(30), money(49))
    assert (offer["offerType"], offer["businessPrice"]) == ("B2C", money(44))
    [offer] = priced(client, ItemType="Sku", Skus="LAMP", OfferType="B2B")[0]["Product"]["Offers"]
    assert (offer["offerType"], offer["BuyingPrice"]["ListingPrice"]) == ("B2B", money(44))


def test_items_that_are_not_ones_own_or_do_not_exist(client: Client) -> None:
    client.amazon.add_seller([DE], listings=[{"sku": "X", "asin": "B000000009", "price": 1, "quantity": 1}])
    known, unknown = priced(client, ItemType="Asin", Asins="B000000009,B0NOTKNOWN")
    assert known["Product"].keys() == {"Identifiers"}
    assert unknown == {"status": "ClientError", "ASIN": "B0NOTKNOWN"}
    assert priced(client, ItemType="Sku", Skus="NONE") == [{"status": "ClientError", "SellerSKU": "NONE"}]
    assert "Offers" not in priced(client, ItemType="Sku", Skus="LAMP", ItemCondition="Used")[0]["Product"]


def test_competitive_prices_are_those_of_the_featured_offers(client: Client) -> None:
    set_rivals(client, rival("45.00", shipping="1"), rival("10", "AUSED", condition="Used"))
    [item] = priced(client, "competitivePrice", ItemType="Asin", Asins=LAMP)
    new, used = item["Product"]["CompetitivePricing"]["CompetitivePrices"]
    assert (new["CompetitivePriceId"], new["condition"], new["belongsToRequester"]) == ("1", "New", False)
    assert new["Price"] == {"LandedPrice": money(46), "ListingPrice": money(45), "Shipping": money(1)}
    assert (used["CompetitivePriceId"], used["condition"]) == ("2", "Used")
    counts = item["Product"]["CompetitivePricing"]["NumberOfOfferListings"]
    assert {each["condition"]: each["Count"] for each in counts} == {"New": 2, "Used": 1, "Any": 3}
    assert len(item["Product"]["SalesRankings"]) == 2
    set_rivals(client)
    [item] = priced(client, "competitivePrice", ItemType="Sku", Skus="LAMP", CustomerType="Business")
    [mine] = item["Product"]["CompetitivePricing"]["CompetitivePrices"]
    assert (mine["belongsToRequester"], mine["sellerId"], mine["offerType"]) == (True, client.seller, "B2C")


def test_offers_come_by_landed_price_with_ours_among_them(client: Client) -> None:
    set_rivals(client, rival("45.00", shipping="9.00"), rival("48.00", "ACHEAP", fulfillment="AMAZON"))
    payload = listing_offers(client)
    assert (payload["SKU"], payload["status"], payload["Identifier"]["SellerSKU"]) == ("LAMP", "Success", "LAMP")
    found = [(each["SellerId"], each["MyOffer"], each["IsBuyBoxWinner"]) for each in payload["Offers"]]
    assert found == [("ACHEAP", False, True), (client.seller, True, False), ("ARIVAL", False, False)]
    cheap, mine, _ = payload["Offers"]
    assert (cheap["IsFulfilledByAmazon"], cheap["PrimeInformation"]["IsPrime"]) == (True, True)
    assert "ShipsFrom" not in cheap
    assert (mine["ListingPrice"], mine["Shipping"], mine["ShipsFrom"]) == (money(49), money(0), {"Country": "DE"})
    assert (mine["SubCondition"], mine["ShippingTime"]["availabilityType"]) == ("new", "NOW")


def test_asked_by_asin_no_offer_says_that_it_is_ours_but_its_seller_does(client: Client) -> None:
    payload = item_offers(client)
    assert (payload["ASIN"], payload["Identifier"]["ASIN"]) == (LAMP, LAMP)
    [mine] = payload["Offers"]
    assert mine["SellerId"] == client.seller
    assert "MyOffer" not in mine


def test_the_summary_counts_all_conditions_and_the_offers_are_of_one(client: Client) -> None:
    used = rival("12.00", "AUSED", condition="Used", sub_condition="very_good")
    set_rivals(
        client, rival("45.00", fulfillment="AMAZON"), used, rival("44.00", "ABAD", feedback={"percent": 50, "count": 9})
    )
    summary = item_offers(client)["Summary"]
    assert summary["TotalOfferCount"] == 4
    counts = {(each["condition"], each["fulfillmentChannel"]): each["OfferCount"] for each in summary["NumberOfOffers"]}
    assert counts == {("new", "Amazon"): 1, ("new", "Merchant"): 2, ("used", "Merchant"): 1}
    able = {
        (each["condition"], each["fulfillmentChannel"]): each["OfferCount"] for each in summary["BuyBoxEligibleOffers"]
    }
    assert able == {("new", "Amazon"): 1, ("new", "Merchant"): 1, ("used", "Merchant"): 1}
    lowest = {
        (each["condition"], each["fulfillmentChannel"]): each["LandedPrice"]["Amount"]
        for each in summary["LowestPrices"]
    }
    assert lowest == {("new", "Amazon"): 45.0, ("new", "Merchant"): 44.0, ("used", "Merchant"): 12.0}
    boxes = {each["condition"]: each["LandedPrice"]["Amount"] for each in summary["BuyBoxPrices"]}
    assert boxes == {"New": 45.0, "Used": 12.0}
    [offer] = item_offers(client, ItemCondition="Used")["Offers"]
    assert (offer["SellerId"], offer["SubCondition"]) == ("AUSED", "very_good")
    assert item_offers(client, ItemCondition="Collectible")["status"] == "NoBuyableOffers"


def test_references_are_told_where_they_are_known_and_the_threshold_in_japan_alone(amazon: Amazon) -> None:
    for place, account in ((DE, amazon.add_seller([DE])), (JP, amazon.add_seller([JP]))):
        amazon.put_listing(account["seller_id"], place, "LAMP", asin=LAMP, price="5000", quantity=1)
        amazon.put_offers(LAMP, place, [rival("4800")], list_price="6000", competitive_price="5100")
        client = Client(amazon, account)
        payload = item_offers(client, MarketplaceId=place)
        summary = payload["Summary"]
        assert summary["ListPrice"]["Amount"] == 6000
        assert ("CompetitivePriceThreshold" in summary) == (place == JP)
        assert ("Points" in payload["Offers"][0]) == (place == JP)
        client.http.close()
    assert summary["CompetitivePriceThreshold"] == money(5100, "JPY")


def test_points_in_japan_lower_the_landed_price(amazon: Amazon) -> None:
    client = Client(
        amazon, amazon.add_seller([JP], listings=[{"sku": "LAMP", "asin": LAMP, "price": 5000, "quantity": 1}])
    )
    amazon.put_offers(LAMP, JP, [rival("5020", points=50)])
    payload = item_offers(client, MarketplaceId=JP)
    first = payload["Offers"][0]
    assert first["Points"] == {"PointsNumber": 50, "PointsMonetaryValue": money(50, "JPY")}
    assert payload["Summary"]["BuyBoxPrices"][0]["LandedPrice"] == money(4970, "JPY")
    assert isinstance(first["ListingPrice"]["Amount"], int)
    client.http.close()


def test_a_competitor_without_a_price_is_last_and_has_no_amount(client: Client) -> None:
    set_rivals(client, rival(None), rival("99.00", "ADEAR"))
    payload = item_offers(client)
    assert [each["SellerId"] for each in payload["Offers"]] == [client.seller, "ADEAR", "ARIVAL"]
    assert payload["Offers"][2]["ListingPrice"] == {"CurrencyCode": "EUR"}
    assert payload["Summary"]["TotalOfferCount"] == 3
    assert payload["Summary"]["LowestPrices"][0]["ListingPrice"] == money(49)


def test_twenty_offers_are_shown_and_all_are_counted(client: Client) -> None:
    set_rivals(client, *[rival(f"{50 + number}.00", f"A{number}") for number in range(30)])
    payload = item_offers(client)
    assert (len(payload["Offers"]), payload["Summary"]["TotalOfferCount"]) == (20, 31)
    assert payload["Offers"][0]["SellerId"] == client.seller


def test_without_any_offer_only_the_count_of_nothing_is_told(client: Client) -> None:
    client.amazon.put_listing(client.seller, DE, "LAMP", quantity=0)
    payload = listing_offers(client)
    assert (payload["status"], payload["Summary"], payload["Offers"]) == ("NoBuyableOffers", {"TotalOfferCount": 0}, [])


def test_offers_that_are_not_ready_name_a_time_that_is_always_four_hours_away(client: Client) -> None:
    set_rivals(client, rival("45.00"), too_soon=True)
    first = item_offers(client)
    assert (first["status"], first["Offers"]) == ("ActiveButTooSoonForProcessing", [])
    client.amazon.advance(1800)
    assert item_offers(client)["Summary"]["OffersAvailableTime"] > first["Summary"]["OffersAvailableTime"]


def test_a_suppressed_buy_box_has_no_winner_and_no_price(client: Client) -> None:
    set_rivals(client, rival("45.00"), competitive_price="20.00")
    payload = item_offers(client)
    assert payload["Summary"]["BuyBoxPrices"] == []
    assert not any(each["IsBuyBoxWinner"] or each["IsFeaturedMerchant"] for each in payload["Offers"])


def test_an_asin_without_featured_offers_has_no_eligible_ones(client: Client) -> None:
    set_rivals(client, rival("45.00"), featurable=False)
    payload = item_offers(client)
    assert [each["OfferCount"] for each in payload["Summary"]["BuyBoxEligibleOffers"]] == [0]
    assert not any(each["IsFeaturedMerchant"] for each in payload["Offers"])


def test_business_customers_see_our_price_for_them(client: Client) -> None:
    value = [price(49), price(44, audience="B2B")]
    client.patch("LAMP", {"op": "replace", "path": "/attributes/purchasable_offer", "value": value})
    client.amazon.advance(2)
    set_rivals(client, rival("60.00"))
    mine, other = listing_offers(client, CustomerType="Business")["Offers"]
    assert (mine["offerType"], mine["ListingPrice"]) == ("B2B", money(44))
    assert (other["offerType"], other["ListingPrice"]) == ("B2C", money(60))


NEW = {"MarketplaceId": DE, "ItemCondition": "New"}
MANY = ",".join("ABCDEFGHIJKLMNOPQRSTU")


@pytest.mark.parametrize(
    ("path", "query", "sentence"),
    [
        ("price", {}, "Missing required parameter MarketplaceId."),
        ("price", {"MarketplaceId": "X"}, "Invalid MarketplaceId."),
        ("price", {"MarketplaceId": DE, "Asins": LAMP}, "ItemType and 1 to 20 Asins or Skus are required."),
        ("price", {"MarketplaceId": DE, "ItemType": "ASIN", "Asins": LAMP}, "Invalid 'ItemType' provided."),
        ("price", {"MarketplaceId": DE, "ItemType": "Sku", "Asins": LAMP}, "ItemType and 1 to 20"),
        ("competitivePrice", {"MarketplaceId": DE, "ItemType": "Sku", "Skus": MANY}, "ItemType"),
        ("price", {"MarketplaceId": DE, "ItemType": "Sku", "Skus": "A", "OfferType": "B2X"}, "Invalid 'OfferType'"),
        (f"items/{LAMP}/offers", {"MarketplaceId": DE}, "Missing required parameter ItemCondition."),
        (f"items/{LAMP}/offers", {"MarketplaceId": DE, "ItemCondition": "Neu"}, "Invalid 'ItemCondition' provided."),
        ("items/B0NOTKNOWN/offers", NEW, f"B0NOTKNOWN is an invalid ASIN for marketplace {DE}"),
        ("listings/NONE/offers", NEW, f"NONE is an invalid SKU for marketplace {DE}"),
        ("listings/FBA-1/offers", {**NEW, "MarketplaceId": FR}, f"FBA-1 is an invalid SKU for marketplace {FR}"),
    ],
)  # fmt: skip
def test_bad_calls_are_refused(client: Client, path: str, query: Shape, sentence: str) -> None:
    assert refusal(client, f"{PRICES}/{path}", **query).startswith(sentence)


def test_a_foreign_marketplace_and_a_missing_role_are_forbidden(client: Client) -> None:
    path = f"{PRICES}/items/{LAMP}/offers"
    assert client.get(path, MarketplaceId=US, ItemCondition="New").status_code == 403
    client.amazon.change_seller(client.seller, roles=["Product Listing"])
    assert client.get(path, MarketplaceId=DE, ItemCondition="New").status_code == 403


def asked(family: str, name: str, **facts: Any) -> Shape:
    request = {"uri": f"{PRICES}/{family}/{name}/offers", "method": "GET", "MarketplaceId": DE, "ItemCondition": "New"}
    return {**request, **facts}


def test_a_batch_answers_each_request_with_its_own_status(client: Client) -> None:
    requests = [asked("items", LAMP), asked("items", "B0NOTKNOWN"), asked("items", LAMP, MarketplaceId=US)]
    found = post(client, f"{BATCHES}/v0/itemOffers", requests).json()["responses"]
    assert [each["status"]["statusCode"] for each in found] == [200, 400, 403]
    assert found[0]["body"]["payload"]["Offers"][0]["SellerId"] == client.seller
    assert found[0]["status"]["reasonPhrase"] == "OK"
    assert found[0]["request"] == {"MarketplaceId": DE, "ItemCondition": "New", "Asin": LAMP}
    assert found[1]["body"]["errors"][0]["message"] == f"B0NOTKNOWN is an invalid ASIN for marketplace {DE}"
    assert len({each["headers"]["x-amzn-RequestId"] for each in found}) == 3


def test_a_batch_of_listings_decodes_its_skus(client: Client) -> None:
    requests = [asked("listings", "MUG%2F1%20%C3%A4%25", CustomerType="Consumer"), asked("listings", "NONE")]
    found = post(client, f"{BATCHES}/v0/listingOffers", requests).json()["responses"]
    assert found[0]["request"]["SellerSKU"] == "MUG/1 ä%"
    assert found[0]["body"]["payload"]["Offers"][0]["MyOffer"] is True
    assert found[1]["status"] == {"statusCode": 400, "reasonPhrase": "Bad Request"}


@pytest.mark.parametrize(
    "requests",
    [
        [],
        [asked("items", LAMP)] * 21,
        "all",
        [1],
        [asked("items", LAMP, method="POST")],
        [asked("items", LAMP, uri=f"{PRICES}/listings/LAMP/offers")],
        [asked("items", LAMP, ItemCondition="Neu")],
        [asked("items", LAMP, CustomerType="Nobody")],
        [asked("items", LAMP, MarketplaceId=None)],
    ],
)
def test_a_batch_that_is_not_in_order_is_refused_as_a_whole(client: Client, requests: Any) -> None:
    answer = post(client, f"{BATCHES}/v0/itemOffers", requests)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_twenty_requests_are_one_call_of_the_quota(client: Client) -> None:
    client.amazon.settings(quotas={"scale": 1})
    assert post(client, f"{BATCHES}/v0/itemOffers", [asked("items", LAMP)] * 20).status_code == 200
    assert post(client, f"{BATCHES}/v0/itemOffers", [asked("items", LAMP)]).status_code == 429
    client.amazon.advance(10)
    assert post(client, f"{BATCHES}/v0/itemOffers", [asked("items", LAMP)]).status_code == 200


def test_every_item_of_a_catalogue_has_prices(amazon: Amazon) -> None:
    client = Client(amazon, amazon.add_seller([DE], catalogue=20))
    listings = list(amazon.world.listings(client.seller))
    requests = [asked("items", each.asin) for each in listings]
    found = post(client, f"{BATCHES}/v0/itemOffers", requests).json()["responses"]
    assert {each["status"]["statusCode"] for each in found} == {200}
    buyable = {
        each.asin
        for each in listings
        if "BUYABLE" in each.status(DE, amazon.world.now()) and each.condition == "new_new"
    }
    for each in found:
        shown = {offer["SellerId"] for offer in each["body"]["payload"]["Offers"]}
        assert (client.seller in shown) == (each["body"]["payload"]["ASIN"] in buyable)
    client.http.close()
