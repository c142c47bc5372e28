"""Dates and moments in the parameters of Finances 2024-06-19."""

from flask_amazon_channel.simulator.api.call import Call
from flask_amazon_channel.simulator.clock import parse_iso


def moment_or_date(call: Call, name: str) -> float | None:
    """Assumed: a date without a time is its first moment, in UTC."""
    text = call.request.one(name)
    try:
        return None if text is None else parse_iso(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError as error:
        raise call.bad_request(f"Invalid '{name}': expected a date or date-time of ISO 8601.") from error


def marketplaces(call: Call, ids: list[str]) -> list[str]:
    """Those that are asked for, or all of the seller's."""
    return call.marketplaces(ids) if ids else call.seller.marketplaces
