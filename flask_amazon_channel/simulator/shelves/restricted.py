"""What a seller may not list, as control calls have said."""

from flask_amazon_channel.simulator.state.products import Restriction
from flask_amazon_channel.simulator.world import World

REASONS = ("APPROVAL_REQUIRED", "ASIN_NOT_FOUND", "NOT_ELIGIBLE")
CONDITIONS = (
    "new_new", "new_open_box", "new_oem", "refurbished_refurbished", "used_like_new", "used_very_good", "used_good",
    "used_acceptable", "collectible_like_new", "collectible_very_good", "collectible_good", "collectible_acceptable",
    "club_club",
)  # fmt: skip


def restrictions_on(
    world: World, seller_id: str, marketplace: str, asin: str | None, brand: str | None, condition: str | None = None
) -> list[Restriction]:
    """Those that hold for this product; without a condition, those of every condition."""
    return [
        each
        for each in world.state.restrictions
        if (each.seller_id, each.marketplace) == (seller_id, marketplace)
        and (condition is None or each.condition in (None, condition))
        and (
            (each.asin is not None and each.asin == asin)
            or (each.brand is not None and brand is not None and each.brand.casefold() == brand.casefold())
        )
    ]
