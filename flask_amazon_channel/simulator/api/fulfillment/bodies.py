"""Bodies of Fulfillment Outbound 2020-07-01: what may be in them, as JSON schemas."""

from functools import cache
from typing import Any

import jsonschema_rs

from flask_amazon_channel.simulator.api.call import Call

Schema = dict[str, Any]

SPEEDS = ("Standard", "Expedited", "Priority", "ScheduledDelivery")
ACTIONS = ("Ship", "Hold")
POLICIES = ("FillOrKill", "FillAll", "FillAllAvailable")
STATUSES = (
    "New", "Received", "Planning", "Processing", "Cancelled", "Complete", "CompletePartialled", "Unfulfillable",
    "Invalid",
)  # fmt: skip
MOST_LINES = 100
MOST_UNITS = 250


def _text(most: int | None = None) -> Schema:
    return {"type": "string", "minLength": 1} | ({} if most is None else {"maxLength": most})


def _object(required: str, **properties: Schema) -> Schema:
    shape = {"type": "object", "properties": properties}
    return {**shape, "required": required.split()} if required else shape


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(values: tuple[str, ...]) -> Schema:
    return {"enum": list(values)}


_QUANTITY: Schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
_MONEY = _object("currencyCode value", currencyCode=_text(), value={"type": "string"})
_LINES = {name: {"type": "string"} for name in ("addressLine2", "addressLine3", "city", "districtOrCounty")}
_REGION = {name: {"type": "string"} for name in ("stateOrRegion", "phone")}
ADDRESS = _object(
    "addressLine1 countryCode name postalCode",
    name=_text(),
    addressLine1=_text(),
    postalCode=_text(),
    countryCode={"type": "string", "minLength": 2, "maxLength": 2},
    **_LINES,
    **_REGION,
)
_WINDOW = _object("startDate endDate", startDate=_text(), endDate=_text())
_COD = _object(
    "isCodRequired",
    isCodRequired={"type": "boolean"},
    **dict.fromkeys(("codCharge", "codChargeTax", "shippingCharge", "shippingChargeTax"), _MONEY),
)
_FEATURES = _list(_object("", featureName=_text(), featureFulfillmentPolicy=_one_of(("Required", "NotRequired"))))
_PAYMENT = _object(
    "paymentTransactionId paymentMode paymentDate",
    paymentTransactionId=_text(),
    paymentMode=_text(),
    paymentDate=_text(),
)
_PREFERENCES = _object(
    "",
    deliveryInstructions={"type": "string", "maxLength": 250},
    dropOffLocation=_object("type", type=_text(), attributes={"type": "object"}),
)
_SHOWN = {
    "displayableOrderId": _text(40),
    "displayableOrderDate": _text(),
    "displayableOrderComment": _text(750),
    "notificationEmails": _list(_text(64)),
    "featureConstraints": _FEATURES,
    "shipFromCountryCode": {"type": "string", "minLength": 2, "maxLength": 2},
}
_CHOSEN = {
    "shippingSpeedCategory": _one_of(SPEEDS),
    "fulfillmentAction": _one_of(ACTIONS),
    "fulfillmentPolicy": _one_of(POLICIES),
}
_ITEM_SHOWN = {
    "giftMessage": _text(512),
    "displayableComment": _text(250),
    "fulfillmentNetworkSku": _text(),
    "perUnitDeclaredValue": _MONEY,
    "perUnitPrice": _MONEY,
    "perUnitTax": _MONEY,
}
_ITEM = {"sellerSku": _text(50), "sellerFulfillmentOrderItemId": _text(50), "quantity": _QUANTITY}
_ITEM_NAMES = "quantity sellerFulfillmentOrderItemId sellerSku"

CREATE = _object(
    "destinationAddress displayableOrderComment displayableOrderDate displayableOrderId items "
    "sellerFulfillmentOrderId shippingSpeedCategory",
    marketplaceId=_text(),
    sellerFulfillmentOrderId=_text(40),
    destinationAddress=ADDRESS,
    deliveryWindow=_WINDOW,
    deliveryPreferences=_PREFERENCES,
    codSettings=_COD,
    items=_list(_object(_ITEM_NAMES, **_ITEM, **_ITEM_SHOWN)),
    paymentInformation=_list(_PAYMENT),
    **_SHOWN,
    **_CHOSEN,
)
UPDATE = _object(
    "",
    marketplaceId=_text(),
    destinationAddress=ADDRESS,
    items=_list(
        _object(
            "quantity sellerFulfillmentOrderItemId",
            **{**_ITEM, "quantity": {**_QUANTITY, "minimum": 0}},
            **_ITEM_SHOWN,
            orderItemDisposition=_text(),
        )
    ),
    **_SHOWN,
    **_CHOSEN,
)
PREVIEW = _object(
    "address items",
    marketplaceId=_text(),
    address=ADDRESS,
    items=_list(_object(_ITEM_NAMES, **_ITEM, perUnitDeclaredValue=_MONEY)),
    shippingSpeedCategories=_list(_one_of(SPEEDS)),
    includeCODFulfillmentPreview={"type": "boolean"},
    includeDeliveryWindows={"type": "boolean"},
    featureConstraints=_FEATURES,
)
STATUS = _object("fulfillmentOrderStatus", fulfillmentOrderStatus=_one_of(STATUSES))
RETURN = _object(
    "items",
    items=_list(
        _object(
            "amazonShipmentId returnReasonCode sellerFulfillmentOrderItemId sellerReturnItemId",
            sellerReturnItemId=_text(80),
            sellerFulfillmentOrderItemId=_text(),
            amazonShipmentId=_text(),
            returnReasonCode=_text(),
            returnComment=_text(1000),
        )
    ),
)
OFFER = _object(
    "product terms",
    product=_object(
        "productIdentifier",
        productIdentifier=_object("merchantSku", merchantSku=_text(50)),
        amount=_object("unitOfMeasure value", unitOfMeasure=_one_of(("Eaches",)), value=_text()),
    ),
    terms=_object(
        "origin destination",
        origin=_object("countryCode", countryCode={"type": "string", "minLength": 2, "maxLength": 2}),
        destination=_object(
            "",
            deliveryAddress=_object(
                "countryCode postalCode",
                countryCode={"type": "string", "minLength": 2, "maxLength": 2},
                postalCode=_text(),
                **{name: {"type": "string"} for name in ("addressLine1", "stateOrRegion")},
                **_LINES,
            ),
            ipAddress=_text(),
        ),
    ),
)
_ALL = {"CREATE": CREATE, "UPDATE": UPDATE, "PREVIEW": PREVIEW, "STATUS": STATUS, "RETURN": RETURN, "OFFER": OFFER}


@cache
def _validator(name: str) -> jsonschema_rs.Draft4Validator:
    return jsonschema_rs.Draft4Validator(_ALL[name])


def read_body(call: Call, name: str) -> dict[str, Any]:
    """The body without the fields that Amazon does not know; what is wrong with it is a bad request."""
    body = call.json()
    for error in _validator(name).iter_errors(body):
        place = ".".join(str(each) for each in error.instance_path)
        raise call.bad_request(f"{place}: {error.message}" if place else error.message)
    known: dict[str, Any] = _known(body, _ALL[name])
    return known


def _known(value: Any, schema: Schema) -> Any:
    if isinstance(value, list) and "items" in schema:
        return [_known(each, schema["items"]) for each in value]
    if isinstance(value, dict) and "properties" in schema:
        properties = schema["properties"]
        return {name: _known(each, properties[name]) for name, each in value.items() if name in properties}
    return value
