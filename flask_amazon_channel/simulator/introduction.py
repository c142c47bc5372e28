"""What a newcomer is told: where the simulator answers, who sells there, and what to paste into the shop."""

import json
from typing import Any


def introduction(url: str, seller: dict[str, Any]) -> list[str]:
    """The address, the ready seller and the configuration to paste."""
    return [
        f"A local Amazon answers at {url}; open it in a browser to look inside.",
        "",
        "A seller is ready, in Germany, France and the United Kingdom:",
        f"  seller id      {seller['seller_id']}",
        f"  client id      {seller['client_id']}",
        f"  client secret  {seller['client_secret']}",
        f"  refresh token  {seller['refresh_token']}",
        "",
        "Configuration of the shop:",
        *(f"  {line}" for line in configuration(url, seller)),
        "",
        "Ctrl-C stops it.",
    ]


def configuration(url: str, seller: dict[str, Any]) -> list[str]:
    values = {
        "LWA_CLIENT_ID": seller["client_id"],
        "LWA_CLIENT_SECRET": seller["client_secret"],
        "APPLICATION_ID": seller["application_id"],
        "ENDPOINTS": {"na": url, "eu": url, "fe": url},
        "LWA_ENDPOINT": url,
        "CONSENT_ENDPOINT": url,
    }
    return [f"AMAZON_CHANNEL_{name} = {json.dumps(value)}" for name, value in values.items()]
