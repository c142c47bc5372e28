"""A host with variants, allocated stock and prices on a parent, joined by the public surface alone."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask

from flask_amazon_channel import StockCause, StockChange
from flask_amazon_channel.models import ProductChange
from flask_amazon_channel.testing import check_shop
from tests.hosts.variant_shop import goods
from tests.hosts.variant_shop.models import OUTLET, db
from tests.hosts.variant_shop.shop import VariantShop


def changed() -> set[str]:
    """The products that are noted as changed, and no longer are once they were asked for."""
    noted = set(db.session.scalars(sa.select(ProductChange.product_id)))
    db.session.execute(sa.delete(ProductChange))
    db.session.commit()
    return noted


def cause(kind: StockChange) -> StockCause:
    return StockCause("028-0000000-0000001", "1", "1", kind)


def test_it_keeps_to_the_port(app: Flask) -> None:
    assert check_shop(app) == []


def test_it_knows_the_channel_by_its_public_names_alone() -> None:
    imported = {
        node.module
        for file in Path(__file__).parent.glob("variant_shop/*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flask_amazon_channel")
    }
    assert imported == {"flask_amazon_channel"}


def test_a_storefront_has_its_own_price_and_its_own_range(app: Flask) -> None:
    ids = [goods.product_id(sku) for sku in ("JUMPER-S", "SCARF")]
    by_storefront = {
        storefront: {product.sku: product.price for product in VariantShop().products(ids, storefront)}
        for storefront in ("nord", "sued")
    }
    assert by_storefront == {
        "nord": {"JUMPER-S": Decimal("59.90"), "SCARF": Decimal("19.50")},
        "sued": {"JUMPER-S": Decimal("64.90")},
    }


@pytest.mark.parametrize(
    ("kind", "delta", "sellable", "allocated"),
    [(StockChange.SALE, -3, 7, 5), (StockChange.RELEASE, 1, 11, 1), (StockChange.RETURN, 2, 12, 2)],
)
def test_a_sale_is_promised_and_a_return_lies_on_the_shelf(
    app: Flask, kind: StockChange, delta: int, sellable: int, allocated: int
) -> None:
    assert VariantShop().change_stock(goods.product_id("JUMPER-S"), delta, cause(kind)) == sellable
    assert (goods.sellable("JUMPER-S"), goods.allocated("JUMPER-S")) == (sellable, allocated)


def test_goods_in_either_warehouse_change_the_product(app: Flask) -> None:
    changed()
    goods.receive("SCARF", 4, OUTLET)
    assert changed() == {goods.product_id("SCARF")}


def test_a_count_that_loads_no_rows_changes_the_product(app: Flask) -> None:
    """The id is noted as the port writes it, however the database keeps a UUID."""
    changed()
    goods.count_stock({UUID(goods.product_id("JUMPER-M")): 2})
    assert changed() == {goods.product_id("JUMPER-M")}


def test_a_price_of_the_parent_changes_all_its_variants(app: Flask) -> None:
    changed()
    goods.set_price("Jumper", Decimal("69.90"), "sued")
    assert changed() == {goods.product_id("JUMPER-S"), goods.product_id("JUMPER-M")}
