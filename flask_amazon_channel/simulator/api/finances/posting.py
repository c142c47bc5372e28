"""Transactions, as they are posted by what happens: shipments, refunds, releases and transfers.

Seen in public: the money of an order is deferred until seven days after its delivery, and then released.
Assumed: an order is delivered at the latest moment that the buyer was promised, or when it is shipped, if that is
later; the setting `deferral_delay` says how long its money is deferred after that.
Assumed: a refund is released at once.
"""

import random
from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.api.finances import charges
from flask_amazon_channel.simulator.clock import DAY
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.finances import (
    DEFERRED,
    DEFERRED_RELEASED,
    RELEASED,
    Transaction,
    TransactionItem,
)
from flask_amazon_channel.simulator.state.orders import Order, OrderItem
from flask_amazon_channel.simulator.world import World, effect, listens

PERIOD = 14 * DAY
TRANSFER = "Transfer"


def post(world: World, transaction: Transaction) -> None:
    """Keep a transaction; money that is released belongs to the period that is open at that time."""
    _open_account(world, transaction)
    if transaction.status == RELEASED:
        identifiers = group_of(world, transaction.seller_id, transaction.marketplace, transaction.posted)
        transaction.identifiers = {**identifiers, **transaction.identifiers}
    world.state.finances.transactions[transaction.id] = transaction
    world.occurred("transaction_posted", transaction.seller_id, transaction=transaction.id)


def _new_id(world: World) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(world.chance("transaction").choices(letters, k=43))


def _open_account(world: World, transaction: Transaction) -> None:
    """Assumed: a seller has an account in each marketplace; its first period begins with its first transaction."""
    opened = world.state.finances.opened
    key = f"{transaction.seller_id}/{transaction.marketplace}"
    if key not in opened:
        opened[key] = transaction.posted
        _plan_transfer(world, transaction.seller_id, transaction.marketplace, transaction.posted + PERIOD)


