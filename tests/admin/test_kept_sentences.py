"""What was written down for people is read in each reader's language; what others wrote stays as they wrote it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from flask_amazon_channel.channel import current
from flask_amazon_channel.errors import AccountDisconnected, ShopRefused
from flask_amazon_channel.models import (
    Activity,
    Run,
    RunPart,
    RunState,
    SellerAccount,
    Store,
    Stream,
    StreamName,
    Submission,
)
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.rules.phrases import joined, kept, phrase
from flask_amazon_channel.rules.reasons import ASPECTS, because
from flask_amazon_channel.sync import freezing, stores
from flask_amazon_channel.sync.accounts import disconnect
from flask_amazon_channel.sync.alerts.evaluate import evaluate
from flask_amazon_channel.sync.ownership import set_owner
from flask_amazon_channel.sync.settings import changing
from tests.admin import making
from tests.admin.conftest import Pages
from tests.admin.making import NOW
from tests.manual.pages import ROOT

GERMAN = {"Accept-Language": "de"}
NO_PRODUCT = "No product of the shop is known for {skus}: match it, and the order is created."


def in_german(pages: Pages, address: str) -> str:
    return pages.text(address, headers=GERMAN)


def keep(pages: Pages, *rows: object) -> None:
    pages.db.session.add_all(rows)
    pages.db.session.commit()


def test_a_german_reader_reads_the_diary_in_german(pages: Pages, here: Store) -> None:
    stores.deactivate(current(), here)
    freezing.freeze(current(), here, "Stock taking")
    diary = in_german(pages, f"/stores/{here.id}/activity")
    assert "Potter DE ruht." in diary
    assert "Potter DE ist eingefroren: Es wird nichts gesendet. Stock taking" in diary
    assert "Potter DE rests." in pages.text(f"/stores/{here.id}/activity")


def test_words_in_a_line_of_the_diary_are_translated_too(pages: Pages, here: Store) -> None:
    mug = making.listing(pages.db, here)
    set_owner(current(), mug, "price_owner", "repricer")  # type: ignore[arg-type]
    diary = in_german(pages, f"/listings/{mug.id}/activity")
    assert "Wer über den Preis entscheidet: ein anderer Repricer (vorher: der Shop)." in diary


def test_settings_are_called_in_the_diary_what_their_form_calls_them(pages: Pages, here: Store) -> None:
    changing.change(current(), here, {"threshold": 3, "publishes_price": False, "on_drift_price": "ignore"})
    diary = in_german(pages, f"/stores/{here.id}/activity")
    assert "Einstellungen von Potter DE:" in diary
    assert all(said in diary for said in ("Nötiger Bestand = 3", "Preise senden = nein", "Nur zeigen"))
    assert "Stock needed = 3, Send prices = no" in pages.text(f"/stores/{here.id}/activity")


def test_a_german_reader_reads_in_german_why_an_order_waits(pages: Pages, here: Store) -> None:
    reason = because("no_product", NO_PRODUCT, "order", skus="CUP-{2}")
    amazons = "The buyer's {address} is odd."
    problem = joined([str(ShopRefused(reason.sentence)), amazons])
    order = making.order(pages.db, here.account, here, problem=problem, due_at=NOW)
    for address in (f"/orders/{order.id}", "/orders", f"/stores/{here.id}/failures/orders"):
        assert "ist kein Produkt des Shops bekannt" in in_german(pages, address), address
        assert "CUP-{2}" in in_german(pages, address)
        assert amazons in in_german(pages, address)
        assert "No product of the shop is known" in pages.text(address)


def test_a_german_reader_reads_in_german_which_sums_of_an_order_do_not_add_up(pages: Pages, here: Store) -> None:
    text = "The parts of the order add up to {found} {currency}, Amazon's total is {expected}."
    said = phrase(text, found=Decimal("9.50"), currency="EUR", expected=Decimal("10.00"))
    order = making.order(pages.db, here.account, here, details={"totals_differ": kept(said)})
    plain = making.order(pages.db, here.account, here, details={"totals_differ": "It was {plain} before."})
    assert "Die Teile der Bestellung ergeben 9.50 EUR" in in_german(pages, f"/orders/{order.id}")
    assert said in pages.text(f"/orders/{order.id}")
    assert "It was {plain} before." in in_german(pages, f"/orders/{plain.id}")


def test_a_german_reader_reads_in_german_why_an_account_rests(pages: Pages, here: Store) -> None:
    gone = phrase("The seller's consent was revoked or has run out: connect the account again.")
    disconnect(current(), here.account_id, str(AccountDisconnected(gone, operation="token", status=400)))
    evaluate(current())
    said = "Die Zustimmung des Verkäufers wurde widerrufen oder ist abgelaufen: Verbinden Sie das Konto erneut."
    for address in (f"/accounts/{here.account_id}", f"/stores/{here.id}", "/alerts", "/"):
        assert said in in_german(pages, address), address
        assert "revoked" not in in_german(pages, address)
    assert f"{said} (token, HTTP 400)" in in_german(pages, f"/accounts/{here.account_id}")


def test_a_german_reader_reads_in_german_what_is_wrong_with_a_store(pages: Pages, of: SellerAccount) -> None:
    text = "The account does not sell on {domain}: register it in Seller Central."
    row = making.store(pages.db, of, problem=phrase(text, domain="www.amazon.de"))
    assert "Das Konto verkauft nicht auf www.amazon.de" in in_german(pages, f"/stores/{row.id}")


def test_a_german_reader_reads_in_german_why_runs_and_readings_failed(pages: Pages, here: Store) -> None:
    times = {"began": NOW, "seen_at": NOW, "ended": NOW}
    run = Run(name="cycle", state=RunState.KILLED, process="h 1", problem=phrase("It was told to stop."), **times)
    away = phrase("Amazon is not available.")
    run.parts = [RunPart(account_id=here.account_id, store_id=here.id, journey="listings", failures=1, problem=away)]
    keep(pages, run, Stream(store_id=here.id, name=StreamName.LISTINGS, failures=4, problem=away))
    runs = in_german(pages, "/runs")
    assert "Ihm wurde gesagt, dass er aufhören soll." in runs
    assert "Amazon ist nicht erreichbar." in runs
    assert "Amazon ist nicht erreichbar." in in_german(pages, f"/stores/{here.id}/failures")


def test_a_german_reader_reads_in_german_what_became_of_a_change(pages: Pages, here: Store) -> None:
    from flask_amazon_channel.models import Aspect

    mug = making.listing(pages.db, here)
    aspect = Aspect(account_id=here.account_id, sku_id=mug.sku_id, name="quantity", due_at=None)
    keep(pages, aspect)
    lost, refused = phrase("It never arrived at Amazon."), "Amazon's own words."
    for state, problem in (("lost", lost), ("invalid", refused)):
        sent = {"generation": 1, "marketplace_id": here.marketplace_id, "quantity": 4, "patches": [], "created_at": NOW}
        keep(pages, Submission(aspect_id=aspect.id, state=state, problem=problem, **sent))
    for address in (f"/listings/{mug.id}", f"/stores/{here.id}/listing-changes"):
        assert "Es ist nie bei Amazon angekommen." in in_german(pages, address)
        assert refused in in_german(pages, address)


def test_what_was_written_down_as_plain_text_is_shown_as_it_is(pages: Pages, here: Store) -> None:
    keep(pages, Activity(at=NOW, action="test", store_id=here.id, sentence="It rests, {said} somebody."))
    assert "It rests, {said} somebody." in in_german(pages, f"/stores/{here.id}/activity")


def test_what_an_export_says_is_in_the_language_of_the_reader(pages: Pages, here: Store) -> None:
    stores.deactivate(current(), here)
    file = pages.get(f"/stores/{here.id}/activity?format=csv", headers=GERMAN).text
    assert "Potter DE ruht." in file


def test_the_diary_is_searched_by_its_english_words_and_not_by_what_nobody_sees(pages: Pages, here: Store) -> None:
    said = phrase("Price {price} {currency} is live at Amazon.", price=Decimal("19.90"), currency="EUR")
    note(pages.db.session(), NOW, "price", said, store_id=here.id)
    pages.db.session.commit()
    address = f"/stores/{here.id}/activity"
    assert "19.90 EUR" in pages.text(f"{address}?q=is+LIVE+at")
    assert "19.90 EUR" in pages.text(f"{address}?sentence=19.90+eur")
    assert "19.90 EUR" not in pages.text(f"{address}?q=decimal")
    assert "19.90 EUR" not in pages.text(f"{address}?sentence=decimal")


@pytest.mark.parametrize(
    ("n", "german", "english"),
    [(1, "1 Bestellung konnte nicht", "1 order could not"), (2, "2 Bestellungen konnten nicht", "2 orders could not")],
)
def test_an_alert_knows_one_and_many(pages: Pages, here: Store, n: int, german: str, english: str) -> None:
    for _ in range(n):
        making.order(pages.db, here.account, here, problem="No product.", due_at=NOW, failures=2)
    evaluate(current())
    assert german in in_german(pages, "/alerts")
    assert english in pages.text("/alerts")


def test_the_words_in_an_alert_are_translated_too(pages: Pages, here: Store) -> None:
    from flask_amazon_channel.models.alerts import told
    from flask_amazon_channel.rules.alerts import Alarm, Severity, Subject

    reason = because("not_published", "{store} does not publish {what}.", store="Potter", what=ASPECTS["prices"])
    columns = told(Alarm(Subject(here.account_id, here.id), Severity.WARN, reason))
    making.alert(pages.db, here, **columns)
    assert "Preise" in in_german(pages, "/alerts")


def test_no_template_shows_a_kept_sentence_without_translating_it() -> None:
    bare = [
        (file.name, shown)
        for file in sorted((ROOT / "templates").rglob("*.html"))
        for shown in re.findall(r"\{\{-? *([\w.]+\.(?:problem|sentence))\b", file.read_text(encoding="utf-8"))
    ]
    assert bare == [("_chart.html", "chart.sentence")]
