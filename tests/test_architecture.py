"""The shape of the project: what imports what, what lies where, and what a shop pays for at its start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {
    "CHANGES.md",
    "LICENSE",
    "README.md",
    "docs",
    "example_store",
    "flask_amazon_channel",
    "migrations",
    "pyproject.toml",
    "templates",
    "tests",
}
HEAVY = ("alembic", "babel", "cryptography", "flask_wtf", "redis", "requests", "rich", "rq", "simplejson")

INSTALLING = """
import sys
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_amazon_channel import AmazonChannel

class Nothing:
    currency = "EUR"

app, db = Flask("shop"), SQLAlchemy()
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
db.init_app(app)
AmazonChannel(app, db=db, shop=Nothing())
print("\\n".join(sys.modules))
"""


def test_imports_point_one_way() -> None:
    """In a process of its own: import-linter configures logging, and so silences the loggers of all later tests."""
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("package", ["flask_amazon_channel", "example_store"])
def test_no_two_files_import_each_other(package: str) -> None:
    graph = grimp.build_graph(package, cache_dir=None)
    mutual = [
        f"{one} and {other}"
        for one in sorted(graph.modules)
        for other in graph.find_modules_directly_imported_by(one)
        if one < other and graph.direct_import_exists(importer=other, imported=one)
    ]
    # A package and its own parts may know each other: the package names what its parts offer.
    assert [pair for pair in mutual if not _is_part(*pair.split(" and "))] == []


def _is_part(one: str, other: str) -> bool:
    return other.startswith(f"{one}.")


def test_the_top_of_the_repository_holds_only_what_belongs_there() -> None:
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if files.returncode:
        pytest.skip("This is no git checkout.")
    tops = {line.split("/")[0] for line in files.stdout.splitlines()}
    assert {name for name in tops if not name.startswith(".")} - ALLOWED == set()


def test_installing_the_channel_loads_nothing_heavy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", INSTALLING], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "flask_amazon_channel.extension" in loaded
    assert [name for name in HEAVY if name in loaded] == []
