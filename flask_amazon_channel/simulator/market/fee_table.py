"""What Amazon charges for the sale of an item, by product type and weight.

Assumed: the fees are like those that Amazon publishes, but neither complete nor those of each country.
"""

import random
from decimal import Decimal
from typing import NamedTuple

from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.shelves.catalogue import local_price

_USUAL = Decimal(15)
_REFERRAL = {
    "COFFEE_GRINDER": Decimal(12), "LAMP": Decimal(14), "PHONE_STAND": Decimal(8), "CELLULAR_PHONE_CASE": Decimal(15),
    "NOTEBOOK_COMPUTER": Decimal(8), "HEADPHONES": Decimal(8), "TELEVISION": Decimal(8), "JEWELRY": Decimal(20),
    "SHIRT": Decimal(17), "BACKPACK": Decimal("15.5"),
}  # fmt: skip
_MEDIA = ("ABIS_BOOK", "ABIS_MUSIC", "ABIS_DVD", "ABIS_VIDEO_GAMES")
_LEAST_REFERRAL, _CLOSING = 30, 180  # cents of a euro, about as much in other currencies
_TIERS = ((100, 250), (250, 290), (500, 330), (1000, 390), (2000, 460), (5000, 620), (12000, 980))  # grams, cents
_OVERSIZE = 1650
_EFN = Decimal("1.35")  # shipped to another country


class Fees(NamedTuple):
    """Every amount is exact in the marketplace's currency; `fulfillment` is None without Amazon's fulfilment."""

    referral: Decimal
    closing: Decimal
    fulfillment: Decimal | None

    @property
    def total(self) -> Decimal:
        return self.referral + self.closing + (self.fulfillment or 0)


def fees(
    asin: str,
    product_type: str,
    marketplace: str,
    price: Decimal,
    shipping: Decimal,
    by_amazon: bool,
    program: str = "",
) -> Fees:
    """Documented: the referral fee is a percentage of price and shipping with a least amount; of media it is one of
    the price alone, and a closing fee is added.
    """
    media = product_type in _MEDIA
    base = price if media else price + shipping
    percent = _REFERRAL.get(product_type, _USUAL)
    referral = max(_rounded(base * percent / 100, marketplace), _local(_LEAST_REFERRAL, marketplace))
    closing = _local(_CLOSING, marketplace) if media else Decimal(0)
    return Fees(referral, closing, _fulfillment(asin, marketplace, program) if by_amazon else None)


def weight(asin: str) -> int:
    """Grams.  Assumed: the ASIN decides what an item weighs, most of them less than two kilograms."""
    return int(10 ** random.Random(f"weight/{asin}").uniform(1.5, 4.3))


def _fulfillment(asin: str, marketplace: str, program: str) -> Decimal:
    grams = weight(asin)
    cents = next((cents for most, cents in _TIERS if grams <= most), _OVERSIZE)
    amount = _local(cents, marketplace)
    return _rounded(amount * _EFN, marketplace) if program == "FBA_EFN" else amount


def _local(cents: int, marketplace: str) -> Decimal:
    return Decimal(local_price(cents, marketplace))


def _rounded(amount: Decimal, marketplace: str) -> Decimal:
    return Decimal(money_text(amount, MARKETPLACES[marketplace].currency))
