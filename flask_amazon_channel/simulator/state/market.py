"""What is remembered of the market: only ASINs whose offers somebody changed.  Prices are decimal text."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Competitor:
    """An offer of a seller that is not of the simulator."""

    seller: str
    price: str | None  # None: the offer comes without a price
    shipping: str = "0"
    points: int = 0  # in Japan
    condition: str = "New"
    sub_condition: str = "new"
    fulfillment: str = "MERCHANT"  # or AMAZON
    prime: bool = False
    percent: int = 96  # of its feedback that is positive
    ratings: int = 1000
    hours: list[int] = field(default_factory=lambda: [24, 48])  # until it ships, at least and at most
    country: str = ""  # where it ships from; empty: the marketplace's own
    behaviour: dict[str, Any] = field(default_factory=lambda: {"kind": "static"})
    first_price: str | None = None
    waiting: bool = False  # a reaction is under way
    steps: int = 0  # of its random walk


@dataclass(slots=True)
class Market:
    """One ASIN in one marketplace.  `competitors` is None as long as they are the made-up ones."""

    asin: str
    marketplace: str
    competitors: list[Competitor] | None = None
    times_set: int = 0  # reactions of competitors that were replaced since come to nothing
    list_price: str | None = None
    competitive_price: str | None = None  # of other retailers
    was_price: str | None = None
    featurable: bool = True  # may have a featured offer at all
    too_soon: bool = False  # Amazon says that the offers are not ready yet
    told: dict[str, str] = field(default_factory=dict)  # by condition: a digest of what sellers were last told
    overpriced: list[str] = field(default_factory=list)  # sellers and SKUs that cannot be featured at their price
