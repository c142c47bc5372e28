"""Many rows at once: chosen, looked at, begun, done by the worker a portion at a time."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from flask_amazon_channel.channel import current
from flask_amazon_channel.models import Activity, AmazonOrder, BulkAction, Listing, Sku, Store
from flask_amazon_channel.sync.bulk import work
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import NOW, Person


def ask(pages: Pages, here: Store, action: str, ids: list[int] | None = None, **fields: str) -> TestResponse:
    """Press a button of the list; return the answer."""
    chosen = {"all": "1"} if ids is None else {"ids": [str(one) for one in ids]}
    form = {"grid": "listings", "action": action, "csrf_token": pages.token(), **chosen, **fields}
    return pages.browser.post(f"/amazon/stores/{here.id}/bulk", data=form)


def begin(pages: Pages, asked: TestResponse, **fields: str) -> str:
    """Confirm what was previewed; return its address."""
    assert asked.status_code == 303, asked.text
    path = asked.location.removeprefix("/amazon")
    pages.post(f"{path}/start", **fields)
    return path


def do_all(pages: Pages) -> None:
    while work.work(current()):
        pass
    pages.db.session.expire_all()


def products(pages: Pages) -> dict[str, str | None]:
    return dict(pages.db.session.execute(sa.select(Sku.sku, Sku.product_id)).all())


def test_nothing_is_done_before_a_page_has_said_what_it_would_do(pages: Pages, here: Store) -> None:
    first = making.listing(pages.db, here, "MUG-1")
    making.listing(pages.db, here, "MUG-2", of_sku={"product_id": None})
    asked = ask(pages, here, "release", arguments="")
    page = pages.text(asked.location.removeprefix("/amazon"))
    assert "2 rows are chosen." in page
    assert "1 listing loses its product." in page
    do_all(pages)
    assert products(pages)["MUG-1"] == first.sku.product_id == "7"


def test_chosen_rows_are_changed_and_others_not(pages: Pages, here: Store) -> None:
    rows = [making.listing(pages.db, here, f"MUG-{number}") for number in range(3)]
    path = begin(pages, ask(pages, here, "release", [rows[0].id, rows[2].id]))
    do_all(pages)
    assert products(pages) == {"MUG-0": None, "MUG-1": "7", "MUG-2": None}
    page = pages.text(path)
    assert "2 were changed." in page
    assert "Done" in page


def test_all_that_match_are_those_of_the_filter_in_all_pages(pages: Pages, here: Store, monkeypatch: object) -> None:
    for number in range(7):
        making.listing(pages.db, here, f"MUG-{number}", state="inactive" if number % 2 else "active")
    begin(pages, ask(pages, here, "release", arguments="state=inactive"))
    work.PORTION, portion = 2, work.PORTION
    try:
        do_all(pages)
    finally:
        work.PORTION = portion
    assert [sku for sku, product in products(pages).items() if product is None] == ["MUG-1", "MUG-3", "MUG-5"]


def test_what_appears_after_the_preview_is_left_alone(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here, "MUG-1")
    asked = ask(pages, here, "release", arguments="")
    making.listing(pages.db, here, "MUG-2")
    begin(pages, asked)
    do_all(pages)
    assert products(pages) == {"MUG-1": None, "MUG-2": "7"}


def test_what_no_longer_matches_when_its_turn_comes_is_left_alone_and_told(pages: Pages, here: Store) -> None:
    gone = making.listing(pages.db, here, "MUG-1", state="inactive")
    making.listing(pages.db, here, "MUG-2", state="inactive")
    path = begin(pages, ask(pages, here, "release", arguments="state=inactive"))
    gone.state = "active"
    pages.db.session.commit()
    do_all(pages)
    assert products(pages) == {"MUG-1": "7", "MUG-2": None}
    assert "1 no longer matched" in pages.text(path)


def test_a_filter_that_cannot_be_understood_is_no_filter_for_everything(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    answer = ask(pages, here, "release", arguments="state=nonsense")
    assert pages.db.session.scalar(sa.select(sa.func.count()).select_from(BulkAction)) == 0
    assert answer.status_code == 303


def test_a_stopped_action_goes_no_further(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    path = begin(pages, ask(pages, here, "release", arguments=""))
    pages.post(f"{path}/stop")
    do_all(pages)
    assert products(pages) == {"MUG-7": "7"}
    assert "Stopped" in pages.text(path)


def test_an_option_must_be_chosen_and_is_kept_in_the_name_of_who_asked(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here)
    asked = ask(pages, here, "price_owner", [row.id])
    path = begin(pages, asked)
    assert "choose one of the options" in pages.text(path)
    begin(pages, asked, owner="person")
    do_all(pages)
    assert pages.db.session.get_one(Listing, row.id).price_owner == "person"
    assert pages.db.session.scalars(sa.select(Activity.actor_name)).all() == ["Ada"]


def test_matching_again_asks_the_shop_for_those_without_a_product(pages: Pages, here: Store) -> None:
    free = {"product_id": None, "matched_by": None}
    making.listing(pages.db, here, "MUG-8", of_sku=free)
    making.listing(pages.db, here, "MUG-9", of_sku={**free, "matched_by": "person"})
    begin(pages, ask(pages, here, "match_again", arguments=""))
    do_all(pages)
    assert products(pages) == {"MUG-8": "8", "MUG-9": None}


def test_orders_with_a_problem_are_tried_again(pages: Pages, here: Store) -> None:
    bad = making.order(pages.db, here.account, here, problem="No product is known.", failures=5)
    good = making.order(pages.db, here.account, here)
    form = {"grid": "orders", "action": "retry", "all": "1", "arguments": "", "csrf_token": pages.token()}
    asked = pages.browser.post("/amazon/bulk", data=form)
    assert "1 order is tried again." in pages.text(asked.location.removeprefix("/amazon"))
    begin(pages, asked)
    do_all(pages)
    due = dict(pages.db.session.execute(sa.select(AmazonOrder.id, AmazonOrder.due_at)).all())
    assert due == {bad.id: NOW, good.id: None}


def test_who_may_only_view_is_offered_nothing_and_may_do_nothing(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here)
    asked = ask(pages, here, "release", [row.id])
    token = pages.token()
    pages.person.permissions = ("view",)
    assert "Release product" not in pages.get(f"/stores/{here.id}/listings").text
    form = {"grid": "listings", "action": "release", "ids": str(row.id), "csrf_token": token}
    assert pages.browser.post(f"/amazon/stores/{here.id}/bulk", data=form).status_code == 403
    assert pages.browser.post(f"{asked.location}/start", data={"csrf_token": token}).status_code == 403


def test_what_all_stores_of_the_account_share_takes_the_permission_in_all(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here)
    making.store(pages.db, here.account, "GB")
    pages.person.stores = [here.id]
    assert ask(pages, here, "release", [row.id]).status_code == 403
    assert ask(pages, here, "send_price", [row.id]).status_code == 303
    page = said(pages.get(f"/stores/{here.id}/listings"))
    assert "Send price again" in page
    assert "Release product" not in page


def test_rows_of_other_stores_cannot_be_smuggled_in(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, here.account, "GB")
    other = making.listing(pages.db, there, "MUG-GB")
    assert "choose some rows" in said(pages.browser.get(ask(pages, here, "release", [other.id]).location))


@pytest.mark.parametrize("bad", [{"grid": "nothing"}, {"action": "nothing"}])
def test_an_unknown_grid_or_action_is_refused(pages: Pages, here: Store, bad: dict[str, str]) -> None:
    form = {"grid": "listings", "action": "release", "all": "1", "csrf_token": pages.token(), **bad}
    assert pages.browser.post(f"/amazon/stores/{here.id}/bulk", data=form).status_code == 400


def test_progress_reloads_by_itself_without_a_script_while_it_runs(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    path = begin(pages, ask(pages, here, "release", arguments=""))
    refresh = re.compile(r'<noscript><meta http-equiv="refresh"')
    assert refresh.search(pages.get(path).text)
    do_all(pages)
    assert not refresh.search(pages.get(path).text)


def test_a_foreign_person_does_not_see_it(pages: Pages, here: Store) -> None:
    row = making.listing(pages.db, here)
    path = ask(pages, here, "release", [row.id]).location
    pages.person.stores = []
    assert pages.browser.get(path).status_code == 404
    assert isinstance(pages.person, Person)
