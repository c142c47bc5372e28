"""Catalog Items 2022-04-01: one product by its ASIN."""

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.catalog.shapes import DATA_SETS, item_shape
from flask_amazon_channel.simulator.shelves.items import find_item
from flask_amazon_channel.simulator.wire.messages import Response, json_response


@answers("getCatalogItem", bad="400", missing="NOT_FOUND")
def get_catalog_item(call: Call) -> Response:
    """Assumed: a product is shown in the marketplaces in which it is listed, or was put."""
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    parts = call.choices("includedData", DATA_SETS) or ["summaries"]
    item = find_item(call.world, call.path["asin"], marketplaces)
    if item is None:
        where = ", ".join(marketplaces)
        raise call.not_found(f"Requested item '{call.path['asin']}' not found in marketplace(s) '{where}'.")
    return json_response(item_shape(call.world, item, marketplaces, parts))
