"""The port to this shop: a product is a variant, its price the parent's, its quantity what was not promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, and_, func, select, update

from flask_amazon_channel import (
    Kind,
    NewShopOrder,
    OrderChange,
    OrderChangeKind,
    ShopAttribute,
    ShopProduct,
    StockCause,
    StockChange,
    Storefront,
)
from tests.hosts.variant_shop.models import (
    MAIN,
    Order,
    OrderLine,
    Parent,
    StockLevel,
    StorefrontPrice,
    Variant,
    db,
)

PLACES: Mapping[str, ColumnElement[Any]] = {"sku": Variant.__table__.c.sku, "ean": Variant.__table__.c.ean}
NOTES = {
    OrderChangeKind.SHIPPED: "Shipped.",
    OrderChangeKind.CANCELLED: "Cancelled at Amazon.",
    OrderChangeKind.ADDRESS_CHANGED: "The address was changed.",
}


def as_key(product_id: str) -> UUID | None:
    """Return the key of a variant, None for what can be none."""
    try:
        return UUID(product_id)
    except ValueError:
        return None


class VariantShop:
    """Variants as products."""

    currency = "EUR"

    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        keys = {key for key in map(as_key, ids) if key is not None}
        sellable = (
            select(StockLevel.variant_id, func.sum(StockLevel.on_hand - StockLevel.allocated).label("quantity"))
            .group_by(StockLevel.variant_id)
            .subquery()
        )
        here = and_(StorefrontPrice.parent_id == Parent.id, StorefrontPrice.storefront == storefront)
        rows = db.session.execute(
            select(Variant, Parent, sellable.c.quantity, StorefrontPrice.price)
            .join(Parent, Variant.parent_id == Parent.id)
            .outerjoin(sellable, sellable.c.variant_id == Variant.id)
            .outerjoin(StorefrontPrice, here)
            .where(Variant.id.in_(keys))
        )
        for variant, parent, quantity, price in rows:
            if storefront is None or parent.hidden_in != storefront:
                yield self._product(variant, parent, quantity, price)

    def _product(
        self, variant: Variant, parent: Parent, quantity: Decimal | int | None, price: Decimal | None
    ) -> ShopProduct:
        return ShopProduct(
            id=str(variant.id),
            sku=variant.sku,
            title=f"{parent.title}, {variant.size}",
            price=parent.price if price is None else price,
            quantity=None if quantity is None else int(quantity),
            identifiers={"ean": variant.ean},
            attributes={"size": variant.size},
            enabled=variant.on_sale,
            kind=Kind.VARIANT,
            family=str(parent.id),
            brand=parent.brand,
        )

    def product_ids(self, after: str | None, limit: int) -> Sequence[str]:
        walk = select(Variant.id).order_by(Variant.id).limit(limit)
        if after is not None:
            walk = walk.where(Variant.id > as_key(after))
        return [str(key) for key in db.session.scalars(walk)]

    def find_products(self, attribute: str, values: Sequence[str]) -> Mapping[str, Sequence[str]]:
        column = PLACES.get(attribute)
        found: dict[str, list[str]] = {}
        if column is not None:
            for key, value in db.session.execute(select(Variant.id, column).where(column.in_(values))):
                found.setdefault(value, []).append(str(key))
        return found

    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        """Promise what was sold, and take the promise back; what came back lies on the shelf again."""
        change = {"allocated": StockLevel.allocated - delta}
        if cause.kind is StockChange.RETURN:
            change = {"on_hand": StockLevel.on_hand + delta}
        key = as_key(product_id)
        booked = db.session.execute(
            update(StockLevel)
            .where(StockLevel.variant_id == key, StockLevel.warehouse == MAIN)
            .values(**change)
            .execution_options(synchronize_session="fetch")
        )
        if cast("CursorResult[Any]", booked).rowcount == 0 and (key is None or db.session.get(Variant, key) is None):
            raise LookupError(f"There is no variant {product_id}.")
        left = db.session.scalar(
            select(func.sum(StockLevel.on_hand - StockLevel.allocated)).where(StockLevel.variant_id == key)
        )
        return None if left is None else int(left)

    def create_order(self, order: NewShopOrder) -> str:
        row = Order(
            amazon_order_id=order.amazon_order_id,
            recipient=order.address.name if order.address else None,
            total=order.totals.grand_total,
            lines=[
                OrderLine(
                    reference=line.id,
                    variant_id=as_key(line.product_id) if line.product_id else None,
                    description=line.title[:300],
                    quantity=line.quantity,
                    price=line.unit_price,
                )
                for line in order.lines
            ],
        )
        db.session.add(row)
        db.session.flush()
        return str(row.id)

    def update_order(self, shop_order_id: str, change: OrderChange) -> None:
        order = db.session.get_one(Order, int(shop_order_id))
        if change.kind is OrderChangeKind.LINES_CANCELLED:
            for line in order.lines:
                line.quantity -= change.lines.get(line.reference, 0)
        elif change.kind is OrderChangeKind.CANCELLED:
            order.status = "cancelled"
        elif change.kind is OrderChangeKind.SHIPPED:
            order.status = "shipped"
        elif change.kind is OrderChangeKind.ADDRESS_CHANGED and change.address:
            order.recipient = change.address.name
        order.notes += f"{change.note or NOTES.get(change.kind, '')}\n"

    def attributes(self) -> Sequence[ShopAttribute]:
        return [ShopAttribute("size", "Size", "choice", ("S", "M", "L"))]

    def storefronts(self) -> Sequence[Storefront]:
        return [Storefront("nord", "Nord"), Storefront("sued", "Süd")]
