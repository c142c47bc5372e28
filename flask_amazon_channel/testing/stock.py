"""Checks of `change_stock`: by exactly the delta, in one statement, below zero too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import uuid4

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.rules.values import ShopProduct, StockCause, StockChange
from flask_amazon_channel.testing.asking import Broken, Finding, Watch, ask, products_of, undone
from flask_amazon_channel.testing.products import sample

ONE_STATEMENT = "Let the database calculate, in one statement: UPDATE ... SET stock = stock + :delta WHERE id = :id."
_numbers = count(1)


def cause(delta: int) -> StockCause:
    """Return a cause that was never used before."""
    number = next(_numbers)
    return StockCause(
        amazon_order_id="000-0000000-0000000",
        order_item_id=f"check-{number}",
        ledger_id=f"check-{uuid4()}",
        kind=StockChange.SALE if delta < 0 else StockChange.RELEASE,
    )


def managed(watch: Watch, shop: Any) -> ShopProduct | None:
    """Return a product whose stock is managed, best one that has some."""
    products = [product for product in sample(watch, shop) if product.quantity is not None]
    return max(products, key=lambda product: product.quantity or 0, default=None)


def change(watch: Watch, shop: Any, product_id: str, delta: int) -> Any:
    doing = f" when asked to change by {delta:+}"
    return ask(watch, shop, "change_stock", product_id, delta, cause(delta), doing=doing)


def stock_changes_by_the_delta(channel: Channel, shop: Any) -> Iterator[Finding]:
    with undone(channel) as watch:
        product = managed(watch, shop)
        if product is None:
            return
        before = quantity_of(watch, shop, product.id)
        for delta in (-2, 3):
            answer = change(watch, shop, product.id, delta)
            _require_change(channel, watch, shop, product.id, before, delta)
            before += delta
            if isinstance(answer, bool) or not isinstance(answer, int) or answer != before // 1:
                yield Finding(
                    "change_stock-answer",
                    f"change_stock returned {answer!r}, but products() then says {before}.",
                    "Return the new quantity as an int, as products() gives it (None: stock is not managed).",
                )
                return


def quantity_of(watch: Watch, shop: Any, product_id: str) -> Any:
    return products_of(watch, shop, [product_id])[product_id].quantity


def _require_change(channel: Channel, watch: Watch, shop: Any, product_id: str, before: Any, delta: int) -> None:
    after = quantity_of(watch, shop, product_id)
    if after == before + delta:
        return
    channel.db.session.expire_all()
    if quantity_of(watch, shop, product_id) == before + delta:
        raise Broken(
            Finding(
                "change_stock-stale",
                "After change_stock, products() still shows the old quantity: it reads rows loaded earlier.",
                "Expire the row after the UPDATE (session.expire), or let products() select columns.",
            )
        )
    raise Broken(
        Finding(
            "change_stock-delta",
            f"change_stock changed the quantity by {after - before:+} instead of {delta:+}.",
            "Afterwards ShopProduct.quantity must differ by exactly `delta`, however the shop books it.",
        )
    )


def stock_may_fall_below_zero(channel: Channel, shop: Any) -> Iterator[Finding]:
    remedy = "What Amazon sold is sold: let it fall below zero, without a test, a constraint or a max()."
    with undone(channel) as watch:
        product = managed(watch, shop)
        if product is None:
            return
        before = quantity_of(watch, shop, product.id)
        wanted = -3 - max(0, int(before))
        try:
            change(watch, shop, product.id, wanted)
        except Broken as broken:
            if "-raises" not in broken.finding.check:
                raise
            yield Finding("change_stock-refuses", f"Below zero: {broken.finding.sentence}", remedy)
            return
        channel.db.session.expire_all()
        after = quantity_of(watch, shop, product.id)
        if after != before + wanted and after >= 0:
            yield Finding(
                "change_stock-clamps",
                f"{before} in stock less {-wanted} sold should be {before + wanted}, but the shop says {after}.",
                remedy,
            )


def stock_changes_in_one_statement(channel: Channel, shop: Any) -> Iterator[Finding]:
    """Change twice by the same: an UPDATE that calculates looks the same twice, one with results does not."""
    delta = -3
    with undone(channel) as watch:
        product = managed(watch, shop)
        if product is None:
            return
        updates = []
        for _ in range(2):
            watch.statements.clear()
            change(watch, shop, product.id, delta)
            updates.append(watch.numbers_in_updates())
    for first, second in zip(*updates, strict=False):
        if len(first) == len(second) and any(abs(b - a) == abs(delta) for a, b in zip(first, second, strict=True)):
            yield Finding(
                "change_stock-reads-first",
                "change_stock reads the stock and writes the result: of two sales at once one is lost.",
                ONE_STATEMENT,
            )
            return


def a_change_underneath_is_kept(channel: Channel, shop: Any) -> Iterator[Finding]:
    """Repeat the shop's own UPDATE past its session: what the session holds is now out of date."""
    delta = -3
    with undone(channel) as watch:
        product = managed(watch, shop)
        if product is None:
            return
        before = quantity_of(watch, shop, product.id)
        watch.statements.clear()
        change(watch, shop, product.id, delta)
        updates = [one for one in watch.statements if one[0].lstrip()[:6].lower() == "update"]
        again = [_repeat(channel, *one) for one in updates]
        answer = change(watch, shop, product.id, delta)
        channel.db.session.expire_all()
        after = quantity_of(watch, shop, product.id)
    if any(again) and after != before + 3 * delta:
        yield Finding(
            "change_stock-overwrites",
            f"Of {before}, three sales took 3 each, one past the session: {after} are left.",
            ONE_STATEMENT,
        )
    elif answer != after // 1:
        yield Finding(
            "change_stock-answers-old",
            f"Another sale came between; change_stock returned {answer!r}, but {after} are left.",
            "Read the new quantity from the database: UPDATE ... RETURNING, or a SELECT after it.",
        )


def _repeat(channel: Channel, statement: str, parameters: Any) -> bool:
    """Execute the statement again; say whether it changed anything."""
    result = channel.db.session.connection().exec_driver_sql(statement, parameters)
    return bool(result.all()) if result.returns_rows else result.rowcount > 0


def an_unknown_product_is_refused(channel: Channel, shop: Any) -> Iterator[Finding]:
    remedy = "Raise LookupError where the UPDATE found no row (rowcount 0): else a sale is lost without a word."
    for product_id in (str(uuid4()), "2000000000"):
        with undone(channel) as watch:
            try:
                shop.change_stock(product_id, -1, cause(-1))
            except LookupError:
                continue
            except Exception as error:
                if watch.committed:
                    return
                yield Finding(
                    "change_stock-unknown",
                    f"change_stock of a product that does not exist raised {type(error).__name__}.",
                    remedy,
                )
            else:
                yield Finding(
                    "change_stock-unknown",
                    "change_stock of a product that does not exist did as if it did.",
                    remedy,
                )
            return


def unmanaged_stock_stays_unmanaged(channel: Channel, shop: Any) -> Iterator[Finding]:
    with undone(channel) as watch:
        product = next((one for one in sample(watch, shop) if one.quantity is None), None)
        if product is None:
            return
        answer = change(watch, shop, product.id, -1)
        after = quantity_of(watch, shop, product.id)
    if answer is not None or after is not None:
        yield Finding(
            "change_stock-unmanaged",
            f"Stock of {product.id!r} is not managed; change_stock returned {answer!r} and left {after!r}.",
            "Return None, and leave the quantity None.",
        )
