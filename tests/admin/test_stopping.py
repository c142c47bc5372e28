"""Freezing, what waits for a person, and what is sent at all, by page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flask_amazon_channel.channel import current
from flask_amazon_channel.models import Activity, Aspect, Instance, Listing, MassChange, SellerAccount, Store
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.making import ago


@pytest.fixture
def store(pages: Pages) -> Store:
    return making.store(pages.db, making.account(pages.db))


def addresses(pages: Pages, store: Store) -> list[str]:
    row = making.listing(pages.db, store)
    return [
        "/",
        f"/stores/{store.id}",
        f"/stores/{store.id}/listings",
        f"/listings/{row.id}",
        f"/accounts/{store.account_id}",
    ]


def test_a_frozen_store_says_so_on_each_of_its_pages_with_who_and_why(pages: Pages, store: Store) -> None:
    page = f"/stores/{store.id}"
    places = addresses(pages, store)
    refused = pages.post(f"{page}/freeze", page, reason="A wrong price list.")
    assert refused.status_code == 303
    assert not pages.db.session.get_one(Store, store.id).is_frozen, "frozen without a tick"
    pages.post(f"{page}/freeze", page, reason="A wrong price list.", sure="yes")
    for place in places[:4]:
        assert "is frozen since 2026-05-04 12:00 UTC by Ada (A wrong price list.)" in pages.text(place), place
    pages.post(f"{page}/unfreeze", page)
    assert not pages.db.session.get_one(Store, store.id).is_frozen
    assert "is frozen since" not in pages.text(page)
    lines = pages.db.session.query(Activity).order_by(Activity.id).all()
    assert [(line.action, line.actor_name) for line in lines] == [("frozen", "Ada"), ("unfrozen", "Ada")]


def test_a_frozen_account_says_so_on_the_pages_of_its_stores(pages: Pages, store: Store) -> None:
    page = f"/accounts/{store.account_id}"
    pages.post(f"{page}/freeze", page, sure="yes")
    for place in addresses(pages, store):
        assert "Potter is frozen since" in pages.text(place), place
    pages.post(f"{page}/unfreeze", page)
    assert not pages.db.session.get_one(SellerAccount, store.account_id).is_frozen


def test_whoever_only_operates_cannot_freeze(pages: Pages, store: Store) -> None:
    page = f"/stores/{store.id}"
    token = pages.token()
    pages.person.permissions = ("view", "operate")
    answer = pages.browser.post(f"/amazon{page}/freeze", data={"csrf_token": token, "sure": "yes"})
    assert answer.status_code == 403
    assert "Freeze" not in pages.text(page)


def test_a_copied_database_says_so_on_every_page_until_somebody_adopts_it(pages: Pages, store: Store) -> None:
    pages.db.session.add(Instance(id=1, name="production", adopted_at=ago(days=9)))
    pages.db.session.commit()
    for place in addresses(pages, store):
        assert "belongs to another installation (production" in pages.text(place), place
    pages.post("/adopt", "/", sure="yes")
    assert pages.db.session.query(Instance).one().name == current().instance
    assert "another installation" not in pages.text("/")


def test_read_only_is_said_on_every_page(pages: Pages, store: Store) -> None:
    current().config = replace(current().config, read_only=True)
    for place in addresses(pages, store):
        assert "AMAZON_CHANNEL_READ_ONLY is set" in pages.text(place)


@pytest.mark.parametrize(("answer", "released"), [("send", 20), ("discard", None)])
def test_prices_that_wait_are_sent_or_looked_at_again_by_a_button(
    pages: Pages, store: Store, answer: str, released: int | None
) -> None:
    row = making.listing(pages.db, store)
    pages.db.session.add_all(
        [
            MassChange(aspect="price", store_id=store.id, noticed_at=ago(minutes=5), counted=50, live=60),
            Aspect(
                account_id=store.account_id,
                listing_id=row.id,
                name="price",
                problem="It waits.",
                drastic_at=ago(minutes=5),
                drastic_value=20,
            ),
        ]
    )
    pages.db.session.commit()
    page = f"/stores/{store.id}"
    assert "50 or more of the store's 60 prices" in pages.text(page)
    assert "It waits." in pages.text(f"/listings/{row.id}")
    pages.post(f"{page}/mass-change", page, answer=answer)
    assert pages.db.session.query(MassChange).all() == []
    aspect = pages.db.session.query(Aspect).one()
    assert (aspect.released_value, aspect.drastic_value, aspect.due_at) == (released, None, making.NOW)


def test_a_listing_says_who_decides_and_lets_it_be_changed(pages: Pages, store: Store) -> None:
    row = making.listing(pages.db, store)
    page = f"/listings/{row.id}"
    pages.post(f"{page}/owner", page, name="price_owner", owner="repricer")
    assert pages.db.session.get_one(Listing, row.id).price_owner == "repricer"
    assert "A repricer decides the price of this listing" in pages.text(page)
    assert pages.post(f"{page}/owner", page, name="price_owner", owner="nobody").status_code == 400
    pages.post(f"{page}/owner", page, name="quantity_owner", owner="amazon")
    assert "Amazon decides the quantity of this listing" in pages.text(page)


def test_a_store_stops_and_begins_to_send_prices_by_a_button(pages: Pages, store: Store) -> None:
    page = f"/stores/{store.id}"
    pages.post(f"{page}/publishing", page, name="publishes_price", value="no")
    assert pages.db.session.get_one(Store, store.id).publishes_price is False
    pages.post(f"{page}/publishing", page, name="publishes_price", value="yes")
    assert pages.db.session.get_one(Store, store.id).publishes_price is True
    assert pages.post(f"{page}/publishing", page, name="name", value="no").status_code == 400
