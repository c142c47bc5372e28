"""The channel's tables are made by migrations of their own, and the host's migrations leave them alone."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import Migrate
from flask_migrate import init as init_migrations
from flask_migrate import migrate as write_migration
from flask_sqlalchemy import SQLAlchemy

from example_store import create_app
from example_store.database import db as shop_db
from flask_amazon_channel import AmazonChannel
from flask_amazon_channel.models import Base
from tests.cli.conftest import runner
from tests.hosts.variant_shop.models import db as host_db
from tests.hosts.variant_shop.shop import VariantShop
from tests.journeys.world import KEY

OURS = {*Base.metadata.tables, "amazon_alembic_version"}


def tables(app: Flask) -> set[str]:
    with app.app_context():
        return set(sa.inspect(host_db.engine).get_table_names())


def test_upgrading_an_empty_database_makes_what_the_models_say(empty_app: Flask) -> None:
    run = runner(empty_app)
    assert run("db", "upgrade").exit_code == 0
    assert tables(empty_app) == OURS
    checked = run("db", "check")
    assert (checked.exit_code, checked.stderr) == (0, "")


def test_the_check_notices_a_column_that_is_missing(empty_app: Flask) -> None:
    run = runner(empty_app)
    run("db", "upgrade")
    with empty_app.app_context(), host_db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE amazon_slot DROP COLUMN last_run"))
    checked = run("db", "check")
    assert checked.exit_code == 1
    assert "last_run" in checked.stderr


def test_every_constraint_of_the_models_is_in_the_migrations(empty_app: Flask) -> None:
    """Alembic compares no CHECK constraints, so this does."""
    runner(empty_app)("db", "upgrade")
    with empty_app.app_context():
        inspector = sa.inspect(host_db.engine)
        found = {
            (table, check["name"]) for table in Base.metadata.tables for check in inspector.get_check_constraints(table)
        }
    meant = {
        (table.name, constraint.name)
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert meant
    assert found >= meant


def test_downgrading_removes_the_tables_and_upgrading_makes_them_again(empty_app: Flask) -> None:
    run = runner(empty_app)
    run("db", "upgrade")
    assert run("db", "downgrade", "base").exit_code == 0
    assert tables(empty_app) == {"amazon_alembic_version"}
    assert run("db", "current").output.startswith("base")
    assert run("db", "upgrade").exit_code == 0
    assert tables(empty_app) == OURS
    assert run("db", "current").output.endswith("(newest)\n")


@pytest.mark.parametrize("kind", ["CREATE TABLE", "CREATE INDEX", "INSERT INTO"])
def test_f103_an_upgrade_that_died_half_way_is_completed_by_the_next(empty_app: Flask, kind: str) -> None:
    """MariaDB keeps the tables that were made; the last statement of an upgrade notes its revision."""
    run, seen = runner(empty_app), []
    with empty_app.app_context():
        engine = host_db.engine

    def die(connection: sa.Connection, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement.lstrip().startswith(kind))
        if seen.count(True) == (1 if kind == "INSERT INTO" else 12):
            raise KeyboardInterrupt

    sa.event.listen(engine, "before_cursor_execute", die)
    assert run("db", "upgrade").exit_code != 0
    sa.event.remove(engine, "before_cursor_execute", die)
    assert seen[-1] is True
    assert run("db", "upgrade").exit_code == 0
    assert tables(empty_app) == OURS
    assert run("db", "check").exit_code == 0


def test_postgresql_gets_its_index_of_words_by_an_upgrade_as_from_the_models(empty_app: Flask) -> None:
    """Alembic does not see that index, so this does."""
    with empty_app.app_context():
        if host_db.engine.dialect.name != "postgresql":
            pytest.skip("Only PostgreSQL has that index.")
        definition = sa.text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_amazon_listing_title_words'")
        runner(empty_app)("db", "upgrade")
        with host_db.engine.begin() as connection:
            upgraded = connection.scalar(definition)
            Base.metadata.drop_all(connection)
            Base.metadata.create_all(connection)
            assert upgraded == connection.scalar(definition) is not None


def test_a_revision_that_does_not_exist_is_a_sentence(empty_app: Flask) -> None:
    done = runner(empty_app)("db", "upgrade", "9999")
    assert done.exit_code == 1
    assert "9999" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_next_revision_is_empty_because_the_models_have_all_that_is_stored(tmp_path: Path) -> None:
    """The same command that wrote the first revision would write nothing more."""
    program = (
        "import sys; from pathlib import Path; from migrations import new_revision as new; import shutil;"
        f"shutil.copytree(new.FOLDER, {str(tmp_path / 'copy')!r}); new.FOLDER = Path({str(tmp_path / 'copy')!r});"
        "print(new.write('9999', 'Nothing').read_text())"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert "def upgrade() -> None:\n    pass" in done.stdout
    assert "def downgrade() -> None:\n    pass" in done.stdout


class Host:
    """A host with migrations of its own, in the order in which it installs things."""

    def __init__(self, uri: str, folder: Path, order: str) -> None:
        self.folder = folder / "migrations"
        self.app = Flask("host_with_migrations")
        self.app.config.update(SECRET_KEY="for tests", SQLALCHEMY_DATABASE_URI=uri)
        self.db = SQLAlchemy(self.app)

        class Note(self.db.Model):  # type: ignore[name-defined,misc]
            id = sa.Column(sa.Integer, primary_key=True)

        steps: dict[str, Callable[[], object]] = {
            "migrate": lambda: Migrate(self.app, self.db, directory=str(self.folder)),
            "channel": lambda: AmazonChannel(self.app, db=self.db, shop=VariantShop()),
        }
        for step in order.split():
            steps[step]()

    def migration(self) -> str:
        """Write the host's first migration, and return it."""
        with self.app.app_context():
            init_migrations()
            write_migration(message="first")
        [written] = (self.folder / "versions").glob("*.py")
        return written.read_text()


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Flask-Migrate's env.py configures logging for the whole process, and disables every logger it does not name."""
    root, handlers, level = logging.root, logging.root.handlers[:], logging.root.level
    yield
    root.handlers[:], root.level = handlers, level
    for logger in root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.disabled = False


