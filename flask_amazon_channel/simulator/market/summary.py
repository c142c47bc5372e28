"""What Amazon sums up of an ASIN's offers, before an API or a notification gives it a shape."""

import hashlib
from collections import Counter
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from flask_amazon_channel.simulator.market.buy_box import can_be_featured, featured, is_overpriced
from flask_amazon_channel.simulator.market.made_up import References, references, sales_ranks
from flask_amazon_channel.simulator.market.offers import CONDITIONS, MarketOffer, all_offers, market_of
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.world import World

MOST_SHOWN = 20


class Group(NamedTuple):
    """Offers are counted by condition and by who ships."""

    condition: str
    by_amazon: bool


class Board:
    """The offers of an ASIN in a marketplace as they are now, and what follows from them."""

    def __init__(self, world: World, asin: str, marketplace: str) -> None:
        self.world, self.asin, self.marketplace = world, asin, marketplace
        self.market = market_of(world, asin, marketplace)
        self.offers = all_offers(world, asin, marketplace)
        self.currency = MARKETPLACES[marketplace].currency
        self.has_points = MARKETPLACES[marketplace].country == "JP"

    @cached_property
    def references(self) -> References:
        return references(self.world, self.asin, self.marketplace)

    def of(self, condition: str) -> list[MarketOffer]:
        return [offer for offer in self.offers if offer.condition == condition]

    def shown(self, condition: str) -> list[MarketOffer]:
        return self.of(condition)[:MOST_SHOWN]

    def featured(self, condition: str, to_prime_members: bool = True) -> MarketOffer | None:
        """Other retailers' price is a bound for new items only."""
        if condition not in ("New", "Used") or (self.market is not None and not self.market.featurable):
            return None
        return featured(self.of(condition), self.reference(condition), to_prime_members)

    def reference(self, condition: str) -> Decimal | None:
        return self.references.competitive_price if condition == "New" else None

    def counts(self) -> dict[Group, int]:
        return dict(sorted(Counter(group_of(offer) for offer in self.offers).items(), key=lambda each: _order(each[0])))

    def eligible_counts(self) -> dict[Group, int]:
        """How many could be featured, in each group that has offers."""
        able = Counter(group_of(offer) for offer in self.offers if self.is_eligible(offer))
        return {group: able[group] for group in self.counts()}

    def is_eligible(self, offer: MarketOffer) -> bool:
        barred = self.market is not None and not self.market.featurable
        overpriced = is_overpriced(offer, self.reference(offer.condition))
        return can_be_featured(offer) and not barred and not overpriced

    def lowest(self) -> list[MarketOffer]:
        """The lowest landed price of each group."""
        found: dict[Group, MarketOffer] = {}
        for offer in self.offers:
            if offer.price is not None:
                found.setdefault(group_of(offer), offer)
        return [found[group] for group in sorted(found, key=_order)]

    def winners(self) -> list[MarketOffer]:
        return self._winners

    @cached_property
    def _winners(self) -> list[MarketOffer]:
        return [each for each in (self.featured(condition) for condition in ("New", "Used")) if each is not None]

    def sales_ranks(self) -> list[tuple[str, int]]:
        return sales_ranks(self.world, self.asin, self.marketplace)

    def digest(self, condition: str) -> str:
        """Changes whenever the summary or the offers shown for a condition change."""
        text = self._sums + _words(self.shown(condition))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    @cached_property
    def _sums(self) -> str:
        counts = [*self.counts().values(), *self.eligible_counts().values()]
        prices = [str(each) for each in self.references]
        return f"{counts} {prices} {_words(self.lowest())} {_words(self.winners())} "


def _words(offers: list[MarketOffer]) -> str:
    """What sellers are told of offers, in short."""
    return ",".join(
        f"{each.seller} {each.price} {each.shipping} {each.points} {each.business_price} {each.prime} {each.by_amazon}"
        f" {each.condition} {each.sub_condition} {each.percent} {each.ratings} {each.hours}"
        for each in offers
    )


def group_of(offer: MarketOffer) -> Group:
    return Group(offer.condition, offer.by_amazon)


def _order(group: Group) -> tuple[int, bool]:
    return CONDITIONS.index(group.condition), not group.by_amazon
