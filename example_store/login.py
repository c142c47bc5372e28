"""Log in and out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user
from sqlalchemy import select

from example_store.database import db
from example_store.forms import LoginForm
from example_store.models import User

blueprint = Blueprint("login", __name__)


@blueprint.route("/login", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    form = LoginForm()
    if form.validate_on_submit():
        user = db.session.scalar(select(User).where(User.email == (form.email.data or "").strip().lower()))
        if user and user.has_password(form.password.data or "") and login_user(user):
            return redirect(_own_page(request.args.get("next")) or url_for("office.products"))
        flash("E-mail and password do not fit together.", "problem")
    return render_template("shop/login.html", form=form)


@blueprint.post("/logout")
def log_out() -> ResponseReturnValue:
    logout_user()
    return redirect(url_for("storefront.catalogue"))


def _own_page(address: str | None) -> str | None:
    """Return the address only if it is a path of this site: a login page must not send people elsewhere."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    return address
