"""Restricted data tokens: what needs one, and what one opens.

Documented: The address, the buyer and the regulated information of an order of Orders v0 and the documents of
reports with personal data need a restricted data token; any other token is forbidden there.
Documented: A restricted data token opens the resources for which it was made and nothing else.
"""

from flask_amazon_channel.simulator.api.call import forbidden
from flask_amazon_channel.simulator.operations import Operation
from flask_amazon_channel.simulator.state.application import AccessToken
from flask_amazon_channel.simulator.wire.messages import Request, path_value
from flask_amazon_channel.simulator.world import World

ELEMENTS = ("buyerInfo", "shippingAddress", "buyerTaxInformation")

BY_ELEMENT = ("getOrders", "getOrderV0", "getOrderItems")
"""These answer any token, and show the personal data of the elements that a restricted one names."""

ALWAYS = ("getOrderBuyerInfo", "getOrderAddress", "getOrderItemsBuyerInfo", "getOrderRegulatedInfo")

_REPORT_TYPES = (
    "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING", "GET_FLAT_FILE_ORDER_REPORT_DATA_", "GET_ORDER_REPORT_DATA_",
    "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_", "SC_VAT_TAX_REPORT", "GET_EASYSHIP_DOCUMENTS",
    "GET_FLAT_FILE_VAT_INVOICE_DATA_REPORT", "GET_XML_VAT_INVOICE_DATA_REPORT", "GET_GST_MTR_B2B_CUSTOM",
)  # fmt: skip


def needs_restricted_token(report_type: str) -> bool:
    """Whether the documents of a report hold personal data."""
    return report_type.startswith(_REPORT_TYPES)


def check_resource(
    world: World, request: Request, operation: Operation, path: dict[str, str], token: AccessToken
) -> list[str] | None:
    """The data elements that a restricted data token opens here, None for another token.  Raises ApiError."""
    if token.restricted is None:
        if operation.name in ALWAYS or _is_restricted_document(world, operation, path):
            raise forbidden("")
        return None
    opened = [each for each in token.restricted if each.covers(request.method, request.path)]
    if not opened:
        raise forbidden("")
    return sorted({element for each in opened for element in each.elements})


def _is_restricted_document(world: World, operation: Operation, path: dict[str, str]) -> bool:
    if operation.name != "getReportDocument":
        return False
    wanted = path_value(path["reportDocumentId"])
    kinds = (each.type for each in world.state.reports.values() if each.document_id == wanted)
    return any(needs_restricted_token(kind) for kind in kinds)
