"""The history of what people decided: every change is kept with who, old and new, and can be taken back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from flask_amazon_channel.channel import current
from flask_amazon_channel.models import Aspect, AspectName, Change, Listing, Store
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.sync import freezing, matching, ownership, restoring, stores
from flask_amazon_channel.sync.history import keep_override
from flask_amazon_channel.sync.publishing import drift
from flask_amazon_channel.sync.settings import changing, undoing
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import NOW


@pytest.fixture
def row(pages: Pages) -> Listing:
    made = making.listing(pages.db, making.store(pages.db, making.account(pages.db)))
    account_id = made.sku.account_id
    pages.db.session.add(Aspect(account_id=account_id, listing_id=made.id, name=AspectName.PRICE))
    pages.db.session.add(Aspect(account_id=account_id, sku_id=made.sku_id, name=AspectName.QUANTITY))
    pages.db.session.commit()
    return made


def kept(pages: Pages) -> list[tuple[str, str, Any, Any]]:
    pages.db.session.rollback()
    found = pages.db.session.scalars(sa.select(Change).order_by(Change.id))
    return [(one.subject, one.setting, one.old, one.new) for one in found]


def newest(pages: Pages) -> Change:
    pages.db.session.rollback()
    return pages.db.session.scalars(sa.select(Change).order_by(Change.id.desc())).first()


Act = Callable[[Listing], None]
ACTS: dict[str, tuple[Act, tuple[str, str, Any, Any]]] = {
    "activate": (
        lambda row: stores.activate(current(), row.store, by="command line"),
        ("store", "state", "active", "active"),
    ),
    "deactivate": (
        lambda row: stores.deactivate(current(), row.store, by="command line"),
        ("store", "state", "active", "inactive"),
    ),
    "publishing": (
        lambda row: ownership.set_publishing(current(), row.store, "publishes_price", False, by="command line"),
        ("store", "publishes_price", True, False),
    ),
    "price owner": (
        lambda row: ownership.set_owner(current(), row, "price_owner", Owner.PERSON, by="command line"),
        ("listing", "price_owner", "shop", "person"),
    ),
    "quantity owner": (
        lambda row: ownership.set_owner(current(), row, "quantity_owner", Owner.AMAZON, by="command line"),
        ("sku", "quantity_owner", "shop", "amazon"),
    ),
    "match": (
        lambda row: matching.choose_product(current(), row.sku, "8", by="command line"),
        ("sku", "product_id", "7", "8"),
    ),
    "no match": (
        lambda row: matching.choose_product(current(), row.sku, None, by="command line"),
        ("sku", "product_id", "7", None),
    ),
    "freeze": (
        lambda row: freezing.freeze(current(), row.store, "Why not", by="command line"),
        ("store", "frozen_at", None, NOW.isoformat()),
    ),
    "freeze account": (
        lambda row: freezing.freeze(current(), row.store.account, by="command line"),
        ("account", "frozen_at", None, NOW.isoformat()),
    ),
    "restore": (
        lambda row: restoring.restore(current(), [_restored(row)], by="command line"),
        ("listing", "price_override_minor", None, 1500),
    ),
}


def _restored(row: Listing) -> restoring.Restored:
    from decimal import Decimal

    session = current().db.session
    aspect = session.scalars(sa.select(Aspect).where(Aspect.listing_id == row.id)).one()
    return restoring.Restored("MUG-7", "Potter DE", "price", Decimal("19.90"), Decimal("15.00"), aspect.id, 1500)


@pytest.mark.parametrize("name", [name for name in ACTS if name != "activate"])
def test_what_a_person_does_is_kept_with_who_old_and_new(pages: Pages, row: Listing, name: str) -> None:
    act, expected = ACTS[name]
    act(row)
    assert expected in kept(pages)
    change = newest(pages)
    assert (change.actor_id, change.actor_name, change.at) == (None, "command line", NOW)
    assert change.account_id == row.sku.account_id


def test_what_changes_nothing_is_not_kept(pages: Pages, row: Listing) -> None:
    stores.activate(current(), row.store)
    ownership.set_owner(current(), row, "price_owner", Owner.SHOP)
    ownership.set_publishing(current(), row.store, "publishes_price", True)
    assert kept(pages) == []


def test_what_is_done_on_a_page_is_kept_with_the_person(pages: Pages, row: Listing) -> None:
    pages.post(f"/listings/{row.id}/owner", name="price_owner", owner="person")
    pages.post(f"/listings/{row.id}/take-over", aspect="price")
    pages.post(f"/stores/{row.store_id}/freeze", sure="yes", reason="Stock-taking")
    changes = pages.db.session.scalars(sa.select(Change)).all()
    assert {(one.actor_id, one.actor_name) for one in changes} == {("1", "Ada")}
    assert {one.setting for one in changes} == {
        "price_owner", "price_override_minor", "price_override_reason", "frozen_at", "frozen_reason",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["deactivate", "publishing", "price owner", "quantity owner", "match", "freeze", "freeze account", "restore"],
)
def test_what_was_changed_is_taken_back_as_a_new_change(pages: Pages, row: Listing, name: str) -> None:
    act, (_, setting, old, _) = ACTS[name]
    act(row)
    first = newest(pages)
    pages.db.session.execute(sa.update(Aspect).values(due_at=None))
    pages.db.session.commit()
    page = pages.text(f"/changes/{first.id}")
    assert "Take it back" in page
    answer = pages.post(f"/changes/{first.id}/undo", seen="yes")
    assert "It is as it was before." in said(pages.browser.get(answer.location))
    undone = undoing.look(pages.db.session(), newest(pages).set_id)
    assert undone is not None
    subject = undone.subject
    now = getattr(subject, setting)
    assert now == old
    assert {one.undoes for one in undone.changes} == {first.set_id}
    assert {one.actor_name for one in undone.changes} == {"Ada"}
    if not name.startswith("freeze"):
        due = pages.db.session.scalar(sa.select(sa.func.count()).select_from(Aspect).where(Aspect.due_at.is_not(None)))
        assert due, "what depends on it is worked on again"
    assert "It was taken back already." in pages.text(f"/changes/{first.id}")


def test_what_was_taken_back_can_be_taken_back_in_turn(pages: Pages, row: Listing) -> None:
    here = row.store
    changing.change(current(), here, {"look_back_days": 9})
    for _ in range(2):
        pages.post(f"/changes/{newest(pages).id}/undo")
    pages.db.session.expire_all()
    assert here.look_back_days == 9


def test_what_was_saved_together_is_taken_back_together(pages: Pages, row: Listing) -> None:
    here = row.store
    changing.change(current(), here, {"look_back_days": 9, "name": "Wrong", "threshold": 50})
    first = newest(pages)
    shown = pages.post(f"/changes/{first.id}/undo")
    assert "1 listing changes" in said(shown)
    pages.db.session.expire_all()
    assert here.name == "Wrong"
    pages.post(f"/changes/{first.id}/undo", seen="yes", version=str(here.version))
    pages.db.session.expire_all()
    assert (here.look_back_days, here.name, here.threshold) == (2, "Potter DE", 0)


def test_it_is_said_what_was_changed_again_since(pages: Pages, row: Listing) -> None:
    here = row.store
    changing.change(current(), here, {"look_back_days": 9})
    first = newest(pages)
    changing.change(current(), here, {"look_back_days": 11})
    assert "Days looked back was changed again since: it is 11 now, and would become 2." in pages.text(
        f"/changes/{first.id}"
    )


def test_nothing_is_taken_back_over_what_somebody_saved_after_the_page_was_shown(pages: Pages, row: Listing) -> None:
    here = row.store
    changing.change(current(), here, {"look_back_days": 9})
    first, version = newest(pages), str(here.version)
    changing.change(current(), here, {"look_back_days": 11})
    answer = pages.post(f"/changes/{first.id}/undo", version=version)
    assert "Nothing was taken back" in said(pages.browser.get(answer.location))
    pages.db.session.expire_all()
    assert here.look_back_days == 11


def test_what_was_sent_is_not_taken_back(pages: Pages, row: Listing) -> None:
    making.change(pages.db, row.store, mass_change=("waiting prices", "sent"))
    page = pages.text(f"/changes/{newest(pages).id}")
    assert "This cannot be taken back here" in page
    assert "Prices waited for a person" in page


def test_changes_of_other_stores_are_not_shown(pages: Pages, row: Listing) -> None:
    foreign = making.store(pages.db, making.account(pages.db, name="Foreign"), "FR")
    theirs = making.change(pages.db, foreign, threshold=(0, 2))
    changing.change(current(), foreign.account, {"buffer": 3})
    token = pages.token()
    pages.person.stores = [row.store_id]
    assert "Foreign" not in pages.text("/changes")
    assert pages.get(f"/changes/{theirs.id}").status_code == 404
    answer = pages.browser.post(f"/amazon/changes/{theirs.id}/undo", data={"csrf_token": token})
    assert answer.status_code == 404


def test_who_may_only_operate_takes_back_matches_but_no_settings(pages: Pages, row: Listing) -> None:
    here = row.store
    changing.change(current(), here, {"look_back_days": 9})
    settings = newest(pages)
    ownership.set_owner(current(), row, "price_owner", Owner.PERSON)
    owner, token = newest(pages), pages.token()
    pages.person.permissions = ("view", "operate")
    assert "You may look at this change, but not take it back." in pages.text(f"/changes/{settings.id}")
    for change, status in ((settings, 403), (owner, 303)):
        answer = pages.browser.post(f"/amazon/changes/{change.id}/undo", data={"csrf_token": token})
        assert answer.status_code == status
    pages.db.session.expire_all()
    assert (here.look_back_days, row.price_owner) == (9, "shop")


def test_the_history_says_what_was_and_what_is_in_words(pages: Pages, row: Listing) -> None:
    changing.change(current(), row.store, {"price_minimum_minor": 450, "on_drift_price": "ignore", "vat_percent": 19})
    page = pages.text(f"/stores/{row.store_id}/changes")
    assert "Lowest price nothing €4.50" in page
    assert "Price changed at Amazon Send ours again Only show it" in page
    assert "VAT added 0 % 19 %" in page


def test_an_empty_history_says_what_will_be_in_it_and_that_permissions_are_the_shops(pages: Pages) -> None:
    making.store(pages.db, making.account(pages.db))
    page = pages.text("/changes")
    assert "Nothing was changed yet" in page
    assert "the shop’s own user management" in page


def test_no_automatic_change_is_taken_for_a_persons(pages: Pages, row: Listing) -> None:
    drift.adopt(
        pages.db.session(),
        pages.db.session.scalars(sa.select(Aspect).where(Aspect.listing_id == row.id)).one(),
        row,
        NOW,
        "Taken over.",
    )
    pages.db.session.commit()
    assert kept(pages) == []
    assert isinstance(row.store, Store)


def test_a_file_says_what_was_set_as_the_page_does(pages: Pages, row: Listing) -> None:
    keep_override(current(), row, 2450, "Sale", by="command line")
    pages.db.session.commit()
    file = pages.get(f"/stores/{row.store_id}/changes?columns=setting,old,new&format=csv").data.decode("utf-8-sig")
    assert ["Price set by hand", "", "€24.50"] in list(csv.reader(io.StringIO(file)))
