"""Fulfillment Outbound 2020-07-01: orders of other channels that Amazon fulfils."""

from flask_amazon_channel.simulator.api.fulfillment import (
    changes,
    creating,
    features,
    orders,
    previews,
    returns,
    tracking,
)

__all__ = ["changes", "creating", "features", "orders", "previews", "returns", "tracking"]