def group_of(world: World, seller_id: str, marketplace: str, moment: float) -> dict[str, str]:
    """The ids of the period that is open at a moment.

    Seen in public: one financial event group is one settlement.
    """
    opened = world.state.finances.opened[f"{seller_id}/{marketplace}"]
    number = int((moment - opened) // PERIOD)
    chance = random.Random(f"{world.state.seed}/settlement/{seller_id}/{marketplace}/{number}")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return {
        "FINANCIAL_EVENT_GROUP_ID": "".join(chance.choices(letters, k=43)),
        "SETTLEMENT_ID": str(chance.randrange(10**10, 10**11)),
    }


@listens("order_changed")
def follow_order(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Units that were shipped since the last look are paid."""
    order = world.state.orders.get(str(facts.get("order")))
    if order is None or order.channel != "AMAZON":
        return
    paid, items = world.state.finances.paid, []
    for item in order.items:
        key = f"{order.id}/{item.id}"
        before = paid.get(key, 0)
        shipped = min(item.shipped, item.quantity)
        if shipped > before:
            paid[key] = shipped
            found = charges.shipped(order, item, _product_type(world, order, item), before, shipped)
            units = shipped - before
            items.append(TransactionItem(item.id, item.sku, item.asin, item.title, units, found))
    if items:
        _post_shipment(world, order, items)


def _product_type(world: World, order: Order, item: OrderItem) -> str:
    listing = world.listing(order.seller_id, item.sku)
    return listing.product_type if listing else "PRODUCT"


def _post_shipment(world: World, order: Order, items: list[TransactionItem]) -> None:
    now = world.now()
    shipment = str(world.chance("payment").randrange(10**13, 10**14))
    transaction = _transaction(world, order, "Shipment", "Order Payment", items, {"SHIPMENT_ID": shipment})
    matures = max(now, order.latest_delivery) + world.settings.deferral_delay
    if matures > now:
        transaction.status, transaction.matures = DEFERRED, matures
        world.at(matures, "payment_matures", {"transaction": transaction.id})
    post(world, transaction)


def _transaction(
    world: World, order: Order, kind: str, description: str, items: list[TransactionItem], identifiers: dict[str, str]
) -> Transaction:
    currency = MARKETPLACES[order.marketplace].currency
    return Transaction(
        id=_new_id(world),
        seller_id=order.seller_id,
        marketplace=order.marketplace,
        currency=currency,
        type=kind,
        description=description,
        status=RELEASED,
        posted=world.now(),
        identifiers={"ORDER_ID": order.id, **identifiers},
        charges=charges.overview([charge for item in items for charge in item.charges], currency),
        items=items,
        network="AFN" if order.fulfilled_by == "AMAZON" else "MFN",
    )


@listens("order_refunded")
def follow_refund(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    order = world.state.orders.get(str(facts.get("order")))
    if order is None:
        return
    refund = order.refunds[int(facts["refund"])]
    items = []
    for line in refund.get("items", []):
        item = order.item(str(line["order_item_id"]))
        parts = line.get("parts", {})
        if item is not None and parts:
            found = charges.refunded(order, item, _product_type(world, order, item), parts)
            items.append(TransactionItem(item.id, item.sku, item.asin, item.title, item.shipped, found))
    if items:
        post(world, _transaction(world, order, "Refund", "Refund Order", items, {"REFUND_ID": str(refund["id"])}))


@effect("payment_matures")
def release_payment(world: World, pending: Pending) -> None:
    """Seen in public: the release is a transaction of its own, which names the deferred one and repeats its amounts;
    whoever adds up must count one of the two.
    """
    deferred = world.state.finances.transactions[pending.facts["transaction"]]
    kept = {name: deferred.identifiers[name] for name in ("ORDER_ID", "SHIPMENT_ID")}
    released = Transaction(
        id=_new_id(world),
        seller_id=deferred.seller_id,
        marketplace=deferred.marketplace,
        currency=deferred.currency,
        type=deferred.type,
        description=deferred.description,
        status=RELEASED,
        posted=pending.due,
        identifiers={**kept, "DEFERRED_TRANSACTION_ID": deferred.id},
        charges=deferred.charges,
        items=deferred.items,
        network=deferred.network,
    )
    deferred.status, deferred.released = DEFERRED_RELEASED, pending.due
    deferred.identifiers["RELEASE_TRANSACTION_ID"] = released.id
    post(world, released)


def _plan_transfer(world: World, seller_id: str, marketplace: str, moment: float) -> None:
    world.at(moment, "account_settled", {"seller": seller_id, "marketplace": marketplace})


@effect("account_settled")
def transfer(world: World, pending: Pending) -> None:
    """Assumed: every 14 days what was released is transferred to the seller's bank.

    Assumed: an account with nothing to transfer, or with debts, keeps its balance for the next period.
    """
    seller_id, marketplace = pending.facts["seller"], pending.facts["marketplace"]
    amount = available(world, seller_id, marketplace, pending.due)
    if amount > 0:
        currency = MARKETPLACES[marketplace].currency
        last_moment = pending.due - 0.001
        disbursement = str(world.chance("disbursement").randrange(10**11, 10**12))
        paid = Transaction(
            id=_new_id(world),
            seller_id=seller_id,
            marketplace=marketplace,
            currency=currency,
            type=TRANSFER,
            description="Transfer to the seller's bank account",
            status=RELEASED,
            posted=last_moment,
            identifiers={"DISBURSEMENT_ID": disbursement},
            charges=[charges.leaf("Transfers", -amount, currency)],
        )
        post(world, paid)
    _plan_transfer(world, seller_id, marketplace, pending.due + PERIOD)


def available(world: World, seller_id: str, marketplace: str, before: float) -> Decimal:
    """What was released and not transferred yet, before a moment."""
    mine = (
        each.total
        for each in world.state.finances.transactions.values()
        if (each.seller_id, each.marketplace) == (seller_id, marketplace)
        and each.status == RELEASED
        and each.posted < before
    )
    return sum(mine, Decimal(0))
