"""Believable listings, computed from a seed and their number: titles, ASINs, valid EANs, prices."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b

from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.shelves.numbering import (
    ASINS,
    EANS,
    Scramble,
    asin_text,
    asin_value,
    ean_text,
    ean_value,
)
from flask_amazon_channel.simulator.state.listings import Listing, Offer
from flask_amazon_channel.simulator.state.shelves import Catalogue

BRANDS = (
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
_ENDINGS = (49, 95, 99, 0)
_RATES = {"GBP": "0.85", "USD": "1.08", "CAD": "1.5", "MXN": "20", "BRL": "6", "SEK": "11.4", "PLN": "4.3",
          "TRY": "45", "SAR": "4.1", "AED": "4", "EGP": "53", "ZAR": "20", "INR": "92", "JPY": "162",
          "AUD": "1.65",
          "SGD": "1.45"}  # fmt: skip
_SHARE_OF_AMAZON = 0.05
_FIRST_UPDATE, _LAST_UPDATE = 31 * DAY, 1 * DAY  # before the catalogue was made

FBA_CHANNELS = {"na": "AMAZON_NA", "eu": "AMAZON_EU", "fe": "AMAZON_JP"}


class Throw:
    """Chance that is decided by the number of a listing: each `below` takes a part of it."""

    __slots__ = ("_bits",)

    def __init__(self, key: bytes, number: int) -> None:
        self._bits = int.from_bytes(blake2b(number.to_bytes(8), digest_size=24, key=key).digest())

    def below(self, count: int) -> int:
        self._bits, found = divmod(self._bits, count)
        return found


class Maker:
    """Makes the listings of a catalogue, numbered from 0, and finds their numbers again.

    Updates have ranks, from the oldest to the newest, so that a span of time can be counted.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.marketplaces = catalogue.marketplaces
        self.size = catalogue.size
        self._key = blake2b(catalogue.seed.encode(), digest_size=16).digest()
        self._asins = Scramble(f"{catalogue.seed}/asin", ASINS)
        self._eans = Scramble(f"{catalogue.seed}/ean", EANS)
        self._ranks = Scramble(f"{catalogue.seed}/rank", max(1, catalogue.size))
        self._lots = Scramble(f"{catalogue.seed}/amazon", max(1, catalogue.size))
        self._of_amazon = round(catalogue.size * _SHARE_OF_AMAZON)
        self._made = catalogue.made
        self._first = catalogue.made - _FIRST_UPDATE
        self._step = (_FIRST_UPDATE - _LAST_UPDATE) / max(1, catalogue.size)
        self._amazon = FBA_CHANNELS[MARKETPLACES[self.marketplaces[0]].region] if self.marketplaces else ""

    def __iter__(self) -> Iterator[Listing]:
        return map(self.listing, range(self.size))

    def listing(self, number: int) -> Listing:
        """Most are buyable; some are sold out, fulfilled by Amazon, used, suppressed or incomplete."""
        throw = Throw(self._key, number)
        thing, product_type = _THINGS[throw.below(len(_THINGS))]
        brand, adjective = BRANDS[throw.below(len(BRANDS))], _ADJECTIVES[throw.below(len(_ADJECTIVES))]
        variant, quantity = _VARIANTS[throw.below(len(_VARIANTS))], 1 + throw.below(119)
        return Listing(
            sku=_sku(product_type, number),
            asin=asin_text(self._asins.there(number)),
            title=f"{brand} {adjective} {thing}, {variant}",
            external_id=ean_text(self._eans.there(number)),
            quantity=0 if throw.below(100) < 8 else quantity,
            channel=self._amazon if self.is_of_amazon(number) else "DEFAULT",
            condition="used_good" if throw.below(100) < 3 else "new_new",
            product_type=product_type,
            offers=self._offers(throw, number),
        )

    def _offers(self, throw: Throw, number: int) -> dict[str, Offer]:
        cents = (5 + throw.below(115)) * 100 + _ENDINGS[throw.below(len(_ENDINGS))]
        created = self._made - (32 + throw.below(868)) * DAY - throw.below(86400)
        updated, fate = self.updated(self._ranks.there(number)), throw.below(100)
        return {
            each: Offer(local_price(cents, each), created, updated, suppressed=fate < 2, incomplete=fate == 2)
            for each in self.marketplaces
        }

    def is_of_amazon(self, number: int) -> bool:
        """Whether Amazon fulfils this listing, as it was made."""
        return self._lots.there(number) < self._of_amazon

    def of_amazon(self) -> Iterator[int]:
        """The numbers of the listings that Amazon fulfils."""
        return map(self._lots.back, range(self._of_amazon))

    def sku(self, number: int) -> str:
        return _sku(_THINGS[Throw(self._key, number).below(len(_THINGS))][1], number)

    def number_of_sku(self, sku: str) -> int | None:
        """None for a SKU that is none of this catalogue."""
        digits = sku.rpartition("-")[2]
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
            return None
        number = self._known(int(digits) - 1)
        return number if number is not None and self.sku(number) == sku else None

    def number_of_asin(self, asin: str) -> int | None:
        value = asin_value(asin)
        return None if value is None else self._known(self._asins.back(value))

    def number_of_ean(self, ean: str) -> int | None:
        value = ean_value(ean)
        return None if value is None else self._known(self._eans.back(value))

    def _known(self, number: int) -> int | None:
        return number if 0 <= number < self.size else None

    def updated(self, rank: int) -> float:
        """The moment of the last update of this rank; a higher rank has a later one."""
        irregular = (rank * 2654435761 & 0xFFFFFFFF) / 2**32 * 0.9
        return self._first + (rank + irregular) * self._step

    def rank(self, number: int) -> int:
        return self._ranks.there(number)

    def number_at(self, rank: int) -> int:
        return self._ranks.back(rank)

    def first_rank(self, moment: float, or_later: bool) -> int:
        """The first rank that was updated at this moment or later, or else later only."""
        low, high = 0, self.size
        while low < high:
            middle = (low + high) // 2
            updated = self.updated(middle)
            if updated < moment or (updated == moment and not or_later):
                low = middle + 1
            else:
                high = middle
        return low


def _sku(product_type: str, number: int) -> str:
    return f"{product_type[:4]}-{number + 1:06d}"


@lru_cache(maxsize=20_000)
def local_price(cents: int, marketplace: str) -> str:
    """A price of about the same worth as these cents of a euro in a marketplace's currency."""
    currency = MARKETPLACES[marketplace].currency
    return money_text(Decimal(cents) / 100 * Decimal(_RATES.get(currency, "1")), currency)
