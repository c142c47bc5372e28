"""Product Fees v0."""

from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.market.fee_table import fees, weight

from .conftest import DE, FR, JP, US, Client
from .market import LAMP, Shape

FEES = "/products/fees/v0"


def request(price: Any = 40.0, currency: str = "EUR", marketplace: str = DE, **facts: Any) -> Shape:
    prices = {"ListingPrice": {"CurrencyCode": currency, "Amount": price}, **facts.pop("prices", {})}
    return {"MarketplaceId": marketplace, "PriceToEstimateFees": prices, "Identifier": "mine", **facts}


def estimate(client: Client, path: str = "listings/LAMP", **facts: Any) -> Any:
    body = {"FeesEstimateRequest": request(**facts)}
    answer = client.call("POST", f"{FEES}/{path}/feesEstimate", None, body)
    assert answer.status_code == 200, answer.text
    return answer.json()["payload"]["FeesEstimateResult"]


def amounts(result: Any) -> dict[str, float]:
    return {each["FeeType"]: each["FinalFee"]["Amount"] for each in result["FeesEstimate"]["FeeDetailList"]}


def test_a_skus_fees_are_a_share_of_price_and_shipping(client: Client) -> None:
    result = estimate(client, prices={"Shipping": {"CurrencyCode": "EUR", "Amount": 4.5}})
    assert result["Status"] == "Success"
    assert amounts(result) == {"ReferralFee": 6.68, "VariableClosingFee": 0.0, "PerItemFee": 0.0}
    assert result["FeesEstimate"]["TotalFeesEstimate"] == {"CurrencyCode": "EUR", "Amount": 6.68}
    identifier = result["FeesEstimateIdentifier"]
    assert (identifier["IdType"], identifier["IdValue"]) == ("SellerSKU", "LAMP")
    assert (identifier["SellerId"], identifier["SellerInputIdentifier"]) == (client.seller, "mine")
    assert identifier["PriceToEstimateFees"]["Shipping"] == {"CurrencyCode": "EUR", "Amount": 4.5}


def test_a_sku_is_percent_encoded_in_the_path(client: Client) -> None:
    assert estimate(client, "listings/MUG%2F1%20%C3%A4%25")["FeesEstimateIdentifier"]["IdValue"] == "MUG/1 ä%"


def test_amazons_fulfilment_costs_more_and_the_sum_is_exact(client: Client) -> None:
    result = estimate(client, f"items/{LAMP}", IsAmazonFulfilled=True, price=19.99)
    found = amounts(result)
    assert set(found) == {"ReferralFee", "VariableClosingFee", "PerItemFee", "FBAFees"}
    details = result["FeesEstimate"]["FeeDetailList"]
    assert [each["FeeType"] for each in details[-1]["IncludedFeeDetailList"]] == ["FBAPickAndPack"]
    total = sum(Decimal(str(each)) for each in found.values())
    assert Decimal(str(result["FeesEstimate"]["TotalFeesEstimate"]["Amount"])) == total
    assert result["FeesEstimateIdentifier"]["IdType"] == "ASIN"
    abroad = estimate(client, f"items/{LAMP}", IsAmazonFulfilled=True, OptionalFulfillmentProgram="FBA_EFN")
    assert amounts(abroad)["FBAFees"] > found["FBAFees"]


def test_a_referral_fee_has_a_least_amount(client: Client) -> None:
    assert amounts(estimate(client, price=0.5))["ReferralFee"] == 0.3


def test_the_product_type_decides_the_share(client: Client) -> None:
    client.amazon.put_listing(client.seller, DE, "LAMP", product_type="HEADPHONES")
    assert amounts(estimate(client, price=100))["ReferralFee"] == 8.0


def test_media_pay_a_closing_fee_and_no_share_of_the_shipping() -> None:
    found = fees(LAMP, "ABIS_BOOK", US, Decimal("20.00"), Decimal("3.99"), by_amazon=False)
    assert tuple(found) == (Decimal("3.00"), Decimal("1.94"), None)
    assert found.total == Decimal("4.94")


def test_heavier_items_cost_more_to_ship() -> None:
    asins = sorted((f"B0{number:08d}" for number in range(200)), key=weight)
    costs = [fees(each, "PRODUCT", DE, Decimal(10), Decimal(0), by_amazon=True).fulfillment for each in asins]
    assert costs == sorted(costs, key=lambda cost: cost or 0)
    assert len(set(costs)) > 5


