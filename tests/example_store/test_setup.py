"""How the shop comes to life."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

import example_store
from example_store.database import db
from example_store.models import Product, User
from example_store.seed import seed

from .conftest import make_shop


@pytest.fixture
def fresh(tmp_path: Path) -> Flask:
    return make_shop(tmp_path / "fresh.sqlite3")


def test_a_shop_without_tables_says_how_to_make_them(fresh: Flask) -> None:
    answer = fresh.test_client().get("/")
    assert answer.status_code == 503
    assert "flask --app example_store db upgrade" in answer.text


def test_the_migrations_make_exactly_the_tables_of_the_models(fresh: Flask) -> None:
    with fresh.app_context():
        upgrade()
        assert fresh.test_cli_runner().invoke(args=["db", "check"]).exit_code == 0
        assert set(db.metadata.tables) <= set(sa.inspect(db.engine).get_table_names())
        db.engine.dispose()


def test_seeding_twice_fills_the_shop_once(fresh: Flask) -> None:
    runner = fresh.test_cli_runner()
    with fresh.app_context():
        db.create_all()
        first, second = runner.invoke(args=["seed"]).output, runner.invoke(args=["seed"]).output
        assert "owner@example.com" in first
        assert "nothing was changed" in second
        assert db.session.scalar(sa.select(sa.func.count(Product.id))) == 102
        assert sorted(db.session.scalars(sa.select(User.role))) == ["clerk", "owner", "packer"]
        db.session.remove()
        db.engine.dispose()


def test_the_seed_is_gone_when_the_caller_rolls_back(fresh: Flask) -> None:
    with fresh.app_context():
        db.create_all()
        seed(db.session())
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count(Product.id))) == 0
        db.session.remove()
        db.engine.dispose()


def test_sqlite_checks_foreign_keys_and_lets_readers_go_on(app: Flask) -> None:
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_keys_are_made_once_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    first, second = example_store._kept(file, "first"), example_store._kept(file, "second")
    assert (first, second) == ("first", "first")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
