"""Transactions as Finances 2024-06-19 shows them."""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_number
from flask_amazon_channel.simulator.state.finances import Charge, Transaction, TransactionItem

ACCOUNT_TYPE = "Standard Orders"


def currency_shape(amount: Decimal | str, currency: str) -> dict[str, Any]:
    return {"currencyCode": currency, "currencyAmount": money_number(amount, currency)}


def breakdown_shape(charge: Charge, currency: str) -> dict[str, Any]:
    return {
        "breakdownType": charge.kind,
        "breakdownAmount": currency_shape(charge.amount, currency),
        "breakdowns": [breakdown_shape(part, currency) for part in charge.parts],
    }


def transaction_shape(transaction: Transaction) -> dict[str, Any]:
    """Seen in public: the type of the account is "Standard Orders"."""
    marketplace = MARKETPLACES[transaction.marketplace]
    shape: dict[str, Any] = {
        "sellingPartnerMetadata": {
            "sellingPartnerId": transaction.seller_id,
            "accountType": ACCOUNT_TYPE,
            "marketplaceId": marketplace.id,
        },
        "relatedIdentifiers": [
            {"relatedIdentifierName": name, "relatedIdentifierValue": value}
            for name, value in transaction.identifiers.items()
        ],
        "transactionType": transaction.type,
        "transactionId": transaction.id,
        "transactionStatus": transaction.status,
        "description": transaction.description,
        "postedDate": iso(transaction.posted),
        "totalAmount": currency_shape(transaction.total, transaction.currency),
        "marketplaceDetails": {"marketplaceId": marketplace.id, "marketplaceName": marketplace.name},
        "items": [_item(transaction, item) for item in transaction.items],
        "breakdowns": [breakdown_shape(charge, transaction.currency) for charge in transaction.charges],
    }
    if transaction.matures is not None:
        shape["contexts"] = [
            {"contextType": "DeferredContext", "deferralReason": "DD7", "maturityDate": iso(transaction.matures)}
        ]
    return shape


def _item(transaction: Transaction, item: TransactionItem) -> dict[str, Any]:
    """Seen in public: an item's ORDER_ADJUSTMENT_ITEM_ID is there for shipments, too.

    Assumed: it is the id of the order's item.
    """
    context = {
        "contextType": "ProductContext",
        "asin": item.asin,
        "sku": item.sku,
        "quantityShipped": item.quantity,
        "fulfillmentNetwork": transaction.network or "MFN",
    }
    identifier = {"itemRelatedIdentifierName": "ORDER_ADJUSTMENT_ITEM_ID", "itemRelatedIdentifierValue": item.id}
    return {
        "description": item.title,
        "relatedIdentifiers": [identifier],
        "totalAmount": currency_shape(item.total, transaction.currency),
        "breakdowns": [breakdown_shape(charge, transaction.currency) for charge in item.charges],
        "contexts": [context],
    }