by_flask_migrate = pytest.mark.filterwarnings("ignore:'get_engine' is deprecated:DeprecationWarning")


@pytest.fixture(params=["migrate channel", "channel migrate"])
def host(request: pytest.FixtureRequest, database_uri: str, tmp_path: Path, logging_as_before: None) -> Iterator[Host]:
    host = Host(database_uri, tmp_path, request.param)
    yield host
    with host.app.app_context():
        host.db.engine.dispose()


@by_flask_migrate
def test_the_hosts_migrations_neither_see_nor_drop_our_tables(host: Host) -> None:
    runner(host.app)("db", "upgrade")
    written = host.migration()
    assert "note" in written
    assert "amazon" not in written


@by_flask_migrate
def test_without_the_channels_filter_the_hosts_migrations_would_drop_them(host: Host) -> None:
    """The control: what the filter is for."""
    runner(host.app)("db", "upgrade")
    with host.app.app_context():
        del host.app.extensions["migrate"].configure_args["include_name"]
    assert "drop_table('amazon_listing')" in host.migration()


def test_our_migrations_leave_the_hosts_tables_alone(app: Flask) -> None:
    run = runner(app)
    assert run("db", "check").exit_code == 0
    run("db", "downgrade", "base")
    assert set(host_db.metadata.tables) <= tables(app)


@by_flask_migrate
@pytest.mark.parametrize("order", [("db", "amazon db"), ("amazon db", "db")], ids=["shop first", "channel first"])
def test_the_histories_of_shop_and_channel_go_up_and_down_in_either_order(
    order: tuple[str, str], database_uri: str, logging_as_before: None
) -> None:
    config = {"SECRET_KEY": "for tests", "SQLALCHEMY_DATABASE_URI": database_uri, "AMAZON_CHANNEL_ENCRYPTION_KEYS": KEY}
    app = create_app(config)

    def run(command: str) -> None:
        for history in order:
            result = app.test_cli_runner().invoke(args=[*history.split(), *command.split()])
            assert result.exit_code == 0, f"{history} {command}: {result.output}"

    def made() -> set[str]:
        with app.app_context():
            return set(sa.inspect(shop_db.engine).get_table_names())

    run("upgrade")
    run("check")
    assert {"product", "amazon_listing"} <= made()
    run("downgrade base")
    assert made() == {"alembic_version", "amazon_alembic_version"}
    run("upgrade")
    run("check")
    with app.app_context():
        shop_db.engine.dispose()
