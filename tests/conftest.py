"""What all tests share: a real database of the kind that was asked for, a real broker, and no way to the internet
(`--allow-hosts` in pyproject.toml: only loopback can be connected to).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from redis import Redis

from tests import databases
from tests.databases import Databases

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONGEST = ("test_tour.py", "crash", "processes", "tour", "stateful")
"""Files and folders of tests that take a minute or more each."""

pytest_plugins = ["tests.compiled_once", "tests.contract.plugin"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=list(databases.KINDS),
        default="sqlite",
        help="the database of the tests that use one",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the longest: at the end one worker would be left alone with them.

    With another database, run only the tests that use one, and not those that look at pages in a browser: the others
    would say the same again.
    """
    items.sort(
        key=lambda item: min((n for n, name in enumerate(LONGEST) if name in item.path.parts), default=len(LONGEST))
    )
    if config.getoption("--database") == "sqlite":
        return
    others = [
        item
        for item in items
        if "database_server" not in getattr(item, "fixturenames", ()) or item.get_closest_marker("browser")
    ]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in set(others)]


@pytest.fixture(scope="session")
def database_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The server, or the folder, that makes fresh databases."""
    kind = request.config.getoption("--database")
    with databases.KINDS[kind](tmp_path_factory.mktemp("databases")) as server:
        yield server


@pytest.fixture
def database_uri(database_server: Databases) -> Iterator[str]:
    """The address of an empty database."""
    with database_server.fresh() as uri:
        yield uri


@pytest.fixture(scope="session")
def _broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from tests import brokers

    server = brokers.start(tmp_path_factory.mktemp("broker"))
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


@pytest.fixture
def broker_url(_broker: str) -> str:
    """The address of an empty broker."""
    with Redis.from_url(_broker) as client:
        client.flushall()
    return _broker


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for the whole run: Playwright runs once in a process."""
    from tests.browser.looking import chromium

    with chromium() as browser:
        yield browser
