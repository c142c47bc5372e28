"""What is crashed: how each pipeline is prepared, and what the worker (or the person) then does at one stroke."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa

from example_store import stock
from example_store.channel import amazon as channel
from example_store.database import db
from flask_amazon_channel.models import OrderPerson, SellerAccount, Stream, StreamName
from flask_amazon_channel.sync import connect_account
from flask_amazon_channel.sync.orders import personal_data
from tests.journeys.world import US, ShopWorld

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Pipeline:
    """`prepare` is not crashed, `act` is."""

    name: str
    prepare: Callable[[ShopWorld], None]
    act: Callable[[ShopWorld], None]


def _work(world: ShopWorld) -> None:
    world.work()


def _price(world: ShopWorld) -> None:
    number = next(_numbers)
    world.save(price=Decimal(2000 + number % 90) / 100)


def _price_and_fewer(world: ShopWorld) -> None:
    product = world.product()
    product.price = Decimal(2000 + next(_numbers) % 90) / 100
    stock.book(db.session(), product.id, -1, "Counted")
    db.session.commit()


def _sent(world: ShopWorld) -> None:
    _price_and_fewer(world)
    world.work()
    world.pass_time(5)


def _orders(world: ShopWorld) -> None:
    world.buy(quantity=1)
    world.buy("PAN", quantity=2)
    world.buy("PAN", quantity=1, status="PENDING")
    _reading_is_due(world)


def _cancelled(world: ShopWorld) -> None:
    order_id, other = world.buy("PAN", quantity=2), world.buy("PAN", quantity=2)
    _reading_is_due(world)
    world.work()
    world.amazon.change_order(order_id, status="CANCELLED")
    world.amazon.change_order(other, items=[{"sku": "PAN", "quantity": 1}])
    _reading_is_due(world)


def _reading_is_due(world: ShopWorld) -> None:
    world.pass_time(1)
    for stream in world.all(Stream, Stream.name == StreamName.ORDERS):
        stream.due_at = world.clock.now
    db.session.commit()


def _shipped(world: ShopWorld) -> None:
    order_id = world.buy("PAN", quantity=2)
    _reading_is_due(world)
    world.work()
    shop_order_id = world.order(order_id).shop_order_id
    for units in (1, 1):
        item = world.order(order_id).items[0].order_item_id
        number = f"0034{next(_numbers):06}"
        channel.order_shipped(shop_order_id, carrier="DHL", tracking_number=number, items={item: units})
    db.session.commit()


def _confirmed(world: ShopWorld) -> None:
    _shipped(world)
    world.work()
    world.pass_time(6)


def _report_is_due(world: ShopWorld) -> None:
    for stream in world.all(Stream, Stream.name == StreamName.LISTINGS_REPORT):
        stream.due_at, stream.complete_at = world.clock.now, None
    db.session.commit()


def _report_is_ready(world: ShopWorld) -> None:
    _report_is_due(world)
    world.work()
    world.pass_time(10)


def _token_is_over(world: ShopWorld) -> None:
    _price(world)
    db.session.execute(sa.update(SellerAccount).values(access_token_sealed=None, access_token_expires_at=None))
    db.session.commit()


def _connect_again(world: ShopWorld) -> None:
    connect_account.connect(
        world.channel,
        seller_id=world.seller["seller_id"],
        region=world.seller["region"],
        name="Fjellstad",
        refresh_token=world.seller["refresh_token"],
    )


def _time_is_over(world: ShopWorld) -> None:
    order_id = world.buy("PAN")
    _reading_is_due(world)
    world.work()
    over = world.clock.now - timedelta(days=1)
    mine = OrderPerson.order_id == world.order(order_id).id
    db.session.execute(sa.update(OrderPerson).where(mine).values(purge_at=over))
    db.session.commit()


def _purge(world: ShopWorld) -> None:
    personal_data.purge(world.channel)


def _save(world: ShopWorld) -> None:
    _price_and_fewer(world)


def _nothing(world: ShopWorld) -> None:
    return None


PIPELINES = (
    Pipeline("a product is saved", _nothing, _save),
    Pipeline("a product change is sent", _price_and_fewer, _work),
    Pipeline("what was sent is read back", _sent, _work),
    Pipeline("orders are read", _orders, _work),
    Pipeline("cancellations are read", _cancelled, _work),
    Pipeline("a shipment is confirmed", _shipped, _work),
    Pipeline("a confirmation is read back", _confirmed, _work),
    Pipeline("a listings report is asked for", _report_is_due, _work),
    Pipeline("a listings report is read", _report_is_ready, _work),
    Pipeline("an access token is renewed", _token_is_over, _work),
    Pipeline("an account is connected again", _nothing, _connect_again),
    Pipeline("personal data is purged", _time_is_over, _purge),
)

__all__ = ["PIPELINES", "US", "Pipeline"]
