"""The one thing that can go wrong with telling somebody."""

from __future__ import annotations


class NotDelivered(Exception):
    """It did not arrive; the text says why, and holds neither address nor password."""
