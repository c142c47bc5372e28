"""GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2: what a transfer to the seller's bank is made of."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from flask_amazon_channel.simulator.documents.rows import Makers, Rows, with_columns
from flask_amazon_channel.simulator.documents.types import SETTLEMENT
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.documents import Report
from flask_amazon_channel.simulator.state.finances import RELEASED, Charge, Transaction, TransactionItem
from flask_amazon_channel.simulator.world import World

COLUMNS = (
    "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency",
    "transaction-type", "order-id", "merchant-order-id", "adjustment-id", "shipment-id", "marketplace-name",
    "amount-type", "amount-description", "amount", "fulfillment-id", "posted-date", "posted-date-time",
    "order-item-code", "merchant-order-item-id", "merchant-adjustment-item-id", "sku", "quantity-purchased",
    "promotion-id",
)  # fmt: skip
_TYPES = {"Shipment": "Order", "Refund": "Refund"}
_PRICES = {"ProductCharges": "Principal", "CODFee": "COD"}
_FEES, _PROMOTIONS = "AmazonFees", "PromoRebates"


def _settlement(world: World, report: Report) -> Rows:
    """Seen in public: the first row is about the whole settlement, each other row about one amount.

    Assumed: what an earlier period left is one row, Previous Reserve Amount Balance, so that the rows add up to
    the total.
    """
    transfer = world.state.finances.transactions[report.options["transfer"]]
    settlement = transfer.identifiers["SETTLEMENT_ID"]
    marketplace, total = MARKETPLACES[transfer.marketplace], -transfer.total
    yield {
        "settlement-id": settlement,
        "settlement-start-date": _time(report.data_start or 0.0),
        "settlement-end-date": _time(report.data_end or 0.0),
        "deposit-date": _time(transfer.posted),
        "total-amount": money_text(total, marketplace.currency),
        "currency": marketplace.currency,
    }
    rest = total
    for transaction in _transactions(world, transfer):
        for row in _rows(transaction):
            rest -= Decimal(row["amount"])
            yield {"settlement-id": settlement, "marketplace-name": marketplace.name, **row}
    if rest:
        left = {"amount-type": "other-transaction", "amount-description": "Previous Reserve Amount Balance"}
        facts = {"transaction-type": "other-transaction", "amount": money_text(rest, marketplace.currency)}
        yield {"settlement-id": settlement, **facts, **left}


def _transactions(world: World, transfer: Transaction) -> list[Transaction]:
    """Those that were released in the period of a transfer, without the transfer itself."""
    return [
        each
        for each in world.state.finances.transactions.values()
        if (each.seller_id, each.marketplace, each.status) == (transfer.seller_id, transfer.marketplace, RELEASED)
        and each.identifiers.get("SETTLEMENT_ID") == transfer.identifiers["SETTLEMENT_ID"]
        and each.type != transfer.type
    ]


def _rows(transaction: Transaction) -> Rows:
    names = transaction.identifiers
    facts = {
        "transaction-type": _TYPES.get(transaction.type, "other-transaction"),
        "order-id": names.get("ORDER_ID", ""),
        "adjustment-id": names.get("REFUND_ID", ""),
        "shipment-id": names.get("SHIPMENT_ID", ""),
        "fulfillment-id": transaction.network or "",
        "posted-date": _time(transaction.posted)[:10],
        "posted-date-time": _time(transaction.posted),
    }
    for item in transaction.items:
        yield from ({**facts, **_item(item), **amount} for charge in item.charges for amount in _amounts(charge))
    if not transaction.items:
        amount = money_text(transaction.total, transaction.currency)
        yield {**facts, "amount-type": "other-transaction", "amount-description": transaction.type, "amount": amount}


def _item(item: TransactionItem) -> dict[str, str]:
    return {"order-item-code": item.id, "sku": item.sku, "quantity-purchased": str(item.quantity)}


def _amounts(charge: Charge) -> Iterator[dict[str, str]]:
    """One row for each fee; anything else is one row."""
    if charge.kind == _FEES:
        for part in charge.parts:
            yield {"amount-type": "ItemFees", "amount-description": part.kind, "amount": part.amount}
    else:
        kind = "Promotion" if charge.kind == _PROMOTIONS else "ItemPrice"
        name = "Principal" if kind == "Promotion" else _PRICES.get(charge.kind, charge.kind)
        yield {"amount-type": kind, "amount-description": name, "amount": charge.amount}


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


SETTLEMENT_MAKERS: Makers = {SETTLEMENT: with_columns(COLUMNS, _settlement)}
