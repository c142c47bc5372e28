"""An order as Orders v0 shows it.

Documented: Prices of an item are those of the line; a pending order has none, and its items no gift either.
Documented: Dates of shipping are shown for orders that the merchant fulfils only, and those of the delivery
not while such an order is pending or after it was cancelled.
Seen in public: Without a restricted data token an address has city, state, postal code and country, and the
buyer has the anonymised mail address.
Assumed: A line that was cancelled before it was shipped has the quantity 0.
Assumed: A mail address is shown for orders that the merchant fulfils only, as in Orders 2026-01-01.
"""

from decimal import Decimal
from typing import Any

from flask_amazon_channel.simulator.api.orders.amounts import order_total
from flask_amazon_channel.simulator.api.orders.shapes import condition_shape, delivery_address
from flask_amazon_channel.simulator.clock import DAY, iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.state.orders import Order, OrderItem

STATUSES = {
    "PENDING_AVAILABILITY": "PendingAvailability", "PENDING": "Pending", "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped", "SHIPPED": "Shipped", "CANCELLED": "Canceled",
    "UNFULFILLABLE": "Unfulfillable",
}  # fmt: skip
CHANNELS = {"MERCHANT": "MFN", "AMAZON": "AFN"}
PAYMENTS = {"CashOnDelivery": "COD", "ConvenienceStore": "CVS"}
BUYER, ADDRESS, TAX = "buyerInfo", "shippingAddress", "buyerTaxInformation"
_OPEN_PARTS = ("city", "stateOrRegion", "postalCode", "countryCode")
_WITH_ADDRESS = ("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")


def order_shape(order: Order, elements: list[str], now: float) -> dict[str, Any]:
    """`elements` are those of personal data that the token opens."""
    shape = _head(order) | _flags(order) | _dates(order)
    if order.replaces:
        shape["ReplacedOrderId"] = order.replaces
    if order.seller_order_id:
        shape["SellerOrderId"] = order.seller_order_id
    if not order.is_pending:
        currency = MARKETPLACES[order.marketplace].currency
        shape["OrderTotal"] = money(order_total(order), currency)
        shape["BuyerInfo"] = buyer_shape(order, BUYER in elements)
        if shape["PaymentMethod"] == "COD":
            shape["PaymentExecutionDetail"] = [{"Payment": shape["OrderTotal"], "PaymentMethod": "COD"}]
    if address := address_shape(order, ADDRESS in elements, now):
        shape["ShippingAddress"] = address
    if TAX in elements and order.tax_registrations and MARKETPLACES[order.marketplace].country == "TR":
        shape["BuyerTaxInformation"] = _tax_information(order.tax_registrations[0])
    return shape


def _head(order: Order) -> dict[str, Any]:
    marketplace = MARKETPLACES[order.marketplace]
    level = order.service_level.title().replace("_", "")
    return {
        "AmazonOrderId": order.id,
        "PurchaseDate": iso(order.created),
        "LastUpdateDate": iso(order.updated),
        "OrderStatus": STATUSES[order.status],
        "FulfillmentChannel": CHANNELS[order.fulfilled_by],
        "SalesChannel": marketplace.name if order.channel == "AMAZON" else "Non-Amazon",
        "ShipServiceLevel": level,
        "ShipmentServiceLevelCategory": level,
        "NumberOfItemsShipped": sum(item.shipped for item in order.items),
        "NumberOfItemsUnshipped": 0 if order.is_pending else sum(item.open for item in order.items),
        "PaymentMethod": PAYMENTS.get(order.payment_method, "Other"),
        "PaymentMethodDetails": [order.payment_method],
        "MarketplaceId": marketplace.id,
        "OrderType": "Preorder" if "PREORDER" in order.programs else "StandardOrder",
    }


def _flags(order: Order) -> dict[str, Any]:
    return {
        "IsBusinessOrder": order.is_business,
        "IsPrime": "PRIME" in order.programs,
        "IsPremiumOrder": "PREMIUM" in order.programs,
        "IsGlobalExpressEnabled": False,
        "IsReplacementOrder": order.replaces is not None,
        "IsSoldByAB": False,
        "IsIBA": "INVOICE_BY_AMAZON" in order.programs,
        "IsISPU": "IN_STORE_PICK_UP" in order.programs,
        "IsAccessPointOrder": order.address.get("addressType") == "PICKUP_POINT",
        "HasRegulatedItems": order.regulated is not None,
        "AutomatedShippingSettings": {"HasAutomatedShippingSettings": False},
    }


def _dates(order: Order) -> dict[str, str]:
    if order.fulfilled_by == "AMAZON":
        return {}
    ship = order.created + order.ship_within
    dates = {"EarliestShipDate": iso(order.created), "LatestShipDate": iso(ship)}
    if not order.is_pending and order.status != "CANCELLED":
        dates["EarliestDeliveryDate"] = iso(min(ship + DAY, order.latest_delivery))
        dates["LatestDeliveryDate"] = iso(order.latest_delivery)
    return dates


