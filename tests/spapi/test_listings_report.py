"""The rows of the listings report."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_amazon_channel.errors import BadDocument
from flask_amazon_channel.rules.values import FulfilledBy
from flask_amazon_channel.spapi.listings_report import ListingsReport

HEADER = [
    "item-name",
    "item-description",
    "listing-id",
    "seller-sku",
    "price",
    "quantity",
    "open-date",
    "product-id-type",
    "item-condition",
    "asin1",
    "product-id",
    "fulfillment-channel",
    "status",
]


def row(**changes: str) -> str:
    values = {
        "item-name": "Lampe",
        "listing-id": "1122",
        "seller-sku": "L-1",
        "price": "10.00",
        "quantity": "5",
        "open-date": "2026-01-01 00:00:00 CET",
        "product-id-type": "4",
        "item-condition": "11",
        "asin1": "B000000001",
        "product-id": "4006381333931",
        "fulfillment-channel": "DEFAULT",
        "status": "Active",
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    return "\t".join(values.get(name, "") for name in HEADER)


def read(*rows: str, header=None, charset="utf-8"):
    return list(ListingsReport(["\t".join(header or HEADER), *rows], charset))


def test_a_row_is_read_by_the_names_of_its_columns():
    (listing,) = read(row())
    assert (listing.sku, listing.asin, listing.title) == ("L-1", "B000000001", "Lampe")
    assert (listing.price, listing.quantity) == (Decimal("10.00"), 5)
    assert (listing.status, listing.fulfilled_by) == ("Active", FulfilledBy.MERCHANT)
    assert (listing.condition, listing.product_id_type) == ("new_new", "ean")
    assert (listing.product_id, listing.listing_id) == ("4006381333931", "1122")
    assert listing.opened_at == "2026-01-01 00:00:00 CET"


def test_the_order_of_columns_does_not_matter_and_unknown_ones_are_left_alone():
    rows = ["x\t5\tL-1\t10.00"]
    (listing,) = read(*rows, header=["Deprecated column", "quantity", "seller-sku", "price"])
    assert (listing.sku, listing.quantity, listing.status, listing.asin) == ("L-1", 5, "", None)


@pytest.mark.parametrize(
    "header",
    [
        ["Artikelbezeichnung", "Händler-SKU", "Preis", "Menge", "ASIN 1", "Versender"],
        ["nom-produit", "sku-vendeur", "prix", "quantité", "ASIN1", "canal-traitement"],
        ["Nome dell'articolo", "SKU venditore", "Prezzo", "Quantità", "ASIN 1", "Canale di gestione"],
        [
            "Título del producto",
            "SKU del vendedor",
            "Precio",
            "Cantidad",
            "ASIN 1",
            "Canal de gestión logística",
        ],
        ["商品名", "出品者SKU", "価格", "数量", "ASIN 1", "フルフィルメント・チャンネル"],
        ["nazwa-produktu", "sku-sprzedawcy", "cena", "ilość", "asin1", "kanał-realizacji"],
        [
            "item-name (ürün adı)",
            "seller-sku (satıcı sku)",
            "price (fiyat)",
            "quantity (adet)",
            "ASIN 1",
            "fulfillment-channel (dağıtım kanalı)",
        ],
    ],
)
def test_each_store_may_name_the_columns_in_its_language(header):
    mine, fba = read("Lampe\tL-1\t10.00\t5\tB1\tDEFAULT", "Lampe\tL-2\t9.00\t\tB2\tAMAZON_EU", header=header)
    assert (mine.title, mine.sku, mine.price, mine.quantity, mine.asin) == (
        "Lampe",
        "L-1",
        Decimal("10.00"),
        5,
        "B1",
    )
    assert (fba.fulfilled_by, fba.quantity) == (FulfilledBy.AMAZON, None)


def test_without_an_asin_column_the_product_id_of_type_asin_is_it():
    header = ["seller-sku", "price", "quantity", "product-id", "product-id-type"]
    first, second = read("L-1\t1.00\t1\tB000000001\t1", "L-2\t1.00\t1\t4006381333931\t4", header=header)
    assert (first.asin, second.asin) == ("B000000001", None)


def test_what_amazon_fulfils_has_no_quantity():
    (listing,) = read(row(fulfillment_channel="AMAZON_NA", quantity=""))
    assert (listing.fulfilled_by, listing.quantity) == (FulfilledBy.AMAZON, None)


def test_quotes_are_text_like_any_other():
    (listing,) = read(row(item_name='6" pipe, "best', seller_sku='"L'))
    assert (listing.title, listing.sku) == ('6" pipe, "best', '"L')


@pytest.mark.parametrize(
    "header", [["seller-sku", "price"], ["seller-sku", "quantity"], ["price", "quantity"], ["<html>"], [""]]
)
def test_a_report_without_a_needed_column_is_refused(header):
    with pytest.raises(BadDocument, match="lacks"):
        read("a\tb", header=header)


def test_a_report_without_any_line_is_refused():
    with pytest.raises(BadDocument):
        list(ListingsReport([]))


def test_a_report_with_a_column_twice_is_refused():
    with pytest.raises(BadDocument, match="two columns"):
        read(header=["seller-sku", "price", "quantity", "Preis"])


BAD = {
    "too few cells": "L\t1",
    "too many cells": row() + "\tx",
    "no sku": row(seller_sku=""),
    "a nul": row(item_name="a\0b"),
    "a price in words": row(price="ten"),
    "a price with an exponent": row(price="1e3"),
    "a price that is none": row(price="NaN"),
    "a thousands comma": row(price="1,234"),
    "a negative price": row(price="-1.00"),
    "half a piece": row(quantity="1.5"),
    "a negative quantity": row(quantity="-1"),
    "a quantity in other digits": row(quantity="٣"),
    "a quantity beyond all sense": row(quantity="9" * 12),
    "an endless sku": row(seller_sku="x" * 300),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_row_that_makes_no_sense_is_counted_and_left_out(bad):
    report = ListingsReport(["\t".join(HEADER), *[row()] * 150, bad, *[row()] * 150])
    assert len(list(report)) == 300
    assert (report.rows, report.bad_rows) == (301, 1)


def test_one_odd_row_does_not_refuse_a_small_report():
    assert len(read(row(), row(), "odd")) == 2


def test_more_than_one_row_in_a_hundred_refuses_the_report():
    assert len(read(*[row()] * 198, "odd", "odd")) == 198
    with pytest.raises(BadDocument, match="2 of the first 199"):
        read(*[row()] * 197, "odd", "odd")


def test_a_report_of_nothing_but_odd_rows_is_refused():
    with pytest.raises(BadDocument):
        read("odd")


def test_a_report_with_a_header_only_has_no_rows():
    assert read() == []


def test_a_decimal_comma_is_a_point():
    assert read(row(price="19,99"))[0].price == Decimal("19.99")


def test_a_question_mark_in_a_sku_is_a_lost_character_outside_utf8():
    rows = [row()] * 150
    assert len(read(*rows, row(seller_sku="L?1"), charset="utf-8")) == 151
    assert len(read(*rows, row(seller_sku="L?1"), charset="cp1252")) == 150


CELLS = st.one_of(st.text(max_size=6), st.sampled_from(["10.00", "5", "", "DEFAULT", "AMAZON_EU", "1", "L-1"]))
TABLES = st.lists(st.lists(CELLS, min_size=0, max_size=8).map("\t".join), max_size=30)


@settings(derandomize=True, max_examples=300)
@given(TABLES, st.booleans(), st.sampled_from(["utf-8", "cp932"]))
def test_any_text_gives_rows_or_bad_document_and_nothing_else(lines, with_header, charset):
    if with_header:
        lines = ["seller-sku\tprice\tquantity\tstatus", *lines]
    report = ListingsReport(lines, charset)
    try:
        listings = list(report)
    except BadDocument:
        return
    assert len(listings) == report.rows - report.bad_rows
    for listing in listings:
        assert listing.sku
        assert listing.price is None or (listing.price.is_finite() and listing.price >= 0)
        assert listing.quantity is None or listing.quantity >= 0
