"""Fjellstad & Sons: a small shop for books, camping gear and kitchenware that also sells on Amazon.

| module | what it holds |
|---|---|
| `database`, `models` | what is stored |
| `stock`, `ordering` | what happens to stock and orders |
| `storefront`, `office`, `login`, `forms`, `access` | the pages and who may see them |
| `catalogue`, `seed` | the goods of an empty shop |
| `channel`, `shop`, `receivers` | the Amazon channel: all that a shop has to add to get one |
| `amazon_catalogue` | what the simulated Amazon already lists for this seller |
| `demo`, `tour` | `python -m example_store`: everything on this machine, and a tour through it |
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]

from example_store import access, channel, login, office, pages, seed, storefront
from example_store.database import db, tune_sqlite

MIGRATIONS = Path(__file__).parent / "migrations"


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the shop from `config`, else variables `FLASK_...` of the environment, else defaults."""
    app = Flask("example_store")
    app.config.from_prefixed_env()
    app.config.update(config or {})
    _set_defaults(app)
    db.init_app(app)
    tune_sqlite(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    CSRFProtect(app)
    access.init_app(app)
    for module in (storefront, office, login):
        app.register_blueprint(module.blueprint)
    pages.init_app(app)
    app.cli.add_command(seed.seed_command)
    channel.init_app(app)
    return app


def _set_defaults(app: Flask) -> None:
    """Fill in what nobody gave.  Keys are made once and kept in the instance folder."""
    defaults: dict[str, Callable[[], str]] = {
        "SQLALCHEMY_DATABASE_URI": lambda: f"sqlite:///{_instance_file(app, 'shop.sqlite3')}",
        "SECRET_KEY": lambda: _kept(_instance_file(app, "secret_key"), secrets.token_urlsafe(32)),
        "AMAZON_CHANNEL_ENCRYPTION_KEYS": lambda: _kept(
            _instance_file(app, "encryption_key"), base64.b64encode(secrets.token_bytes(32)).decode()
        ),
        "SESSION_COOKIE_SAMESITE": lambda: "Lax",
    }
    for key, make in defaults.items():
        if not app.config.get(key):
            app.config[key] = make()


def _instance_file(app: Flask, name: str) -> Path:
    folder = Path(app.instance_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / name


def _kept(file: Path, fresh: str) -> str:
    """Return the key in the file, putting a fresh one there first; of two processes, the first decides."""
    mine = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(mine, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as new:
        new.write(fresh)
    with suppress(FileExistsError):
        os.link(mine, file)
    mine.unlink()
    return file.read_text().strip()
