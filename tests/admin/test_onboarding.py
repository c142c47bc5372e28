"""Getting started: what is verified and ticked, the steps one after the other, leaving and taking up again."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from flask_amazon_channel.channel import current
from flask_amazon_channel.models import (
    Listing,
    OnboardingMark,
    Preparation,
    Run,
    RunState,
    SellerAccount,
    Slot,
    Store,
    StoreState,
    Stream,
    StreamName,
)
from flask_amazon_channel.rules.values import ShopAttribute, Storefront
from flask_amazon_channel.sync import preparation
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import NOW, product

EAN, WRONG = "4006381333931", "4006381333932"


@pytest.fixture
def account(pages: Pages) -> SellerAccount:
    """A connected account that sells in Germany and France; nothing was chosen yet."""
    row = making.account(pages.db)
    for country in ("DE", "FR"):
        making.store(pages.db, row, country, state=StoreState.INACTIVE, imported_at=None)
    return row


def where(pages: Pages) -> str:
    """Return where one goes on."""
    answer = pages.get("/onboarding")
    assert answer.status_code == 303
    return str(answer.location).removeprefix("/amazon")


def leave_preparation(pages: Pages) -> None:
    pages.post("/preparation/leave", "/preparation")


def choose(pages: Pages, *stores: str) -> Any:
    path = "/accounts/1/onboarding/marketplaces"
    data = {"csrf_token": pages.token(path), "store": list(stores)}
    return pages.browser.post(f"/amazon{path}", data=data)


def map_identifiers(pages: Pages, **mapping: str) -> Any:
    path = "/accounts/1/onboarding/identifiers"
    return pages.post(path, path, **{"sku": "sku", **mapping})


def stores(pages: Pages) -> list[Store]:
    pages.db.session.expire_all()
    return list(pages.db.session.scalars(sa.select(Store).order_by(Store.id)))


def test_the_first_visit_leads_to_the_preparation(pages: Pages) -> None:
    assert where(pages) == "/preparation"
    text = pages.text("/preparation")
    assert "0 of 8 steps" in text
    assert "No worker was seen in the last minutes." in text
    assert "Saved products are not noticed." in text


def test_what_can_be_verified_is_verified(pages: Pages) -> None:
    current().watched[object] = "id"
    pages.db.session.add_all(
        [
            Run(name="work", process="here 1", began=NOW, seen_at=NOW - timedelta(minutes=1), state=RunState.DONE),
            Slot(name="cycle", next_run=NOW),
        ]
    )
    pages.db.session.commit()
    found = preparation.installation(current())
    assert found.is_good
    text = pages.text("/preparation")
    assert "A worker is at work." in text
    assert "The timetable runs." in text
    assert "It must be http://localhost/amazon/connect/return." in text
    pages.db.session.execute(sa.update(Run).values(seen_at=NOW - timedelta(minutes=10)))
    pages.db.session.commit()
    assert not preparation.installation(current()).worker_seen


def test_a_person_ticks_what_only_a_person_can_say_and_is_kept_with_it(pages: Pages) -> None:
    pages.post("/preparation/tick", "/preparation", item="plan", done="yes")
    [kept] = pages.db.session.scalars(sa.select(OnboardingMark))
    assert (kept.item, kept.actor_name, kept.at) == ("plan", "Ada", NOW)
    assert "Ticked by Ada" in pages.text("/preparation")
    pages.post("/preparation/tick", "/preparation", item="plan", done="no")
    assert pages.db.session.scalars(sa.select(OnboardingMark)).all() == []
    assert pages.post("/preparation/tick", "/preparation", item="anything", done="yes").status_code == 400


def catalogue(pages: Pages) -> None:
    pages.shop.attributes = lambda: [ShopAttribute("barcode", "Bar code")]  # type: ignore[attr-defined]
    pages.shop.stock = {
        "1": product("1", identifiers={"ean": EAN}, condition="New"),
        "2": product("2", identifiers={"ean": WRONG}, condition="shabby"),
        "3": product("3", attributes={"barcode": EAN}),
        "4": product("4", kind="bundle"),
    }


def test_the_catalogue_is_counted_with_what_is_valid_and_what_lacks(pages: Pages) -> None:
    catalogue(pages)
    pages.post("/preparation/look", "/preparation")
    text = pages.text("/preparation")
    assert "3 products that Amazon could take · 1 of a kind that it does not take" in text
    assert "EAN ean 2 1 1 is not valid MUG-2 4006381333932" in text
    assert "1 has none MUG-3 Mug 3" in text
    assert "Condition condition 2 1 “shabby” of 1 product is none of Amazon’s conditions: map it." in text
    assert "ISBN isbn 0 0 Books only" in text


def test_a_large_catalogue_is_counted_on_by_the_worker_from_where_the_page_stopped(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.shop.stock = {f"{number:03}": product(f"{number:03}") for number in range(25)}
    monkeypatch.setattr(preparation, "PORTION", 10)
    preparation.look(current(), at_most=0)
    row = pages.db.session.scalars(sa.select(Preparation)).one()
    assert (row.after, row.found, row.due_at) == ("009", None, NOW)
    assert "Counting: 10 products so far." in pages.text("/preparation")
    assert preparation.walk(current()) == 1
    pages.db.session.expire_all()
    assert row.found is not None
    assert (row.found["products"], row.found_at, row.due_at) == (25, NOW, None)
    assert preparation.walk(current()) == 0


def test_a_shop_that_fails_is_told_and_asked_again(pages: Pages) -> None:
    pages.shop.fails = True
    pages.post("/preparation/look", "/preparation")
    assert "the warehouse does not answer" in pages.text("/preparation")
    row = pages.db.session.scalars(sa.select(Preparation)).one()
    assert row.due_at is not None
    assert row.due_at > NOW


def test_who_goes_on_without_the_rest_is_not_sent_back(pages: Pages) -> None:
    leave_preparation(pages)
    assert where(pages) == "/connect"
    assert "Prepare (skipped)" in pages.text("/preparation")


def test_who_did_a_later_step_has_skipped_the_preparation(pages: Pages, account: SellerAccount) -> None:
    assert where(pages) == "/accounts/1/onboarding/marketplaces"
    assert "Prepare (skipped)" in pages.text("/preparation")


def test_all_steps_one_after_the_other(pages: Pages, account: SellerAccount) -> None:
    making_of = "/accounts/1/onboarding"
    leave_preparation(pages)
    assert where(pages) == f"{making_of}/marketplaces"
    assert "2 of 8 steps" in pages.text(f"{making_of}/marketplaces")
    choose(pages, "1")
    assert [store.chosen_at for store in stores(pages)] == [NOW, None]
    assert where(pages) == f"{making_of}/identifiers"  # This shop has no storefronts to choose from.
    map_identifiers(pages, ean="ean")
    assert pages.db.session.get_one(SellerAccount, 1).identifier_attributes == {"sku": "sku", "ean": "ean"}
    report = sa.select(Stream).filter_by(store_id=1, name=StreamName.LISTINGS_REPORT)
    assert pages.db.session.scalars(report).one().due_at == NOW
    assert where(pages) == f"{making_of}/rules"
    assert "No rule: everything is offered." in pages.text(f"{making_of}/rules")
    pages.post(f"{making_of}/rules", f"{making_of}/rules")
    assert where(pages) == f"{making_of}/review"
    assert "Amazon is preparing the report of all listings." in pages.text(f"{making_of}/review")
    pages.post(f"{making_of}/review", f"{making_of}/review")
    assert where(pages) == f"{making_of}/start"
    pages.post(f"{making_of}/start", f"{making_of}/start")
    assert [store.state for store in stores(pages)] == [StoreState.ACTIVE, StoreState.INACTIVE]
    assert "It runs" in pages.text(f"{making_of}/start")
    assert where(pages) == "/preparation"
    assert "8 of 8 steps" in pages.text("/preparation")


def test_no_marketplace_is_refused(pages: Pages, account: SellerAccount) -> None:
    answer = choose(pages)
    assert answer.status_code == 422
    assert "Choose at least one marketplace." in said(answer)


def test_each_store_is_bound_to_a_storefront_where_the_shop_has_several(pages: Pages, account: SellerAccount) -> None:
    pages.shop.storefronts = lambda: [Storefront("b2c", "Private"), Storefront("b2b", "Trade")]  # type: ignore[attr-defined]
    leave_preparation(pages)
    choose(pages, "1", "2")
    path = "/accounts/1/onboarding/storefronts"
    assert where(pages) == path
    refused = pages.post(path, path, **{"storefront-1": "other", "storefront-2": ""})
    assert refused.status_code == 422
    pages.post(path, path, **{"storefront-1": "b2b", "storefront-2": ""})
    assert [store.storefront for store in stores(pages)] == ["b2b", None]
    assert where(pages) == "/accounts/1/onboarding/identifiers"


def test_a_mapping_shows_how_many_products_it_finds(pages: Pages, account: SellerAccount) -> None:
    catalogue(pages)
    preparation.look(current(), at_most=5)
    text = pages.text("/accounts/1/onboarding/identifiers")
    assert "barcode (1)" in text
    assert "1 product 1 more is not a valid EAN" in text
    answer = map_identifiers(pages, ean="nonsense")
    assert answer.status_code == 422
    map_identifiers(pages, ean="barcode", upc="barcode")
    assert pages.db.session.get_one(SellerAccount, 1).identifier_attributes["upc"] == "barcode"


def test_a_new_mapping_lets_what_was_imported_be_matched_again(pages: Pages, account: SellerAccount) -> None:
    choose(pages, "1")
    map_identifiers(pages)
    report = pages.db.session.scalars(sa.select(Stream).filter_by(store_id=1, name=StreamName.LISTINGS_REPORT)).one()
    report.due_at = None
    pages.db.session.get_one(Store, 1).imported_at = NOW
    pages.db.session.commit()
    map_identifiers(pages, ean="ean")
    pages.db.session.expire_all()
    assert report.due_at == NOW


def test_a_saved_rule_leads_back_to_the_steps_and_ends_that_step(pages: Pages, account: SellerAccount) -> None:
    leave_preparation(pages)
    choose(pages, "1")
    map_identifiers(pages)
    page = "/stores/1/listing-rule?onboarding=1"
    assert f'href="/amazon{page}"' in pages.get("/accounts/1/onboarding/rules").text
    answer = pages.post(
        "/stores/1/listing-rule",
        page,
        **{"onboarding": "1", "do": "save", "0.field": "price", "0.operator": "is_at_least", "0.value": "5"},
    )
    assert (answer.status_code, answer.location) == (303, "/amazon/onboarding")
    assert where(pages) == "/accounts/1/onboarding/review"
    assert "Price is at least 5" in pages.text("/accounts/1/onboarding/rules")


def test_the_review_counts_what_was_imported_and_says_what_would_be_sent(pages: Pages, account: SellerAccount) -> None:
    choose(pages, "1")
    store = pages.db.session.get_one(Store, 1)
    store.imported_at = NOW
    pages.shop.stock["7"] = product("7", price=Decimal("25.00"), quantity=12)
    making.listing(pages.db, store)
    nobody = {"product_id": None, "matched_by": None}
    making.listing(pages.db, store, "STRANGE", of_sku=nobody, state="new_third_party")
    making.listing(pages.db, store, "TWICE", of_sku={**nobody, "match_problem": "multiple_matches"})
    answer = pages.get("/accounts/1/onboarding/review")
    text = said(answer)
    assert "3 at Amazon 1 matched 1 without a product 1 several products match 0 only in the shop" in text
    assert "TWICE" in text
    assert "Several match: choose one." in text
    assert "1 price · 0 quantities" in text
    assert re.search(r"MUG-7 Price €19.90 €25.00", text)
    assert pages.db.session.scalars(sa.select(Listing)).first() is not None


def test_the_newest_account_that_has_not_begun_is_the_one_in_hand(pages: Pages, account: SellerAccount) -> None:
    leave_preparation(pages)
    making.store(pages.db, account, "GB")  # It is active: this account has begun.
    later = making.account(pages.db)
    making.store(pages.db, later, "US", state=StoreState.INACTIVE, imported_at=None)
    assert where(pages) == f"/accounts/{later.id}/onboarding/marketplaces"


def test_who_may_only_view_sees_the_steps_and_no_buttons(pages: Pages, account: SellerAccount) -> None:
    pages.person.permissions = ("view",)
    for path in ("/preparation", "/accounts/1/onboarding/marketplaces", "/accounts/1/onboarding/identifiers"):
        answer = pages.get(path)
        assert answer.status_code == 200
        assert 'class="button main"' not in answer.text.split("onboarding-next")[-1]


def test_a_store_that_is_paused_is_no_longer_prepared(pages: Pages, account: SellerAccount) -> None:
    choose(pages, "1")
    pages.post("/stores/1/activate", "/preparation")
    pages.post("/stores/1/deactivate", "/preparation")
    assert stores(pages)[0].chosen_at is None
