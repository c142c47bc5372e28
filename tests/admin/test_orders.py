"""The orders, and one order."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal

from flask_amazon_channel.models import AmazonOrder, OrderPerson, Package, PackageItem, SellerAccount, StockEntry, Store
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.making import NOW, ago

PERSON = json.dumps(
    {
        "buyer": {"name": "Grete Hermann", "email": "x1@marketplace.amazon.de", "company": None},
        "address": {
            "name": "Grete Hermann", "company": None, "lines": ["Schillerstraße 14"], "city": "Bremen",
            "district": None, "state": None, "postal_code": "28195", "country_code": "DE", "phone": None,
        },
    }
)  # fmt: skip


def numbers(pages: Pages, path: str) -> list[str]:
    return re.findall(r'<a class="code" href="/amazon/orders/\d+">([^<]+)</a>', pages.get(path).text)


def test_orders_are_listed_the_newest_first(pages: Pages, of: SellerAccount, here: Store) -> None:
    old = making.order(pages.db, of, here, purchased_at=ago(days=3))
    new = making.order(pages.db, of, here, purchased_at=ago(hours=3))
    assert numbers(pages, "/orders") == [new.amazon_order_id, old.amazon_order_id]
    assert numbers(pages, f"/stores/{here.id}/orders") == [new.amazon_order_id, old.amazon_order_id]


def test_a_store_lists_only_its_own_orders_and_a_person_sees_only_their_stores(
    pages: Pages, of: SellerAccount, here: Store
) -> None:
    there = making.store(pages.db, of, "GB")
    mine, other = making.order(pages.db, of, here), making.order(pages.db, of, there)
    assert numbers(pages, f"/stores/{there.id}/orders") == [other.amazon_order_id]
    pages.person.stores = [here.id]
    assert numbers(pages, "/orders") == [mine.amazon_order_id]
    assert numbers(pages, f"/orders?q={other.amazon_order_id}") == []


def test_orders_are_filtered_by_status_and_found_by_either_number(pages: Pages, of: SellerAccount, here: Store) -> None:
    pending = making.order(pages.db, of, here, status="PENDING")
    shipped = making.order(pages.db, of, here, status="SHIPPED", shop_order_id="1042")
    waiting = making.order(pages.db, of, here, problem="No product is known for BOWL-9.")
    asked = making.order(pages.db, of, here, cancellation_requested_at=ago(minutes=5))
    gone = making.order(pages.db, of, here, status="CANCELLED", cancellation_requested_at=ago(days=5))
    assert numbers(pages, "/orders?status=PENDING&status=PENDING_AVAILABILITY") == [pending.amazon_order_id]
    assert numbers(pages, "/orders?status=SHIPPED") == [shipped.amazon_order_id]
    assert numbers(pages, "/orders?status=CANCELLED") == [gone.amazon_order_id]
    assert set(numbers(pages, "/orders?attention=yes")) == {waiting.amazon_order_id, asked.amazon_order_id}
    assert numbers(pages, f"/orders?q={pending.amazon_order_id}") == [pending.amazon_order_id]
    assert numbers(pages, "/orders?q=1042") == [shipped.amazon_order_id]
    assert numbers(pages, "/orders?status=nonsense") == []


def test_many_orders_of_the_same_moment_are_all_on_some_page(pages: Pages, of: SellerAccount, here: Store) -> None:
    made = {
        making.order(pages.db, of, here, purchased_at=ago(hours=index // 70)).amazon_order_id for index in range(140)
    }
    path, walked = "/orders", []
    while path:
        walked += numbers(pages, path)
        found = re.search(r'rel="next" href="/amazon([^"]+)"', pages.get(path).text)
        path = found[1].replace("&amp;", "&") if found else ""
    assert len(walked) == 140
    assert set(walked) == made


def test_an_order_shows_lines_stock_packages_and_totals(pages: Pages, of: SellerAccount, here: Store) -> None:
    order = making.order(
        pages.db, of, here, {"quantity_ordered": 2, "sold": 2, "posted": 2, "title": "Blue mug"},
        shop_order_id="1042", details={"breakdown": {"ITEM": Decimal("39.80"), "SHIPPING": Decimal("4.90")}},
    )  # fmt: skip
    item = order.items[0]
    package = Package(
        order_id=order.id, reference=1, shop_package="P1", carrier_code="DHL", tracking_number="0034", shipped_at=NOW
    )
    pages.db.session.add_all(
        [
            StockEntry(order_item_id=item.id, sequence=1, product_id="7", kind="sale", delta=-2, created_at=NOW),
            package,
        ]
    )
    pages.db.session.flush()
    pages.db.session.add(PackageItem(package_id=package.id, order_item_id=item.id, quantity=2))
    pages.db.session.commit()
    page = pages.text(f"/orders/{order.id}")
    assert "Blue mug" in page
    assert "Sold -2" in page
    assert "0034" in page
    assert "Not sent yet" in page
    assert "Shipping €4.90" in page
    assert "Buyer pays €24.89" in page
    assert '<a href="/office/orders/1042">1042</a>' in pages.get(f"/orders/{order.id}").text
    assert f"/orders-v3/order/{order.amazon_order_id}" in pages.get(f"/orders/{order.id}").text


def test_buyer_and_address_are_for_those_who_work_on_orders(pages: Pages, of: SellerAccount, here: Store) -> None:
    order = making.order(pages.db, of, here)
    making.person_of(pages.db, order, PERSON)
    assert "Grete Hermann Schillerstraße 14 28195 Bremen Germany" in pages.text(f"/orders/{order.id}")
    pages.person.permissions = ("view",)
    page = pages.get(f"/orders/{order.id}").text
    assert "Hermann" not in page
    assert "Schiller" not in page
    for path in ("/orders", f"/stores/{here.id}"):
        pages.person.permissions = making.ADMINISTRATOR
        assert "Hermann" not in pages.get(path).text


def test_withheld_and_deleted_personal_data_are_told_apart(pages: Pages, of: SellerAccount, here: Store) -> None:
    fresh = making.order(pages.db, of, here, deliver_by=NOW + timedelta(days=2))
    old = making.order(pages.db, of, here, deliver_by=ago(days=31))
    assert "Amazon withholds name and address." in pages.text(f"/orders/{fresh.id}")
    assert "Deleted." in pages.text(f"/orders/{old.id}")
    assert "3 May 2026" in pages.text(f"/orders/{old.id}", headers={"Accept-Language": "en-GB"})


def test_personal_data_of_another_order_does_not_open(pages: Pages, of: SellerAccount, here: Store) -> None:
    first, second = making.order(pages.db, of, here), making.order(pages.db, of, here)
    making.person_of(pages.db, first, PERSON)
    kept = pages.db.session.get_one(OrderPerson, first.id)
    pages.db.session.add(OrderPerson(order_id=second.id, sealed=kept.sealed, purge_at=NOW))
    pages.db.session.commit()
    answer = pages.get(f"/orders/{second.id}")
    assert answer.status_code == 503
    assert "Hermann" not in answer.text


def test_a_problem_is_shown_and_tried_again_at_a_press(pages: Pages, of: SellerAccount, here: Store) -> None:
    order = making.order(
        pages.db, of, here, problem="No product is known.", failures=6, due_at=NOW + timedelta(hours=1)
    )
    assert "No product is known." in pages.text(f"/orders/{order.id}")
    answer = pages.post(f"/orders/{order.id}/retry", f"/orders/{order.id}")
    assert (answer.status_code, answer.location) == (303, f"/amazon/orders/{order.id}")
    again = pages.db.session.get_one(AmazonOrder, order.id, populate_existing=True)
    assert (again.due_at, again.failures) == (NOW, 0)


def test_a_line_whose_product_is_unknown_says_so(pages: Pages, of: SellerAccount, here: Store) -> None:
    order = making.order(pages.db, of, here, {"product_id": None})
    assert "No product of the shop is known for it." in pages.text(f"/orders/{order.id}")


def test_a_status_that_nobody_knows_is_shown_as_amazon_wrote_it(pages: Pages, of: SellerAccount, here: Store) -> None:
    order = making.order(pages.db, of, here, status="TELEPORTED")
    assert "TELEPORTED" in pages.text(f"/orders/{order.id}")


def test_an_order_that_cannot_be_read_is_shown_with_what_is_known(pages: Pages, of: SellerAccount) -> None:
    making.store(pages.db, of)
    order = making.order(
        pages.db, of, None, status="UNREADABLE", marketplace_id="", currency=None, total_minor=None,
        problem="Amazon's answer about it cannot be understood: no items.",
    )  # fmt: skip
    assert "cannot be understood" in pages.text(f"/orders/{order.id}")
    assert order.amazon_order_id in pages.text("/orders?attention=yes")


def test_no_orders_yet_says_that_they_come_by_themselves(pages: Pages) -> None:
    assert "appear here by themselves" in pages.text("/orders")
