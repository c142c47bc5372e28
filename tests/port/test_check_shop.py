"""`check_shop` finds what is wrong with a shop, says so, and leaves the database as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from flask_amazon_channel.channel import current
from flask_amazon_channel.testing import check_shop
from tests.port.faulty import FAULTY
from tests.port.host import GoodShop, Order, db


def everything_stored() -> dict[str, list[Any]]:
    with db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in db.metadata.sorted_tables
        }


def test_nothing_is_found_where_the_shop_keeps_to_the_port(app: Flask) -> None:
    assert check_shop(app) == []


def test_it_may_be_asked_with_the_channel(app: Flask) -> None:
    assert check_shop(current()) == []


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_shop_is_found_out_and_nothing_of_it_stays(app: Flask, name: str) -> None:
    check, _, _ = name.partition(" ")
    current().shop = FAULTY[name]()
    before = everything_stored()
    found = {finding.check: finding for finding in check_shop(app)}
    assert check in found
    assert found[check].sentence
    assert found[check].remedy
    assert everything_stored() == before


def test_a_shop_may_undo_a_part_by_a_savepoint(app: Flask) -> None:
    class WithSavepoints(GoodShop):
        def create_order(self, order: Any) -> str:
            with db.session.begin_nested():
                return super().create_order(order)

    current().shop = WithSavepoints()
    assert check_shop(app) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 0


def test_a_missing_method_is_named(app: Flask) -> None:
    class Unfinished:
        currency = "EUR"

    current().shop = Unfinished()  # type: ignore[assignment]
    assert "product_ids-missing" in {finding.check for finding in check_shop(app)}


def test_commits_work_again_afterwards(app: Flask) -> None:
    check_shop(app)
    db.session.add(Order())
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 1


def test_the_command_ends_with_0_where_nothing_is_wrong(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["amazon", "check-shop"])
    assert (done.exit_code, done.output) == (0, "The shop keeps to the port.\n")


def test_the_command_ends_with_1_and_says_what_is_wrong_and_what_to_do(app: Flask) -> None:
    current().shop = FAULTY["create_order-commits OrderCommits"]()
    done = app.test_cli_runner().invoke(args=["amazon", "check-shop"])
    assert done.exit_code == 1
    assert "create_order commits." in done.output
    assert "Remove the commit" in done.output


def test_the_command_prints_one_json_document(app: Flask) -> None:
    current().shop = FAULTY["currency CurrencyBySign"]()
    done = app.test_cli_runner().invoke(args=["amazon", "check-shop", "--json"])
    assert done.exit_code == 1
    assert [finding["check"] for finding in json.loads(done.stdout)] == ["currency"]
