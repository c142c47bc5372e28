"""The wheel, built and installed away from the checkout: pages and migrations travel inside it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

HOST = """
import sys
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
import flask_amazon_channel
from flask_amazon_channel import AmazonChannel

class Nothing:
    currency = "EUR"

def create_app(authorize=None):
    app, db = Flask("host"), SQLAlchemy()
    app.config |= {"SECRET_KEY": "host", "SQLALCHEMY_DATABASE_URI": f"sqlite:///{sys.argv[1]}/host.db"}
    db.init_app(app)
    AmazonChannel(app, db=db, shop=Nothing(), authorize=authorize)
    return app

print("package", flask_amazon_channel.__file__)
closed = create_app()
print("closed", closed.test_client().get("/amazon/").status_code)
print(closed.test_cli_runner().invoke(args=["amazon", "db", "upgrade"]).output.strip())
print(closed.test_cli_runner().invoke(args=["amazon", "db", "check"]).exit_code)
page = create_app(lambda permission, store: True).test_client().get("/amazon/")
print("home", page.status_code, "No store yet" in page.text)
print("style", create_app().test_client().get("/amazon/static/channel.css").status_code)
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the build tools that are installed: no package index is asked."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed wheel."""
    folder = tmp_path_factory.mktemp("site")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([*install, "--disable-pip-version-check", "--target", str(folder), str(wheel)], check=True)
    return folder


def test_a_shop_runs_on_the_installed_wheel(installed: Path, tmp_path: Path) -> None:
    script = tmp_path / "host.py"
    script.write_text(HOST)
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    package, closed, upgraded, check, home, style = done.stdout.splitlines()
    assert package == f"package {installed / 'flask_amazon_channel' / '__init__.py'}"
    assert closed == "closed 403"
    assert upgraded.startswith("The channel's tables are at revision ")
    assert (check, home, style) == ("0", "home 200 True", "style 200")


def test_the_wheel_holds_the_package_its_pages_and_its_migrations_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"flask_amazon_channel"}
    assert "flask_amazon_channel/translations/de/LC_MESSAGES/amazon_channel.po" in names
    for folder, pattern in (("templates", "**/*.html"), ("migrations", "**/*.py"), ("migrations", "*.mako")):
        here = {f"flask_amazon_channel/{path.relative_to(ROOT)}" for path in (ROOT / folder).glob(pattern)}
        assert here, folder
        assert here <= names
    assert "flask_amazon_channel/py.typed" in names
    assert "flask_amazon_channel/static/channel.css" in names
    assert not [name for name in names if "__pycache__" in name]


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    [metadata] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    facts = HeaderParser().parsestr(archive.read(metadata).decode())
    assert (facts["Name"], facts["License-Expression"]) == ("flask-amazon-channel", "BSD-3-Clause")
    assert facts["Description-Content-Type"] == "text/markdown"
    assert facts["License-File"] == "LICENSE"
    assert facts.get_payload().startswith("# ")
