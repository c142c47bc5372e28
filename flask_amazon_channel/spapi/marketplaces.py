"""Where Amazon is: regions with their endpoints, marketplaces with their time zones and Seller Central.

The currency of a marketplace is not here: `getMarketplaceParticipations` says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

ENDPOINTS: Mapping[str, str] = {
    "na": "https://sellingpartnerapi-na.amazon.com",
    "eu": "https://sellingpartnerapi-eu.amazon.com",
    "fe": "https://sellingpartnerapi-fe.amazon.com",
}
"""Region to production endpoint."""

SANDBOX_ENDPOINTS: Mapping[str, str] = {
    region: endpoint.replace("https://", "https://sandbox.") for region, endpoint in ENDPOINTS.items()
}
"""Region to sandbox endpoint.  Login with Amazon has no sandbox."""

LWA_ENDPOINT = "https://api.amazon.com"
"""Login with Amazon, one for all regions."""


class Marketplace(NamedTuple):
    """`time_zone` is an IANA name: the days of rules and sales are days there."""

    id: str
    country_code: str
    name: str
    region: str
    time_zone: str
    seller_central: str


_EUROPE = "sellercentral-europe.amazon.com"

_TABLE = (
    ("ATVPDKIKX0DER", "US", "Amazon.com", "na", "America/Los_Angeles", "sellercentral.amazon.com"),
    ("A2EUQ1WTGCTBG2", "CA", "Amazon.ca", "na", "America/Toronto", "sellercentral.amazon.ca"),
    ("A1AM78C64UM0Y8", "MX", "Amazon.com.mx", "na", "America/Mexico_City", "sellercentral.amazon.com.mx"),
    ("A2Q3Y263D00KWC", "BR", "Amazon.com.br", "na", "America/Sao_Paulo", "sellercentral.amazon.com.br"),
    ("A1F83G8C2ARO7P", "GB", "Amazon.co.uk", "eu", "Europe/London", _EUROPE),
    ("A1PA6795UKMFR9", "DE", "Amazon.de", "eu", "Europe/Berlin", _EUROPE),
    ("A13V1IB3VIYZZH", "FR", "Amazon.fr", "eu", "Europe/Paris", _EUROPE),
    ("APJ6JRA9NG5V4", "IT", "Amazon.it", "eu", "Europe/Rome", _EUROPE),
    ("A1RKKUPIHCS9HS", "ES", "Amazon.es", "eu", "Europe/Madrid", _EUROPE),
    ("A1805IZSGTT6HS", "NL", "Amazon.nl", "eu", "Europe/Amsterdam", "sellercentral.amazon.nl"),
    ("AMEN7PMS3EDWL", "BE", "Amazon.com.be", "eu", "Europe/Brussels", "sellercentral.amazon.com.be"),
    ("A28R8C7NBKEWEA", "IE", "Amazon.ie", "eu", "Europe/Dublin", "sellercentral.amazon.ie"),
    ("A2NODRKZP88ZB9", "SE", "Amazon.se", "eu", "Europe/Stockholm", "sellercentral.amazon.se"),
    ("A1C3SOZRARQ6R3", "PL", "Amazon.pl", "eu", "Europe/Warsaw", "sellercentral.amazon.pl"),
    ("A33AVAJ2PDY3EV", "TR", "Amazon.com.tr", "eu", "Europe/Istanbul", "sellercentral.amazon.com.tr"),
    ("A17E79C6D8DWNP", "SA", "Amazon.sa", "eu", "Asia/Riyadh", "sellercentral.amazon.sa"),
    ("A2VIGQ35RCS4UG", "AE", "Amazon.ae", "eu", "Asia/Dubai", "sellercentral.amazon.ae"),
    ("ARBP9OOSHTCHU", "EG", "Amazon.eg", "eu", "Africa/Cairo", "sellercentral.amazon.eg"),
    ("AE08WJ6YKNBMC", "ZA", "Amazon.co.za", "eu", "Africa/Johannesburg", "sellercentral.amazon.co.za"),
    ("A21TJRUUN4KGV", "IN", "Amazon.in", "eu", "Asia/Kolkata", "sellercentral.amazon.in"),
    ("A1VC38T7YXB528", "JP", "Amazon.co.jp", "fe", "Asia/Tokyo", "sellercentral.amazon.co.jp"),
    ("A39IBJ37TRP1C6", "AU", "Amazon.com.au", "fe", "Australia/Sydney", "sellercentral.amazon.com.au"),
    ("A19VAU5U5O7RUS", "SG", "Amazon.sg", "fe", "Asia/Singapore", "sellercentral.amazon.sg"),
)

MARKETPLACES: Mapping[str, Marketplace] = {
    row[0]: Marketplace(*row[:5], seller_central=f"https://{row[5]}") for row in _TABLE
}
"""Marketplace id to marketplace."""


def marketplaces_of(region: str) -> tuple[Marketplace, ...]:
    """Return the marketplaces that one authorisation of that region covers."""
    return tuple(place for place in MARKETPLACES.values() if place.region == region)
