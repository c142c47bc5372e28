"""Every example of the manual runs, or is a part of the file that it names."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.testing import configuration
from tests.manual import pages

GERMANY = "A1PA6795UKMFR9"
RUN = {"where your shop ships an order", "in flask shell", "migrations/env.py", "first_script.py"}
"""The blocks that tests below run one by one."""


def _kind(block: pages.Block) -> str:
    return block.place.split("/")[0]


def test_every_example_is_run_or_compared() -> None:
    places = {block.place for block in pages.blocks()}
    unknown = {place for place in places if place.split("/")[0] not in ("bookshop", "example_store")} - RUN
    assert unknown == set()
    assert places >= RUN


@pytest.mark.parametrize(
    "block",
    [block for block in pages.blocks() if _kind(block) == "example_store"],
    ids=lambda block: block.body.split("(")[0],
)
def test_an_example_from_the_example_store_is_in_the_file_that_it_names(block: pages.Block) -> None:
    assert block.body.strip() in (pages.ROOT / block.place).read_text()


@pytest.fixture
def bookshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The book shop of the manual, written down file by file."""
    for block in pages.blocks():
        if _kind(block) == "bookshop":
            file = tmp_path / block.place
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.text)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [name for name in sys.modules if name.split(".")[0] == "bookshop"]:
        del sys.modules[name]


def test_the_tests_of_the_book_shop_pass(bookshop: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "bookshop/test_amazon.py"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(bookshop), str(pages.ROOT)])}
    done = subprocess.run(command, cwd=bookshop, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


@pytest.fixture
def shop(bookshop: Path) -> Iterator[SimpleNamespace]:
    """The book shop, connected to a local Amazon that lists one of its books."""
    from bookshop import create_app  # type: ignore[import-not-found]
    from bookshop.amazon import amazon  # type: ignore[import-not-found]
    from bookshop.models import Book, Order, db  # type: ignore[import-not-found]

    with Amazon() as local:
        local.settings(report_delay=0, order_delay=0, submission_delay=0, quotas="off")
        dune = {"sku": "DUNE", "asin": "B00B7NPRY8", "title": "Dune", "price": "9.00", "quantity": 3}
        seller = local.add_seller([GERMANY], listings=[dune])
        database = f"sqlite:///{bookshop}/shop.db"
        app = create_app({"SECRET_KEY": "test", "SQLALCHEMY_DATABASE_URI": database, **configuration(local, seller)})

        def flask_amazon(*command: str, given: str | None = None) -> str:
            done = app.test_cli_runner().invoke(args=["amazon", *command], input=given)
            assert done.exit_code == 0, done.output
            db.session.rollback()
            return done.output

        with app.app_context():
            db.create_all()
            db.session.add(Book(sku="DUNE", title="Dune", price=12, stock=8))
            db.session.commit()
            flask_amazon("db", "upgrade")
            who = ("--seller-id", seller["seller_id"], "--region", "eu", "--activate", "DE")
            flask_amazon("connect", *who, "--refresh-token", "-", given=seller["refresh_token"])
            flask_amazon("sync")
            flask_amazon("sync")
            yield SimpleNamespace(
                app=app, db=db, amazon=amazon, Order=Order, local=local, seller=seller["seller_id"], run=flask_amazon
            )
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def test_the_port_of_the_book_shop_is_found_right(shop: SimpleNamespace) -> None:
    assert "keeps to the port" in shop.run("check-shop")


def test_the_example_of_shipping_confirms_the_package_at_amazon(shop: SimpleNamespace) -> None:
    order_id = shop.local.place_order(shop.seller, GERMANY, [{"sku": "DUNE", "quantity": 2}])
    shop.run("import-orders")
    order = shop.db.session.query(shop.Order).one()
    names = {"amazon": shop.amazon, "order": order, "db": shop.db}
    exec(pages.block("where your shop ships an order").text, names)
    shop.run("sync", "--only", "orders")
    [package] = shop.local.order(order_id)["packages"]
    assert package["trackingNumber"] == "00340434161094015902"


def test_the_example_of_settings_keeps_a_price_within_its_guards(shop: SimpleNamespace) -> None:
    from flask_amazon_channel.models import Store

    exec(pages.block("in flask shell").text, {"db": shop.db, "store_id": shop.db.session.query(Store.id).scalar()})
    shop.run("sync")
    explained = shop.run("explain", "DUNE")
    assert "19" in explained
    assert shop.local.listing(shop.seller, GERMANY, "DUNE")["quantity"] == 7


def test_the_example_of_an_env_hides_our_tables_and_no_others() -> None:
    names: dict[str, Any] = {}
    exec(pages.block("migrations/env.py").text, names)
    include_name = names["include_name"]
    assert not include_name("amazon_store", "table", {})
    assert not include_name("amazon_alembic_version", "table", {})
    assert include_name("book", "table", {})
    assert include_name("amazon_store", "column", {})


def test_the_pages_of_the_book_shop_ask_its_own_session_who_may(shop: SimpleNamespace) -> None:
    browser = shop.app.test_client()
    assert browser.get("/amazon/").status_code == 403
    with browser.session_transaction() as session:
        session["role"] = "owner"
    assert browser.get("/amazon/").status_code == 200


def test_a_newcomer_runs_the_first_script_with_what_the_simulator_prints(tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "flask_amazon_channel.simulator", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=pages.ROOT) as simulator:
        assert simulator.stdout is not None
        printed = "".join(iter(simulator.stdout.readline, "Ctrl-C stops it.\n"))
        script = pages.block("first_script.py").body.replace("http://127.0.0.1:8765", printed.split()[5].rstrip(";"))
        for name in ("seller id", "client id", "client secret", "refresh token"):
            script = script.replace(f"the {name}", printed.partition(f"  {name} ")[2].split()[0])
        (tmp_path / "first_script.py").write_text(script)
        done = subprocess.run([sys.executable, "first_script.py"], cwd=tmp_path, capture_output=True, text=True)
        simulator.terminate()
    assert done.returncode == 0, done.stderr
    assert "Amazon.de EUR" in done.stdout
    assert len(done.stdout.splitlines()) == 3 + 5
