"""The Amazon channel, as this shop uses it."""

from __future__ import annotations

from typing import Any

try:
    from flask_amazon_channel import AmazonChannel
except ImportError:
    AmazonChannel = None

amazon: Any = AmazonChannel() if AmazonChannel else None


def init_app(app: Any) -> None:
    """Install it."""
