"""Catalog Items 2022-04-01.  Importing this package registers its operations."""

from flask_amazon_channel.simulator.api.catalog import reading, searching

__all__ = ["reading", "searching"]
