"""A visitor looks around and orders."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from example_store.database import db
from example_store.models import Order, StockMovement

from .conftest import Visitor, last_order, product


def test_an_order_lowers_the_stock_and_is_written_down(visitor: Visitor) -> None:
    skillet = product("KT-3001")
    page = visitor.order(skillet.id, 3)
    order = last_order()
    assert order.number in page
    assert product("KT-3001").stock == 46
    assert [(line.sku, line.quantity, str(line.total)) for line in order.lines] == [("KT-3001", 3, "192.00")]
    assert str(order.grand_total) == "198.90"
    assert [movement.delta for movement in db.session.scalars(select(StockMovement))] == [-3]


def test_nobody_can_order_more_than_there_is(visitor: Visitor) -> None:
    page = visitor.order(product("CG-2029").id, 7)
    assert "Only 6 left of Reindeer Hide" in page
    assert product("CG-2029").stock == 6
    assert db.session.scalar(select(func.count(Order.id))) == 0


def test_two_buyers_at_once_do_not_get_the_same_last_pieces(app: Flask) -> None:
    last = product("BK-1009-U").id
    visitors = [Visitor(app.test_client()) for _ in range(6)]
    # All see the page while there is something left: its form is gone with the last piece.
    all_look = Barrier(6)

    def look_and_order(visitor: Visitor) -> None:
        visitor.order(last, when=all_look.wait)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(look_and_order, visitors))
    assert product("BK-1009-U").stock == 0
    assert db.session.scalar(select(func.count(Order.id))) == 2


def test_an_order_without_the_token_of_the_form_is_refused(app: Flask) -> None:
    forged = {"quantity": 1, "csrf_token": "forged"}
    answer = app.test_client().post(f"/products/{product('KT-3001').id}", data=forged)
    assert answer.status_code == 400
    assert product("KT-3001").stock == 49


@pytest.mark.parametrize("quantity", ["0", "-2", "100", "many"])
def test_a_quantity_that_makes_no_sense_is_refused(visitor: Visitor, quantity: str) -> None:
    visitor.order(product("KT-3001").id, quantity)
    assert product("KT-3001").stock == 49


def test_a_sale_price_is_what_the_buyer_pays(visitor: Visitor) -> None:
    visitor.order(product("CG-2014").id)
    assert str(last_order().items_total) == "45.00"


def test_a_disabled_product_is_neither_shown_nor_sold(visitor: Visitor) -> None:
    hidden = product("BK-1010")
    assert hidden.title not in visitor.get("/?q=Spitsbergen").replace("“Spitsbergen”", "")
    visitor.get(f"/products/{hidden.id}")
    assert visitor.status == 404


def test_the_catalogue_is_searched_within_a_category(visitor: Visitor) -> None:
    page = visitor.get("/?q=kvist&category=kitchen")
    assert "Butter Knife, juniper" in page
    assert "Kvist Hatchet" not in page


def test_a_percent_sign_in_a_search_is_a_percent_sign(visitor: Visitor) -> None:
    assert "Nothing here fits" in visitor.get("/?q=%25")


def test_another_visitor_does_not_see_the_order_just_placed(app: Flask, visitor: Visitor) -> None:
    visitor.order(product("KT-3001").id)
    assert last_order().number not in Visitor(app.test_client()).get("/thank-you")
