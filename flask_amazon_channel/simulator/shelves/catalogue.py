"""Believable listings, made from a seed: titles, ASINs, valid EANs, prices."""

import random
from collections.abc import Iterator
from decimal import Decimal

from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.listings import Listing, Offer

_BRANDS = (
    "Nordhaus",
    "Kestrel",
    "Lumea",
    "Tamarind",
    "Bellweather",
    "Okami",
    "Fjordline",
    "Pallas",
    "Quill & Oak",
)
_ADJECTIVES = (
    "Foldable",
    "Insulated",
    "Walnut",
    "Brushed Steel",
    "Compact",
    "Organic",
    "Ceramic",
    "Travel",
    "Classic",
)
_THINGS = (
    ("Water Bottle", "BOTTLE"), ("Desk Lamp", "LAMP"), ("Notebook", "NOTEBOOK"), ("Backpack", "BACKPACK"),
    ("Coffee Grinder", "COFFEE_GRINDER"), ("Chopping Board", "CUTTING_BOARD"), ("Umbrella", "UMBRELLA"),
    ("Phone Stand", "PHONE_STAND"), ("Wool Blanket", "BLANKET"), ("Tea Pot", "TEAPOT"),
    ("Wall Clock", "CLOCK"),
)  # fmt: skip
_VARIANTS = (
    "Black",
    "Graphite",
    "Sand",
    "Forest Green",
    "Navy",
    "Ivory",
    "Large",
    "Small",
    "Set of 2",
    "Set of 4",
)
_ENDINGS = ("0.49", "0.95", "0.99", "0.00")
_RATES = {"GBP": "0.85", "USD": "1.08", "CAD": "1.5", "MXN": "20", "BRL": "6", "SEK": "11.4", "PLN": "4.3",
          "TRY": "45", "SAR": "4.1", "AED": "4", "EGP": "53", "ZAR": "20", "INR": "92", "JPY": "162",
          "AUD": "1.65",
          "SGD": "1.45"}  # fmt: skip
_ASIN_DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"

FBA_CHANNELS = {"na": "AMAZON_NA", "eu": "AMAZON_EU", "fe": "AMAZON_JP"}


def listings(seed: str, count: int, marketplaces: list[str], now: float) -> Iterator[Listing]:
    """Most are buyable; some are sold out, fulfilled by Amazon, used, suppressed or incomplete."""
    chance = random.Random(seed)
    for number in range(1, count + 1):
        title, product_type = _title(chance)
        yield Listing(
            sku=f"{product_type[:4]}-{number:06d}",
            asin=make_asin(chance),
            title=title,
            external_id=make_ean(chance),
            quantity=0 if chance.random() < 0.08 else chance.randrange(1, 120),
            channel=_channel(chance, marketplaces),
            condition="used_good" if chance.random() < 0.03 else "new_new",
            product_type=product_type,
            offers=_offers(chance, marketplaces, now),
        )


def make_asin(chance: random.Random) -> str:
    return "B0" + "".join(chance.choices(_ASIN_DIGITS, k=8))


def make_ean(chance: random.Random) -> str:
    """Thirteen digits with a valid check digit, in a range that Germany uses."""
    digits = f"{chance.randrange(400, 441)}{chance.randrange(10**9):09d}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The GS1 check digit: weights 3 and 1 alternate from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def local_price(euros: Decimal, marketplace: str) -> str:
    """A price of about the same worth in a marketplace's currency."""
    currency = MARKETPLACES[marketplace].currency
    return money_text(euros * Decimal(_RATES.get(currency, "1")), currency)


def _title(chance: random.Random) -> tuple[str, str]:
    thing, product_type = chance.choice(_THINGS)
    brand, adjective, variant = chance.choice(_BRANDS), chance.choice(_ADJECTIVES), chance.choice(_VARIANTS)
    return f"{brand} {adjective} {thing}, {variant}", product_type


def _channel(chance: random.Random, marketplaces: list[str]) -> str:
    return FBA_CHANNELS[MARKETPLACES[marketplaces[0]].region] if chance.random() < 0.05 else "DEFAULT"


def _offers(chance: random.Random, marketplaces: list[str], now: float) -> dict[str, Offer]:
    euros = Decimal(chance.randrange(5, 120)) + Decimal(chance.choice(_ENDINGS))
    created = now - chance.randrange(30, 900) * DAY
    updated = now - chance.randrange(1, 30) * DAY - chance.randrange(86400)
    offers = {each: Offer(local_price(euros, each), created, updated) for each in marketplaces}
    fate = chance.random()
    for offer in offers.values():
        offer.suppressed = fate < 0.02
        offer.incomplete = 0.02 <= fate < 0.03
    return offers
