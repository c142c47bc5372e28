"""What all pages share: how money and times are written, the navigation, the error pages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from babel.numbers import format_currency
from flask import Flask, render_template
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.exceptions import HTTPException

from example_store.database import db
from example_store.models import CATEGORIES, Product


def init_app(app: Flask) -> None:
    app.add_template_filter(money)
    app.add_template_filter(moment)
    app.jinja_env.globals["categories"] = CATEGORIES
    for code in (400, 403, 404):
        app.register_error_handler(code, _error_page)
    app.register_error_handler(OperationalError, _database_page)
    app.register_error_handler(ProgrammingError, _database_page)


def money(amount: Decimal, currency: str = "USD") -> str:
    return format_currency(amount, currency, locale="en_US")


def moment(time: datetime) -> str:
    return time.strftime("%d %b %Y, %H:%M UTC")


def _error_page(error: HTTPException) -> tuple[str, int]:
    return render_template("shop/error.html", error=error), error.code or 500


def _database_page(error: Exception) -> tuple[str, int]:
    """A fresh shop has no tables yet: say so.  Any other trouble with the database is a real error."""
    if inspect(db.engine).has_table(Product.__tablename__):
        raise error
    return render_template("shop/no_tables.html"), 503
