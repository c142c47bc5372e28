"""Who is logged in and what they may do; the Amazon channel asks the same two questions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Flask, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from example_store.database import db
from example_store.models import User

P = ParamSpec("P")
login_manager = LoginManager()
login_manager.login_view = "login.log_in"
login_manager.login_message = "Log in to see the back office."
login_manager.login_message_category = "notice"


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    app.jinja_env.globals["user_may"] = user_may


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
def load_user(user_id: str) -> User | None:
    return db.session.get(User, int(user_id))


def user_may(permission: str) -> bool:
    """May the person who is looking at this page `view`, `operate` or `administer`?"""
    return bool(current_user.is_authenticated and current_user.may(permission))


def may(permission: str, store: Any = None) -> bool | Response:
    """Answer the Amazon channel: roles hold for every store; strangers are sent to the login."""
    if not current_user.is_authenticated:
        return redirect(url_for("login.log_in", next=request.full_path))  # type: ignore[return-value]
    return user_may(permission)


def who() -> tuple[str, str] | None:
    """Return the id and the name of the person, for the Amazon channel's records."""
    return (str(current_user.id), current_user.name) if current_user.is_authenticated else None


def requires(
    permission: str,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let only people with the permission see the view; others are asked to log in, or told that they may not."""

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                answer: ResponseReturnValue = login_manager.unauthorized()
                return answer
            if not user_may(permission):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return decorate