def buyer_shape(order: Order, restricted: bool) -> dict[str, Any]:
    if order.is_pending:
        return {}
    shape = {}
    if order.fulfilled_by == "MERCHANT" and order.buyer.get("buyerEmail"):
        shape["BuyerEmail"] = order.buyer["buyerEmail"]
    names = {"BuyerName": "buyerName", "PurchaseOrderNumber": "buyerPurchaseOrderNumber"} if restricted else {}
    return shape | {name: order.buyer[mine] for name, mine in names.items() if order.buyer.get(mine)}


def address_shape(order: Order, restricted: bool, now: float) -> dict[str, Any]:
    """Nothing for an order whose status does not show one."""
    if order.status not in _WITH_ADDRESS:
        return {}
    address = delivery_address(order, now)
    if not restricted:
        address = {name: value for name, value in address.items() if name in _OPEN_PARTS}
    kind = address.pop("addressType", None)
    if county := address.pop("districtOrCounty", None):
        address["county"] = county
    shape: dict[str, Any] = _pascal(address)
    if kind is not None:
        shape["AddressType"] = "Residential" if kind == "RESIDENTIAL" else "Commercial"
    return shape


def _pascal(value: Any) -> Any:
    if isinstance(value, dict):
        return {name[0].upper() + name[1:]: _pascal(each) for name, each in value.items()}
    return value


def _tax_information(registration: dict[str, Any]) -> dict[str, str]:
    names = {"BuyerLegalCompanyName": "legalName", "BuyerTaxRegistrationId": "taxRegistrationNumber"}
    return {name: registration[mine] for name, mine in names.items() if registration.get(mine)}


def item_shape(order: Order, item: OrderItem, restricted: bool) -> dict[str, Any]:
    condition = condition_shape(item.condition)
    shape: dict[str, Any] = {
        "ASIN": item.asin,
        "SellerSKU": item.sku,
        "OrderItemId": item.id,
        "Title": item.title,
        "QuantityOrdered": 0 if item.cancelled_by and not item.shipped else item.quantity,
        "QuantityShipped": item.shipped,
        "ProductInfo": {"NumberOfItems": "1"},
        "ConditionId": condition["conditionType"].title(),
        "ConditionSubtypeId": condition["conditionSubtype"].replace("_", " ").title(),
        "IsTransparency": "TRANSPARENCY" in item.programs,
        "SerialNumberRequired": False,
    }
    shape["BuyerRequestedCancel"] = {"IsBuyerRequestedCancel": "false"}
    if item.cancel_request is not None:
        shape["BuyerRequestedCancel"] = {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": item.cancel_request}
    if not order.is_pending:
        shape |= _item_money(order, item)
        shape["IsGift"] = "false" if item.gift_message is None else "true"
        if restricted and (buyer := item_buyer_shape(order, item)):
            shape["BuyerInfo"] = buyer
    return shape


def _item_money(order: Order, item: OrderItem) -> dict[str, Any]:
    currency = MARKETPLACES[order.marketplace].currency
    shape: dict[str, Any] = {
        "ItemPrice": money(Decimal(item.price) * item.quantity, currency),
        "ItemTax": money(item.tax, currency),
        "PromotionDiscount": money(item.discount, currency),
    }
    others = {"ShippingPrice": item.shipping, "CODFee": item.cod_fee}
    shape |= {name: money(amount, currency) for name, amount in others.items() if Decimal(amount)}
    if item.promotions:
        shape["PromotionIds"] = item.promotions
    if item.points:
        shape["PointsGranted"] = {"PointsNumber": item.points, "PointsMonetaryValue": money(item.points, currency)}
    if item.business_price:
        shape["PriceDesignation"] = "BusinessPrice"
    if item.reporting_scheme:
        shape["DeemedResellerCategory"] = item.reporting_scheme
    if currency == "USD" and Decimal(item.tax):
        shape["TaxCollection"] = {"Model": "MarketplaceFacilitator", "ResponsibleParty": "Amazon Services, Inc."}
    return shape


def item_buyer_shape(order: Order, item: OrderItem) -> dict[str, Any]:
    """What the buyer wishes for a gift."""
    if item.gift_message is None:
        return {}
    currency = MARKETPLACES[order.marketplace].currency
    shape: dict[str, Any] = {"GiftWrapPrice": money(item.gift_wrap, currency), "GiftWrapLevel": "Classic"}
    if order.fulfilled_by == "MERCHANT":
        shape["GiftMessageText"] = item.gift_message
    return shape


def money(amount: Decimal | str | int, currency: str) -> dict[str, str]:
    return {"CurrencyCode": currency, "Amount": money_text(amount, currency)}
