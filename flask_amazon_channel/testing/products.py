"""Checks of what the shop tells: currency, the walk over the catalogue, products, finding by identifiers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.rules.identifiers import stored_forms
from flask_amazon_channel.rules.values import Kind, ShopAttribute, ShopProduct, Storefront
from flask_amazon_channel.testing.asking import Broken, Finding, Watch, ask, undone

SAMPLE = 40
PAGES = 20
IDENTIFIERS = ("asin", "ean", "upc", "isbn", "gcid")


def the_currency_is_a_code(channel: Channel, shop: Any) -> Iterator[Finding]:
    from babel.numbers import list_currencies

    currency = getattr(shop, "currency", None)
    if currency not in list_currencies():
        yield Finding(
            "currency",
            f"currency is {currency!r}, which is no currency code.",
            "Return the ISO 4217 code of the shop's prices, such as USD or EUR.",
        )


def ids_of(watch: Watch, shop: Any, after: str | None = None, limit: int = SAMPLE) -> list[str]:
    """Return one page of ids; raise `Broken` unless they are texts."""
    ids: list[Any] = ask(watch, shop, "product_ids", after, limit)
    for one in ids:
        if not isinstance(one, str):
            raise Broken(
                Finding(
                    "product_ids-type",
                    f"product_ids returned {one!r}, which is a {type(one).__name__}.",
                    "Return every id as text: str(id).",
                )
            )
    return ids


def ids_can_be_walked(channel: Channel, shop: Any) -> Iterator[Finding]:
    with undone(channel) as watch:
        first = ids_of(watch, shop)
        if not first:
            yield Finding(
                "product_ids-empty",
                "product_ids returned no id, so nothing else could be checked.",
                "Let it return the ids of all products. If the shop is empty, put a product into it first.",
            )
            return
        if len(first) > SAMPLE:
            yield Finding(
                "product_ids-limit",
                f"product_ids was asked for {SAMPLE} ids and returned {len(first)}.",
                "Return at most `limit` ids.",
            )
            return
        yield from _walk(watch, shop, first)


def _walk(watch: Watch, shop: Any, first: Sequence[str]) -> Iterator[Finding]:
    walked: list[str] = []
    after: str | None = None
    for _ in range(PAGES):
        page = ids_of(watch, shop, after, 2)
        again = sorted(set(page) & set(walked))
        if again:
            yield Finding(
                "product_ids-repeats",
                f"product_ids({after!r}, 2) returned {again[0]!r} once more: the walk would never end.",
                "Return only ids that follow `after`, ordered by what you compare with `after`.",
            )
            return
        if not page:
            break
        walked += page
        after = page[-1]
    common = min(len(walked), len(first))
    if walked[:common] != list(first[:common]) or (len(walked) < len(first) and len(walked) < PAGES * 2):
        yield Finding(
            "product_ids-order",
            "product_ids gives other ids in pages of 2 than in one page: the walk skips products.",
            "Order by a unique column, and compare `after` with the same column.",
        )


def sample(watch: Watch, shop: Any, storefront: str | None = None) -> list[ShopProduct]:
    return list(ask(watch, shop, "products", ids_of(watch, shop), storefront))


def storefronts(shop: Any) -> list[str | None]:
    """Return no storefront, and the first few that the shop names."""
    known = shop.storefronts() if callable(getattr(shop, "storefronts", None)) else ()
    return [None, *[storefront.id for storefront in list(known)[:3]]]


def products_are_as_they_should_be(channel: Channel, shop: Any) -> Iterator[Finding]:
    for storefront in storefronts(shop):
        with undone(channel) as watch:
            ids = ids_of(watch, shop)
            products = ask(watch, shop, "products", ids, storefront)
        yield from _ids_fit(ids, products)
        for product in products:
            yield from _fields_fit(product)
    with undone(channel) as watch:
        if ask(watch, shop, "products", [], None, doing=" when asked for none"):
            yield _extra("products([]) returned products.")


def _ids_fit(asked: Sequence[str], products: Sequence[Any]) -> Iterator[Finding]:
    for product in products:
        if not isinstance(product, ShopProduct):
            raise Broken(
                Finding(
                    "products-type",
                    f"products returned a {type(product).__name__}.",
                    "Return flask_amazon_channel.ShopProduct objects.",
                )
            )
    ids = [product.id for product in products]
    wrong = [one for one in ids if not isinstance(one, str)]
    if wrong:
        yield Finding("products-id", f"A ShopProduct has the id {wrong[0]!r}.", "Give its id as text: str(id).")
        return
    extra = sorted(set(ids) - set(asked))
    if extra:
        yield _extra(f"products returned {extra[0]!r}, which was not asked for.")
    twice = [one for one, times in Counter(ids).items() if times > 1]
    if twice:
        yield Finding(
            "products-twice",
            f"products returned {twice[0]!r} more than once.",
            "Return each product once; a join may have multiplied its rows.",
        )


def _extra(sentence: str) -> Finding:
    return Finding("products-extra", sentence, "Return only the products whose ids were asked for.")


def _fields_fit(product: ShopProduct) -> Iterator[Finding]:
    """Say once for each kind of mistake, with the first product that has it."""
    money = {"price": product.price, "sale_price": product.sale_price}
    money |= {f"prices[{name!r}]": value for name, value in product.prices.items()}
    for name, amount in money.items():
        if amount is not None and not (isinstance(amount, Decimal) and amount.is_finite()):
            yield _field(name, product, amount, "money", "Return a Decimal, made from text: Decimal(str(value)).")
    quantity: Any = product.quantity
    if quantity is not None and (isinstance(quantity, bool) or not isinstance(quantity, int | Decimal)):
        yield _field("quantity", product, quantity, "quantity", "Return an int or a Decimal, or None if not managed.")
    for name in ("sale_from", "sale_until", "sell_from", "sell_until"):
        moment = getattr(product, name)
        if moment is not None and (not isinstance(moment, datetime) or moment.tzinfo is None):
            yield _field(name, product, moment, "time", "Return a datetime with a time zone, best UTC.")
    for name, value in product.identifiers.items():
        if name not in IDENTIFIERS:
            known = ", ".join(IDENTIFIERS)
            yield _field("identifiers", product, name, "identifier", f"Known are {known}, in lower case.")
        elif value is not None and not isinstance(value, str):
            yield _field(f"identifiers[{name!r}]", product, value, "identifier", "Return it as text.")
    for name in ("sku", "title"):
        if not isinstance(getattr(product, name), str):
            yield _field(name, product, getattr(product, name), "text", "Return text.")
    if not isinstance(product.kind, Kind):
        yield _field("kind", product, product.kind, "kind", "Return a flask_amazon_channel.Kind.")


def _field(name: str, product: ShopProduct, value: object, kind: str, remedy: str) -> Finding:
    return Finding(f"products-{kind}", f"{name} of product {product.id!r} is {value!r}.", remedy)


def unknown_ids_are_left_out(channel: Channel, shop: Any) -> Iterator[Finding]:
    with undone(channel) as watch:
        known = ids_of(watch, shop)[:3]
        unknown = ["no such product", str(uuid4()), "-1", "99999999999999999999"]
        try:
            products = ask(watch, shop, "products", [*known, *unknown], None)
        except Broken as broken:
            yield Finding(
                "products-unknown",
                f"{broken.finding.sentence} An unknown id was among those asked for.",
                "Leave out what does not exist: an exception stops all that were asked for.",
            )
            return
        found = {product.id for product in products} & set(unknown)
        if found:
            yield _extra(f"products returned {sorted(found)[0]!r}, which does not exist.")


def products_come_in_bulk(channel: Channel, shop: Any) -> Iterator[Finding]:
    with undone(channel) as watch:
        ids = ids_of(watch, shop)
    few, many = (_statements(channel, shop, some) for some in (ids[:1], ids))
    if len(ids) >= 5 and many - few >= len(ids) - 1:
        yield Finding(
            "products-one-by-one",
            f"products needed {few} statements for one product and {many} for {len(ids)}.",
            "Ask for all ids in one statement (WHERE id IN ...), and load relations eagerly.",
        )


def _statements(channel: Channel, shop: Any, ids: Sequence[str]) -> int:
    with undone(channel) as watch:
        before = len(watch.statements)
        ask(watch, shop, "products", ids, None)
        return len(watch.statements) - before


def products_are_found(channel: Channel, shop: Any) -> Iterator[Finding]:
    with undone(channel) as watch:
        for product in sample(watch, shop)[:5]:
            yield from _found_by(watch, shop, "sku", product.sku, product)
            for kind, value in product.identifiers.items():
                if value and kind in IDENTIFIERS:
                    yield from _found_by(watch, shop, kind, str(value), product)
        for attribute in ("sku", *IDENTIFIERS):
            doing = f" when asked for {attribute!r}"
            answer = ask(watch, shop, "find_products", attribute, ["no such value"], doing=doing)
            if any(answer.values()):
                yield Finding(
                    "find_products-too-much",
                    f"find_products({attribute!r}, ['no such value']) found a product.",
                    "Return only products whose attribute equals the value.",
                )


def _found_by(watch: Watch, shop: Any, kind: str, value: str, product: ShopProduct) -> Iterator[Finding]:
    found: set[str] = set()
    for form in stored_forms(kind, value):
        answer = ask(watch, shop, "find_products", kind, [form])
        strangers = sorted(set(answer) - {form})
        if strangers:
            yield Finding(
                "find_products-keys",
                f"find_products({kind!r}, [{form!r}]) answered under {strangers[0]!r}.",
                "Answer under the value as it was asked. The channel asks in every form itself.",
            )
            return
        ids = answer.get(form, ())
        if isinstance(ids, str) or any(not isinstance(one, str) for one in ids):
            yield Finding(
                "find_products-ids",
                f"find_products({kind!r}, [{form!r}]) answered {ids!r}.",
                "Answer with a list of ids, each as text.",
            )
            return
        found |= set(ids)
    if product.id not in found:
        yield Finding(
            "find_products-misses",
            f"Product {product.id!r} has the {kind} {value!r}, but find_products does not find it.",
            f"Look for {kind!r} where products() reads it from.",
        )


def what_is_optional_is_right(channel: Channel, shop: Any) -> Iterator[Finding]:
    for name, kind in (("attributes", ShopAttribute), ("storefronts", Storefront)):
        if callable(getattr(shop, name, None)):
            with undone(channel) as watch:
                answer = list(ask(watch, shop, name))
            if any(not isinstance(one, kind) for one in answer):
                remedy = f"Return flask_amazon_channel.{kind.__name__} objects."
                yield Finding(f"{name}-type", f"{name} returned something else.", remedy)
    if callable(getattr(shop, "exchange_rate", None)):
        with undone(channel) as watch:
            rate = ask(watch, shop, "exchange_rate", shop.currency, "EUR" if shop.currency != "EUR" else "USD")
        if rate is not None and not isinstance(rate, Decimal):
            yield Finding("exchange_rate", f"exchange_rate returned {rate!r}.", "Return a Decimal, or None.")
