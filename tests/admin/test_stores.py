"""The home page and a store's own page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flask_amazon_channel.admin import counts, home
from flask_amazon_channel.models import Activity, Aspect, Store
from flask_amazon_channel.rules.state import ListingState
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.making import ago


def test_a_fresh_installation_says_how_to_begin(pages: Pages) -> None:
    page = pages.text("/")
    assert "No store yet" in page
    assert "Connect an account" in page


def test_somebody_who_may_not_connect_is_told_whom_to_ask(pages: Pages) -> None:
    pages.person.permissions = ("view",)
    page = pages.text("/")
    assert "Ask an administrator" in page
    assert "Connect an account" not in page


def test_each_store_has_a_card_with_its_counts_and_problem(pages: Pages) -> None:
    of = making.account(pages.db)
    here = making.store(pages.db, of, "DE")
    making.store(pages.db, of, "GB", problem="The listings are suspended (vacation setting).")
    making.listing(pages.db, here, "A")
    making.listing(pages.db, here, "B")
    making.listing(pages.db, here, "C", state="incomplete")
    page = pages.text("/")
    assert "2 Active" in page
    assert "1 Incomplete" in page
    assert "suspended (vacation setting)" in page
    assert "Listings read 20 minutes ago" in page


def test_a_person_sees_the_cards_of_their_own_stores_only(pages: Pages) -> None:
    of = making.account(pages.db)
    mine, _ = making.store(pages.db, of, "DE", name="Mine"), making.store(pages.db, of, "GB", name="Not mine")
    pages.person.stores = [mine.id]
    assert "Not mine" not in pages.text("/")
    assert "Mine" in pages.text("/")


def test_counts_end_where_counting_takes_too_long(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "COUNTED", 2)
    here = making.store(pages.db, making.account(pages.db))
    for number in range(5):
        making.listing(pages.db, here, f"MUG-{number}")
    assert "2+ Active" in pages.text("/")
    assert counts.per_tab(pages.db.session(), here, counted=2)[ListingState.ACTIVE] == 3


def test_a_store_says_how_far_reading_and_sending_have_come(pages: Pages) -> None:
    here = making.store(pages.db, making.account(pages.db))
    row = making.listing(pages.db, here)
    calm = pages.text(f"/stores/{here.id}")
    assert "Orders read until 3 minutes ago" in calm
    assert "Oldest unsent change nothing waits" in calm
    pages.db.session.add_all(
        [
            Aspect(account_id=here.account_id, listing_id=row.id, name="price", due_at=making.NOW + timedelta(days=3)),
            Aspect(account_id=here.account_id, sku_id=row.sku_id, name="quantity", due_at=ago(minutes=17)),
        ]
    )
    pages.db.session.commit()
    assert "Oldest unsent change 17 minutes ago" in pages.text(f"/stores/{here.id}")


def test_an_unsent_change_of_another_store_of_the_account_is_not_this_ones(pages: Pages) -> None:
    of = making.account(pages.db)
    here, there = making.store(pages.db, of, "DE"), making.store(pages.db, of, "GB")
    row = making.listing(pages.db, there)
    pages.db.session.add(Aspect(account_id=of.id, listing_id=row.id, name="price", due_at=ago(minutes=17)))
    pages.db.session.commit()
    assert "nothing waits" in pages.text(f"/stores/{here.id}")
    assert "17 minutes ago" in pages.text(f"/stores/{there.id}")


def test_a_store_is_paused_and_activated_by_its_buttons(pages: Pages) -> None:
    here = making.store(pages.db, making.account(pages.db))
    answer = pages.post(f"/stores/{here.id}/deactivate", f"/stores/{here.id}")
    assert (answer.status_code, answer.location) == (303, f"/amazon/stores/{here.id}")
    assert not pages.db.session.get_one(Store, here.id).is_active
    assert "nothing of it is read or sent" in pages.text(f"/stores/{here.id}")
    pages.post(f"/stores/{here.id}/activate", f"/stores/{here.id}")
    assert pages.db.session.get_one(Store, here.id).is_active


def test_a_store_of_a_disconnected_account_offers_to_connect_and_not_to_activate(pages: Pages) -> None:
    of = making.account(pages.db, state="disconnected", problem="The consent was revoked.")
    here = making.store(pages.db, of, state="inactive")
    page = pages.text(f"/stores/{here.id}")
    assert "The consent was revoked." in page
    assert "Connect again" in page
    assert "Activate" not in page.replace("Activate the store", "")
    refused = pages.post(f"/stores/{here.id}/activate", f"/stores/{here.id}")
    assert refused.status_code == 503
    assert "connect it again first" in refused.text
    assert not pages.db.session.get_one(Store, here.id).is_active


def test_whoever_may_only_look_is_offered_no_button(pages: Pages) -> None:
    of = making.account(pages.db)
    here = making.store(pages.db, of)
    row = making.listing(pages.db, here)
    sold = making.order(pages.db, of, here, problem="It waits.")
    pages.person.permissions = ("view",)
    for path in (f"/stores/{here.id}", f"/accounts/{of.id}", f"/listings/{row.id}", f"/orders/{sold.id}"):
        assert '<form method="post"' not in pages.get(path).text


def test_the_diary_says_who_did_it(pages: Pages) -> None:
    here = making.store(pages.db, making.account(pages.db))
    pages.db.session.add(
        Activity(at=ago(hours=2), store_id=here.id, action="x", sentence="Paused.", actor_name="Grace Hopper")
    )
    pages.db.session.commit()
    assert "2 hours ago Paused. Grace Hopper" in pages.text(f"/stores/{here.id}")
