"""FBA Inventory v1."""

from flask_amazon_channel.simulator.api.fba_inventory import sandbox, summaries

__all__ = ["sandbox", "summaries"]
