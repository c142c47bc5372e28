"""What a visitor sees: the catalogue, a product, the order just placed."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from example_store.database import db, utc_now
from example_store.forms import OrderForm
from example_store.models import CATEGORIES, Order, Product
from example_store.ordering import Destination, NotPossible, place_order

blueprint = Blueprint("storefront", __name__)
SHIPPING = Decimal("6.90")


@blueprint.get("/")
def catalogue() -> ResponseReturnValue:
    words, category = request.args.get("q", "").strip(), request.args.get("category", "")
    query = select(Product).where(Product.enabled).order_by(Product.title, Product.id)
    if category in CATEGORIES:
        query = query.where(Product.category == category)
    if words:
        query = query.where(
            or_(
                Product.title.icontains(words, autoescape=True),
                Product.brand.icontains(words, autoescape=True),
            )
        )
    page = db.paginate(query, per_page=24, max_per_page=24)
    return render_template("shop/catalogue.html", page=page, words=words, category=category, now=utc_now())


@blueprint.route("/products/<int:product_id>", methods=["GET", "POST"])
def product(product_id: int) -> ResponseReturnValue:
    shown = db.session.get(Product, product_id)
    if shown is None or not shown.enabled:
        abort(404)
    form = OrderForm()
    if form.validate_on_submit():
        try:
            order = place_order(db.session(), shown, form.quantity.data or 1, _destination(form), SHIPPING, utc_now())
        except NotPossible as problem:
            db.session.rollback()
            flash(str(problem), "problem")
        else:
            db.session.commit()
            session["last_order"] = order.id
            return redirect(url_for(".thank_you"))
    return render_template("shop/product.html", product=shown, form=form, now=utc_now(), shipping=SHIPPING)


@blueprint.get("/thank-you")
def thank_you() -> ResponseReturnValue:
    order = db.session.get(Order, session.get("last_order", 0))
    if order is None:
        return redirect(url_for(".catalogue"))
    return render_template("shop/thank_you.html", order=order)


def _destination(form: OrderForm) -> Destination:
    return Destination(
        name=form.name.data or "",
        email=form.email.data or "",
        street=form.street.data or "",
        city=form.city.data or "",
        state=form.state.data or None,
        postal_code=form.postal_code.data or "",
        country_code=form.country_code.data,
    )
