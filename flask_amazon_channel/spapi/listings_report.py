"""The rows of the report GET_MERCHANT_LISTINGS_ALL_DATA.

Text between tabs, without quoting.  Each store names the columns in its own language, so they are found by
name and never by position.  A row that cannot be understood is counted and left out; a report of which more
than one row and more than one in a hundred is like that, or which lacks a column, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from operator import itemgetter

from flask_amazon_channel.errors import BadDocument
from flask_amazon_channel.rules.amazon import ReportedListing
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.values import FulfilledBy

REPORT_TYPE = "GET_MERCHANT_LISTINGS_ALL_DATA"

_REQUIRED = ("seller-sku", "price", "quantity")
_USED = (
    *_REQUIRED,
    "item-name",
    "asin1",
    "status",
    "fulfillment-channel",
    "item-condition",
    "product-id",
    "product-id-type",
    "listing-id",
    "open-date",
)

# As seen in files of sellers (English, German, French, Italian, Spanish, Japanese, Polish, Turkish, Chinese
# interface); Amazon publishes no list.  The Spanish "Estado del producto" is taken for the condition,
# "estado" for the status.
_LOCALISED: Mapping[str, str] = {
    "fulfilment-channel": "fulfillment-channel",
    "asin 1": "asin1",
    "artikelbezeichnung": "item-name",
    "angebotsnummer": "listing-id",
    "händler-sku": "seller-sku",
    "preis": "price",
    "menge": "quantity",
    "erstellungsdatum": "open-date",
    "produkt-id-typ": "product-id-type",
    "artikelzustand": "item-condition",
    "produkt-id": "product-id",
    "versender": "fulfillment-channel",
    "nom-produit": "item-name",
    "id-offre": "listing-id",
    "sku-vendeur": "seller-sku",
    "prix": "price",
    "quantité": "quantity",
    "date-ouverture": "open-date",
    "type-id-produit": "product-id-type",
    "état-produit": "item-condition",
    "id-produit": "product-id",
    "canal-traitement": "fulfillment-channel",
    "état": "status",
    "nome dell'articolo": "item-name",
    "numero offerta": "listing-id",
    "sku venditore": "seller-sku",
    "prezzo": "price",
    "quantità": "quantity",
    "data di creazione": "open-date",
    "tipo di identificativo del prodotto": "product-id-type",
    "condizione dell'articolo": "item-condition",
    "identificativo del prodotto": "product-id",
    "canale di gestione": "fulfillment-channel",
    "stato": "status",
    "título del producto": "item-name",
    "identificador del listing": "listing-id",
    "sku del vendedor": "seller-sku",
    "precio": "price",
    "cantidad": "quantity",
    "fecha de creación": "open-date",
    "tipo de identificador de producto": "product-id-type",
    "estado del producto": "item-condition",
    "identificador del producto": "product-id",
    "canal de gestión logística": "fulfillment-channel",
    "estado": "status",
    "商品名": "item-name",
    "出品id": "listing-id",
    "出品者sku": "seller-sku",
    "価格": "price",
    "数量": "quantity",
    "出品日": "open-date",
    "商品idタイプ": "product-id-type",
    "コンディション": "item-condition",
    "商品id": "product-id",
    "フルフィルメント・チャンネル": "fulfillment-channel",
    "ステータス": "status",
    "nazwa-produktu": "item-name",
    "identyfikator-oferty": "listing-id",
    "sku-sprzedawcy": "seller-sku",
    "cena": "price",
    "ilość": "quantity",
    "data-otwarcia": "open-date",
    "typ-identyfikatora-produktu": "product-id-type",
    "stan-produktu": "item-condition",
    "identyfikator-produktu": "product-id",
    "kanał-realizacji": "fulfillment-channel",
    "durum": "status",
    "商品名称": "item-name",
    "卖家 sku": "seller-sku",
    "价格": "price",
    "开售日期": "open-date",
    "商品编码类型": "product-id-type",
    "商品状况": "item-condition",
    "商品编码": "product-id",
    "配送渠道": "fulfillment-channel",
    "状态": "status",
}

_CONDITIONS: Mapping[str, str] = {
    "1": "used_like_new",
    "2": "used_very_good",
    "3": "used_good",
    "4": "used_acceptable",
    "5": "collectible_like_new",
    "6": "collectible_very_good",
    "7": "collectible_good",
    "8": "collectible_acceptable",
    "10": "refurbished_refurbished",
    "11": "new_new",
}
_ID_TYPES: Mapping[str, str] = {"1": "asin", "2": "isbn", "3": "upc", "4": "ean"}

_PRICE = re.compile(r"\d{1,12}(?:\.\d{1,4})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"\d{1,12},\d{2}", re.ASCII)
_QUANTITY = re.compile(r"\d{1,9}", re.ASCII)
_LONGEST_SKU = 255
_REMEMBERED = 50_000


class ListingsReport:
    """Iterate over it once for the rows; `rows` and `bad_rows` hold how many were looked at so far.

    `charset` is that of the document.  Outside UTF-8 a question mark in a SKU stands for a character that was
    lost when Amazon wrote the file, so such a row is bad: its SKU would be another one's.  The first `skip` rows
    count, and are not looked at: an earlier reading has come so far.
    """

    def __init__(self, lines: Iterable[str], charset: str = "utf-8", skip: int = 0) -> None:
        self._lines = iter(lines)
        self._lossy = charset != "utf-8"
        self._skip = skip
        self.rows = 0
        self.bad_rows = 0

    def __iter__(self) -> Iterator[ReportedListing]:
        header = next(self._lines, "")
        width = header.count("\t") + 1
        read = _Reader(_positions(header), self._lossy)
        rows = filter(None, self._lines)
        self.rows = sum(1 for _ in islice(rows, self._skip))
        bad = 0
        for line in rows:
            self.rows += 1
            cells = line.split("\t")
            listing = read(cells) if len(cells) == width and "\0" not in line else None
            if listing is not None:
                yield listing
                continue
            self.bad_rows = bad = bad + 1
            if bad > 100 and bad * 50 > self.rows:
                break
        if bad and (bad == self.rows or (bad > 1 and bad * 100 > self.rows)):
            raise BadDocument(
                phrase("{bad} of the first {rows} rows of the report cannot be understood.", bad=bad, rows=self.rows)
            )


class _Reader:
    """Makes a listing of the cells of a row, or None where they make no sense."""

    def __init__(self, positions: Mapping[str, int | None], lossy: bool) -> None:
        # An absent column reads an empty cell that every row gets at its end.
        self._pick = itemgetter(*(-1 if positions[name] is None else positions[name] for name in _USED))
        self._lossy = lossy
        self._prices: dict[str, Decimal | None] = {"": None}
        self._quantities: dict[str, int | None] = {"": None}

    def __call__(self, cells: list[str]) -> ReportedListing | None:
        cells.append("")
        sku, price, quantity, title, asin, status, channel, *others = self._pick(cells)
        condition, product_id, id_type, listing_id, opened = others
        if not sku or len(sku) > _LONGEST_SKU or (self._lossy and "?" in sku):
            return None
        try:
            amount = self._prices[price] if price in self._prices else self._price(price)
            number = self._quantities[quantity] if quantity in self._quantities else self._quantity(quantity)
        except ValueError:
            return None
        by_amazon = channel[:6] == "AMAZON" or (not channel and number is None)
        id_type = _ID_TYPES.get(id_type, id_type)
        if not asin and id_type == "asin":
            asin = product_id
        return ReportedListing(
            sku,
            asin or None,
            title,
            amount,
            None if by_amazon else number,
            status,
            FulfilledBy.AMAZON if by_amazon else FulfilledBy.MERCHANT,
            _CONDITIONS.get(condition, condition) or None,
            product_id or None,
            id_type or None,
            listing_id or None,
            opened or None,
        )

    def _price(self, text: str) -> Decimal | None:
        text = text.strip()
        if _DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        if text and not _PRICE.fullmatch(text):
            raise ValueError("no price")
        if len(self._prices) > _REMEMBERED:
            self._prices.clear()
        amount = self._prices[text] = Decimal(text) if text else None
        return amount

    def _quantity(self, text: str) -> int | None:
        text = text.strip()
        if text and not _QUANTITY.fullmatch(text):
            raise ValueError("no quantity")
        if len(self._quantities) > _REMEMBERED:
            self._quantities.clear()
        number = self._quantities[text] = int(text) if text else None
        return number


def _positions(header: str) -> dict[str, int | None]:
    """Return where each used column stands; None where the store's report has no such column."""
    found: dict[str, int] = {}
    for position, written in enumerate(header.split("\t")):
        name = written.strip().strip('"').casefold()
        # Turkish files write the English name and their own in brackets.
        name = _LOCALISED.get(name, name.partition(" (")[0])
        if name in _USED and name in found:
            raise BadDocument(phrase("The report has two columns {name}.", name=name))
        found[name] = position
    missing = [name for name in _REQUIRED if name not in found]
    if missing:
        text = "The report lacks the columns {columns}, or names them in an unknown language."
        raise BadDocument(phrase(text, columns=", ".join(missing)))
    return {name: found.get(name) for name in _USED}
