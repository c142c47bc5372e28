"""Reports 2021-06-30."""

from flask_amazon_channel.simulator.api.reports import making, reading, requesting, schedules, settlements

__all__ = ["making", "reading", "requesting", "schedules", "settlements"]