def test_yen_are_whole(amazon: Amazon) -> None:
    seller = amazon.add_seller([JP], listings=[{"sku": "LAMP", "asin": LAMP, "price": 4999, "quantity": 3}])
    client = Client(amazon, seller)
    result = estimate(client, price=4999, currency="JPY", marketplace=JP, IsAmazonFulfilled=True)
    assert result["FeesEstimate"]["TotalFeesEstimate"]["CurrencyCode"] == "JPY"
    assert amounts(result)["ReferralFee"] == 750
    assert all(isinstance(each, int) for each in amounts(result).values())
    client.http.close()


@pytest.mark.parametrize(
    "facts",
    [
        {"path": "listings/NONE"},
        {"path": "items/B0NOTKNOWN"},
        {"path": "items/lamp"},
        {"currency": "USD"},
        {"price": 0},
        {"price": -3},
        {"price": "7.99"},
        {"price": None},
        {"prices": {"Shipping": {"CurrencyCode": "EUR", "Amount": -1}}},
    ],
)
def test_what_cannot_be_estimated_is_a_client_error_of_the_item(client: Client, facts: Shape) -> None:
    result = estimate(client, **facts)
    assert result["Status"] == "ClientError"
    assert result["Error"]["Code"] == "InvalidParameterValue"
    assert "FeesEstimate" not in result


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "Missing required field FeesEstimateRequest."),
        ({"FeesEstimateRequest": request(marketplace="WRONG")}, "Incorrect Marketplace identifier."),
        ({"FeesEstimateRequest": {"MarketplaceId": DE, "Identifier": "1"}}, "Missing required field PriceToEstimate"),
        ({"FeesEstimateRequest": {**request(), "Identifier": None}}, "Missing required field Identifier."),
        ({"FeesEstimateRequest": request(OptionalFulfillmentProgram="FBA_X")}, "Invalid OptionalFulfillmentProgram."),
    ],
)
def test_a_request_without_what_is_required_is_a_bad_one(client: Client, body: Shape, sentence: str) -> None:
    answer = client.call("POST", f"{FEES}/items/{LAMP}/feesEstimate", None, body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "InvalidInput")
    assert answer.json()["errors"][0]["message"].startswith(sentence)


def test_a_marketplace_of_somebody_else_is_forbidden(client: Client) -> None:
    body = {"FeesEstimateRequest": request(marketplace=US, currency="USD")}
    assert client.call("POST", f"{FEES}/items/{LAMP}/feesEstimate", None, body).status_code == 403


def test_a_batch_answers_a_bare_list_in_its_order_and_an_error_stops_only_its_item(client: Client) -> None:
    wanted = [("ASIN", LAMP), ("SellerSKU", "NONE"), ("SellerSKU", "LAMP")]
    body = [
        {"FeesEstimateRequest": request(Identifier=value), "IdType": kind, "IdValue": value} for kind, value in wanted
    ]
    answer = client.call("POST", f"{FEES}/feesEstimate", None, body)
    assert answer.status_code == 200
    found = [(each["FeesEstimateIdentifier"]["SellerInputIdentifier"], each["Status"]) for each in answer.json()]
    assert found == [(LAMP, "Success"), ("NONE", "ClientError"), ("LAMP", "Success")]


@pytest.mark.parametrize("count", [0, 21])
def test_a_batch_holds_1_to_20_products(client: Client, count: int) -> None:
    body = [{"FeesEstimateRequest": request(), "IdType": "ASIN", "IdValue": LAMP}] * count
    assert client.call("POST", f"{FEES}/feesEstimate", None, body).status_code == 400


@pytest.mark.parametrize("item", [1, {"IdType": "EAN", "IdValue": "1"}, {"IdType": "ASIN"}])
def test_a_batch_with_a_shapeless_product_is_a_bad_request(client: Client, item: Any) -> None:
    product = {"FeesEstimateRequest": request(), **item} if isinstance(item, dict) else item
    assert client.call("POST", f"{FEES}/feesEstimate", None, [product]).status_code == 400


def test_fees_need_the_role_of_pricing(client: Client) -> None:
    client.amazon.change_seller(client.seller, roles=["Product Listing"])
    body = {"FeesEstimateRequest": request(marketplace=FR)}
    assert client.call("POST", f"{FEES}/items/{LAMP}/feesEstimate", None, body).status_code == 403
