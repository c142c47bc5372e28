"""What the host's own templates may show."""

from __future__ import annotations

from flask import redirect, render_template_string

from flask_amazon_channel.admin.for_the_host import ListingLink, OrderLink, amazon_listing, amazon_order
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.making import make_app


def test_a_product_shows_its_listings_in_the_stores_that_one_may_view(pages: Pages) -> None:
    of = making.account(pages.db)
    here, there = making.store(pages.db, of, "DE"), making.store(pages.db, of, "GB")
    row = making.listing(pages.db, here)
    making.listing(pages.db, there, row.sku, state="ineligible")
    with pages.app.test_request_context():
        assert [link.label for link in amazon_listing(7)] == ["Active", "Ineligible"]
    pages.person.stores = [here.id]
    with pages.app.test_request_context():
        expected = ListingLink("Potter DE", "DE", "MUG-7", "active", "Active", f"/amazon/listings/{row.id}")
        assert amazon_listing("7") == [expected]
        assert amazon_listing("8") == []


def test_a_shop_order_shows_its_amazon_order_if_one_may_view_its_store(pages: Pages) -> None:
    of = making.account(pages.db)
    here, there = making.store(pages.db, of, "DE"), making.store(pages.db, of, "GB")
    order = making.order(pages.db, of, here, shop_order_id="1042")
    with pages.app.test_request_context():
        seller_central = f"https://sellercentral-europe.amazon.com/orders-v3/order/{order.amazon_order_id}"
        expected = OrderLink(order.amazon_order_id, "UNSHIPPED", f"/amazon/orders/{order.id}", seller_central)
        assert amazon_order(1042) == expected
        assert amazon_order("1043") is None
    pages.person.stores = [there.id]
    with pages.app.test_request_context():
        assert amazon_order(1042) is None


def test_nobody_sees_anything_where_the_host_answers_with_its_login(pages: Pages) -> None:
    of = making.account(pages.db)
    here = making.store(pages.db, of)
    making.listing(pages.db, here)
    making.order(pages.db, of, here, shop_order_id="1042")
    pages.person.answer = redirect("/log-in")
    with pages.app.test_request_context():
        assert (amazon_listing("7"), amazon_order("1042")) == ([], None)


def test_the_hosts_templates_stay_whole_while_our_tables_are_missing(database_uri: str) -> None:
    app, db, _ = make_app(database_uri, tables=False)
    with app.test_request_context():
        assert render_template_string("{{ amazon_listing('7')|length }}{{ amazon_order('1') }}") == "0None"
        db.session.remove()
        db.engine.dispose()
