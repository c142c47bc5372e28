"""GET_FLAT_FILE_OPEN_LISTINGS_DATA: the offers that buyers can see, with their prices and quantities."""

from flask_amazon_channel.simulator.documents.rows import Makers, Rows, with_columns
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.documents import Report
from flask_amazon_channel.simulator.world import World

COLUMNS = ("sku", "asin", "price", "quantity", "Business Price")


def _open_listings(world: World, report: Report) -> Rows:
    """Assumed: the columns are sku, asin, price, quantity and Business Price, and only active offers are listed.

    Assumed: the quantity of a listing that Amazon fulfils is empty.
    """
    marketplace = report.marketplaces[0]
    currency, now = MARKETPLACES[marketplace].currency, world.now()
    for listing in world.listings(report.seller_id):
        offer = listing.offers.get(marketplace)
        if offer is None or "BUYABLE" not in world.status(report.seller_id, listing, marketplace):
            continue
        yield {
            "sku": listing.sku,
            "asin": listing.asin,
            "price": money_text(offer.price_at(now) or "0", currency),
            "quantity": str(max(0, listing.quantity)) if listing.channel == "DEFAULT" else "",
            "Business Price": money_text(offer.business_price, currency) if offer.business_price else "",
        }


OFFER_MAKERS: Makers = {"GET_FLAT_FILE_OPEN_LISTINGS_DATA": with_columns(COLUMNS, _open_listings)}
