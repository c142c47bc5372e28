"""The logs, the reports, what failed, and what needs a person: each page over rows made by hand."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from flask_amazon_channel.models import (
    Activity,
    Alert,
    AmazonOrder,
    Aspect,
    CallError,
    Listing,
    ListingIssue,
    Run,
    RunState,
    Store,
    Stream,
    StreamName,
    Submission,
    SubmissionState,
)
from flask_amazon_channel.rules.alerts import Alarm, Severity, Subject
from flask_amazon_channel.rules.reasons import because
from flask_amazon_channel.sync.bulk import failures as bulk
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import NOW, ago


@pytest.fixture
def there(pages: Pages, here: Store) -> Store:
    return making.store(pages.db, here.account, "GB")


def keep(pages: Pages, *rows: Any) -> None:
    pages.db.session.add_all(rows)
    pages.db.session.commit()


def sent(pages: Pages, listing: Listing, **values: Any) -> Submission:
    """Let a price of the listing, or a quantity of its SKU, have been sent."""
    is_quantity = "quantity" in values
    of = {"sku_id": listing.sku_id} if is_quantity else {"listing_id": listing.id}
    name = "quantity" if is_quantity else "price"
    aspect = pages.db.session.scalar(sa.select(Aspect).filter_by(name=name, **of))
    if aspect is None:
        aspect = Aspect(account_id=listing.store.account_id, name=name, **of)
        keep(pages, aspect)
    usual = {"sellable": values["quantity"]} if is_quantity else {"price_minor": 2100}
    given = {
        "aspect_id": aspect.id,
        "generation": 1,
        "state": SubmissionState.LIVE,
        "marketplace_id": listing.store.marketplace_id,
        "patches": [],
        "created_at": ago(minutes=5),
    }
    row = Submission(**{**given, **usual, **values})
    keep(pages, row)
    return row


def alert(pages: Pages, code: str = "listings_refused", **about: int) -> Alert:
    alarm = Alarm(Subject(**about), Severity.WARN, because(code, "It is {how}.", "failures", how="odd"))
    row = Alert.of(alarm, ago(hours=2))
    keep(pages, row)
    return row


# Listing changes


def test_what_was_sent_is_listed_with_old_and_new_and_what_came_of_it(pages: Pages, here: Store) -> None:
    mug = making.listing(pages.db, here, "MUG-7")
    sent(pages, mug, before=1990)
    sent(pages, mug, quantity=4, before=12, state=SubmissionState.INVALID, problem="The quantity is odd.")
    text = pages.text(f"/stores/{here.id}/listing-changes")
    assert "MUG-7 Price €19.90 €21.00 Live" in text
    assert "MUG-7 Quantity 12 4 Refused by Amazon The quantity is odd." in text


def test_a_store_does_not_tell_what_was_sent_for_another(pages: Pages, here: Store, there: Store) -> None:
    mug = making.listing(pages.db, there, "MUG-7")
    making.listing(pages.db, here, mug.sku)
    sent(pages, mug)
    sent(pages, mug, quantity=4)
    assert "Nothing was sent yet" in pages.text(f"/stores/{here.id}/listing-changes")
    assert "MUG-7" in pages.text(f"/stores/{there.id}/listing-changes")


def test_changes_are_exported_in_major_units(pages: Pages, here: Store) -> None:
    sent(pages, making.listing(pages.db, here, "MUG-7"), before=1990)
    answer = pages.get(f"/stores/{here.id}/listing-changes?format=csv")
    assert "19.90" in answer.text
    assert "21.00" in answer.text


def test_changes_are_found_by_sku_and_by_outcome(pages: Pages, here: Store) -> None:
    sent(pages, making.listing(pages.db, here, "MUG-7"))
    sent(pages, making.listing(pages.db, here, "CUP-8"), state=SubmissionState.INVALID)
    address = f"/stores/{here.id}/listing-changes"
    assert "CUP-8" not in pages.text(f"{address}?q=MUG")
    refused = pages.text(f"{address}?state=invalid")
    assert "CUP-8" in refused
    assert "MUG-7" not in refused


# Communication errors


def error(pages: Pages, at: Store, **values: Any) -> CallError:
    given = {
        "bucket": f"{values.get('operation')} {values.get('status')}",
        "account_id": at.account_id,
        "marketplace_id": at.marketplace_id,
        "operation": "patchListingsItem",
        "status": 400,
        "code": "InvalidInput",
        "message": "The price is odd.",
        "times": 3,
        "first_at": ago(minutes=9),
        "last_at": ago(minutes=3),
    }
    row = CallError(**{**given, **values})
    keep(pages, row)
    return row


def test_a_failed_call_says_what_amazon_said_and_how_often(pages: Pages, here: Store) -> None:
    error(pages, here)
    error(pages, here, operation="getOrder", status=404, message="")
    error(pages, here, operation="searchOrders", status=None, message="", code="")
    text = pages.text(f"/stores/{here.id}/errors")
    assert "patchListingsItem 400 InvalidInput The price is odd. 3" in text
    assert "Not kept: it might name a buyer." in text
    assert "No answer – Amazon did not answer." in text


def test_calls_about_a_whole_account_are_for_who_sees_all_of_it(pages: Pages, here: Store, there: Store) -> None:
    error(pages, here, marketplace_id=None, operation="searchOrders")
    error(pages, there, operation="getListingsItem")
    address = f"/stores/{here.id}/errors"
    assert "searchOrders" in pages.text(address)
    assert "getListingsItem" not in pages.text(address)
    pages.person.stores = [here.id]
    assert "searchOrders" not in pages.text(address)


# Activity


def test_each_listing_and_each_order_has_its_own_diary(pages: Pages, here: Store, there: Store) -> None:
    mug = making.listing(pages.db, here, "MUG-7")
    cup = making.listing(pages.db, here, "CUP-8")
    bought = making.order(pages.db, here.account, here)
    for about, sentence in (
        ({"listing_id": mug.id, "sku_id": mug.sku_id}, "The mug moved."),
        ({"sku_id": mug.sku_id, "store_id": there.id}, "Elsewhere it moved."),
        ({"listing_id": cup.id, "sku_id": cup.sku_id}, "The cup moved."),
        ({"order_id": bought.id}, "It was bought."),
    ):
        keep(pages, Activity(at=NOW, action="test", sentence=sentence, **{"store_id": here.id, **about}))
    of_mug = pages.text(f"/listings/{mug.id}/activity")
    assert "The mug moved." in of_mug
    assert "The cup moved." not in of_mug
    assert "Elsewhere" not in of_mug
    of_order = pages.text(f"/orders/{bought.id}/activity")
    assert "It was bought." in of_order
    assert "moved" not in of_order
    of_store = pages.text(f"/stores/{here.id}/activity")
    assert all(said in of_store for said in ("The mug moved.", "The cup moved.", "It was bought."))
    assert "Elsewhere" not in of_store


# Improvements


def issue(listing: Listing, code: str, message: str = "A brand is required.", **values: Any) -> ListingIssue:
    given = {"severity": "WARNING", "attribute_names": ["brand"], "seen_at": NOW}
    return ListingIssue(listing_id=listing.id, code=code, message=message, **{**given, **values})


def test_issues_are_grouped_by_what_would_be_mended_and_lead_to_the_listings(
    pages: Pages, here: Store, there: Store
) -> None:
    mugs = [making.listing(pages.db, here, f"MUG-{n}") for n in range(3)]
    keep(pages, *(issue(mug, "90220") for mug in mugs), issue(mugs[0], "90220"))
    keep(pages, issue(mugs[0], "18027", "The picture is small.", severity="ERROR"))
    keep(pages, issue(making.listing(pages.db, there, "CUP-8"), "90220"))
    answer = pages.get(f"/stores/{here.id}/improvements")
    text = said(answer)
    assert "90220 Warning A brand is required. 3 brand" in text
    assert "18027 Error The picture is small. 1 brand" in text
    assert text.index("90220") < text.index("18027")
    assert f"/amazon/stores/{here.id}/issues?code=90220" in answer.text
    found = pages.text(f"/stores/{here.id}/issues?code=90220&severity=WARNING")
    assert all(f"MUG-{n}" in found for n in range(3))
    assert "CUP-8" not in found
    assert "picture" not in found


def test_where_no_competitors_price_was_read_none_is_shown(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here, "MUG-7")
    text = pages.text(f"/stores/{here.id}/prices")
    assert "No competitor’s price was read yet" in text
    assert "MUG-7" not in text


# What failed


def test_what_failed_is_counted_and_says_when_it_is_tried_again(pages: Pages, here: Store) -> None:
    making.order(pages.db, here.account, here, problem="No product.", due_at=NOW, failures=2)
    sent(pages, making.listing(pages.db, here, "MUG-7"), state=SubmissionState.NOT_APPLIED)
    failing = {"failures": 4, "problem": "Amazon did not answer.", "due_at": NOW}
    keep(pages, Stream(store_id=here.id, name=StreamName.LISTINGS, **failing))
    text = pages.text(f"/stores/{here.id}/failures")
    assert "Orders that wait 1" in text
    assert "Changes that Amazon did not take 1" in text
    assert "Failed 4 times in a row Amazon did not answer." in text


def test_reading_is_begun_anew_by_a_button(pages: Pages, here: Store) -> None:
    keep(pages, Stream(store_id=here.id, name=StreamName.LISTINGS, failures=4, problem="No.", due_at=None))
    assert pages.post(f"/stores/{here.id}/failures/read", name="listings").status_code == 303
    pages.db.session.expire_all()
    stream = pages.db.session.scalars(sa.select(Stream).filter_by(store_id=here.id)).one()
    assert (stream.due_at, stream.failures) == (NOW, 0)
    assert pages.post(f"/stores/{here.id}/failures/read", name="moon").status_code == 400


def test_the_accounts_orders_are_read_anew_only_by_who_operates_all_of_it(
    pages: Pages, here: Store, there: Store
) -> None:
    assert pages.post(f"/stores/{here.id}/failures/read", name="orders").status_code == 303
    pages.person.stores = [here.id]
    assert pages.post(f"/stores/{here.id}/failures/read", name="orders").status_code == 403


def test_orders_that_wait_can_be_tried_again_together(pages: Pages, here: Store) -> None:
    waits = making.order(pages.db, here.account, here, problem="No product.", due_at=NOW, failures=2)
    making.order(pages.db, here.account, here)
    address = f"/stores/{here.id}/failures/orders"
    text = pages.text(address)
    assert f"{waits.amazon_order_id} No product. 2" in text
    assert "Try again now" in text
    answer = pages.post(
        f"/stores/{here.id}/bulk", address, grid="failed-orders", action="retry", ids=str(waits.id), back=address
    )
    assert answer.status_code == 303
    preview = pages.browser.get(answer.headers["Location"])
    assert "1 order is asked for at Amazon anew" in said(preview)


def test_a_refused_change_is_sent_again_though_it_is_the_same(pages: Pages, here: Store) -> None:
    mug = making.listing(pages.db, here, "MUG-7")
    refused = sent(pages, mug, state=SubmissionState.INVALID)
    pages.db.session.rollback()
    assert bulk.send_again(pages_channel(pages), [refused.id], {}).changed == 1
    pages.db.session.expire_all()
    assert pages.db.session.get_one(Submission, refused.id).state == SubmissionState.SUPERSEDED
    assert pages.db.session.get_one(Aspect, refused.aspect_id).due_at == NOW


def pages_channel(pages: Pages) -> Any:
    from flask_amazon_channel.channel import installed

    return installed(pages.app)


def test_only_the_newest_change_of_a_listing_is_listed_as_refused(pages: Pages, here: Store) -> None:
    mug = making.listing(pages.db, here, "MUG-7")
    sent(pages, mug, state=SubmissionState.INVALID)
    address = f"/stores/{here.id}/failures/changes"
    assert "MUG-7" in pages.text(address)
    sent(pages, mug)
    assert "Amazon has taken everything" in pages.text(address)


# The report


def small(pages: Pages, here: Store) -> Stream:
    stream = Stream(store_id=here.id, name=StreamName.LISTINGS_REPORT, rows_seen=400, rows_refused=10, failures=1)
    keep(pages, stream)
    return stream


def test_a_report_that_is_suspiciously_small_can_be_accepted_by_who_is_sure(pages: Pages, here: Store) -> None:
    stream = small(pages, here)
    address = f"/stores/{here.id}/listings-report"
    assert "it has 10 listings, the one before had 400." in pages.text(address)
    pages.post(address, address)
    pages.db.session.expire_all()
    assert pages.db.session.get_one(Stream, stream.id).rows_seen == 400
    pages.post(address, address, sure="yes")
    pages.db.session.expire_all()
    stream = pages.db.session.get_one(Stream, stream.id)
    assert (stream.rows_seen, stream.rows_refused, stream.due_at) == (None, None, NOW)
    line = pages.db.session.scalars(sa.select(Activity)).one()
    assert (line.actor_name, line.store_id) == ("Ada", here.id)
    assert "suspiciously" not in pages.text(address)


def test_who_may_only_view_cannot_accept_a_report(pages: Pages, here: Store) -> None:
    small(pages, here)
    address = f"/stores/{here.id}/listings-report"
    token = pages.token(address)
    pages.person.permissions = ("view",)
    assert "Believe the next report" not in pages.text(address)
    answer = pages.browser.post(f"/amazon{address}", data={"csrf_token": token, "sure": "yes"})
    assert answer.status_code == 403


# Alerts


def test_open_alerts_are_listed_with_a_link_and_those_that_are_over_are_a_filter_away(
    pages: Pages, here: Store
) -> None:
    alert(pages, store_id=here.id, account_id=here.account_id)
    over = alert(pages, "orders_unread", account_id=here.account_id)
    over.open_key, over.ended = None, NOW
    pages.db.session.commit()
    answer = pages.get("/alerts")
    assert "It is odd." in said(answer)
    assert f"/amazon/stores/{here.id}/failures" in answer.text
    assert "Orders not read" not in said(answer).partition("What Since")[2]
    assert said(pages.get("/alerts?view=all")).count("It is odd.") == 2


def test_alerts_of_a_store_are_hidden_from_who_may_not_see_it(pages: Pages, here: Store, there: Store) -> None:
    alert(pages, store_id=there.id, account_id=here.account_id)
    alert(pages, "orders_unread", account_id=here.account_id)
    pages.person.stores = [here.id]
    for address in ("/alerts", f"/stores/{here.id}/alerts"):
        assert "It is odd." not in pages.text(address)
    pages.person.stores = None
    assert pages.text(f"/stores/{here.id}/alerts").count("It is odd.") == 1
    assert pages.text("/alerts").count("It is odd.") == 2


def test_every_kind_of_alert_has_a_name() -> None:
    import inspect
    import re

    from flask_amazon_channel.admin.alerts import KINDS
    from flask_amazon_channel.rules import alerts, breaker, deadlines

    source = "".join(inspect.getsource(module) for module in (alerts, breaker, deadlines))
    known = set(re.findall(r'because\(\s*"([a-z_]+)"', source)) | {f"{name}_failing" for name in alerts._READ}
    known |= {"account_frozen", "store_frozen", "authorisation_expiring", "secret_expiring"}
    known |= {"mail_undelivered", "webhook_undelivered"}
    assert known - {"looks_at_others_first"} <= set(KINDS)


def test_silence_is_said_on_the_page_of_alerts_though_nobody_stored_it(pages: Pages, here: Store) -> None:
    here.activated_at = ago(hours=3)
    pages.db.session.commit()
    assert "No worker has given a sign of life" in pages.text("/alerts")


# Runs without an account


def test_runs_that_belong_to_no_account_are_on_the_page_of_all_runs(pages: Pages, here: Store, there: Store) -> None:
    times = {"began": ago(minutes=5), "seen_at": ago(minutes=4), "ended": ago(minutes=4)}
    keep(pages, Run(name="rotate-keys", state=RunState.FAILED, process="here 1", problem="It broke.", **times))
    assert "rotate-keys" in pages.text("/runs")
    assert "rotate-keys" not in pages.text(f"/stores/{here.id}/runs")
    pages.person.stores = [here.id]
    assert pages.get("/runs").status_code == 403


def test_every_order_that_waits_is_of_the_store(pages: Pages, here: Store, there: Store) -> None:
    making.order(pages.db, here.account, there, problem="No product.", due_at=NOW)
    assert "Every order is in the shop" in pages.text(f"/stores/{here.id}/failures/orders")
    assert pages.db.session.scalar(sa.select(sa.func.count()).select_from(AmazonOrder)) == 1
