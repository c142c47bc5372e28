"""The goods, and what Amazon lists of them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from stdnum import ean, isbn

from example_store.amazon_catalogue import AMBIGUOUS_SKUS, FOREIGN, OLD_SKUS, amazon_listings
from example_store.catalogue import goods
from flask_amazon_channel.simulator import Amazon


def test_every_ean_has_a_valid_check_digit() -> None:
    wrong = [product.sku for product in goods() if product.ean and not ean.is_valid(product.ean)]
    assert wrong == []
    assert sum(product.ean is not None for product in goods()) > 90


def test_every_book_has_an_isbn_and_nothing_else_has() -> None:
    assert all(isbn.is_valid(product.isbn or "") == (product.category == "books") for product in goods())


def test_skus_are_unique_and_prices_above_cost() -> None:
    assert max(Counter(product.sku for product in goods()).values()) == 1
    assert [product.sku for product in goods() if product.cost and product.price <= product.cost] == []


def test_the_catalogue_has_the_odd_ones_too() -> None:
    products = goods()
    assert any(not product.enabled for product in products)
    assert any(product.stock == 0 for product in products)
    assert any(product.kind == "gift_card" for product in products)
    assert sorted(n for n in Counter(p.ean for p in products if p.ean).values() if n > 1) == [2, 2]


def test_every_number_at_amazon_is_valid() -> None:
    numbers = [listing["ean"] for listing in amazon_listings() if listing["ean"]]
    assert [number for number in numbers if not (ean.is_valid(number) or isbn.is_valid(number))] == []
    assert {len(number) for number in numbers} == {10, 12, 13}


def test_most_listings_have_the_shops_sku_and_the_rest_is_one_of_the_known_cases() -> None:
    own = {product.sku for product in goods()}
    skus = [listing["sku"] for listing in amazon_listings()]
    assert len(set(skus)) == len(skus)
    strange = set(skus) - own
    assert len(strange) < len(skus) / 4
    assert strange >= {*OLD_SKUS.values(), *AMBIGUOUS_SKUS.values(), *(each[0] for each in FOREIGN)}
    assert len(own - set(skus)) > 20


def test_an_ambiguous_listing_fits_two_products_and_neither_by_sku() -> None:
    numbers = Counter(product.ean for product in goods())
    asked = [listing for listing in amazon_listings() if listing["sku"] in AMBIGUOUS_SKUS.values()]
    assert [numbers[listing["ean"]] for listing in asked] == [2, 2]
    assert not {listing["asin"] for listing in asked} & {product.asin for product in goods()}


def test_prices_abroad_are_in_the_currencys_own_units() -> None:
    by_sku = {listing["sku"]: listing["price"] for listing in amazon_listings("JPY")}
    assert by_sku["skillet26"] == "9888"
    assert all(Decimal(price) == int(Decimal(price)) for price in by_sku.values())


def test_a_simulated_seller_sells_what_the_catalogue_says() -> None:
    with Amazon() as amazon:
        seller = amazon.add_seller(["ATVPDKIKX0DER"], listings=amazon_listings())["seller_id"]
        pan = amazon.listing(seller, "ATVPDKIKX0DER", "KT-3002")
        assert (pan["price"]["amount"], pan["quantity"], pan["fulfillment"]) == ("44.00", 36, "MERCHANT")
        assert amazon.listing(seller, "ATVPDKIKX0DER", "KT-3005-FBA")["fulfillment"] == "AMAZON"
        assert amazon.listing(seller, "ATVPDKIKX0DER", "CG-2012")["status"] == []
