"""FBA_INVENTORY_AVAILABILITY_CHANGES, FULFILLMENT_ORDER_STATUS and TRANSACTION_UPDATE."""

from typing import Any

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.notifications.delivery import Payload, notify
from flask_amazon_channel.simulator.state.fba import FbaStock, fnsku
from flask_amazon_channel.simulator.state.finances import Transaction
from flask_amazon_channel.simulator.state.fulfillment import FulfillmentOrder, FulfillmentShipment, ReturnItem
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World, listens

IDENTIFIERS = {"ORDER_ID": "OrderId", "SHIPMENT_ID": "ShipmentId", "REFUND_ID": "RefundId"}


@listens("fba_inventory_changed")
def tell_inventory(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Nothing of a listing that Amazon does not fulfil, or that is gone."""
    listing = world.listing(seller_id, facts["sku"])
    if listing is None or listing.channel == "DEFAULT":
        return
    stock = world.state.warehouses.stock.get(seller_id, {}).get(listing.sku) or FbaStock(world.now())
    notify(
        world,
        seller_id,
        "FBA_INVENTORY_AVAILABILITY_CHANGES",
        lambda _: inventory_payload(seller_id, listing, stock),
    )


def inventory_payload(seller_id: str, listing: Listing, stock: FbaStock) -> Payload:
    """Assumed: units in Amazon's warehouses stand for every marketplace in which the SKU is listed."""
    inventory = {
        "InboundQuantityBreakdown": {
            "Working": stock.inbound.get("working", 0),
            "Shipped": stock.inbound.get("shipped", 0),
            "Receiving": stock.inbound.get("receiving", 0),
        },
        "Fulfillable": listing.quantity,
        "Unfulfillable": sum(stock.unfulfillable.values()),
        "Researching": sum(stock.researching.values()),
        "ReservedQuantityBreakdown": {
            "WarehouseProcessing": stock.processing,
            "WarehouseTransfer": stock.transshipment,
            "PendingCustomerOrder": stock.orders,
        },
        "FutureSupplyBuyable": 0,
        "PendingCustomerOrderInTransit": 0,
    }
    places = [
        {"MarketplaceId": each, "ItemName": listing.title, "FulfillmentInventory": inventory} for each in listing.offers
    ]
    named = {"SellerId": seller_id, "FNSKU": fnsku(listing.asin), "ASIN": listing.asin, "SKU": listing.sku}
    return {**named, "FulfillmentInventoryByMarketplace": places}


@listens("fulfillment_order_changed")
def tell_fulfillment(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    order = world.state.fulfillment.orders[seller_id][facts["order"]]
    payload = {"FulfillmentOrderStatusNotification": fulfillment_payload(order)}
    notify(world, seller_id, "FULFILLMENT_ORDER_STATUS", lambda _: payload)


def fulfillment_payload(order: FulfillmentOrder) -> Payload:
    """With the last shipment and the last return.

    Assumed: FULFILLMENT_ORDER_STATUS has a shipment and a return with empty texts where there is none.
    """
    return {
        "SellerId": order.seller_id,
        "EventType": "Return" if order.returns else "Shipment" if order.shipments else "Order",
        "StatusUpdatedDateTime": iso(order.updated),
        "SellerFulfillmentOrderId": order.id,
        "FulfillmentOrderStatus": order.status.upper(),
        "FulfillmentShipment": _shipment(order.shipments[-1] if order.shipments else None),
        "FulfillmentReturnItem": _return(order, order.returns[-1] if order.returns else None),
    }


def _shipment(shipment: FulfillmentShipment | None) -> Payload:
    if shipment is None:
        nothing: Payload = {"FulfillmentShipmentStatus": "", "AmazonShipmentId": "", "EstimatedArrivalDateTime": ""}
        no_package: Payload = {"PackageNumber": 0, "CarrierCode": "", "TrackingNumber": ""}
        return {**nothing, "info": no_package, "FulfillmentShipmentPackages": []}
    package = {
        "PackageNumber": shipment.package,
        "CarrierCode": shipment.carrier,
        "TrackingNumber": shipment.tracking_number,
    }
    return {
        "FulfillmentShipmentStatus": shipment.status,
        "AmazonShipmentId": shipment.id,
        "EstimatedArrivalDateTime": iso(shipment.arrives),
        "info": package,
        "FulfillmentShipmentPackages": [package],
    }


def _return(order: FulfillmentOrder, item: ReturnItem | None) -> Payload:
    if item is None:
        return {"ReceivedDateTime": "", "ReturnedQuantity": 0, "SellerSKU": ""}
    sold = order.item(item.item_id)
    return {"ReceivedDateTime": iso(item.changed), "ReturnedQuantity": 1, "SellerSKU": sold.sku if sold else ""}


@listens("transaction_posted")
def tell_transaction(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    transaction = world.state.finances.transactions[facts["transaction"]]
    payload = {"TransactionUpdateNotification": transaction_payload(transaction)}
    notify(world, seller_id, "TRANSACTION_UPDATE", lambda _: payload, marketplace=transaction.marketplace)


def transaction_payload(transaction: Transaction) -> Payload:
    """Assumed: TRANSACTION_UPDATE names identifiers as Finances does, in its own casing."""
    related = [
        {"RelatedIdentifierName": IDENTIFIERS.get(name, name), "RelatedIdentifierValue": value}
        for name, value in transaction.identifiers.items()
    ]
    metadata = {"SellingPartnerId": transaction.seller_id, "MarketplaceId": transaction.marketplace}
    return {
        "SellingPartnerMetadata": {**metadata, "AccountType": "PAYABLE"},
        "RelatedIdentifiers": related,
        "TransactionType": transaction.type,
        "PostedDate": iso(transaction.posted),
        "TotalAmount": {"CurrencyAmount": float(transaction.total), "CurrencyCode": transaction.currency},
    }
