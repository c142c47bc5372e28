"""Freezing, releasing, choosing what is sent, and going back, by command."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from flask_amazon_channel.channel import current
from flask_amazon_channel.models import Activity, Aspect, Change, Instance, Listing, MassChange, SellerAccount, Store
from tests.cli.conftest import PassTime, Run
from tests.cli.test_doctor import wrong
from tests.hosts.variant_shop.models import db


def column(app: Flask, found: Any) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(found))


def test_freeze_and_unfreeze_stop_everything_and_let_it_go_on(app: Flask, run: Run, connected: dict[str, Any]) -> None:
    done = run("freeze", "--reason", "Wrong price list")
    assert done.exit_code == 0, done.output
    assert "Wolle is frozen" in done.output
    [account] = column(app, sa.select(SellerAccount))
    assert account.frozen_reason == "Wrong price list"
    assert "command line" in account.frozen_by
    assert "Wrong price list" in run("doctor").output
    assert "Wolle goes on" in run("unfreeze").output
    assert column(app, sa.select(SellerAccount.frozen_at)) == [None]
    assert column(app, sa.select(Activity.action).where(Activity.action.in_(("frozen", "unfrozen")))) == [
        "frozen",
        "unfrozen",
    ]


def test_a_store_frozen_by_itself_stays_frozen_when_the_accounts_go_on(
    app: Flask, run: Run, connected: dict[str, Any]
) -> None:
    assert run("freeze", "--store", "DE").exit_code == 0
    assert "stays frozen" in run("unfreeze").output
    assert [store.country_code for store in column(app, sa.select(Store)) if store.is_frozen] == ["DE"]
    assert run("unfreeze", "--store", "DE").exit_code == 0
    assert not any(store.is_frozen for store in column(app, sa.select(Store)))


def test_a_copied_database_is_wrong_in_doctor_until_unfreeze_adopts_it(
    app: Flask, run: Run, connected: dict[str, Any]
) -> None:
    with app.app_context():
        current().config = replace(current().config, instance="staging")
    assert any("belongs to another installation" in sentence for _, sentence in wrong(run))
    assert "belongs to this installation now (staging)" in run("unfreeze").output
    assert column(app, sa.select(Instance.name)) == ["staging"]
    assert not any("belongs to another installation" in sentence for _, sentence in wrong(run))


def test_what_a_store_sends_and_who_owns_a_price_are_set_by_command(
    app: Flask, run: Run, synced: dict[str, Any]
) -> None:
    assert run("set", "--store", "DE", "publishes_price=no").exit_code == 0
    assert [store.publishes_price for store in column(app, sa.select(Store).order_by(Store.id))].count(False) == 1
    sku = column(app, sa.select(Listing).order_by(Listing.id))[0].sku_id
    [name] = column(app, sa.text("SELECT sku FROM amazon_sku WHERE id = " + str(sku)))
    assert run("set", "--sku", name, "price_owner=repricer").exit_code == 0
    assert column(app, sa.select(Listing.price_owner).where(Listing.sku_id == sku)) == ["repricer"]
    assert run("set", "--sku", name, "quantity_owner=amazon").exit_code == 0


def test_settings_given_at_once_are_one_change_in_the_history(app: Flask, run: Run, synced: dict[str, Any]) -> None:
    done = run("set", "--store", "DE", "threshold=2", "price_minimum=4.50", "storefront=", "vat_percent=19")
    assert done.exit_code == 0, done.output
    assert "threshold is 2." in done.output
    assert "storefront was already nothing." in done.output
    kept = column(app, sa.select(Change).where(Change.subject == "store").order_by(Change.setting))
    kept = [one for one in kept if one.setting != "state"]
    assert [(one.setting, one.new) for one in kept] == [
        ("price_minimum_minor", 450),
        ("threshold", 2),
        ("vat_percent", 19),
    ]
    assert len({one.set_id for one in kept}) == 1
    assert all(one.actor_name.endswith("command line)") for one in kept)


def test_settings_of_an_account_are_set_by_command(app: Flask, run: Run, synced: dict[str, Any]) -> None:
    assert run("set", "--account", "1", "buffer=3", "identifier_attributes=sku:sku,ean:barcode").exit_code == 0
    assert column(app, sa.select(SellerAccount.buffer)) == [3]
    assert column(app, sa.select(SellerAccount.identifier_attributes)) == [{"sku": "sku", "ean": "barcode"}]


@pytest.mark.parametrize(
    "words",
    [
        ("set", "--store", "DE", "publishes_price=maybe"),
        ("set", "publishes_price=no"),
        ("set", "--store", "DE", "threshold=-1"),
        ("set", "--store", "DE", "threshold=many"),
        ("set", "--store", "DE", "name="),
        ("set", "--store", "DE", "version=7"),
        ("set", "--store", "DE", "state=active"),
        ("set", "--store", "DE", "price_minimum=1.234"),
        ("set", "--store", "DE", "alert_webhook=http://example.com"),
        ("set", "--account", "nobody", "buffer=1"),
        ("set", "--account", "1", "identifier_attributes=shoe:size"),
        ("set", "--sku", "X", "price_owner=nobody"),
        ("restore",),
        ("restore", "--since", "yesterday"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_said_and_changes_nothing(run: Run, connected: dict[str, Any], words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 2, done.output


def test_what_waits_is_released_by_command(app: Flask, run: Run, synced: dict[str, Any]) -> None:
    assert run("release").output == "Nothing waits.\n"
    with app.app_context():
        aspect = db.session.scalars(sa.select(Aspect).where(Aspect.name == "price")).first()
        assert aspect is not None
        assert aspect.listing is not None
        now = datetime.now(UTC)
        aspect.drastic_at, aspect.drastic_value, aspect.problem = now, 100, "It waits."
        store_id = aspect.listing.store_id
        db.session.add(MassChange(aspect="price", store_id=store_id, noticed_at=now, counted=50, live=60))
        db.session.commit()
    assert any(about == "mass change" for about, _ in wrong(run))
    assert json.loads(run("release", "--json").stdout) == [{"aspect": "price", "count": 1, "sent": True}]
    assert column(app, sa.select(MassChange)) == []
    assert column(app, sa.select(Aspect.released_value).where(Aspect.released_value.is_not(None))) == [100]


def test_restore_shows_old_and_new_first_and_can_be_undone(
    app: Flask, run: Run, synced: dict[str, Any], pass_time: PassTime
) -> None:
    preview = json.loads(run("restore", "--since", "1d", "--preview", "--json").stdout)
    assert preview
    assert {one["field"] for one in preview} == {"price"}
    assert column(app, sa.select(Listing.price_override_minor).where(Listing.price_override_minor.is_not(None))) == []
    done = run("restore", "--since", "1d")
    assert done.exit_code == 0, done.output
    assert f"{len(preview)} are restored" in done.output
    reasons = column(app, sa.select(Listing.price_override_reason).where(Listing.price_override_minor.is_not(None)))
    assert reasons == ["restored"] * len(preview)
    undone = run("restore", "--undo")
    assert f"The shop decides {len(preview)} restored values again" in undone.output
    assert column(app, sa.select(Listing.price_override_minor).where(Listing.price_override_minor.is_not(None))) == []
