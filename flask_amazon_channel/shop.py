"""The port to the host: what the channel asks of a shop.

`change_stock`, `create_order` and `update_order` run inside the channel's transaction on the host's session
and must neither commit nor use the network.  No transaction is open when `products`, `product_ids` and
`find_products` are called.  What `OptionalShop` lists may be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol, TypedDict, Unpack, runtime_checkable

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import InstrumentedAttribute, Session, scoped_session

from flask_amazon_channel.columns import Expression, chunks, described, from_text, read
from flask_amazon_channel.rules.values import (
    NewShopOrder,
    OrderChange,
    ShopAttribute,
    ShopProduct,
    StockCause,
    Storefront,
)


@runtime_checkable
class Shop(Protocol):
    """What every shop must offer.  All ids are text; money is `Decimal` in `currency`."""

    @property
    def currency(self) -> str:
        """ISO 4217 code of the shop's prices."""
        ...

    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        """Return these products, in bulk, as they hold for that storefront.

        A product left out does not exist there.  An exception means that nobody knows: nothing is sent.
        """
        ...

    def product_ids(self, after: str | None, limit: int) -> Sequence[str]:
        """Walk over the catalogue: return up to `limit` ids that follow `after`, in the shop's own order."""
        ...

    def find_products(self, attribute: str, values: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return the ids of the products whose attribute has one of these values, by the value asked."""
        ...

    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        """Add `delta` to what can be sold, in one statement, and return the new quantity (None: not managed).

        It accepts going below zero: what Amazon sold is sold.  An unknown product raises `LookupError`.
        """
        ...

    def create_order(self, order: NewShopOrder) -> str:
        """Create the shop order and return its id.  Stock stays as it is: only `change_stock` changes it."""
        ...

    def update_order(self, shop_order_id: str, change: OrderChange) -> None:
        """Bring a change at Amazon to the shop order.  Stock stays as it is."""
        ...


class OptionalShop(Protocol):
    """What a shop may offer besides.  The channel looks for each by its name (`offers`)."""

    def attributes(self) -> Sequence[ShopAttribute]:
        """Return the attributes of products that rules and mappings may use."""
        ...

    def storefronts(self) -> Sequence[Storefront]:
        """Return the storefronts that a Store can be bound to."""
        ...

    def product_url(self, product_id: str) -> str:
        """Return the address of the shop's own page of a product."""
        ...

    def order_url(self, shop_order_id: str) -> str:
        """Return the address of the shop's own page of an order."""
        ...

    def exchange_rate(self, from_currency: str, to_currency: str) -> Decimal | None:
        """Return how much of one currency one unit of the other buys today, or None."""
        ...


class FurtherColumns(TypedDict, total=False):
    """The fields of `ShopProduct` that `SQLAlchemyShop` reads where a column or SQL expression is given."""

    sale_price: Expression
    sale_from: Expression
    sale_until: Expression
    sell_from: Expression
    sell_until: Expression
    condition: Expression
    enabled: Expression
    kind: Expression
    family: Expression
    brand: Expression
    description: Expression
    image_urls: Expression
    fulfilled_by: Expression


class SQLAlchemyShop:
    """The port for products that are rows of one model; its primary key is one number, UUID or text.

        class OurShop(SQLAlchemyShop):
            def create_order(self, order): ...
            def update_order(self, shop_order_id, change): ...

        OurShop(Product, currency="USD", sku=Product.sku, title=Product.title, price=Product.price,
                quantity=Product.stock, identifiers={"ean": Product.ean}, prices={"cost": Product.cost})

    Everything may be a column or an SQL expression (a constant: `sqlalchemy.literal("new")`), but
    `change_stock` needs `quantity` to be a column; without `quantity` stock is not managed.  Times without a
    zone are taken as UTC, a date as its first moment.  `image_urls` is one address or a list of them.  All
    storefronts show the same.
    """

    def __init__(
        self,
        model: type[Any],
        *,
        currency: str,
        sku: Expression,
        title: Expression,
        price: Expression,
        quantity: Expression | None = None,
        identifiers: Mapping[str, Expression] | None = None,
        prices: Mapping[str, Expression] | None = None,
        attributes: Mapping[str, Expression] | None = None,
        session: Session | scoped_session[Session] | None = None,
        **further: Unpack[FurtherColumns],
    ) -> None:
        unknown = sorted(set(further) - set(FurtherColumns.__annotations__))
        if unknown:
            raise TypeError(f"SQLAlchemyShop knows no {', '.join(unknown)}; for rules there is attributes={{...}}.")
        primary_key = sa.inspect(model).primary_key
        if len(primary_key) != 1:
            raise TypeError(f"{model.__name__} has a primary key of several columns: write the Shop yourself.")
        self.model = model
        self.currency = currency
        self._id: sa.ColumnElement[Any] = primary_key[0]
        self._stock = quantity
        self._plain: dict[str, Any] = {"sku": sku, "title": title, "price": price, **further}
        if quantity is not None:
            self._plain["quantity"] = quantity
        self._groups: dict[str, Mapping[str, Expression]] = {
            "identifiers": identifiers or {},
            "prices": prices or {},
            "attributes": attributes or {},
        }
        self._session = session
        self._change: sa.Update | None = None

    @property
    def session(self) -> Session:
        """The session that the channel works in: the host's own."""
        session = self._session or current_app.extensions["amazon_channel"].db.session
        return session() if isinstance(session, scoped_session) else session

    def products(self, ids: Sequence[str], storefront: str | None) -> Iterable[ShopProduct]:
        keys = [key for key in (from_text(self._id, id) for id in dict.fromkeys(ids)) if key is not None]
        query = sa.select(*self._columns())
        return [
            self._product(row)
            for chunk in chunks(keys)
            for row in self.session.execute(query.where(self._id.in_(chunk))).mappings()
        ]

    def _columns(self) -> list[sa.ColumnElement[Any]]:
        columns: list[sa.ColumnElement[Any]] = [self._id.label("id")]
        columns += [expression.label(name) for name, expression in self._plain.items()]
        for group, members in self._groups.items():
            columns += [expression.label(f"{group}.{name}") for name, expression in members.items()]
        return columns

    def _product(self, row: Mapping[Any, Any]) -> ShopProduct:
        plain = {name: read(name, row[name]) for name in self._plain}
        groups: dict[str, Any] = {
            group: {name: read(group, row[f"{group}.{name}"]) for name in members}
            for group, members in self._groups.items()
        }
        return ShopProduct(id=str(row["id"]), **plain, **groups)

    def product_ids(self, after: str | None, limit: int) -> Sequence[str]:
        walk = sa.select(self._id).order_by(self._id).limit(limit)
        if after is not None:
            walk = walk.where(self._id > from_text(self._id, after))
        return [str(key) for key in self.session.scalars(walk)]

    def find_products(self, attribute: str, values: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Ask for `sku`, an identifier or an attribute by its name; one that the shop lacks finds nothing."""
        places = {**self._groups["attributes"], **self._groups["identifiers"], "sku": self._plain["sku"]}
        expression = places.get(attribute)
        found: dict[str, list[str]] = {}
        if expression is None:
            return found
        asked = {from_text(expression, value): value for value in values}
        asked.pop(None, None)
        for chunk in chunks(list(asked)):
            rows = sa.select(self._id, expression).where(expression.in_(chunk)).order_by(self._id)
            for key, value in self.session.execute(rows):
                # MariaDB may say that "abc" and "ABC" are equal; they are two SKUs.
                if value in asked:
                    found.setdefault(asked[value], []).append(str(key))
        return found

    def change_stock(self, product_id: str, delta: int, cause: StockCause, storefront: str | None = None) -> int | None:
        """Add `delta` in one UPDATE, whatever rows the session has loaded."""
        key = from_text(self._id, product_id)
        rows = self._add_to_stock(key, delta) if key is not None else []
        if not rows:
            raise LookupError(f"The shop has no product {product_id!r}.")
        quantity = rows[0]
        return None if quantity is None else int(quantity // 1)

    def _add_to_stock(self, key: object, delta: int) -> Sequence[Any]:
        column, session = self._stock, self.session
        if column is None:
            return session.scalars(sa.select(sa.null()).where(self._id == key)).all()
        if not isinstance(column, InstrumentedAttribute):
            raise TypeError("quantity= is an SQL expression, which cannot be booked on: write change_stock.")
        change, values = self._change_of(column), {"shop_product": key, "delta": delta}
        if session.get_bind(self.model).dialect.update_returning:
            rows = session.scalars(change.returning(column), values).all()
        else:
            session.execute(change, values)
            rows = session.scalars(sa.select(column).where(self._id == key)).all()
        loaded = session.identity_map.get(session.identity_key(self.model, key))
        if loaded is not None:
            session.expire(loaded, [column.key])
        return rows

    def _change_of(self, column: InstrumentedAttribute[Any]) -> sa.Update:
        """Return the statement that adds to a product's stock: put together once, every sold line needs it."""
        if self._change is None:
            change = sa.update(self.model).where(self._id == sa.bindparam("shop_product"))
            change = change.values({column: column + sa.bindparam("delta", type_=sa.Integer)})
            self._change = change.execution_options(synchronize_session=False)
        return self._change

    def attributes(self) -> Sequence[ShopAttribute]:
        """Return the attributes as they were given, with what their SQL types say about them."""
        return [described(name, expression) for name, expression in self._groups["attributes"].items()]
