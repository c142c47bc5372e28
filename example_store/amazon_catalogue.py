"""What the simulated Amazon lists for this seller before the channel is connected.

Most listings carry the shop's SKU.  The others are the cases that an import has to cope with, each named below.
"""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any

from stdnum import isbn

from example_store.catalogue import goods
from example_store.models import Product
from example_store.seed import RATES

# Not under these SKUs at Amazon; most can be listed. The used books and their new twins come up again below.
NOT_AT_AMAZON = {
    "BK-1006", "BK-1007", "BK-1009", "BK-1017", "BK-1020", "BK-1021", "BK-1024", "CG-2002", "CG-2011",
    "CG-2015", "CG-2018", "CG-2021", "CG-2029", "CG-2030", "KT-3004", "KT-3009", "KT-3016", "KT-3020",
    "KT-3025", "ST-4003", "ST-4006", "ST-4012", "ST-4018", "BK-1001", "BK-1001-U", "BK-1009-U", "GC-5000",
}  # fmt: skip
# Listed under SKUs from before the shop had its own: found by EAN or ISBN.
OLD_SKUS = {
    "BK-1004": "fjs-cabin-year",
    "BK-1013": "fjs-sharpen",
    "CG-2005": "A-SLEEP-SYN-0",
    "CG-2013": "A-FIRESTEEL-L",
    "KT-3001": "skillet26",
    "KT-3017": "Q7-88ML-41XK",
    "ST-4009": "Q7-90PR-02FN",
}
# The same, but Amazon knows them by UPC-A, which is the EAN without its leading zero, or by ISBN-10.
UPC_SKUS = {"CG-2024": "CLR-FILTER-4L", "KT-3021": "CLR-SCALE-5", "KT-3022": "CLR-OVEN"}
ISBN_10_SKUS = {"BK-1012": "fjs-star-atlas", "BK-1025": "fjs-ink"}
# The EAN fits a new and a used copy in the shop, and the SKU neither: a person has to choose.
AMBIGUOUS_SKUS = {"BK-1001": "fjs-portage-2nd", "BK-1009": "fjs-juniper"}
# A second SKU of the product lies in Amazon's own warehouse.
AT_AMAZONS_WAREHOUSE = {"KT-3005": 120, "ST-4001": 75}
BLOCKED = {"CG-2012", "KT-3010"}
# Amazon shows something else than the shop: the first cycle corrects it.
OTHER_PRICES = {
    "BK-1002": "29.95",
    "CG-2001": "339.00",
    "KT-3003": "119.00",
    "ST-4011": "13.95",
    "ST-4008": "24.50",
}
OTHER_QUANTITIES = {"BK-1003": 40, "BK-1016": 99, "CG-2014": 5, "KT-3013": 60, "CG-2028": 4}
# Nobody in the shop knows these.
FOREIGN: list[tuple[str, str, str, str, int]] = [
    ("OLD-TEE-M-GRN", "Fjellstad Boathouse T-Shirt, M, green", "7038001299010", "19.00", 6),
    ("OLD-TEE-L-GRN", "Fjellstad Boathouse T-Shirt, L, green", "7038001299027", "19.00", 2),
    ("Q7-11LM-55ZZ", "Candle Lantern, brass", "4027118909991", "34.00", 9),
    ("fjs-almanac-2024", "The Northern Almanac 2024", "9788290509991", "11.00", 1),
]

CONDITIONS = {"New": "new_new", "Used - Very Good": "used_very_good", "Used - Good": "used_good"}
ASIN_DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def amazon_listings(currency: str = "USD") -> list[dict[str, Any]]:
    """Return the listings as the simulator takes them for a seller, with prices in that currency.

    Keys: sku, asin, title, ean (or UPC or ISBN-10, empty where there is none), price, quantity, condition,
    fulfillment (MERCHANT or AMAZON) and status (ACTIVE or INACTIVE).
    """
    products = {product.sku: product for product in goods()}
    listings = [_own(product) for sku, product in products.items() if sku not in NOT_AT_AMAZON]
    listings += [_of(products[sku], sku=other) for sku, other in AMBIGUOUS_SKUS.items()]
    listings += [
        _of(products[sku], sku=f"{sku}-FBA", quantity=quantity, fulfillment="AMAZON")
        for sku, quantity in AT_AMAZONS_WAREHOUSE.items()
    ]
    listings += [
        {
            "sku": sku,
            "asin": _asin(ean),
            "title": title,
            "ean": ean,
            "price": price,
            "quantity": quantity,
            "condition": "new_new",
            "fulfillment": "MERCHANT",
            "status": "ACTIVE",
        }
        for sku, title, ean, price, quantity in FOREIGN
    ]
    return [{**listing, "price": in_currency(Decimal(listing["price"]), currency)} for listing in listings]


def in_currency(dollars: Decimal, currency: str) -> str:
    """Return the price in another currency at the shop's first rates, in whole units where the yen is meant."""
    rate = Decimal(1) if currency == "USD" else Decimal(RATES[currency])
    return str((dollars * rate).quantize(Decimal("1") if currency == "JPY" else Decimal("0.01")))


def _own(product: Product) -> dict[str, Any]:
    sku = product.sku
    other_sku = {**OLD_SKUS, **UPC_SKUS, **ISBN_10_SKUS}.get(sku, sku)
    number = product.ean
    if number and sku in UPC_SKUS:
        number = number.removeprefix("0")
    if number and sku in ISBN_10_SKUS:
        number = isbn.to_isbn10(number)
    return _of(
        product,
        sku=other_sku,
        ean=number or "",
        price=OTHER_PRICES.get(sku, str(product.sale_price or product.price)),
        quantity=OTHER_QUANTITIES.get(sku, product.stock),
        status="INACTIVE" if sku in BLOCKED else "ACTIVE",
    )


def _of(product: Product, **different: Any) -> dict[str, Any]:
    return {
        "sku": product.sku,
        "asin": product.asin or _asin(product.ean or product.sku),
        "title": product.title,
        "ean": product.ean or "",
        "price": str(product.price),
        "quantity": product.stock,
        "condition": CONDITIONS[product.condition],
        "fulfillment": "MERCHANT",
        "status": "ACTIVE",
        **different,
    }


def _asin(number: str) -> str:
    """Books have their ISBN-10 as ASIN; for the rest make one up, the same each time."""
    if number.startswith("978"):
        return str(isbn.to_isbn10(number))
    digest = int.from_bytes(sha256(number.encode()).digest()[:8])
    return "B0" + "".join(ASIN_DIGITS[digest // 34**place % 34] for place in range(8))
