"""The life of a store: archived and taken out, its settings copied, deleted with all that hangs on it."""

from __future__ import annotations

import time
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from flask_amazon_channel.channel import current
from flask_amazon_channel.models import (
    Activity,
    AmazonOrder,
    Aspect,
    AspectName,
    Base,
    Change,
    Listing,
    ListingIssue,
    Sku,
    StockEntry,
    Store,
    StoreState,
    Stream,
    StreamName,
    Submission,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.rules.values import StockChange
from flask_amazon_channel.sync import deleting_stores, stores
from flask_amazon_channel.sync.settings import changing
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import NOW, Person, ago


@pytest.fixture
def here(pages: Pages) -> Store:
    return making.store(pages.db, making.account(pages.db), state=StoreState.INACTIVE)


def count(pages: Pages, model: type[Base], *where: Any) -> int:
    pages.db.session.rollback()
    return pages.db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


def furnish(pages: Pages, at: Store, sku: str | Sku = "MUG-7", **submission: Any) -> Listing:
    """Make a listing with all that hangs on one."""
    session = pages.db.session
    row = making.listing(pages.db, at, sku)
    price = Aspect(account_id=at.account_id, listing_id=row.id, name=AspectName.PRICE)
    session.add(price)
    found = session.scalar(sa.select(Aspect).where(Aspect.sku_id == row.sku_id))
    quantity = found or Aspect(account_id=at.account_id, sku_id=row.sku_id, name=AspectName.QUANTITY)
    session.add(quantity)
    session.flush()
    for aspect in (price, quantity):
        given = {"state": "live", **submission}
        sent = Submission(
            aspect_id=aspect.id, generation=1, marketplace_id=at.marketplace_id, patches=[], created_at=NOW, **given
        )
        session.add(sent)
        session.flush()
        session.add(
            ListingIssue(
                listing_id=row.id, submission_id=sent.id, code="1", severity="ERROR", message="Hm.", seen_at=NOW
            )
        )
    note(session(), NOW, "state", "Active.", listing_id=row.id, sku_id=row.sku_id, store_id=at.id)
    note(session(), NOW, "match", "Matched.", sku_id=row.sku_id, account_id=at.account_id)
    session.commit()
    return row


def delete(pages: Pages, store: Store, **fields: str) -> Any:
    answer = pages.post(f"/stores/{store.id}/delete", typed=store.name, leaves_offers="y", **fields)
    assert answer.status_code == 303, said(answer)
    return answer


def work(pages: Pages) -> None:
    """Do what the worker does, until nothing is due."""
    while deleting_stores.delete_stores(current()):
        pages.db.session.rollback()


def test_an_archived_store_rests_and_comes_out_paused(pages: Pages, here: Store) -> None:
    assert pages.post(f"/stores/{here.id}/archive").status_code == 303
    pages.db.session.expire_all()
    assert here.state == StoreState.ARCHIVED
    assert "Take out of the archive" in pages.text(f"/stores/{here.id}/life")
    assert pages.post(f"/stores/{here.id}/activate").status_code == 503
    pages.db.session.expire_all()
    assert here.state == StoreState.ARCHIVED
    assert pages.post(f"/stores/{here.id}/take-out").status_code == 303
    pages.db.session.expire_all()
    assert here.state == StoreState.INACTIVE
    kept = pages.db.session.scalars(sa.select(Change).order_by(Change.id)).all()
    assert [(one.setting, one.old, one.new) for one in kept] == [
        ("state", "inactive", "archived"),
        ("state", "archived", "inactive"),
    ]


def test_what_deleting_means_is_said_in_numbers(pages: Pages, here: Store) -> None:
    other = making.store(pages.db, here.account, "GB")
    shared = furnish(pages, here, "SHARED").sku
    furnish(pages, other, shared)
    furnish(pages, here, "ALONE")
    making.order(pages.db, here.account, here, shop_order_id="77")
    page = pages.text(f"/stores/{here.id}/delete")
    assert "2 listings with what is set by hand" in page
    assert "1 SKU that no other store lists" in page
    assert "3 records of what was sent" in page
    assert "3 lines of the log" in page
    assert "1 order, with the account" in page
    assert "1 order in the shop" in page
    assert "2 offers at Amazon, as they are" in page
    assert "Nobody lowers them any more" in page


@pytest.mark.parametrize(("typed", "ticked"), [("Potter", "y"), ("", "y"), ("potter de", "y"), ("Potter DE", None)])
def test_a_store_is_deleted_only_by_its_name_and_knowing_what_stays(
    pages: Pages, here: Store, typed: str, ticked: str | None
) -> None:
    making.listing(pages.db, here)
    fields = {"typed": typed} | ({"leaves_offers": ticked} if ticked else {})
    assert pages.post(f"/stores/{here.id}/delete", **fields).status_code == 422
    pages.db.session.expire_all()
    assert here.state == StoreState.INACTIVE


def test_an_active_store_is_not_deleted(pages: Pages, here: Store) -> None:
    here.state = StoreState.ACTIVE
    pages.db.session.commit()
    assert pages.post(f"/stores/{here.id}/delete", typed=here.name).status_code == 503
    pages.db.session.expire_all()
    assert here.state == StoreState.ACTIVE


def test_a_deleted_store_is_gone_with_all_that_hangs_on_it_and_others_keep_theirs(pages: Pages, here: Store) -> None:
    account, number = here.account, here.id
    other = making.store(pages.db, account, "GB")
    shared = furnish(pages, here, "SHARED").sku
    kept_listing = furnish(pages, other, shared)
    furnish(pages, here, "ALONE")
    stores.activate(current(), here)
    stores.deactivate(current(), here)
    delete(pages, here)
    assert "Being deleted" in pages.text(f"/stores/{number}/life")
    work(pages)
    assert count(pages, Store, Store.id == number) == 0
    assert [row.id for row in pages.db.session.scalars(sa.select(Listing))] == [kept_listing.id]
    assert [row.sku for row in pages.db.session.scalars(sa.select(Sku))] == ["SHARED"]
    assert count(pages, Aspect) == 2
    assert count(pages, Submission) == 3
    assert count(pages, Stream, Stream.store_id == number) == 0
    assert pages.get(f"/stores/{number}").status_code == 404
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                there = sa.select(key.column)
                lost = sa.select(sa.func.count()).where(column.is_not(None), column.not_in(there))
                assert pages.db.session.scalar(lost) == 0, column


def test_orders_and_their_stock_outlive_the_store(pages: Pages, here: Store) -> None:
    order = making.order(pages.db, here.account, here)
    pages.db.session.add(
        StockEntry(
            order_item_id=order.items[0].id,
            sequence=1,
            product_id="7",
            kind=StockChange.SALE,
            delta=-1,
            created_at=NOW,
        )
    )
    note(pages.db.session(), NOW, "order", "It came.", order_id=order.id, store_id=here.id)
    pages.db.session.commit()
    delete(pages, here)
    work(pages)
    assert count(pages, AmazonOrder, AmazonOrder.store_id.is_(None)) == 1
    assert count(pages, StockEntry) == 1
    assert count(pages, Activity, Activity.sentence == "It came.", Activity.store_id.is_(None)) == 1


def test_who_deleted_it_stays_in_the_history_of_the_account(pages: Pages, here: Store) -> None:
    making.store(pages.db, here.account, "GB")
    changing.change(current(), here, {"look_back_days": 4})
    account_id = here.account_id
    delete(pages, here)
    work(pages)
    kept = pages.db.session.scalars(sa.select(Change).order_by(Change.id)).all()
    assert [(one.setting, one.subject_name, one.store_id, one.account_id) for one in kept] == [
        ("look_back_days", "Potter DE", None, account_id),
        ("state", "Potter DE", None, account_id),
    ]
    page = pages.text(f"/accounts/{account_id}/changes")
    assert "Potter DE" in page
    assert "Being deleted" in page
    assert "What it was about is gone." in pages.text(f"/changes/{kept[0].id}")


def test_a_deletion_that_was_interrupted_goes_on_where_it_stopped(
    pages: Pages, here: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        furnish(pages, here, f"MUG-{number}")
    monkeypatch.setattr(deleting_stores, "ROOM", 7)
    monkeypatch.setattr(deleting_stores, "PORTION", 2)
    monkeypatch.setattr(deleting_stores, "WORK_AT_MOST", 0.0)
    delete(pages, here)
    here_id = here.id
    channel = current()
    assert deleting_stores.delete_stores(channel) == 1
    assert count(pages, Listing) == 6

    monkeypatch.setattr(deleting_stores, "WORK_AT_MOST", 3600.0)
    clock = iter([0.0, 1.0, 2.0, 3.0, 4000.0])
    monkeypatch.setattr(deleting_stores.time, "monotonic", partial(next, clock))
    deleting_stores.delete_stores(channel)
    left = count(pages, Listing)
    assert count(pages, Activity) < 12
    monkeypatch.setattr(deleting_stores.time, "monotonic", time.perf_counter)
    assert left > 0
    work(pages)
    assert count(pages, Store, Store.id == here_id) == 0
    assert count(pages, Activity, Activity.sku_id.is_not(None)) == 0


def test_no_transaction_of_a_deletion_is_large(pages: Pages, here: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = furnish(pages, here)
    for number in range(300):
        note(pages.db.session(), NOW, "state", f"{number}", listing_id=listing.id, store_id=here.id)
    pages.db.session.commit()
    monkeypatch.setattr(deleting_stores, "ROOM", 50)
    deleted: list[int] = []

    def counted(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith("DELETE"):
            deleted.append(cursor.rowcount)

    delete(pages, here)
    sa.event.listen(pages.db.engine, "after_cursor_execute", counted)
    work(pages)
    sa.event.remove(pages.db.engine, "after_cursor_execute", counted)
    assert sum(deleted) > 300
    assert max(deleted) <= deleting_stores.AT_ONCE


def test_what_amazon_has_not_answered_is_waited_for_a_day(pages: Pages, here: Store) -> None:
    row = furnish(pages, here)
    price = pages.db.session.scalars(sa.select(Aspect).where(Aspect.listing_id == row.id)).one()
    sent = Submission(
        aspect_id=price.id,
        open_aspect_id=price.id,
        state="unknown",
        generation=2,
        marketplace_id=here.marketplace_id,
        patches=[],
        created_at=ago(hours=1),
    )
    pages.db.session.add(sent)
    pages.db.session.commit()
    number = here.id
    delete(pages, here)
    work(pages)
    assert count(pages, Listing) == 1
    assert "Waits for Amazon's answer about 1 of its listings." in pages.text(f"/stores/{number}/life")
    in_transaction(
        pages.db.session(), lambda: pages.db.session.execute(sa.update(Submission).values(created_at=ago(days=2)))
    )
    in_transaction(pages.db.session(), lambda: pages.db.session.execute(sa.update(Stream).values(due_at=NOW)))
    work(pages)
    assert count(pages, Store, Store.id == number) == 0


def test_a_store_that_is_being_deleted_does_not_come_back(pages: Pages, here: Store) -> None:
    delete(pages, here)
    for what in ("activate", "archive", "deactivate"):
        pages.post(f"/stores/{here.id}/{what}")
        pages.db.session.expire_all()
        assert here.state == StoreState.DELETING


def test_settings_are_copied_with_a_preview_and_kept_as_changes(pages: Pages, here: Store) -> None:
    britain = making.store(pages.db, here.account, "GB")
    france = making.store(pages.db, here.account, "FR")
    making.listing(pages.db, france)
    here.threshold, here.price_minimum_minor, here.vat_percent = 3, 500, Decimal(7)
    pages.db.session.commit()
    fields = {
        "stores": [str(britain.id), str(france.id)],
        "settings": ["threshold", "price_minimum_minor", "vat_percent"],
        "csrf_token": pages.token(),
    }
    shown = pages.browser.post(f"/amazon/stores/{here.id}/copy", data=fields)
    page = said(shown)
    assert shown.status_code == 200
    assert "Left out, because its currency is GBP: Lowest price." in page
    assert "1 changes its price" in page
    pages.db.session.expire_all()
    assert (britain.threshold, france.threshold) == (0, 0)
    answer = pages.browser.post(f"/amazon/stores/{here.id}/copy", data=fields | {"seen": "yes"})
    assert "2 stores have new settings." in said(pages.browser.get(answer.location))
    pages.db.session.expire_all()
    assert (britain.threshold, britain.price_minimum_minor) == (3, None)
    assert (france.threshold, france.price_minimum_minor, france.vat_percent) == (3, 500, Decimal(7))
    assert count(pages, Change, Change.store_id == france.id) == 3


def test_settings_that_changed_after_the_preview_are_left_as_they_are(pages: Pages, here: Store) -> None:
    france = making.store(pages.db, here.account, "FR")
    here.look_back_days = 9
    pages.db.session.commit()
    changing.change(current(), france, {"threshold": 1})
    fields = {"stores": str(france.id), "settings": "look_back_days", f"version-{france.id}": "1", "seen": "yes"}
    answer = pages.post(f"/stores/{here.id}/copy", **fields)
    assert "was left as it is" in said(pages.browser.get(answer.location))
    pages.db.session.expire_all()
    assert france.look_back_days == 2


def test_settings_are_copied_only_to_stores_that_the_person_administers(pages: Pages, here: Store) -> None:
    foreign = making.store(pages.db, making.account(pages.db, name="Foreign"), "FR")
    pages.person.stores = [here.id]
    assert "Foreign" not in pages.text(f"/stores/{here.id}/copy")
    fields = {"stores": str(foreign.id), "settings": "look_back_days", "seen": "yes"}
    assert pages.post(f"/stores/{here.id}/copy", **fields).status_code == 422
    assert isinstance(pages.person, Person)


def test_a_store_that_is_being_deleted_stops_taking_part_at_once(pages: Pages, here: Store) -> None:
    pages.db.session.add(Stream(store_id=here.id, name=StreamName.LISTINGS, due_at=NOW))
    pages.db.session.commit()
    delete(pages, here)
    pages.db.session.expire_all()
    assert not here.is_active
    assert not here.is_sending
