"""The stock ledger: it books the difference between what Amazon sold and what was booked, in the order's own commit."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ShopRefused
from flask_amazon_channel.models import AmazonOrder, AmazonOrderItem, StockEntry
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.rules.phrases import phrase_many
from flask_amazon_channel.rules.values import StockCause, StockChange
from flask_amazon_channel.signals import stock_oversold
from flask_amazon_channel.sync.decisions import News
from flask_amazon_channel.sync.shop_calls import ShopEndedTransaction, call_shop

_LEDGER: sa.Table = StockEntry.__table__  # type: ignore[assignment]
_ITEMS: sa.Table = AmazonOrderItem.__table__  # type: ignore[assignment]
_POST = _ITEMS.update().where(_ITEMS.c.id == sa.bindparam("item_id")).values(posted=sa.bindparam("units"))


def book(
    channel: Channel,
    session: Session,
    order: AmazonOrder,
    item: AmazonOrderItem,
    storefront: str | None,
    now: datetime,
) -> tuple[News, str | None]:
    """Bring the shop's stock to the line's target; return what to announce, and why it failed if it did.

    A line without a product waits as *held*: it counts as sold wherever a quantity is computed.
    """
    difference = item.sold - item.posted
    if difference == 0 or item.product_id is None:
        return [], None
    kind = StockChange.SALE if difference > 0 else StockChange.RELEASE
    product_id = item.product_id

    def change() -> int | None:
        entry_id = _write_down(session, item, product_id, kind, -difference, now)
        cause = StockCause(order.amazon_order_id, item.order_item_id, f"amazon-{entry_id}", kind)
        left = channel.shop.change_stock(product_id, -difference, cause, storefront)
        session.flush()
        return left

    try:
        left = call_shop(session, "change_stock", change)
    except ShopEndedTransaction:
        raise
    except ShopRefused as refusal:
        return [], str(refusal)
    set_committed_value(item, "posted", item.sold)
    return _oversold(session, order, item, left, now), None


def _write_down(
    session: Session, item: AmazonOrderItem, product_id: str, kind: StockChange, delta: int, now: datetime
) -> int:
    """Write the entry, and that the line is booked, before the shop is asked: whoever commits, they belong together.

    In plain statements: a flush for each line would take half of the time of the whole order.
    """
    connection = session.connection()
    written = connection.execute(
        _LEDGER.insert(),
        {
            "order_item_id": item.id,
            "sequence": len(item.ledger) + 1,
            "product_id": product_id,
            "kind": kind,
            "delta": delta,
            "created_at": now,
        },
    )
    connection.execute(_POST, {"item_id": item.id, "units": item.sold})
    return int(written.inserted_primary_key.id)  # type: ignore[union-attr]  # the row of one insert has its key


def _oversold(session: Session, order: AmazonOrder, item: AmazonOrderItem, left: int | None, now: datetime) -> News:
    if left is None or left >= 0 or order.oversold_at is not None:
        return []
    order.oversold_at = now
    sentence = phrase_many(
        "{title}: {n} more was sold than there is.",
        "{title}: {n} more were sold than there are.",
        -left,
        title=item.title,
    )
    note(session, now, "oversold", sentence, order_id=order.id, store_id=order.store_id)
    return [(stock_oversold, {"order_id": order.id, "product_id": str(item.product_id)})]
