"""What the tests find in the shop, and what they change and look at, as the shop's own people would."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.hosts.variant_shop import amazon
from tests.hosts.variant_shop.models import (
    MAIN,
    OUTLET,
    Order,
    Parent,
    StockLevel,
    StorefrontPrice,
    Variant,
    db,
)

EANS = {"JUMPER-S": "4006381333931", "JUMPER-M": "4006381333948", "SCARF": "4006381333955"}


def seed(session: Session) -> None:
    """Fill an empty shop: a jumper in two sizes, a scarf that Süd does not sell, a voucher without stock.  Commits.

    JUMPER-S: 10 (8 + 4 on hand, 2 promised); JUMPER-M: 5; SCARF: 3.  The jumper costs 59.90, in Süd 64.90.
    """
    jumper = Parent(title="Jumper", brand="Nordwolle", price=Decimal("59.90"))
    jumper.storefront_prices = [StorefrontPrice(storefront="sued", price=Decimal("64.90"))]
    jumper.variants = [
        _variant("JUMPER-S", "S", main=(8, 1), outlet=(4, 1)),
        _variant("JUMPER-M", "M", main=(5, 0), outlet=(0, 0)),
    ]
    scarf = Parent(title="Scarf", brand="Nordwolle", price=Decimal("19.50"), hidden_in="sued")
    scarf.variants = [_variant("SCARF", "M", main=(1, 0), outlet=(2, 0))]
    voucher = Parent(title="Mending voucher", brand="Nordwolle", price=Decimal("25.00"))
    voucher.variants = [Variant(sku="VOUCHER", size="-")]
    session.add_all([jumper, scarf, voucher])
    session.commit()


def _variant(sku: str, size: str, main: tuple[int, int], outlet: tuple[int, int]) -> Variant:
    levels = [(MAIN, *main), (OUTLET, *outlet)]
    return Variant(
        sku=sku,
        ean=EANS[sku],
        size=size,
        stock=[StockLevel(warehouse=name, on_hand=hand, allocated=given) for name, hand, given in levels],
    )


def variant(sku: str) -> Variant:
    """The variant as the database has it now."""
    db.session.expire_all()
    return db.session.scalars(select(Variant).filter_by(sku=sku)).one()


def product_id(sku: str) -> str:
    return str(variant(sku).id)


def sellable(sku: str) -> int:
    """How many of it no buyer was promised."""
    left = func.sum(StockLevel.on_hand - StockLevel.allocated)
    return int(db.session.scalar(select(left).join(Variant).where(Variant.sku == sku)) or 0)


def allocated(sku: str) -> int:
    """How many of it are promised to buyers."""
    return int(db.session.scalar(select(func.sum(StockLevel.allocated)).join(Variant).where(Variant.sku == sku)) or 0)


def orders() -> list[Order]:
    """All shop orders, the oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(select(Order).order_by(Order.id)))


def receive(sku: str, quantity: int, warehouse: str = MAIN) -> None:
    """Put goods on the shelf.  Commits."""
    level = next(level for level in variant(sku).stock if level.warehouse == warehouse)
    level.on_hand += quantity
    db.session.commit()


def count_stock(quantities: dict[UUID, int]) -> None:
    """Set the stock of the main warehouse as it was counted, by statements that load no rows.  Commits."""
    for variant_id, quantity in quantities.items():
        counted = update(StockLevel).where(StockLevel.variant_id == variant_id, StockLevel.warehouse == MAIN)
        db.session.execute(counted.values(on_hand=quantity))
    db.session.commit()


def set_price(title: str, price: Decimal, storefront: str | None = None) -> None:
    """Change the price of a garment, everywhere or in one storefront.  Commits.

    The price is not the variants' own, so the channel is told by hand which products it concerns.
    """
    parent = db.session.scalars(select(Parent).filter_by(title=title)).one()
    if storefront is None:
        parent.price = price
    else:
        db.session.merge(StorefrontPrice(parent_id=parent.id, storefront=storefront, price=price))
    amazon.product_changed(*(variant.id for variant in parent.variants))
    db.session.commit()
