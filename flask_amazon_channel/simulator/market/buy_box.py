"""Who has the featured offer (the Buy Box)."""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal

from flask_amazon_channel.simulator.market.offers import MarketOffer

LOWEST_PERCENT = 80
FEWEST_RATINGS = 5
MOST_ABOVE_REFERENCE = Decimal("1.20")
AMAZONS_ADVANTAGE = Decimal("0.97")
PRIMES_ADVANTAGE = Decimal("0.98")


def featured(
    offers: Iterable[MarketOffer], reference: Decimal | None, to_prime_members: bool = True
) -> MarketOffer | None:
    """The featured one of these offers, which all have the same condition, or None.

    Assumed: an offer can be featured if it has a price, if at least 80 % of at least 5 ratings of its seller are
    positive, and if its landed price is at most 20 % above what other retailers ask; where no offer can be,
    nobody has the Buy Box.  Assumed: the lowest landed price is featured, an offer fulfilled by Amazon counting
    3 % less than it costs and another Prime offer 2 % less; customers without Prime see no such advantage.
    """
    able = [offer for offer in offers if can_be_featured(offer) and not is_overpriced(offer, reference)]
    return min(able, key=lambda offer: _rank(offer, to_prime_members), default=None)


def can_be_featured(offer: MarketOffer) -> bool:
    """Leaving its price aside, but for that it has one."""
    return offer.price is not None and offer.percent >= LOWEST_PERCENT and offer.ratings >= FEWEST_RATINGS


def is_overpriced(offer: MarketOffer, reference: Decimal | None) -> bool:
    landed = offer.landed
    return landed is not None and reference is not None and landed > reference * MOST_ABOVE_REFERENCE


def _rank(offer: MarketOffer, to_prime_members: bool) -> tuple[Decimal, int, int, str]:
    """The lowest wins; where two are equal, better and more feedback decides."""
    return weighed(offer, to_prime_members), -offer.percent, -offer.ratings, offer.seller


def weighed(offer: MarketOffer, to_prime_members: bool = True) -> Decimal:
    return (offer.landed or Decimal(0)) * (_advantage(offer) if to_prime_members else 1)


def _advantage(offer: MarketOffer) -> Decimal:
    if offer.by_amazon:
        return AMAZONS_ADVANTAGE
    return PRIMES_ADVANTAGE if offer.prime else Decimal(1)


def expected_price(
    offer: MarketOffer, rivals: list[MarketOffer], reference: Decimal | None, unit: Decimal
) -> Decimal | None:
    """The highest price at which the offer would be featured, if there is one above 0; `unit` is the smallest coin."""
    rival = featured(rivals, reference)
    bounds = [] if rival is None else [weighed(rival) / _advantage(offer)]
    bounds += [] if reference is None else [reference * MOST_ABOVE_REFERENCE]
    if not bounds:
        return None
    price = (min(bounds) - offer.shipping + offer.points).quantize(unit, rounding=ROUND_FLOOR)
    while price > 0 and featured([offer._replace(price=price), *rivals], reference) != offer._replace(price=price):
        price -= unit
    return price if price > 0 else None
