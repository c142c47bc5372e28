"""Reports about stock in Amazon's warehouses, from the listings that Amazon fulfils."""

from collections.abc import Iterator

from flask_amazon_channel.simulator.documents.rows import Makers, Rows, day_text, with_columns
from flask_amazon_channel.simulator.documents.types import Impossible
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.shelves import warehouse
from flask_amazon_channel.simulator.state.documents import Report
from flask_amazon_channel.simulator.state.fba import FbaStock, fnsku
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World

AVAILABLE = (
    "seller-sku", "fulfillment-channel-sku", "asin", "condition-type", "Warehouse-Condition-code", "Quantity Available",
)  # fmt: skip
STOCK = (
    "sku", "fnsku", "asin", "product-name", "condition", "your-price", "mfn-listing-exists",
    "mfn-fulfillable-quantity", "afn-listing-exists", "afn-warehouse-quantity", "afn-fulfillable-quantity",
    "afn-unsellable-quantity", "afn-reserved-quantity", "afn-total-quantity", "per-unit-volume",
    "afn-inbound-working-quantity", "afn-inbound-shipped-quantity", "afn-inbound-receiving-quantity",
    "afn-researching-quantity", "afn-reserved-future-supply", "afn-future-supply-buyable",
)  # fmt: skip
RESERVED = (
    "sku", "fnsku", "asin", "product-name", "reserved_qty", "reserved_customerorders", "reserved_fc-transfers",
    "reserved_fc-processing",
)  # fmt: skip
LEDGER = (
    "Date", "FNSKU", "ASIN", "MSKU", "Title", "EventType", "ReferenceID", "Quantity", "FulfillmentCenter",
    "Disposition", "Reason", "Country", "ReconciledQuantity", "UnreconciledQuantity",
)  # fmt: skip
_CONDITIONS = {"new": "NewItem", "used": "UsedItem", "collectible": "CollectibleItem"}


def _stocks(world: World, report: Report) -> Iterator[tuple[Listing, FbaStock]]:
    for listing in world.listings_of_amazon(report.seller_id):
        if any(each in listing.offers for each in report.marketplaces):
            yield listing, warehouse.look(world, report.seller_id, listing)


def _names(listing: Listing) -> dict[str, str]:
    return {
        "sku": listing.sku,
        "fnsku": fnsku(listing.asin),
        "asin": listing.asin,
        "product-name": listing.title,
    }


def _available(world: World, report: Report) -> Rows:
    """Seen in public: one row for the sellable units of a SKU, and one for the others where there are some."""
    for listing, stock in _stocks(world, report):
        row = {
            "seller-sku": listing.sku,
            "fulfillment-channel-sku": fnsku(listing.asin),
            "asin": listing.asin,
            "condition-type": _CONDITIONS.get(listing.condition.split("_")[0], "NewItem"),
        }
        yield {**row, "Warehouse-Condition-code": "SELLABLE", "Quantity Available": str(max(0, listing.quantity))}
        if unsellable := sum(stock.unfulfillable.values()):
            yield {**row, "Warehouse-Condition-code": "UNSELLABLE", "Quantity Available": str(unsellable)}


def _stock(world: World, report: Report) -> Rows:
    """Assumed: the volume of a unit is always 0.10, and no supply is in sight but what is inbound."""
    marketplace = report.marketplaces[0]
    for listing, stock in _stocks(world, report):
        offer = listing.offers.get(marketplace)
        price = offer.price_at(world.now()) if offer else None
        sellable, unsellable = max(0, listing.quantity), sum(stock.unfulfillable.values())
        researching = sum(stock.researching.values())
        inside = sellable + unsellable + stock.reserved + researching
        quantities = {
            "afn-warehouse-quantity": inside,
            "afn-fulfillable-quantity": sellable,
            "afn-unsellable-quantity": unsellable,
            "afn-reserved-quantity": stock.reserved,
            "afn-total-quantity": inside + sum(stock.inbound.values()),
            "afn-researching-quantity": researching,
            "afn-reserved-future-supply": 0,
            "afn-future-supply-buyable": 0,
            **{
                f"afn-inbound-{each}-quantity": stock.inbound.get(each, 0)
                for each in ("working", "shipped", "receiving")
            },
        }
        yield {
            **_names(listing),
            "condition": listing.condition.split("_")[0].capitalize(),
            "your-price": "" if price is None else money_text(price, MARKETPLACES[marketplace].currency),
            "mfn-listing-exists": "No",
            "afn-listing-exists": "Yes",
            "per-unit-volume": "0.10",
            **{name: str(quantity) for name, quantity in quantities.items()},
        }


def _reserved(world: World, report: Report) -> Rows:
    """Assumed: SKUs of which nothing is reserved are left out."""
    for listing, stock in _stocks(world, report):
        if stock.reserved:
            yield {
                **_names(listing),
                "reserved_qty": str(stock.reserved),
                "reserved_customerorders": str(stock.orders),
                "reserved_fc-transfers": str(stock.transshipment),
                "reserved_fc-processing": str(stock.processing),
            }


def _ledger(world: World, report: Report) -> Rows:
    """Documented: the ledger needs the time that it is about, from dataStartTime to dataEndTime.

    Assumed: without that time the report ends FATAL.
    Assumed: the ledger of the simulator tells of shipments to customers only.
    """
    start, end = report.data_start, report.data_end
    if start is None or end is None:
        raise Impossible("GET_LEDGER_DETAIL_VIEW_DATA needs dataStartTime and dataEndTime.")
    for order in world.orders(report.seller_id).since("updated", start, end):
        if order.marketplace not in report.marketplaces or order.fulfilled_by != "AMAZON":
            continue
        for item in order.items:
            if item.shipped:
                yield {
                    "Date": day_text(order.updated, order.marketplace),
                    "FNSKU": fnsku(item.asin),
                    "ASIN": item.asin,
                    "MSKU": item.sku,
                    "Title": item.title,
                    "EventType": "Shipments",
                    "Quantity": str(-item.shipped),
                    "FulfillmentCenter": f"{MARKETPLACES[order.marketplace].country}01",
                    "Disposition": "SELLABLE",
                    "Country": MARKETPLACES[order.marketplace].country,
                }


FBA_MAKERS: Makers = {
    "GET_AFN_INVENTORY_DATA": with_columns(AVAILABLE, _available),
    "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA": with_columns(STOCK, _stock),
    "GET_RESERVED_INVENTORY_DATA": with_columns(RESERVED, _reserved),
    "GET_LEDGER_DETAIL_VIEW_DATA": with_columns(LEDGER, _ledger),
}
