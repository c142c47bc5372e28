"""Shops that break the port, one way each, as real shops do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from flask_amazon_channel import NewShopOrder, OrderChange, OrderChangeKind, ShopProduct, StockCause
from tests.port.host import Article, GoodShop, Line, Order, db

FAULTY: dict[str, type[GoodShop]] = {}
"""The shops, by the finding that each must lead to."""


def leads_to(check: str) -> Any:
    def remember(shop: type[GoodShop]) -> type[GoodShop]:
        FAULTY[f"{check} {shop.__name__}"] = shop
        return shop

    return remember


def changed(products: Iterable[ShopProduct], **values: Any) -> list[ShopProduct]:
    return [replace(product, **values) for product in products]


@leads_to("currency")
class CurrencyBySign(GoodShop):
    def __init__(self) -> None:
        super().__init__(currency="€")


@leads_to("products-money")
class FloatPrices(GoodShop):
    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        return [replace(one, price=float(one.price)) for one in super().products(ids, storefront)]  # type: ignore[arg-type]


@leads_to("products-unknown")
class UnknownIdsRaise(GoodShop):
    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        by_id = {product.id: product for product in super().products(ids, storefront)}
        return [by_id[one] for one in ids]


@leads_to("products-extra")
class AllProductsAlways(GoodShop):
    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        return super().products(self.product_ids(None, 1000), storefront)


@leads_to("products-twice")
class ProductsTwice(GoodShop):
    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        return [*super().products(ids, storefront), *super().products(ids, storefront)]


@leads_to("products-id")
class NumbersInProducts(GoodShop):
    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        return [replace(one, id=int(one.id)) for one in super().products(ids, storefront)]  # type: ignore[arg-type]


@leads_to("products-time")
class TimesWithoutZone(GoodShop):
    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        return changed(super().products(ids, storefront), sale_from=datetime(2026, 1, 1))


@leads_to("products-identifier")
class IdentifiersInCapitals(GoodShop):
    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        return changed(super().products(ids, storefront), identifiers={"EAN": "4006381333931"})


@leads_to("products-one-by-one")
class OneStatementEach(GoodShop):
    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        return [product for one in ids for product in super(OneStatementEach, self).products([one], storefront)]


@leads_to("product_ids-type")
class NumbersAsIds(GoodShop):
    def product_ids(self, after: str | None, limit: int) -> Any:
        return [int(one) for one in super().product_ids(after, limit)]


@leads_to("product_ids-empty")
class NoIds(GoodShop):
    def product_ids(self, after: str | None, limit: int) -> Sequence[str]:
        return []


@leads_to("product_ids-limit")
class LimitIgnored(GoodShop):
    def product_ids(self, after: str | None, limit: int) -> Sequence[str]:
        return [str(number) for number in range(1, 1000)]


@leads_to("product_ids-repeats")
class WalkStandsStill(GoodShop):
    def product_ids(self, after: str | None, limit: int) -> Sequence[str]:
        return super().product_ids(None, limit)


@leads_to("product_ids-repeats")
class WalkBackwards(GoodShop):
    def product_ids(self, after: str | None, limit: int) -> Sequence[str]:
        walk = sa.select(Article.id).order_by(Article.id.desc()).limit(limit)
        return [str(one) for one in db.session.scalars(walk.where(Article.id > int(after or 0)))]


@leads_to("product_ids-order")
class WalkSkips(GoodShop):
    def product_ids(self, after: str | None, limit: int) -> Sequence[str]:
        return super().product_ids(str(int(after) + 1) if after else None, limit)


@leads_to("find_products-keys")
class FoundUnderItsNormalForm(GoodShop):
    def find_products(self, attribute: str, values: Sequence[str]) -> Mapping[str, Sequence[str]]:
        found = super().find_products(attribute, values)
        return {value.zfill(14) if attribute == "ean" else value: ids for value, ids in found.items()}


@leads_to("find_products-misses")
class FindsNoSku(GoodShop):
    def find_products(self, attribute: str, values: Sequence[str]) -> Mapping[str, Sequence[str]]:
        return {} if attribute == "sku" else super().find_products(attribute, values)


@leads_to("find_products-raises")
class KnowsOnlyItsOwnAttributes(GoodShop):
    def find_products(self, attribute: str, values: Sequence[str]) -> Mapping[str, Sequence[str]]:
        if attribute not in ("sku", "ean"):
            raise KeyError(attribute)
        return super().find_products(attribute, values)


class OwnStock(GoodShop):
    """What the faulty ways of booking share."""

    def row(self, product_id: str) -> Article:
        found = db.session.get(Article, int(product_id) if product_id.isdecimal() else 0)
        if found is None:
            raise LookupError(product_id)
        return found

    def update(self, product_id: str, stock: Any) -> None:
        statement = sa.update(Article).where(Article.id == self.row(product_id).id).values(stock=stock)
        db.session.execute(statement.execution_options(synchronize_session=False))


@leads_to("change_stock-reads-first")
class ReadsThenWrites(OwnStock):
    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        row = self.row(product_id)
        if row.stock is not None:
            row.stock += delta
            db.session.flush()
        return row.stock


@leads_to("change_stock-answers-old")
class AnswersFromMemory(OwnStock):
    """Books rightly, then says what it remembers."""

    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        row = self.row(product_id)
        if row.stock is None:
            return None
        remembered = row.stock + delta
        self.update(product_id, Article.stock + delta)
        sa.orm.attributes.set_committed_value(row, "stock", remembered)
        return remembered


@leads_to("change_stock-stale")
class OldRowsStay(OwnStock):
    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        self.update(product_id, Article.stock + delta)
        return db.session.scalar(sa.select(Article.stock).where(Article.id == int(product_id)))

    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        rows = [db.session.get(Article, int(one)) for one in ids if one.isdecimal() and len(one) < 10]
        return [
            ShopProduct(str(row.id), row.sku, row.title, row.price, quantity=row.stock)
            for row in rows
            if row is not None
        ]


@leads_to("change_stock-answer")
class ReturnsTheDelta(GoodShop):
    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        return None if super().change_stock(product_id, delta, cause, storefront) is None else delta


@leads_to("change_stock-delta")
class BooksTwice(GoodShop):
    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        return super().change_stock(product_id, 2 * delta, cause, storefront)


@leads_to("change_stock-refuses")
class NeverBelowZero(GoodShop):
    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        left = super().change_stock(product_id, delta, cause, storefront)
        if left is not None and left < 0 and delta < 0:
            raise ValueError("Not enough in stock.")
        return left


@leads_to("change_stock-clamps")
class ZeroAtLeast(OwnStock):
    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        left = Article.stock + delta
        self.update(product_id, sa.case((left < 0, 0), else_=left))
        return db.session.scalar(sa.select(Article.stock).where(Article.id == int(product_id)))


@leads_to("change_stock-unknown")
class UnknownProductIsFine(GoodShop):
    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        try:
            return super().change_stock(product_id, delta, cause, storefront)
        except LookupError:
            return 0


@leads_to("change_stock-unmanaged")
class UnmanagedBecomesManaged(GoodShop):
    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        return super().change_stock(product_id, delta, cause, storefront) or 0


@leads_to("change_stock-commits")
class BookingCommits(GoodShop):
    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        left = super().change_stock(product_id, delta, cause, storefront)
        db.session.commit()
        return left


@leads_to("create_order-commits")
class OrderCommits(GoodShop):
    def create_order(self, order: NewShopOrder) -> str:
        order_id = super().create_order(order)
        db.session.commit()
        return order_id


@leads_to("create_order-commits")
class OrderCommitsAndHidesIt(GoodShop):
    def create_order(self, order: NewShopOrder) -> str:
        order_id = super().create_order(order)
        try:
            db.session.commit()
        except Exception:
            return order_id
        return order_id


@leads_to("create_order-commits")
class OrderCommitsElsewhere(GoodShop):
    def create_order(self, order: NewShopOrder) -> str:
        with db.engine.begin():
            pass
        return super().create_order(order)


@leads_to("create_order-rolls-back")
class OrderRollsBack(GoodShop):
    def create_order(self, order: NewShopOrder) -> str:
        db.session.rollback()
        return super().create_order(order)


@leads_to("create_order-stock")
class OrderTakesStock(GoodShop):
    def create_order(self, order: NewShopOrder) -> str:
        for line in order.lines:
            if line.product_id:
                key = int(line.product_id)
                taken = sa.update(Article).where(Article.id == key).values(stock=Article.stock - line.quantity)
                db.session.execute(taken)
        return super().create_order(order)


@leads_to("create_order-id")
class OrderNumberAsNumber(GoodShop):
    def create_order(self, order: NewShopOrder) -> Any:
        return int(super().create_order(order))


@leads_to("create_order-same")
class OrderNumberIsConstant(GoodShop):
    def create_order(self, order: NewShopOrder) -> str:
        super().create_order(order)
        return "amazon"

    def update_order(self, shop_order_id: str, change: OrderChange) -> None:
        """Nothing is known of it."""


@leads_to("create_order-lines")
class LineIdsAreLost(GoodShop):
    def create_order(self, order: NewShopOrder) -> str:
        row = Order(lines=[Line(quantity=line.quantity) for line in order.lines])
        db.session.add(row)
        db.session.flush()
        return str(row.id)


@leads_to("create_order-withheld")
class NeedsAName(GoodShop):
    def create_order(self, order: NewShopOrder) -> str:
        assert order.buyer is not None, "No buyer"
        return super().create_order(order)


@leads_to("create_order-described")
class NeedsAProduct(GoodShop):
    def create_order(self, order: NewShopOrder) -> str:
        assert all(int(str(line.product_id)) for line in order.lines)
        return super().create_order(order)


@leads_to("create_order-short")
class NeedsStock(GoodShop):
    def create_order(self, order: NewShopOrder) -> str:
        for line in order.lines:
            row = db.session.get(Article, int(line.product_id or 0))
            if row is not None and (row.stock or 0) < line.quantity:
                raise ValueError("Not enough in stock.")
        return super().create_order(order)


class GivesBack(GoodShop):
    """Puts the goods back when this happens to the order."""

    kind = OrderChangeKind.CANCELLED

    def update_order(self, shop_order_id: str, change: OrderChange) -> None:
        super().update_order(shop_order_id, change)
        if change.kind is self.kind:
            for line in db.session.get_one(Order, int(shop_order_id)).lines:
                back = sa.update(Article).where(Article.id == line.article_id)
                db.session.execute(back.values(stock=Article.stock + line.quantity))


@leads_to("update_order-stock")
class CancellingGivesBack(GivesBack):
    pass


@leads_to("update_order-stock")
class ShippingTakes(GivesBack):
    kind = OrderChangeKind.SHIPPED


@leads_to("update_order-raises")
class KnowsNoNotes(GoodShop):
    def update_order(self, shop_order_id: str, change: OrderChange) -> None:
        if change.kind is OrderChangeKind.NOTE_ADDED:
            raise NotImplementedError
        super().update_order(shop_order_id, change)


@leads_to("update_order-commits")
class UpdatingCommits(GoodShop):
    def update_order(self, shop_order_id: str, change: OrderChange) -> None:
        super().update_order(shop_order_id, change)
        db.session.commit()
