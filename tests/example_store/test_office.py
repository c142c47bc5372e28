"""The people of the shop work in the back office."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from example_store.database import db
from example_store.models import ExchangeRate, OrderStatus

from .conftest import Visitor, last_order, product


def save(person: Visitor, sku: str, **changes: object) -> str:
    shown = product(sku)
    fields = {name: getattr(shown, name) for name in ("title", "description", "price", "stock")}
    fields |= {"stock_shown": shown.stock, "enabled": "y"}
    return person.post(f"/office/products/{shown.id}", None, **(fields | changes))


@pytest.mark.parametrize("path", ["/office/products", "/office/products/1", "/office/orders", "/office/rates"])
def test_a_stranger_is_sent_to_the_login(visitor: Visitor, path: str) -> None:
    assert "Log in" in visitor.get(path)
    assert "Password" in visitor.page


def test_the_login_leads_on_to_the_page_that_was_asked_for(visitor: Visitor) -> None:
    visitor.get("/office/orders")
    page = visitor.post("/login?next=/office/orders", email="clerk@example.com", password="fjellstad-demo")
    assert "No orders yet" in page


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "/\\evil.example/"])
def test_the_login_leads_nowhere_else(app: Flask, address: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"email": "clerk@example.com", "password": "fjellstad-demo"}
    answer = app.test_client().post("/login", query_string={"next": address}, data=form)
    assert answer.location == "/office/products"


def test_a_wrong_password_does_not_open_the_door(visitor: Visitor) -> None:
    visitor.post("/login", email="owner@example.com", password="guess")
    assert "do not fit" in visitor.page
    assert "Password" in visitor.get("/office/products")


def test_a_clerk_changes_price_and_title(clerk: Visitor) -> None:
    save(clerk, "KT-3001", price="59.50", title="Skillet 26")
    assert (product("KT-3001").title, str(product("KT-3001").price)) == ("Skillet 26", "59.50")


def test_a_count_does_not_undo_what_was_sold_while_the_page_was_open(clerk: Visitor) -> None:
    """The clerk saw 49 and counted 52; meanwhile five were sold."""
    save(clerk, "KT-3001", stock=52, stock_shown=54)
    assert product("KT-3001").stock == 47


def test_a_clerk_cannot_set_exchange_rates(clerk: Visitor) -> None:
    assert "not yours to do" in clerk.get("/office/rates")
    assert clerk.status == 403


def test_a_packer_looks_but_changes_nothing(app: Flask) -> None:
    packer = Visitor(app.test_client()).log_in("packer")
    assert "Cast Iron Skillet" in packer.get("/office/products?q=skillet")
    assert 'class="danger"' not in packer.get(f"/office/products/{product('KT-3001').id}")
    save(packer, "KT-3001", price="1.00")
    assert packer.status == 403
    assert str(product("KT-3001").price) == "64.00"


def test_the_owner_sets_todays_rate_again(app: Flask) -> None:
    owner = Visitor(app.test_client()).log_in("owner")
    day = db.session.scalars(select(ExchangeRate.day)).first()
    owner.post("/office/rates", currency="EUR", day=day, rate="0.9")
    rates = db.session.scalars(select(ExchangeRate.rate).filter_by(currency="EUR")).all()
    assert [float(rate) for rate in rates] == [0.9]


def test_an_order_leaves_in_two_packages(visitor: Visitor, clerk: Visitor) -> None:
    visitor.order(product("KT-3001").id, 3)
    order = last_order()
    line, address = order.lines[0].id, f"/office/orders/{order.id}"
    clerk.post(f"{address}/ship", on=address, carrier="DHL", tracking_number="0034", **{f"line-{line}": 2})
    assert last_order().status == OrderStatus.PROCESSING
    clerk.post(f"{address}/ship", on=address, carrier="UPS", tracking_number="1Z")
    packages = [(each.carrier, [line.quantity for line in each.lines]) for each in last_order().shipments]
    assert packages == [("DHL", [2]), ("UPS", [1])]
    assert last_order().status == OrderStatus.SHIPPED
    assert product("KT-3001").stock == 46


def test_more_than_was_ordered_cannot_leave(visitor: Visitor, clerk: Visitor) -> None:
    visitor.order(product("KT-3001").id, 1)
    order = last_order()
    address = f"/office/orders/{order.id}"
    clerk.post(f"{address}/ship", on=address, carrier="DHL", **{f"line-{order.lines[0].id}": 2})
    assert "Only 1 of Cast Iron Skillet" in clerk.page
    assert last_order().shipments == []


def test_cancelling_puts_back_what_has_not_left(visitor: Visitor, clerk: Visitor) -> None:
    visitor.order(product("KT-3001").id, 3)
    order = last_order()
    address = f"/office/orders/{order.id}"
    clerk.post(f"{address}/ship", on=address, carrier="DHL", **{f"line-{order.lines[0].id}": 1})
    clerk.post(f"{address}/cancel", on=address, reason="no_stock")
    assert product("KT-3001").stock == 48
    assert last_order().status == OrderStatus.SHIPPED
    assert "Cancelled: Out of stock" in clerk.page
