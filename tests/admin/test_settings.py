"""Changing the settings of accounts and stores: what is refused, shown before, due afterwards, and kept."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from flask_amazon_channel.admin.forms.settings import AccountSettings, StoreSettings
from flask_amazon_channel.channel import current
from flask_amazon_channel.models import (
    Aspect,
    AspectName,
    Change,
    Listing,
    SellerAccount,
    Sku,
    Store,
    Stream,
    StreamName,
)
from flask_amazon_channel.rules.values import ShopAttribute, Storefront
from flask_amazon_channel.sync.settings import changing, previewing
from tests.admin import making
from tests.admin.conftest import Pages, said
from tests.admin.making import NOW, ago


def fields(pages: Pages, address: str) -> dict[str, str]:
    """Return what the form of a page holds, as a browser would send it."""
    page = pages.get(address).text
    form = page[page.index('<form method="post" class="form') :]
    form = form[: form.index("</form>")]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        about = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if about.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        if "name" in about:
            found[about["name"]] = about.get("value", "y")
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


def save(pages: Pages, row: Store | SellerAccount, typed: dict[str, str] | None = None, **changed: str) -> Any:
    """Open the form, change something in it and send it, as often as it is asked."""
    address = f"/{'stores' if isinstance(row, Store) else 'accounts'}/{row.id}/settings"
    sent = (typed or fields(pages, address)) | changed
    return pages.browser.post(
        f"/amazon{address}", data={name: value for name, value in sent.items() if value is not None}
    )


def aspects(pages: Pages, row: Listing) -> None:
    """Keep the price of a listing and the quantity of its SKU, nothing of it due."""
    account_id = row.sku.account_id
    pages.db.session.add(Aspect(account_id=account_id, listing_id=row.id, name=AspectName.PRICE))
    pages.db.session.add(Aspect(account_id=account_id, sku_id=row.sku_id, name=AspectName.QUANTITY))
    pages.db.session.commit()


def due(pages: Pages) -> set[str]:
    pages.db.session.rollback()
    return set(pages.db.session.scalars(sa.select(Aspect.name).where(Aspect.due_at <= NOW)))


def test_the_form_shows_what_is_set_and_saving_it_unchanged_changes_nothing(pages: Pages, here: Store) -> None:
    answer = save(pages, here)
    assert answer.status_code == 303
    assert "Nothing was changed" in said(pages.browser.get(answer.location))
    assert pages.db.session.scalar(sa.select(sa.func.count()).select_from(Change)) == 0
    assert here.version == 1


def test_a_setting_is_stored_with_who_when_old_and_new(pages: Pages, here: Store) -> None:
    assert save(pages, here, name="Potter Germany", look_back_days="5").status_code == 303
    pages.db.session.expire_all()
    assert (here.name, here.look_back_days, here.version) == ("Potter Germany", 5, 2)
    kept = pages.db.session.scalars(sa.select(Change).order_by(Change.setting)).all()
    assert [(one.setting, one.old, one.new) for one in kept] == [
        ("look_back_days", 2, 5),
        ("name", "Potter DE", "Potter Germany"),
    ]
    assert {(one.actor_id, one.actor_name, one.at, one.store_id) for one in kept} == {("1", "Ada", NOW, here.id)}
    assert len({one.set_id for one in kept}) == 1


def test_amounts_are_read_in_the_readers_own_way_of_writing(pages: Pages, here: Store) -> None:
    pages.browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    assert save(pages, here, price_minimum_minor="4,50", vat_percent="19", seen="yes").status_code == 303
    pages.db.session.expire_all()
    assert (here.price_minimum_minor, here.vat_percent) == (450, Decimal(19))
    assert fields(pages, f"/stores/{here.id}/settings")["price_minimum_minor"] == "4,50"


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("name", "", "Give it a name."),
        ("name", "x" * 121, "At most 120 characters fit here."),
        ("threshold", "-1", "This must be 0 or more."),
        ("threshold", "two", "Write a whole number, such as 25."),
        ("threshold", "", "Write a number, 0 for any."),
        ("vat_percent", "101", "This must be 100 or less."),
        ("price_minimum_minor", "1.234", "Write a number, such as 19.90."),
        ("price_minimum_minor", "0", "This must be 0.01 or more."),
        ("price_minimum_minor", "1e3", "Write a number, such as 19.90."),
        ("alert_email", "nobody", "This is no mail address."),
        ("alert_webhook", "http://example.com/x", "The address must begin with https://."),
        ("on_drift_price", "shout", "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_at_the_field_and_at_the_top(
    pages: Pages, here: Store, name: str, typed: str, told: str
) -> None:
    answer = save(pages, here, **{name: typed})
    assert answer.status_code == 422
    assert said(answer).count(told) == 2
    assert f'href="#{name}' in answer.text
    if name not in ("on_drift_price",):
        assert re.search(rf'<input[^>]*aria-describedby="[^"]*{name}-error"[^>]*>', answer.text)
        assert f'value="{typed}"' in answer.text
    assert pages.db.session.scalar(sa.select(sa.func.count()).select_from(Change)) == 0


def test_the_highest_price_is_not_below_the_lowest(pages: Pages, here: Store) -> None:
    answer = save(pages, here, price_minimum_minor="10", price_maximum_minor="9.99")
    assert answer.status_code == 422
    assert "must not be below the lowest" in said(answer)


def test_yen_have_no_decimals(pages: Pages, here: Store) -> None:
    japan = making.store(pages.db, making.account(pages.db, region="fe"), "JP")
    assert save(pages, japan, price_minimum_minor="10.5", seen="yes").status_code == 422
    assert save(pages, japan, price_minimum_minor="1500", seen="yes").status_code == 303
    pages.db.session.expire_all()
    assert japan.price_minimum_minor == 1500


def test_before_listings_change_it_is_shown_what_becomes_of_them(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    making.listing(pages.db, here, "MUG-8", of_sku={"product_id": "8"})
    pages.shop.stock["8"] = making.product("8", quantity=2)
    answer = save(pages, here, threshold="5", vat_percent="10")
    assert answer.status_code == 200
    page = said(answer)
    assert "2 listings change" in page
    assert "1 changes its status" in page
    assert "2 change their price" in page
    assert "€19.90 → becomes €21.89" in page
    assert "Active → becomes Ineligible" in page
    pages.db.session.expire_all()
    assert (here.threshold, here.version) == (0, 1)
    assert {row.state for row in pages.db.session.scalars(sa.select(Listing))} == {"active"}


def test_what_was_shown_is_saved_from_the_preview(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    shown = save(pages, here, threshold="5")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown.text)
    assert token is not None
    answer = pages.browser.post(
        f"/amazon/stores/{here.id}/settings", data={**hidden, "csrf_token": token[1], "seen": "yes"}
    )
    assert answer.status_code == 303
    pages.db.session.expire_all()
    assert (here.threshold, here.publishes_price, here.version) == (5, True, 2)


def test_back_from_the_preview_the_form_has_what_was_typed(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    shown = save(pages, here, threshold="5")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text))
    answer = save(pages, here, hidden, csrf_token=pages.token(), again="yes")
    assert answer.status_code == 200
    assert 'name="threshold" ' in answer.text
    assert re.search(r'<input[^>]*name="threshold"[^>]*value="5"', answer.text)
    pages.db.session.expire_all()
    assert here.threshold == 0


def test_a_preview_of_a_big_catalogue_is_a_sample_and_says_so(pages: Pages, here: Store) -> None:
    other = making.store(pages.db, here.account, "GB")
    for number in range(60):
        making.listing(pages.db, other if number % 2 else here, f"MUG-{number}")
    found = previewing.preview(current(), here, {"vat_percent": Decimal(10)}, most=10)
    assert found.is_sample
    assert found.all == 30
    assert 2 <= found.looked_at <= 20
    assert found.prices == found.looked_at
    assert found.estimated(found.prices) == 30
    assert {effect.listing.store_id for effect in found.first} == {here.id}


def test_a_shop_that_does_not_answer_is_said_and_the_settings_can_be_saved_still(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    pages.shop.fails = True
    assert "cannot be said now" in said(save(pages, here, threshold="5"))
    assert save(pages, here, threshold="5", seen="yes").status_code == 303


@pytest.mark.parametrize(
    ("setting", "typed", "wanted"),
    [
        ("vat_percent", "7", {"price"}),
        ("threshold", "3", {"price", "quantity"}),
        ("publishes_quantity", None, {"quantity"}),
        ("on_drift_price", "ignore", {"price"}),
        ("name", "Another", set()),
    ],
)
def test_what_depends_on_a_setting_becomes_due(
    pages: Pages, here: Store, setting: str, typed: str | None, wanted: set[str]
) -> None:
    aspects(pages, making.listing(pages.db, here))
    elsewhere = making.store(pages.db, making.account(pages.db))
    aspects(pages, making.listing(pages.db, elsewhere))
    assert save(pages, here, **{setting: typed, "seen": "yes"}).status_code == 303
    assert due(pages) == wanted
    marked = pages.db.session.scalars(sa.select(Aspect.account_id).where(Aspect.due_at.is_not(None)))
    assert set(marked) <= {here.account_id}


def test_another_identifier_lets_listings_be_read_and_matched_again(pages: Pages, here: Store) -> None:
    pages.db.session.add(Stream(store_id=here.id, name=StreamName.LISTINGS_REPORT))
    pages.db.session.commit()
    pages.shop.attributes = lambda: [ShopAttribute("barcode", "Bar code")]  # type: ignore[attr-defined]
    of = here.account
    assert "Bar code" in pages.text(f"/accounts/{of.id}/settings")
    assert save(pages, of, id_ean="barcode", id_gcid="").status_code == 303
    pages.db.session.expire_all()
    assert of.identifier_attributes["ean"] == "barcode"
    assert "gcid" not in of.identifier_attributes
    assert pages.db.session.scalar(sa.select(Stream.due_at).where(Stream.name == StreamName.LISTINGS_REPORT)) == NOW


def test_an_identifier_that_the_shop_does_not_offer_is_refused(pages: Pages, here: Store) -> None:
    pages.shop.attributes = list  # type: ignore[attr-defined]
    assert save(pages, here.account, id_ean="passwords").status_code == 422


def test_a_store_is_bound_to_one_of_the_shops_storefronts(pages: Pages, here: Store) -> None:
    pages.shop.storefronts = lambda: [Storefront("de", "Töpferei"), Storefront("fr", "Poterie")]  # type: ignore[attr-defined]
    assert "Töpferei" in pages.text(f"/stores/{here.id}/settings")
    assert save(pages, here, storefront="nowhere").status_code == 422
    assert save(pages, here, storefront="de", seen="yes").status_code == 303
    pages.db.session.expire_all()
    assert here.storefront == "de"
    kept = pages.db.session.scalars(sa.select(Change).where(Change.setting == "storefront")).one()
    assert (kept.old, kept.new) == (None, "de")


def test_whoever_saves_second_is_shown_the_difference_and_chooses(pages: Pages, here: Store) -> None:
    typed = fields(pages, f"/stores/{here.id}/settings")
    changing.change(current(), here, {"threshold": 3, "look_back_days": 9}, by="Bob")
    answer = save(pages, here, typed, threshold="5", name="Mine")
    assert answer.status_code == 409
    page = said(answer)
    assert "Somebody else saved meanwhile" in page
    assert "You both changed it. 3 as it is stored now 5 as you typed it" in page
    assert "Only you changed it." in page
    assert "Only the other changed it. 9 as it is stored now 2 as you typed it" in page
    pages.db.session.expire_all()
    assert (here.threshold, here.name) == (3, "Potter DE")

    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    chosen = {"choose-threshold": "theirs", "choose-look_back_days": "theirs", "choose-name": "yours"}
    assert save(pages, here, hidden | chosen, csrf_token=pages.token()).status_code == 303
    pages.db.session.expire_all()
    assert (here.threshold, here.look_back_days, here.name) == (3, 9, "Mine")


def test_what_was_chosen_between_two_people_survives_the_preview_and_the_way_back(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here)
    typed = fields(pages, f"/stores/{here.id}/settings")
    changing.change(current(), here, {"look_back_days": 9}, by="Bob")
    conflict = save(pages, here, typed, threshold="5")
    chosen = {"choose-threshold": "yours", "choose-look_back_days": "theirs"}
    shown = save(pages, here, hidden_in(conflict) | chosen, csrf_token=pages.token())
    assert "Before it is saved" in said(shown)
    back = save(pages, here, hidden_in(shown), csrf_token=pages.token(), again="yes")
    assert re.search(r'<input[^>]*name="look_back_days"[^>]*value="9"', back.text)
    assert save(pages, here, hidden_in(shown), csrf_token=pages.token(), seen="yes").status_code == 303
    pages.db.session.expire_all()
    assert (here.threshold, here.look_back_days) == (5, 9)


def test_a_third_person_who_saves_while_one_chooses_is_not_overwritten(pages: Pages, here: Store) -> None:
    typed = fields(pages, f"/stores/{here.id}/settings")
    changing.change(current(), here, {"look_back_days": 9}, by="Bob")
    conflict = save(pages, here, typed, name="Mine")
    changing.change(current(), here, {"name": "Theirs"}, by="Eve")
    chosen = {"choose-name": "yours", "choose-look_back_days": "theirs"}
    assert save(pages, here, hidden_in(conflict) | chosen, csrf_token=pages.token()).status_code == 409
    pages.db.session.expire_all()
    assert here.name == "Theirs"


def hidden_in(answer: Any) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))


def test_two_people_who_change_the_same_do_not_conflict_where_they_agree(pages: Pages, here: Store) -> None:
    typed = fields(pages, f"/stores/{here.id}/settings")
    changing.change(current(), here, {"look_back_days": 9}, by="Bob")
    assert save(pages, here, typed, look_back_days="9").status_code == 303
    pages.db.session.expire_all()
    assert here.version == 2


def test_a_version_that_is_not_the_newest_stores_nothing(pages: Pages, here: Store) -> None:
    changing.change(current(), here, {"look_back_days": 9})
    with pytest.raises(changing.Conflict):
        changing.change(current(), here, {"look_back_days": 4}, version=1)
    pages.db.session.expire_all()
    assert here.look_back_days == 9


def test_of_a_webhook_only_the_host_is_shown_in_the_history(pages: Pages, here: Store) -> None:
    assert save(pages, here.account, alert_webhook="https://hooks.example.com/very/secret").status_code == 303
    for address in (f"/accounts/{here.account_id}/changes", "/changes", f"/accounts/{here.account_id}"):
        page = pages.text(address)
        assert "very/secret" not in page
    assert "https://hooks.example.com/…" in pages.text("/changes")


def test_every_setting_has_a_name_and_a_place_in_a_form() -> None:
    from flask_amazon_channel.sync.settings.kinds import ACCOUNT, STORE, Kind
    from flask_amazon_channel.sync.settings.names import CHOICES, NAMES

    elsewhere = {"listing_rule"}
    assert {setting.name for setting in STORE} - elsewhere == set(StoreSettings.columns)
    assert {setting.name for setting in ACCOUNT} - {"identifier_attributes"} == set(AccountSettings.columns)
    for setting in (*STORE, *ACCOUNT):
        assert setting.name in NAMES
        if setting.kind == Kind.CHOICE:
            assert set(CHOICES[setting.name]) == set(setting.choices)


def test_the_form_warns_before_it_is_left_unsaved_and_sends_its_version(pages: Pages, here: Store) -> None:
    page = pages.get(f"/stores/{here.id}/settings").text
    assert 'data-guard="Leave without saving?"' in page
    assert "data-changed" not in page
    assert fields(pages, f"/stores/{here.id}/settings")["version"] == "1"
    assert "data-changed" in save(pages, here, threshold="x").text


def test_who_may_only_operate_is_not_offered_the_settings(pages: Pages, here: Store) -> None:
    pages.person.permissions = ("view", "operate")
    assert f"/stores/{here.id}/settings" not in pages.get(f"/stores/{here.id}").text
    assert pages.get(f"/stores/{here.id}/settings").status_code == 403


def test_quantities_of_the_account_are_decided_anew_in_all_of_its_stores(pages: Pages, here: Store) -> None:
    other = making.store(pages.db, here.account, "GB")
    for at, sku in ((here, "MUG-7"), (other, "MUG-9")):
        aspects(pages, making.listing(pages.db, at, sku))
    shown = save(pages, here.account, buffer="4")
    assert "2 change their quantity" in said(shown)
    assert save(pages, here.account, buffer="4", seen="yes").status_code == 303
    marked = pages.db.session.scalars(sa.select(Aspect).where(Aspect.due_at == NOW)).all()
    assert len(marked) == 4
    assert pages.db.session.scalar(sa.select(Sku.observed_quantity_at).limit(1)) == ago(minutes=10)
