"""What connects a host's app to the local Amazon."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask_amazon_channel.simulator import Amazon


def configuration(amazon: Amazon, seller: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys for an app that talks to the local Amazon as the application of this seller.

    `seller` is what `Amazon.add_seller` returned.  Calls are counted as the local Amazon counts them now.
    The encryption key protects nothing: it is for tests.
    """
    quotas: Any = amazon.world.settings.quotas
    return {
        "AMAZON_CHANNEL_LWA_CLIENT_ID": seller["client_id"],
        "AMAZON_CHANNEL_LWA_CLIENT_SECRET": seller["client_secret"],
        "AMAZON_CHANNEL_APPLICATION_ID": seller["application_id"],
        "AMAZON_CHANNEL_ENDPOINTS": {"na": amazon.url, "eu": amazon.url, "fe": amazon.url},
        "AMAZON_CHANNEL_LWA_ENDPOINT": amazon.url,
        "AMAZON_CHANNEL_CONSENT_ENDPOINT": amazon.url,
        "AMAZON_CHANNEL_QUOTA_SCALE": quotas if quotas == "off" else quotas["scale"],
        "AMAZON_CHANNEL_ENCRYPTION_KEYS": base64.b64encode(b"the key of tests, and of nothing").decode(),
    }
