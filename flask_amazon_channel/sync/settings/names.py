"""What settings are called, and the words of their choices: in forms, previews, the diary and the history alike."""

from __future__ import annotations

from collections.abc import Mapping

from flask_amazon_channel.rules.reasons import marked

NAMES: Mapping[str, str] = {
    "name": marked("Name"),
    "maximum_quantity": marked("Largest quantity shown"),
    "buffer": marked("Held back"),
    "unmanaged_quantity": marked("Quantity where stock is not managed"),
    "identifier_attributes": marked("Identifiers of products"),
    "alert_email": marked("Mail address for alerts"),
    "alert_webhook": marked("Webhook for alerts"),
    "health_mail": marked("A mail every morning about how it stands"),
    "storefront": marked("Storefront"),
    "threshold": marked("Stock needed"),
    "listing_rule": marked("Listing rule"),
    "price_source": marked("Price of the shop"),
    "vat_percent": marked("VAT added"),
    "price_minimum_minor": marked("Lowest price"),
    "price_maximum_minor": marked("Highest price"),
    "price_greatest_step_percent": marked("Greatest step"),
    "publishes_price": marked("Send prices"),
    "publishes_quantity": marked("Send quantities"),
    "on_drift_price": marked("Price changed at Amazon"),
    "on_drift_quantity": marked("Quantity changed at Amazon"),
    "imports_orders": marked("Bring orders into the shop"),
    "reserves_pending": marked("Pending orders take stock"),
    "orders_without_product": marked("A line without a product"),
    "order_numbers": marked("Number of the shop order"),
    "customers": marked("Buyer"),
    "look_back_days": marked("Days looked back"),
    "state": marked("Status"),
    "frozen_at": marked("Frozen"),
    "frozen_reason": marked("Why it is frozen"),
    "instance": marked("Installation that the database belongs to"),
    "mass_change": marked("Changes that waited"),
    "count": marked("Number of changes"),
    "product_id": marked("Product of the shop"),
    "matched_by": marked("Matched by"),
    "price_owner": marked("Who decides the price"),
    "quantity_owner": marked("Who decides the quantity"),
    "price_override_minor": marked("Price set by hand"),
    "price_override_reason": marked("Why the price is set by hand"),
    "price_override_until": marked("Price set by hand until"),
    "quantity_override": marked("Quantity set by hand"),
    "quantity_override_reason": marked("Why the quantity is set by hand"),
    "quantity_override_until": marked("Quantity set by hand until"),
    "debug_until": marked("Debug log until"),
    "authorised_at": marked("Permission given at Amazon"),
}

_DRIFT = {
    "assert": marked("Send ours again"),
    "adopt": marked("Take it over as set by hand"),
    "ignore": marked("Only show it"),
}
_OWNERS = {
    "shop": marked("The shop"),
    "amazon": marked("Amazon"),
    "repricer": marked("A repricer"),
    "person": marked("A person"),
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "on_drift_price": _DRIFT,
    "on_drift_quantity": _DRIFT,
    "orders_without_product": {
        "quarantine": marked("The order waits until the line has a product"),
        "describe": marked("The line is taken over with its description only"),
    },
    "order_numbers": {
        "shop": marked("The shop’s own next number"),
        "amazon": marked("Amazon’s order number"),
    },
    "customers": {
        "guest": marked("A guest"),
        "new": marked("A customer of the shop, made if needed"),
    },
    "price_owner": _OWNERS,
    "quantity_owner": _OWNERS,
    "state": {
        "inactive": marked("Paused"),
        "active": marked("Active"),
        "archived": marked("Archived"),
        "deleting": marked("Being deleted"),
    },
}

IDENTIFIERS: Mapping[str, str] = {
    "sku": marked("Seller SKU"),
    "asin": marked("ASIN"),
    "ean": marked("EAN"),
    "upc": marked("UPC"),
    "isbn": marked("ISBN"),
    "gcid": marked("GCID"),
}
