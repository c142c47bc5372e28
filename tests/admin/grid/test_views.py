"""Views that people keep."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from flask_amazon_channel.channel import current
from flask_amazon_channel.models import GridView, Store
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.grid.test_walking import skus


def keep(pages: Pages, here: Store, name: str, arguments: str) -> str:
    """Keep a view; return its address."""
    path = f"/amazon/stores/{here.id}/listings"
    answer = pages.post("/views", name=name, arguments=arguments, grid="listings", back=f"{path}?{arguments}")
    assert answer.status_code == 303
    pages.browser.get(answer.location)  # it says once that the view is kept
    return answer.location.removeprefix("/amazon")


def change(pages: Pages, view: str, do: str, **fields: str) -> int:
    number = view.rpartition("=")[2]
    back = f"/amazon{view.partition('?')[0]}"
    answer = pages.post(f"/views/{number}", "/orders", do=do, back=back, **fields)
    pages.get("/orders")  # it says once what was done
    return answer.status_code


@pytest.fixture
def two(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here, "GOOD")
    making.listing(pages.db, here, "BAD", state="inactive")


@pytest.mark.usefixtures("two")
def test_a_view_is_kept_under_a_name_and_comes_back(pages: Pages, here: Store) -> None:
    view = keep(pages, here, "To mend", "state=inactive&columns=sku,price&sort=-price")
    page = pages.get(view)
    assert skus(pages, view) == ["BAD"]
    assert re.search(r'aria-sort="descending">\s*<a[^>]*>Price', page.text)
    assert "Views: To mend" in pages.text(f"/stores/{here.id}/listings?view={view.rpartition('=')[2]}")


@pytest.mark.usefixtures("two")
def test_the_default_view_is_what_a_bare_address_shows(pages: Pages, here: Store) -> None:
    view = keep(pages, here, "To mend", "state=inactive")
    change(pages, view, "default")
    assert skus(pages, f"/stores/{here.id}/listings") == ["BAD"]
    assert skus(pages, f"/stores/{here.id}/listings?view=all") == ["BAD", "GOOD"]
    assert skus(pages, f"/stores/{here.id}/listings?state=active") == ["GOOD"]
    change(pages, view, "no-default")
    assert skus(pages, f"/stores/{here.id}/listings") == ["GOOD"]


@pytest.mark.usefixtures("two")
def test_a_view_is_its_owners_until_it_is_shared(pages: Pages, here: Store) -> None:
    view = keep(pages, here, "To mend", "state=inactive")
    channel = current()
    channel.actor = lambda: ("2", "Bob")
    assert "To mend" not in pages.text(f"/stores/{here.id}/listings")
    assert skus(pages, view) == ["GOOD"]
    assert change(pages, view, "delete") == 404
    channel.actor = lambda: ("1", "Ada")
    assert change(pages, view, "share", store_id=str(here.id)) == 303
    channel.actor = lambda: ("2", "Bob")
    assert "To mend the store’s, by Ada" in pages.text(f"/stores/{here.id}/listings")
    assert skus(pages, view) == ["BAD"]
    pages.person.permissions = ("view", "operate")
    assert change(pages, view, "rename", name="Mine") == 403


def test_a_shared_view_is_not_that_of_another_store(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, here.account, "GB")
    view = keep(pages, here, "To mend", "state=inactive")
    assert "To mend" in pages.text(f"/stores/{there.id}/listings")
    change(pages, view, "share", store_id=str(here.id))
    assert "To mend" not in pages.text(f"/stores/{there.id}/listings")
    pages.person.stores = [there.id]
    assert change(pages, view, "delete") == 404


@pytest.mark.usefixtures("two")
def test_a_view_is_renamed_brought_up_to_date_and_deleted(pages: Pages, here: Store) -> None:
    view = keep(pages, here, "To mend", "state=inactive")
    change(pages, view, "rename", name="Mended")
    change(pages, view, "update", arguments="state=active")
    assert skus(pages, view) == ["GOOD"]
    assert "Mended" in pages.text(view)
    change(pages, view, "delete")
    assert pages.db.session.scalar(sa.select(sa.func.count()).select_from(GridView)) == 0
    assert pages.get(view).status_code == 200


def test_where_nobody_is_named_views_are_the_shops_and_the_page_says_so(pages: Pages, here: Store) -> None:
    current().actor = None
    view = keep(pages, here, "To mend", "state=inactive")
    page = pages.text(view)
    assert "views belong to everybody here" in page
    assert "To mend" in page


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "\t//x"]
)
def test_no_form_leads_to_another_site(pages: Pages, address: str) -> None:
    answer = pages.post("/views", name="x", arguments="", grid="listings", back=address)
    assert answer.location.startswith("/amazon/")


def test_a_name_is_used_once(pages: Pages, here: Store) -> None:
    keep(pages, here, "To mend", "state=inactive")
    keep(pages, here, "To mend", "state=active")
    assert pages.db.session.scalar(sa.select(sa.func.count()).select_from(GridView)) == 1
