"""The page of the listing rule: put together without scripts, tried, previewed, saved, brought back."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa

from flask_amazon_channel.models import Aspect, Store
from flask_amazon_channel.models.changes import Change
from flask_amazon_channel.rules.values import ShopAttribute
from flask_amazon_channel.sync import listing_rule_preview
from flask_amazon_channel.sync.matching import make_aspects
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import NOW, Person, product

PATH = "/stores/1/listing-rule"
ATTRIBUTES = [
    ShopAttribute("category", "Category", "choice", ("Books", "Camping", "Tents"), {"Tents": "Camping"}),
    ShopAttribute("fragile", "Fragile", "yes_no"),
]
CHEAP = {"match": "all", "holds": True, "parts": [{"field": "price", "operator": "is_at_least", "value": "25.00"}]}


@pytest.fixture
def at(pages: Pages) -> Store:
    """A store with the listing of product 7, 19.90, and product 8 for 30.00 that Amazon does not have."""
    pages.shop.attributes = lambda: ATTRIBUTES  # type: ignore[attr-defined]
    pages.shop.stock["8"] = product("8", price=Decimal("30.00"), attributes={"category": "Tents"})
    store = making.store(pages.db, making.account(pages.db))
    making.listing(pages.db, store)
    of_sku = {"product_id": "8", "ever_live": False, "observed_quantity": None}
    making.listing(pages.db, store, "MUG-8", of_sku=of_sku, on_amazon=False, state="ready_to_list")
    return store


def filled(answer: Any) -> dict[str, Any]:
    """Return what the form on the page would send, as a browser without scripts does."""
    page = answer.text[answer.text.index('id="rule"') :]
    page = page[: page.index("</form>")]
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]+>", page):
        value = re.search(r'value="([^"]*)"', tag)
        name = re.search(r'name="([^"]+)"', tag)
        if name and (' type="checkbox"' not in tag or " checked" in tag):
            fields.setdefault(name[1], []).append(unescape(value[1] if value else ""))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        fields[name] = [chosen[1] if chosen else ""]
    return fields


def press(pages: Pages, answer: Any, do: str, **changes: Any) -> Any:
    """Fill in some fields of the page and press a button."""
    fields = {**filled(answer), **changes, "do": do}
    return pages.browser.post(f"/amazon{PATH}", data=fields)


def stored(pages: Pages) -> Any:
    pages.db.session.expire_all()
    return pages.db.session.get_one(Store, 1).listing_rule


def saved(pages: Pages, rule: dict[str, Any] | None = None) -> None:
    pages.db.session.get_one(Store, 1).listing_rule = rule or CHEAP
    pages.db.session.commit()


def built(pages: Pages) -> Any:
    """Put together: price at least 25, and one of category lies within Camping or is fragile."""
    answer = press(pages, pages.get(PATH), "add ", new="price")
    answer = press(pages, answer, "group", **{"0.operator": "is_at_least", "0.value": "25.00"})
    answer = press(pages, answer, "add 1", **{"1.new": "attributes.category"})
    answer = press(
        pages,
        answer,
        "add 1",
        **{"1.new": "attributes.fragile", "1.0.operator": "is_within", "1.0.value": ["Camping", "Books"]},
    )
    assert answer.status_code == 200
    return answer


def test_a_rule_is_put_together_condition_by_condition_and_stored_only_when_it_is_saved(
    pages: Pages, at: Store
) -> None:
    answer = built(pages)
    assert stored(pages) is None
    answer = press(pages, answer, "save")
    assert (answer.status_code, answer.location) == (303, "/amazon" + PATH)
    assert stored(pages) == {
        "match": "all",
        "holds": True,
        "parts": [
            {"field": "price", "operator": "is_at_least", "value": "25.00"},
            {
                "match": "any",
                "holds": True,
                "parts": [
                    {"field": "attributes.category", "operator": "is_within", "value": ["Books", "Camping"]},
                    {"field": "attributes.fragile", "operator": "is", "value": "yes"},
                ],
            },
        ],
    }
    text = pages.text(PATH)
    assert "Price is at least 25.00" in text
    assert "Category lies within Books, Camping" in text
    assert "Ada" in text


def test_a_condition_is_removed(pages: Pages, at: Store) -> None:
    saved(pages)
    answer = press(pages, pages.get(PATH), "remove 0")
    assert "Without conditions everything is offered" in said(answer)
    assert stored(pages) == CHEAP
    press(pages, answer, "save")
    assert stored(pages) is None


def test_a_number_is_read_and_written_as_the_reader_writes_numbers(pages: Pages, at: Store) -> None:
    german = {"Accept-Language": "de"}
    answer = press(pages, pages.get(PATH), "add ", new="price")
    fields = {**filled(answer), "0.operator": "is_at_least", "0.value": "1.234,50", "do": "save"}
    assert pages.browser.post(f"/amazon{PATH}", data=fields, headers=german).status_code == 303
    assert stored(pages)["parts"][0]["value"] == "1234.50"
    assert filled(pages.get(PATH, headers=german))["0.value"] == ["1234,50"]


def test_what_is_wrong_is_said_beside_it_and_nothing_is_stored(pages: Pages, at: Store) -> None:
    answer = press(pages, pages.get(PATH), "add ", new="price")
    for button in ("save", "preview", "try"):
        refused = press(pages, answer, button, wanted="MUG-7", **{"0.operator": "is", "0.value": "cheap"})
        assert refused.status_code == 422
        assert said(refused).count("Price is compared with a number: write one.") == 2
        assert filled(refused)["0.value"] == ["cheap"]
    assert stored(pages) is None


def test_after_saving_all_listings_of_the_store_are_due_and_the_change_is_kept(pages: Pages, at: Store) -> None:
    make_aspects(pages.db.session(), NOW)
    pages.db.session.execute(sa.update(Aspect).values(due_at=None))
    pages.db.session.commit()
    press(pages, press(pages, pages.get(PATH), "add ", new="brand"), "save", **{"0.value": "Potter"})
    assert {row.due_at for row in pages.db.session.scalars(sa.select(Aspect))} == {NOW}
    [change] = pages.db.session.scalars(sa.select(Change))
    assert (change.setting, change.old, change.actor_name) == ("listing_rule", None, "Ada")
    assert change.new["parts"][0]["value"] == "Potter"


def test_undo_brings_the_earlier_rule_back_and_an_older_one_too(pages: Pages, at: Store) -> None:
    for value in ("1", "2"):
        answer = pages.get(PATH)
        answer = answer if "0.field" in filled(answer) else press(pages, answer, "add ", new="price")
        press(pages, answer, "save", **{"0.operator": "is_at_least", "0.value": value})
    assert stored(pages)["parts"][0]["value"] == "2"
    newest = pages.db.session.scalars(sa.select(Change.id).order_by(Change.id.desc())).first()
    pages.post(f"{PATH}/restore", PATH, change=str(newest))
    assert stored(pages)["parts"][0]["value"] == "1"
    oldest = pages.db.session.scalars(sa.select(Change.id).order_by(Change.id)).first()
    pages.post(f"{PATH}/restore", PATH, change=str(oldest))
    assert stored(pages) is None
    assert len(pages.db.session.scalars(sa.select(Change)).all()) == 4


def test_a_change_of_another_store_is_not_brought_back_here(pages: Pages, at: Store) -> None:
    press(pages, press(pages, pages.get(PATH), "add ", new="brand"), "save", **{"0.value": "Potter"})
    other = making.store(pages.db, at.account, "FR")
    change = pages.db.session.scalars(sa.select(Change.id)).one()
    pages.post(f"/stores/{other.id}/listing-rule/restore", PATH, change=str(change))
    assert stored(pages) is not None


def test_who_saves_over_anothers_rule_is_shown_it_first(pages: Pages, at: Store) -> None:
    mine = press(pages, pages.get(PATH), "add ", new="brand")
    theirs = press(pages, pages.get(PATH), "add ", new="price")
    press(pages, theirs, "save", **{"0.operator": "is_at_least", "0.value": "25.00"})
    answer = press(pages, mine, "save", **{"0.value": "Potter"})
    assert answer.status_code == 409
    assert "Somebody else saved" in said(answer)
    assert "Price is at least 25.00" in said(answer)
    assert stored(pages) == CHEAP
    assert press(pages, answer, "save").status_code == 303
    assert stored(pages)["parts"][0]["value"] == "Potter"


def preview(pages: Pages, **changes: Any) -> Any:
    answer = press(pages, pages.get(PATH), "add ", new="price")
    return press(pages, answer, "preview", **{"0.operator": "is_at_least", "0.value": "25.00", **changes})


def test_the_preview_shows_in_three_groups_what_would_change_and_stores_nothing(pages: Pages, at: Store) -> None:
    answer = preview(pages)
    text = said(answer)
    assert "All 2 listings with a product were looked at." in text
    assert "1 Will be listed 1 Will become ineligible 0 Stays as it is" in text
    assert "Price is 19.90; the listing rule wants at least 25.00." in text
    assert stored(pages) is None


def test_the_preview_of_the_rule_that_holds_changes_nothing_at_amazon(pages: Pages, at: Store) -> None:
    saved(pages)
    text = said(press(pages, pages.get(PATH), "preview"))
    assert "0 Will become ineligible" in text


def test_before_the_import_the_preview_looks_at_the_shops_catalogue(pages: Pages, at: Store) -> None:
    other = making.store(pages.db, at.account, "FR", imported_at=None)
    path = PATH.replace("1", str(other.id))
    answer = pages.browser.post(f"/amazon{path}", data={"csrf_token": pages.token(path), "do": "preview"})
    assert "All 2 products of the shop were looked at." in said(answer)
    assert "2 Will be listed" in said(answer)
    assert "2 of them lack something first." in said(answer)


def test_a_sample_says_that_it_is_one(pages: Pages, at: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing_rule_preview, "LOOKED_AT_MOST", 4)
    monkeypatch.setattr(listing_rule_preview, "PORTION", 2)
    for number in range(9, 29):
        making.listing(pages.db, at, f"MUG-{number}", of_sku={"product_id": "7"})
    text = said(preview(pages))
    assert "A sample: 4 of 22 listings were looked at, spread over all of them." in text


def test_a_shop_that_does_not_answer_is_told_and_nothing_is_lost(pages: Pages, at: Store) -> None:
    pages.shop.fails = True
    answer = preview(pages)
    assert answer.status_code == 502
    assert "the warehouse does not answer" in said(answer)
    assert filled(answer)["0.value"] == ["25.00"]


def test_the_rule_is_tried_on_one_product(pages: Pages, at: Store) -> None:
    answer = press(pages, built(pages), "try", wanted="MUG-7")
    text = said(answer)
    assert "Price is at least 25.00 19.90 no" in text
    assert "Fragile is yes no no" in text
    assert "Price is 19.90; the listing rule wants at least 25.00." in text
    assert "Not listed" not in text.split("Try it")[1].split("Preview")[0]
    text = said(press(pages, built(pages), "try", wanted="8"))
    assert "Category lies within Books, Camping Tents yes" in text
    assert "has no product with the SKU or id nothing" in said(press(pages, built(pages), "try", wanted="nothing"))


def test_a_rule_about_an_attribute_that_the_shop_lost_is_told_and_can_be_mended(pages: Pages, at: Store) -> None:
    part = {"field": "attributes.colour", "operator": "is", "value": "red"}
    saved(pages, {"match": "all", "holds": True, "parts": [part, CHEAP["parts"][0]]})  # type: ignore[index]
    text = pages.text(PATH)
    assert "The shop has no attribute colour (any more)." in text
    assert "The shop has no attribute colour" in pages.text("/listings/1")
    answer = press(pages, pages.get(PATH), "remove 0")
    press(pages, answer, "save")
    assert stored(pages) == CHEAP


def test_the_listings_page_says_which_rule_excludes_it_and_leads_there(pages: Pages, at: Store) -> None:
    saved(pages)
    answer = pages.get("/listings/1")
    assert "Price is 19.90; the listing rule wants at least 25.00." in said(answer)
    assert f'href="/amazon{PATH}"' in answer.text


def test_who_may_not_administer_sees_the_rule_and_no_form(pages: Pages, at: Store) -> None:
    saved(pages)
    token = pages.token()
    pages.person.permissions = ("view", "operate")
    answer = pages.get(PATH)
    assert "Price is at least 25.00" in said(answer)
    assert 'id="rule"' not in answer.text
    assert pages.browser.post(f"/amazon{PATH}", data={"csrf_token": token, "do": "save"}).status_code == 403
    assert isinstance(pages.person, Person)
    assert stored(pages) == CHEAP
