"""The search beside every page."""

from __future__ import annotations

from flask_amazon_channel.models import Store
from tests.admin import making
from tests.admin.conftest import Pages


def found(pages: Pages, words: str) -> str | None:
    """Return where the search leads at once."""
    answer = pages.get("/search", query_string={"q": words})
    return answer.location if answer.status_code == 303 else None


def test_what_is_found_once_is_opened_at_once(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, "MUG-7", asin="B000000007")
    making.listing(pages.db, here, "MUG-8", of_sku={"product_id": "8"})
    for words in ("MUG-7", " mug-7 ", "B000000007", "b000000007", "7"):
        assert found(pages, words) == f"/amazon/listings/{row.id}", words


def test_an_order_is_found_by_amazons_number_and_by_the_shops(pages: Pages, here: Store) -> None:
    making.order(pages.db, here.account, here)
    order = making.order(
        pages.db, here.account, here, amazon_order_id="028-1234567-7654321", shop_order_id="S-10004711"
    )
    for words in ("028-1234567-7654321", "02812345677654321", "S-10004711"):
        assert found(pages, words) == f"/amazon/orders/{order.id}", words


def test_a_sku_in_several_stores_is_listed_with_its_stores(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, "MUG-7")
    making.listing(pages.db, making.store(pages.db, here.account, "FR"), row.sku)
    page = pages.text("/search", query_string={"q": "MUG-7"})
    assert "Potter DE" in page.split("Search for")[1]
    assert "Potter FR" in page.split("Search for")[1]


def test_the_beginning_of_a_sku_finds_it_and_other_signs_stand_for_themselves(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here, "MUG_7")
    making.listing(pages.db, here, "MUGS7")
    making.listing(pages.db, here, "CUP")
    page = pages.text("/search", query_string={"q": "mug"})
    assert "MUG_7" in page
    assert "MUGS7" in page
    assert "CUP" not in page
    assert found(pages, "MUG_") is not None
    assert "Nothing has this number" in pages.text("/search", query_string={"q": "M%7"})


def test_a_whole_number_hides_longer_ones_that_begin_so(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here, "MUG-7", of_sku={"product_id": "1"})
    making.listing(pages.db, here, "MUG-70", of_sku={"product_id": "2"})
    assert found(pages, "MUG-7") == f"/amazon/listings/{row.id}"


def test_nothing_of_others_stores_is_found(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, making.account(pages.db, name="Others"), "GB")
    making.listing(pages.db, there, "SECRET-1", asin="B0SECRET01", of_sku={"product_id": "99"})
    making.order(pages.db, there.account, there, amazon_order_id="028-7777777-7777777", shop_order_id="S-77")
    stray = making.order(pages.db, there.account, None, amazon_order_id="028-8888888-8888888")
    pages.person.stores = [here.id]
    for words in ("SECRET-1", "SECRET", "B0SECRET01", "99", "028-7777777-7777777", "S-77", stray.amazon_order_id):
        page = pages.text("/search", query_string={"q": words})
        assert "Nothing has this number" in page, words
        assert "Others" not in page


def test_many_hits_are_cut_and_said_to_be(pages: Pages, here: Store) -> None:
    for number in range(30):
        making.listing(pages.db, here, f"MUG-{number:02}", of_sku={"product_id": str(number)})
    page = pages.get("/search", query_string={"q": "MUG-"}).text
    assert page.count('class="code" href="/amazon/listings/') == 25
    assert "Only the first 25" in page


def test_an_empty_search_says_what_can_be_found(pages: Pages, here: Store) -> None:
    assert "Type or paste a SKU" in pages.text("/search")
    assert "Type or paste a SKU" in pages.text("/search", query_string={"q": " \x00 "})


def test_what_was_typed_is_shown_as_text(pages: Pages, here: Store) -> None:
    page = pages.get("/search", query_string={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page
