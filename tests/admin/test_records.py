"""The pages of what ran, of the debug log, and the answers to what somebody changed at Amazon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from flask_amazon_channel.admin import formats
from flask_amazon_channel.models import Activity, Aspect, LoggedCall, Run, RunPart, RunState, SellerAccount, Store
from flask_amazon_channel.sync import cycles
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.making import NOW, ago


def run(pages: Pages, of: SellerAccount, at: Store | None, **values: Any) -> Run:
    given: dict[str, Any] = {"name": "cycle", "state": RunState.DONE, "process": "here 1", "worked_on": 7}
    record = Run(**{**given, "began": ago(minutes=5), "seen_at": ago(minutes=4), "ended": ago(minutes=4), **values})
    pages.db.session.add(record)
    pages.db.session.flush()
    part = {"journey": "prices", "worked_on": 7, "calls": 3, "account_id": of.id, "store_id": at.id if at else None}
    pages.db.session.add(RunPart(run_id=record.id, **part))
    pages.db.session.commit()
    return record


def call(pages: Pages, at: Store, **values: Any) -> LoggedCall:
    given = {
        "account_id": at.account_id,
        "marketplace_id": at.marketplace_id,
        "at": ago(minutes=1),
        "operation": "getListingsItem",
        "method": "GET",
        "path": "/listings/2021-08-01/items/A1/MUG-7",
        "status": 200,
        "milliseconds": 120,
    }
    row = LoggedCall(**{**given, **values})
    pages.db.session.add(row)
    pages.db.session.commit()
    return row


def test_a_run_says_what_how_many_how_long_and_why_it_ended(pages: Pages, here: Store) -> None:
    run(pages, here.account, here)
    for address in (f"/stores/{here.id}/runs", f"/accounts/{here.account_id}/runs"):
        text = pages.text(address)
        assert "Cycle Prices" in text
        assert "Done 4 minutes ago 1 min 0 s 7 3 0" in text


def test_a_killed_run_says_so(pages: Pages, here: Store) -> None:
    run(pages, here.account, here, state=RunState.KILLED)
    assert "Killed" in pages.text(f"/stores/{here.id}/runs")


def test_a_store_does_not_show_what_ran_for_another(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, here.account, "GB")
    run(pages, here.account, there, name="sync Potter GB")
    assert "Nothing ran yet" in pages.text(f"/stores/{here.id}/runs")


def test_which_store_a_command_was_asked_for_is_not_told_in_a_file_either(pages: Pages, here: Store) -> None:
    run(pages, here.account, here, name="sync Potter GB")
    answer = pages.get(f"/stores/{here.id}/runs?format=csv")
    assert "sync" in answer.text
    assert "GB" not in answer.text


def test_what_ran_for_the_whole_account_is_for_who_sees_all_of_it(pages: Pages, here: Store) -> None:
    making.store(pages.db, here.account, "GB")
    run(pages, here.account, None)
    assert "Cycle" in pages.text(f"/stores/{here.id}/runs")
    pages.person.stores = [here.id]
    assert "Nothing ran yet" in pages.text(f"/stores/{here.id}/runs")


def test_what_runs_now_shows_how_far_it_is(pages: Pages, here: Store) -> None:
    run(pages, here.account, here, state=RunState.RUNNING, ended=None, progress={"prices": {"done": 1200, "left": 300}})
    assert "Prices 1,200 done, 300 left" in pages.text(f"/stores/{here.id}/runs")


def test_runs_with_failures_can_be_picked_out(pages: Pages, here: Store) -> None:
    run(pages, here.account, here)
    assert "No such run" in pages.text(f"/stores/{here.id}/runs?failed=yes")
    pages.db.session.execute(sa.update(RunPart).values(failures=1, problem="Amazon did not answer."))
    pages.db.session.commit()
    assert "Amazon did not answer." in pages.text(f"/stores/{here.id}/runs?failed=yes")


def test_the_debug_log_is_switched_on_by_a_button_and_ends_by_itself(pages: Pages, here: Store) -> None:
    address = f"/stores/{here.id}/debug-log"
    assert pages.post(address, address, minutes="30").status_code == 303
    assert pages.db.session.get_one(Store, here.id).debug_until == NOW + timedelta(minutes=30)
    assert "On until" in pages.text(address)
    pages.db.session.execute(sa.update(Store).values(debug_until=ago(seconds=1)))
    pages.db.session.commit()
    assert "On until" not in pages.text(address)
    [line] = pages.db.session.scalars(sa.select(Activity))
    assert line.actor_name == "Ada"


def test_the_debug_log_is_not_on_for_any_time_that_is_asked_for(pages: Pages, here: Store) -> None:
    address = f"/stores/{here.id}/debug-log"
    assert pages.post(address, address, minutes="99999999").status_code == 400
    assert pages.db.session.get_one(Store, here.id).debug_until is None


def test_who_may_only_view_cannot_switch_the_debug_log(pages: Pages, here: Store) -> None:
    address = f"/stores/{here.id}/debug-log"
    token = pages.token(address)
    pages.person.permissions = ("view",)
    assert pages.browser.post(f"/amazon{address}", data={"csrf_token": token, "minutes": "30"}).status_code == 403
    assert "On for 30" not in pages.text(address)


def test_calls_are_found_by_operation_and_by_failure(pages: Pages, here: Store) -> None:
    call(pages, here)
    call(pages, here, operation="patchListingsItem", path="/listings/2021-08-01/items/A1/MUG-8", status=500)
    address = f"/stores/{here.id}/debug-log"
    assert "MUG-7" in pages.text(f"{address}?q=getListingsItem")
    assert "MUG-8" not in pages.text(f"{address}?q=getListingsItem")
    assert "MUG-8" in pages.text(f"{address}?failed=yes")
    assert "MUG-7" not in pages.text(f"{address}?failed=yes")


def test_calls_of_other_marketplaces_are_not_shown(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, here.account, "GB")
    call(pages, there)
    call(pages, here, marketplace_id=None, operation="searchOrders")
    address = f"/stores/{here.id}/debug-log"
    assert "getListingsItem" not in pages.text(address)
    assert "searchOrders" in pages.text(address)
    pages.person.stores = [here.id]
    assert "searchOrders" not in pages.text(address)


@pytest.fixture
def drifted(pages: Pages, here: Store) -> str:
    row = making.listing(pages.db, here, observed_price_minor=2500)
    sentence = "Somebody set the price 25.00 EUR at Amazon instead of 19.90 EUR."
    aspect = Aspect(account_id=here.account_id, listing_id=row.id, name="price", problem=sentence)
    aspect.drift_since = ago(hours=3)
    pages.db.session.add(aspect)
    pages.db.session.commit()
    return f"/listings/{row.id}"


def test_what_somebody_changed_is_shown_with_its_age(pages: Pages, drifted: str) -> None:
    text = pages.text(drifted)
    assert "Price: Somebody set the price 25.00 EUR" in text
    assert "Seen 3 hours ago first." in text
    assert "Send ours again" in text


def test_ours_is_sent_again_by_a_button(pages: Pages, drifted: str) -> None:
    assert pages.post(f"{drifted}/send-again", drifted, aspect="price").status_code == 303
    [aspect] = pages.db.session.scalars(sa.select(Aspect))
    assert aspect.due_at == NOW


def test_amazons_is_taken_over_by_a_button(pages: Pages, drifted: str) -> None:
    assert pages.post(f"{drifted}/take-over", drifted, aspect="price").status_code == 303
    [line] = pages.db.session.scalars(sa.select(Activity))
    assert (line.listing_id, line.actor_name) == (1, "Ada")
    assert "Set by hand" in pages.text(drifted)


def test_only_a_price_or_a_quantity_can_be_meant(pages: Pages, drifted: str) -> None:
    assert pages.post(f"{drifted}/take-over", drifted, aspect="existence").status_code == 400


def test_every_journey_has_a_name_for_people() -> None:
    assert {journey.name for journey in cycles.JOURNEYS} == set(formats.JOURNEYS)


def test_runs_and_their_parts_are_said_in_the_readers_language(pages: Pages, here: Store) -> None:
    run(pages, here.account, here)
    text = pages.text(f"/stores/{here.id}/runs?name=cycle", headers={"Accept-Language": "de"})
    assert "Durchgang" in text
    assert "cycle" not in text
