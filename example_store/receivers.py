"""What the shop does when the Amazon channel tells it something, and the one question that it answers.

A receiver runs after the channel has committed, so it works in a transaction of its own.  `**_extra` takes
keywords that a later version may add.
"""

from __future__ import annotations

from typing import Any

from flask import Flask

from example_store.database import db
from example_store.models import Order, OrderNote, Product
from flask_amazon_channel import Reason, because, signals
from flask_amazon_channel.models import AmazonOrder
from flask_amazon_channel.rules.submitting import Submitting

PERSONAL = (
    "buyer_name",
    "buyer_email",
    "ship_to",
    "company",
    "street",
    "city",
    "state",
    "postal_code",
    "phone",
)


def connect(app: Flask) -> None:
    """Listen for this app; another app in the same process stays undisturbed."""
    signals.stock_oversold.connect(note_that_too_many_were_sold, sender=app)
    signals.cancellation_requested.connect(note_that_the_buyer_wants_to_cancel, sender=app)
    signals.personal_data_purged.connect(forget_the_buyer, sender=app)
    signals.listing_submitting.connect(hold_prices, sender=app)


def note_that_too_many_were_sold(app: Flask, order_id: int, product_id: str, **_extra: Any) -> None:
    product = db.session.get(Product, int(product_id))
    if product is not None:
        _note(order_id, f"Sold more {product.sku} than there are: stock is {product.stock}.")


def note_that_the_buyer_wants_to_cancel(app: Flask, order_id: int, **_extra: Any) -> None:
    _note(order_id, "The buyer asks Amazon to cancel this order. Do not ship it before that is decided.")


def forget_the_buyer(app: Flask, order_id: int, **_extra: Any) -> None:
    """Delete the shop's copy of what Amazon told us about the buyer; who bought is no longer ours to know."""
    order = _shop_order(order_id)
    if order is None:
        return
    for name in PERSONAL:
        setattr(order, name, None)
    db.session.commit()


def hold_prices(app: Flask, submission: Submitting, **_extra: Any) -> Reason | None:
    """Veto a new price while the product's price is on hold.  It only reads: `flask amazon plan` asks too."""
    if submission.aspect != "price":
        return None
    product = db.session.get(Product, int(submission.product_id))
    if product is None or not product.hold_price:
        return None
    return because("price_on_hold", "The price of {sku} is on hold in the shop.", sku=product.sku)


def _note(order_id: int, text: str) -> None:
    order = _shop_order(order_id)
    if order is not None:
        order.notes.append(OrderNote(text=text))
        db.session.commit()


def _shop_order(order_id: int) -> Order | None:
    """Return the shop order of one of the channel's orders, if it has one yet."""
    known = db.session.get(AmazonOrder, order_id)
    return db.session.get(Order, int(known.shop_order_id)) if known and known.shop_order_id else None
