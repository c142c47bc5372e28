"""Feeds 2021-06-30."""

from flask_amazon_channel.simulator.api.feeds import creating, documents, processing, reading

__all__ = ["creating", "documents", "processing", "reading"]
