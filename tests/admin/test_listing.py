"""One listing: its explanation, and the choice of its product."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flask_amazon_channel.channel import current
from flask_amazon_channel.models import Activity, Aspect, Listing, ListingIssue, Sku, Store, Submission
from flask_amazon_channel.sync.explain import explain
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import ago, product

WITHOUT_PRODUCT = {"product_id": None, "matched_by": None, "match_problem": "no_match"}


@pytest.fixture
def here(pages: Pages) -> Store:
    return making.store(pages.db, making.account(pages.db), vat_percent=Decimal(19))


def test_the_page_explains_with_the_sentences_of_the_decision_itself(pages: Pages, here: Store) -> None:
    pages.shop.stock["7"] = product(enabled=False, quantity=0, price=Decimal("10.00"))
    row = making.listing(pages.db, here, state="ineligible")
    page = pages.text(f"/listings/{row.id}")
    decision = explain(current(), pages.db.session.get_one(Listing, row.id))
    assert len(decision.reasons) == 2
    assert len(decision.price.steps) >= 2
    for part in (*decision.reasons, *decision.quantity.steps, *decision.price.steps):
        assert part.sentence in page


def test_every_reason_leads_to_the_place_where_it_can_be_changed(pages: Pages, here: Store) -> None:
    pages.shop.stock["7"] = product(enabled=False)
    row = making.listing(pages.db, here, state="ineligible")
    assert '<a href="/office/products/7">Product in the shop</a>' in pages.get(f"/listings/{row.id}").text


def test_wanted_observed_and_submitted_stand_side_by_side(pages: Pages, here: Store) -> None:
    pages.shop.stock["7"] = product(price=Decimal("20.00"), quantity=4)
    row = making.listing(pages.db, here, of_sku={"observed_quantity": 12})
    aspect = Aspect(account_id=here.account_id, listing_id=row.id, name="price")
    pages.db.session.add(aspect)
    pages.db.session.flush()
    for minutes, state, minor in ((90, "superseded", 2100), (5, "accepted", 2222)):
        pages.db.session.add(
            Submission(
                aspect_id=aspect.id, generation=1, state=state, marketplace_id=here.marketplace_id, patches=[],
                price_minor=minor, amazon_submission_id=f"number-{minor}", created_at=ago(minutes=minutes),
            )
        )  # fmt: skip
    pages.db.session.commit()
    page = pages.text(f"/listings/{row.id}")
    assert "Quantity 4 12 10 minutes ago – –" in page
    assert "Price €23.80 €19.90 10 minutes ago €22.22 5 minutes ago Sent, not yet visible" in page
    assert "number-2100" in page


def test_amazons_issues_are_shown_with_their_code(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, state="inactive", amazon_status="DISCOVERABLE")
    pages.db.session.add(
        ListingIssue(listing_id=row.id, code="18299", severity="ERROR", message="No image.", seen_at=ago(hours=1))
    )
    pages.db.session.commit()
    page = pages.text(f"/listings/{row.id}")
    assert "Error No image." in page
    assert "18299 · 1 hour ago" in page


def test_a_shop_that_does_not_answer_is_said_and_the_rest_is_shown(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here)
    pages.shop.fails = True
    page = pages.text(f"/listings/{row.id}")
    assert "the warehouse does not answer" in page
    assert "Wanted, observed, submitted" in page


@pytest.mark.parametrize("wanted", ["MUG-7", "7", "  MUG-7 "])
def test_a_person_chooses_the_product_by_sku_or_id(pages: Pages, here: Store, wanted: str) -> None:
    row = making.listing(pages.db, here, "OTHER", of_sku=WITHOUT_PRODUCT, state="new_third_party")
    answer = pages.post(f"/listings/{row.id}/product", f"/listings/{row.id}", wanted=wanted)
    assert (answer.status_code, answer.location) == (303, f"/amazon/listings/{row.id}#product")
    sku = pages.db.session.get_one(Sku, row.sku_id)
    assert (sku.product_id, sku.matched_by, sku.match_problem) == ("7", "person", None)
    page = pages.text(f"/listings/{row.id}")
    assert "This listing is Mug 7 (MUG-7) from now on." in page
    assert "Ada" in page


def test_a_person_chooses_among_the_candidates(pages: Pages, here: Store) -> None:
    row = making.listing(
        pages.db, here, "OTHER", state="new_third_party",
        of_sku={**WITHOUT_PRODUCT, "match_problem": "multiple_matches", "match_candidates": ["7", "8"]},
    )  # fmt: skip
    page = pages.get(f"/listings/{row.id}")
    assert "Several products of the shop match it" in said(page)
    assert "Mug 7" in page.text
    assert 'name="product_id" value="8"' in page.text
    pages.post(f"/listings/{row.id}/product", f"/listings/{row.id}", product_id="8")
    assert pages.db.session.get_one(Sku, row.sku_id).product_id == "8"


def test_an_unknown_product_is_refused_with_the_remedy_and_stores_nothing(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, "OTHER", of_sku=WITHOUT_PRODUCT, state="new_third_party")
    for wanted, sentence in (("NOPE", "no product with the SKU or id NOPE"), ("", "Type the SKU or the id")):
        answer = pages.post(f"/listings/{row.id}/product", f"/listings/{row.id}", wanted=wanted)
        assert answer.status_code == 422
        assert sentence in said(answer)
        assert pages.db.session.get_one(Sku, row.sku_id).product_id is None


def test_a_sku_of_two_products_asks_which(pages: Pages, here: Store) -> None:
    pages.shop.stock["8"] = product("8", sku="MUG-7")
    row = making.listing(pages.db, here, "OTHER", of_sku=WITHOUT_PRODUCT, state="new_third_party")
    answer = pages.post(f"/listings/{row.id}/product", f"/listings/{row.id}", wanted="MUG-7")
    assert answer.status_code == 422
    assert "Several products of the shop have the SKU MUG-7" in said(answer)
    assert 'name="product_id" value="8"' in answer.text
    assert pages.db.session.get_one(Sku, row.sku_id).product_id is None


def test_a_choice_while_the_shop_does_not_answer_stores_nothing(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, "OTHER", of_sku=WITHOUT_PRODUCT, state="new_third_party")
    token = pages.token()
    pages.shop.fails = True
    answer = pages.browser.post(f"/amazon/listings/{row.id}/product", data={"csrf_token": token, "wanted": "7"})
    assert answer.status_code == 502
    assert "the warehouse does not answer" in said(answer)
    assert pages.db.session.get_one(Sku, row.sku_id).product_id is None


def test_a_match_is_released(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here)
    pages.post(f"/listings/{row.id}/release", f"/listings/{row.id}")
    listing = pages.db.session.get_one(Listing, row.id, populate_existing=True)
    assert (listing.sku.product_id, listing.state) == (None, "new_third_party")
    assert "leaves it alone until one is chosen" in pages.text(f"/listings/{row.id}")


def test_a_product_is_chosen_only_by_whoever_may_operate_all_stores_of_the_sku(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, here.account, "GB")
    row = making.listing(pages.db, here)
    making.listing(pages.db, there, row.sku)
    token = pages.token()
    pages.person.stores = [here.id]
    for action in ("release", "product"):
        fields = {"csrf_token": token, "wanted": "8"}
        assert pages.browser.post(f"/amazon/listings/{row.id}/{action}", data=fields).status_code == 403
    assert pages.db.session.get_one(Sku, row.sku_id).product_id == "7"


def test_a_field_that_the_form_does_not_have_is_no_way_in(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, "OTHER", of_sku=WITHOUT_PRODUCT, state="new_third_party")
    pages.post(
        f"/listings/{row.id}/product", f"/listings/{row.id}",
        wanted="7", state="active", store_id="99", quantity_override="5", ended_at="2026-01-01",
    )  # fmt: skip
    listing = pages.db.session.get_one(Listing, row.id, populate_existing=True)
    assert (listing.store_id, listing.sku.quantity_override, listing.ended_at) == (here.id, None, None)


def test_what_happened_to_the_listing_is_told_newest_first(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here)
    for hours, sentence in ((5, "First."), (1, "Second.")):
        pages.db.session.add(Activity(at=ago(hours=hours), listing_id=row.id, action="x", sentence=sentence))
    pages.db.session.commit()
    page = pages.text(f"/listings/{row.id}")
    assert page.index("Second.") < page.index("First.")


def test_amazons_own_page_is_linked_where_the_asin_is_known(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, asin="B0ABCDEFGH")
    page = pages.get(f"/listings/{row.id}").text
    assert 'href="https://www.amazon.de/dp/B0ABCDEFGH"' in page
    assert "https://sellercentral-europe.amazon.com/myinventory/inventory?searchTerm=MUG-7" in page
