"""`flask amazon ...` against a local Amazon: what is printed, what is done, and the exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from flask_amazon_channel.channel import current
from flask_amazon_channel.models import Change, Listing, SellerAccount, Sku, Store, Submission
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.sync.explain import explain
from tests.cli.conftest import FRANCE, GERMANY, PassTime, Run, runner
from tests.hosts.variant_shop import goods
from tests.hosts.variant_shop.models import db


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return int(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0)


@pytest.mark.parametrize("command", ["plan", "sync", "explain X", "publish", "connect", "purge-personal-data"])
def test_without_tables_every_command_says_how_to_make_them(empty_app: Flask, command: str) -> None:
    options = ["--seller-id", "A1", "--region", "eu", "--refresh-token", "-"] if command == "connect" else []
    done = runner(empty_app)(*command.split(), *options, input="token\n")
    assert done.exit_code == 1
    assert done.stderr == "Error: The channel's tables are missing. Make them with: flask amazon db upgrade\n"


def test_connecting_makes_an_inactive_store_per_marketplace(app: Flask, run: Run, seller: dict[str, Any]) -> None:
    arguments = ("--seller-id", seller["seller_id"], "--region", "eu", "--name", "Wolle", "--refresh-token", "-")
    done = run("connect", *arguments, "--json", input=seller["refresh_token"] + "\n")
    assert done.exit_code == 0, done.output
    stores = {store["country"]: store["state"] for store in json.loads(done.stdout)["stores"]}
    assert stores == {"DE": "inactive", "FR": "inactive"}
    assert seller["refresh_token"] not in done.output
    with app.app_context():
        [who] = db.session.scalars(sa.select(Change.actor_name).where(Change.setting == "authorised_at"))
    assert who.endswith("command line)")


def test_a_store_is_activated_by_its_country(app: Flask, connected: dict[str, Any]) -> None:
    with app.app_context():
        states = {store.marketplace_id: store.state for store in db.session.scalars(sa.select(Store))}
    assert states == {GERMANY: "active", FRANCE: "inactive"}


def test_a_country_without_a_store_is_named(run: Run, seller: dict[str, Any]) -> None:
    arguments = ("--seller-id", seller["seller_id"], "--region", "eu", "--refresh-token", "-", "--activate", "JP")
    done = run("connect", *arguments, input=seller["refresh_token"] + "\n")
    assert done.exit_code == 1
    assert "it has none in JP. It has: DE, FR." in done.stderr


def test_a_token_in_the_arguments_is_refused_and_not_repeated(app: Flask, run: Run) -> None:
    done = run("connect", "--seller-id", "A1", "--region", "eu", "--refresh-token", "Atzr|secret")
    assert done.exit_code == 2
    assert "standard input" in done.stderr
    assert "secret" not in done.output
    assert count(app, SellerAccount) == 0


def test_a_token_that_amazon_refuses_leaves_everything_as_it_was(app: Flask, run: Run) -> None:
    done = run("connect", "--seller-id", "A1", "--region", "eu", "--refresh-token", "-", input="Atzr|wrong\n")
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert "wrong" not in done.output
    assert count(app, SellerAccount) == 0


def test_cycles_bring_the_shops_prices_and_quantities_to_amazon(synced: dict[str, Any], local_amazon: Amazon) -> None:
    seen = local_amazon.listing(synced["seller_id"], GERMANY, "JUMPER-S")
    assert seen["price"]["amount"] == "59.90"
    assert seen["quantity"] == 10


def test_a_cycle_says_in_one_json_document_what_it_did(run: Run, connected: dict[str, Any]) -> None:
    done = run("sync", "--json")
    outcomes = {outcome["journey"]: outcome["worked_on"] for outcome in json.loads(done.stdout)}
    assert outcomes["reports of listings"] == 1
    assert outcomes["orders"] == 1


def test_orders_alone_are_imported(
    app: Flask, run: Run, synced: dict[str, Any], local_amazon: Amazon, pass_time: PassTime
) -> None:
    local_amazon.place_order(synced["seller_id"], GERMANY, [{"sku": "SCARF", "quantity": 2}])
    pass_time(300)
    sent = count(app, Submission)
    done = run("import-orders")
    assert done.exit_code == 0, done.output
    with app.app_context():
        assert [line.quantity for order in goods.orders() for line in order.lines] == [2]
        assert goods.sellable("SCARF") == 1
    assert count(app, Submission) == sent


def test_a_cycle_that_cannot_read_ends_with_1_and_says_why(
    run: Run, connected: dict[str, Any], local_amazon: Amazon
) -> None:
    local_amazon.stop()
    done = run("import-orders")
    assert done.exit_code == 1
    assert "orders: 1\n  " in done.output


def test_a_word_that_only_does_not_know_is_wrong_usage(run: Run) -> None:
    done = run("sync", "--only", "orders,reviews")
    assert done.exit_code == 2
    assert "not reviews" in done.stderr


def test_an_unknown_store_is_wrong_usage_and_the_known_ones_are_listed(run: Run, connected: dict[str, Any]) -> None:
    done = run("sync", "--store", "Nowhere")
    assert done.exit_code == 2
    assert "Wolle DE" in done.stderr


def test_the_plan_names_what_would_be_sent_and_sends_nothing(
    app: Flask, run: Run, synced: dict[str, Any], local_amazon: Amazon
) -> None:
    with app.app_context():
        goods.receive("JUMPER-S", -4)
    local_amazon.forget_requests()
    done = run("plan", "--sku", "JUMPER-S", "--json")
    assert [(one["field"], one["old"], one["new"]) for one in json.loads(done.stdout)] == [("quantity", "10", "6")]
    assert local_amazon.requests() == []
    assert "Wolle: JUMPER-S: quantity 10 -> 6\n" in run("plan", "--store", "DE").output


def test_the_plan_is_empty_where_amazon_shows_what_is_wanted(run: Run, synced: dict[str, Any]) -> None:
    assert run("plan").output == "0 would be sent, 0 are held back.\n"


def test_the_plan_names_what_is_held_back_and_why(app: Flask, run: Run, synced: dict[str, Any]) -> None:
    with app.app_context():
        goods.set_price("Scarf", Decimal("21.00"))
        db.session.execute(sa.update(Store).values(price_maximum_minor=100))
        db.session.commit()
    planned = {one["sku"]: one for one in json.loads(run("plan", "--json").stdout) if one["field"] == "price"}
    assert planned["SCARF"]["new"] is None
    assert planned["SCARF"]["why"]["sentence"] in run("plan").output


def test_the_explanation_is_what_the_rules_say(app: Flask, run: Run, synced: dict[str, Any]) -> None:
    with app.app_context():
        row = db.session.scalars(sa.select(Listing).join(Sku).where(Sku.sku == "SCARF")).one()
        sentences = explain(current(), row).sentences()
    done = run("explain", "SCARF")
    assert done.output.splitlines() == ["Wolle DE:", *sentences]
    document = json.loads(run("explain", "SCARF", "--store", "DE", "--json").stdout)
    assert [one["sku"] for one in document] == ["SCARF"]
    assert document[0]["quantity"]["value"] == 3


def test_a_sku_without_a_listing_is_a_sentence(run: Run) -> None:
    done = run("explain", "NOTHING")
    assert done.exit_code == 1
    assert "no listing of SKU 'NOTHING'" in done.stderr


def test_personal_data_is_purged(run: Run) -> None:
    assert run("purge-personal-data").output == "Deleted the personal data of 0 orders.\n"


def test_commands_cost_next_to_nothing_until_they_are_run() -> None:
    """Every `flask` command of the host imports them: none of what is heavy may come along."""
    heavy = ("alembic", "rich", "rq.worker", "flask_amazon_channel.simulator", "flask_amazon_channel.testing", "babel")
    program = (
        "import sys, flask.cli, flask_amazon_channel.errors; before = set(sys.modules);"
        "import flask_amazon_channel.cli; print('\\n'.join(sorted(set(sys.modules) - before)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "flask_amazon_channel.cli.journeys" in loaded
    assert [name for name in loaded if name.startswith(heavy)] == []
