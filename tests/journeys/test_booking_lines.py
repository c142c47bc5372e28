"""The lines of an order are booked together, and each by itself where the shop refuses one of them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from example_store.models import StockMovement
from tests.journeys.world import US, ShopWorld, listed


@pytest.fixture
def two_products(world: ShopWorld) -> ShopWorld:
    world.add_product("ROPE")
    world.connect(listings=[listed("LAMP"), listed("ROPE")])
    world.cycle()
    return world


def test_a_line_that_the_shop_cannot_book_stops_only_itself(
    two_products: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, kind = two_products, type(two_products.channel.shop)
    rope, real = str(world.product("ROPE").id), kind.change_stock

    def refuse_rope(shop: Any, product_id: str, *given: Any, **named: Any) -> Any:
        left = real(shop, product_id, *given, **named)
        if product_id == rope:
            raise LookupError("The shelf is being counted.")
        return left

    with monkeypatch.context() as patch:
        patch.setattr(kind, "change_stock", refuse_rope)
        lines = [{"sku": "LAMP", "quantity": 1}, {"sku": "ROPE", "quantity": 2}]
        order_id = world.amazon.place_order(world.seller["seller_id"], US, lines)
        world.cycle()
        assert (world.product("LAMP").stock, world.product("ROPE").stock) == (9, 10)
        assert world.order(order_id).shop_order_id is not None
        assert "being counted" in str(world.order(order_id).problem)
    world.pass_time(4000)
    world.settle(60)
    assert (world.product("LAMP").stock, world.product("ROPE").stock) == (9, 8)
    assert world.order(order_id).problem is None
    booked = world.session.execute(sa.select(StockMovement.product_id, StockMovement.delta)).all()
    assert sorted(delta for _, delta in booked if delta < 0) == [-2, -1], "each once"


def test_a_shop_that_commits_with_the_first_line_has_each_line_booked_once(
    two_products: ShopWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, kind = two_products, type(two_products.channel.shop)
    real = kind.change_stock

    def commit(shop: Any, *given: Any, **named: Any) -> Any:
        left = real(shop, *given, **named)
        shop.session.commit()
        return left

    with monkeypatch.context() as patch:
        patch.setattr(kind, "change_stock", commit)
        lines = [{"sku": "LAMP", "quantity": 1}, {"sku": "ROPE", "quantity": 2}]
        order_id = world.amazon.place_order(world.seller["seller_id"], US, lines)
        world.cycle()
        assert "ended the transaction" in str(world.order(order_id).problem)
    world.pass_time(4000)
    world.settle(60)
    assert (world.product("LAMP").stock, world.product("ROPE").stock) == (9, 8)
    assert [item.posted for item in world.order(order_id).items] == [1, 2]
