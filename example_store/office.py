"""The back office: products, orders, exchange rates."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import or_, select

from example_store import stock
from example_store.access import requires
from example_store.channel import amazon
from example_store.database import db, utc_now
from example_store.forms import CANCEL_REASONS, CARRIERS, CancelForm, ProductForm, RateForm, ShipForm
from example_store.models import CATEGORIES, ExchangeRate, Order, OrderStatus, Product, StockMovement
from example_store.ordering import NotPossible, cancel_order, ship_order

blueprint = Blueprint("office", __name__, url_prefix="/office")


@blueprint.get("/products")
@requires("view")
def products() -> ResponseReturnValue:
    words, category = request.args.get("q", "").strip(), request.args.get("category", "")
    query = select(Product).order_by(Product.sku)
    if category in CATEGORIES:
        query = query.where(Product.category == category)
    if words:
        query = query.where(
            or_(
                Product.title.icontains(words, autoescape=True),
                Product.sku.istartswith(words, autoescape=True),
            )
        )
    page = db.paginate(query, per_page=50, max_per_page=50)
    return render_template("shop/office/products.html", page=page, words=words, category=category)


@blueprint.get("/products/<int:product_id>")
@requires("view")
def product(product_id: int) -> ResponseReturnValue:
    shown = db.get_or_404(Product, product_id)
    return _product_page(shown, ProductForm(obj=shown, stock_shown=shown.stock))


@blueprint.post("/products/<int:product_id>")
@requires("operate")
def save_product(product_id: int) -> ResponseReturnValue:
    shown = db.get_or_404(Product, product_id)
    form = ProductForm()
    if not form.validate():
        return _product_page(shown, form), 422
    for name in ("title", "description", "price", "sale_price", "enabled", "hold_price"):
        setattr(shown, name, form[name].data)
    # What was sold while the page was open must not be undone: book the difference to the number shown.
    difference = (form.stock.data or 0) - (form.stock_shown.data or 0)
    if difference:
        stock.book(db.session(), shown.id, difference, f"Counted by {current_user.name}")
    db.session.commit()
    flash("Saved.", "done")
    return redirect(url_for(".product", product_id=product_id))


@blueprint.get("/orders")
@requires("view")
def orders() -> ResponseReturnValue:
    words, status = request.args.get("q", "").strip(), request.args.get("status", "")
    query = select(Order).order_by(Order.created_at.desc(), Order.id.desc())
    if status in set(OrderStatus):
        query = query.where(Order.status == status)
    if words:
        query = query.where(or_(Order.number == words, Order.external_number == words))
    page = db.paginate(query, per_page=50, max_per_page=50)
    return render_template("shop/office/orders.html", page=page, words=words, status=status, statuses=OrderStatus)


@blueprint.get("/orders/<int:order_id>")
@requires("view")
def order(order_id: int) -> ResponseReturnValue:
    return _order_page(db.get_or_404(Order, order_id), ShipForm())


@blueprint.post("/orders/<int:order_id>/ship")
@requires("operate")
def ship(order_id: int) -> ResponseReturnValue:
    """Book the package and tell Amazon, in one transaction: either both are known or neither is."""
    shown = db.get_or_404(Order, order_id)
    form = ShipForm()
    if not form.validate():
        return _order_page(shown, form), 422
    try:
        shipment = ship_order(
            db.session(),
            shown,
            form.carrier.data or "",
            form.tracking_number.data or None,
            _quantities(shown),
        )
        if shown.source == "amazon":
            amazon.order_shipped(
                str(shown.id),
                carrier=shipment.carrier,
                tracking_number=shipment.tracking_number or "",
                items={str(line.order_line.external_id): line.quantity for line in shipment.lines},
                package=str(shipment.id),
            )
    except (NotPossible, ValueError) as problem:
        db.session.rollback()
        flash(str(problem), "problem")
    else:
        db.session.commit()
        flash("The package is booked.", "done")
    return redirect(url_for(".order", order_id=order_id))


@blueprint.post("/orders/<int:order_id>/cancel")
@requires("operate")
def cancel(order_id: int) -> ResponseReturnValue:
    shown = db.get_or_404(Order, order_id)
    form = CancelForm()
    if not form.validate():
        return _order_page(shown, ShipForm()), 422
    try:
        cancel_order(db.session(), shown, CANCEL_REASONS[form.reason.data])
    except NotPossible as problem:
        db.session.rollback()
        flash(str(problem), "problem")
    else:
        db.session.commit()
        flash("The order is cancelled.", "done")
    return redirect(url_for(".order", order_id=order_id))


@blueprint.route("/rates", methods=["GET", "POST"])
@requires("administer")
def rates() -> ResponseReturnValue:
    form = RateForm(data={"day": utc_now().date()})
    if form.validate_on_submit():
        wanted = select(ExchangeRate).filter_by(currency=form.currency.data, day=form.day.data)
        rate = db.session.scalar(wanted) or ExchangeRate(currency=form.currency.data, day=form.day.data)
        rate.rate = form.rate.data or rate.rate
        db.session.add(rate)
        db.session.commit()
        flash("Saved.", "done")
        return redirect(url_for(".rates"))
    known = db.session.scalars(select(ExchangeRate).order_by(ExchangeRate.day.desc(), ExchangeRate.currency)).all()
    return render_template("shop/office/rates.html", form=form, rates=known)


def _product_page(shown: Product, form: ProductForm) -> str:
    newest = select(StockMovement).filter_by(product_id=shown.id).order_by(StockMovement.id.desc()).limit(10)
    return render_template(
        "shop/office/product.html", product=shown, form=form, movements=db.session.scalars(newest).all()
    )


def _order_page(shown: Order, form: ShipForm) -> str:
    return render_template(
        "shop/office/order.html", order=shown, ship_form=form, cancel_form=CancelForm(), carriers=CARRIERS
    )


def _quantities(shown: Order) -> dict[int, int]:
    """Read how many of each line go into the package: fields `line-ID`, by default all that is left."""
    return {line.id: request.form.get(f"line-{line.id}", line.open_quantity, type=int) for line in shown.open_lines}
