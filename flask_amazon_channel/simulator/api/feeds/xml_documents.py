"""XML feeds: Amazon's envelope, read without document types or entities; and its processing report."""

from decimal import Decimal, InvalidOperation
from typing import NoReturn
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, indent, tostring
from xml.parsers.expat import ExpatError, ParserCreate

from flask_amazon_channel.simulator.api.feeds.records import Problem, Record, Unreadable

_MESSAGE_TYPES = {"cancel": "OrderAcknowledgement", "refund": "OrderAdjustment", "ship": "OrderFulfillment"}
DEEPEST = 30


class _Reader:
    """Builds the tree; a document type, which could define entities, ends the reading."""

    def __init__(self) -> None:
        self._tree, self._depth = TreeBuilder(), 0
        self._parser = ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._tree.data

    def read(self, body: bytes) -> Element:
        """Raises Unreadable."""
        if body.startswith(b"\xef\xbb\xbf"):
            raise Unreadable(*_ill_formed(1, 1))
        try:
            self._parser.Parse(body, True)
            return self._tree.close()
        except ExpatError as error:
            raise Unreadable(*_ill_formed(error.lineno, error.offset + 1)) from None

    def _refuse(self, *facts: object) -> NoReturn:
        raise Unreadable(*_ill_formed(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse()
        self._tree.start(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(name)


def _ill_formed(line: int, column: int) -> tuple[str, str]:
    """Seen in public: code and sentence for XML that is not well-formed, also for a byte order mark before it."""
    place = f"line {line}, column {column}"
    return "5001", f"The XML you submitted is ill-formed at the Amazon Envelope XML level at (or near) {place}."


def read_xml(body: bytes, action: str) -> list[Record]:
    """Raises Unreadable.

    Seen in public: a message of another type than the feed's makes the whole feed fail.
    Seen in public: what the header says about the merchant does not matter.
    """
    root = _Reader().read(body)
    if root.tag != "AmazonEnvelope":
        raise Unreadable(*_ill_formed(1, 1))
    kind = _MESSAGE_TYPES[action]
    messages = root.findall("Message")
    if (root.findtext("MessageType") or "").strip() != kind or any(each.find(kind) is None for each in messages):
        raise Unreadable("25", "We are unable to process the XML feed because one or more items are invalid.")
    return [_record(message, kind, place) for place, message in enumerate(messages, 1)]


def _record(message: Element, kind: str, place: int) -> Record:
    order = message.find(kind)
    assert order is not None
    number = _text(message, "MessageID")
    counts = number.isascii() and number.isdigit() and len(number) < 19
    record = Record(int(number) if counts else place, _text(order, "AmazonOrderID"))
    record.facts = {name: text for name, path in _FACTS.items() if (text := _text(order, path))}
    for item in [*order.findall("Item"), *order.findall("AdjustedItem")]:
        line = {name: text for name, path in _LINE.items() if (text := _text(item, path))}
        record.lines.append(line | _amounts(item))
    return record


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


_FACTS = {
    "status-code": "StatusCode",
    "ship-date": "FulfillmentDate",
    "carrier-code": "FulfillmentData/CarrierCode",
    "carrier-name": "FulfillmentData/CarrierName",
    "ship-method": "FulfillmentData/ShippingMethod",
    "tracking-number": "FulfillmentData/ShipperTrackingNumber",
}
_LINE = {
    "item-id": "AmazonOrderItemCode",
    "reason": "CancelReason",
    "adjustment-reason-code": "AdjustmentReason",
    "quantity": "Quantity",
    "quantity-cancelled": "QuantityCancelled",
}
_COMPONENTS = {
    "Principal": "item-price-adj",
    "Tax": "item-tax-adj",
    "Shipping": "shipping-price-adj",
    "ShippingTax": "shipping-tax-adj",
    "GiftWrap": "gift-wrap-price-adj",
    "GiftWrapTax": "gift-wrap-tax-adj",
}


def _amounts(item: Element) -> dict[str, str]:
    """By the columns of the flat file; types of components that it has no column for keep their own name."""
    amounts: dict[str, str] = {}
    for place in ("ItemPriceAdjustments", "PromotionAdjustments"):
        for component in item.findall(f"{place}/Component"):
            amount, kind = component.find("Amount"), _text(component, "Type")
            if amount is not None and kind:
                name = "item-promotion-adj" if place == "PromotionAdjustments" else _COMPONENTS.get(kind, kind)
                amounts[name] = _sum(amounts.get(name), (amount.text or "").strip())
                amounts["currency"] = amount.get("currency", "")
    return amounts


def _sum(earlier: str | None, more: str) -> str:
    """Components of the same type count together; what is no number is left to be refused."""
    if earlier is None:
        return more
    try:
        return str(Decimal(earlier) + Decimal(more))
    except InvalidOperation:
        return f"{earlier} and {more}"


def write_xml(seller_id: str, feed_id: str, processed: int, problems: list[Problem]) -> bytes:
    """Seen in public: the processing report of an XML feed, with a result for each message that failed."""
    root = Element("AmazonEnvelope", {"xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"})
    root.set("xsi:noNamespaceSchemaLocation", "amzn-envelope.xsd")
    header = SubElement(root, "Header")
    _add(header, DocumentVersion="1.02", MerchantIdentifier=seller_id)
    _add(root, MessageType="ProcessingReport")
    message = SubElement(root, "Message")
    _add(message, MessageID="1")
    report = SubElement(message, "ProcessingReport")
    _add(report, DocumentTransactionID=feed_id, StatusCode="Complete")
    failed = len({problem.number for problem in problems})
    _add(
        SubElement(report, "ProcessingSummary"),
        MessagesProcessed=str(processed),
        MessagesSuccessful=str(max(0, processed - failed)),
        MessagesWithError=str(failed),
        MessagesWithWarning="0",
    )
    for problem in problems:
        _add_problem(SubElement(report, "Result"), problem)
    indent(root, "\t")
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _add_problem(result: Element, problem: Problem) -> None:
    _add(
        result,
        MessageID=str(problem.number),
        ResultCode="Error",
        ResultMessageCode=problem.code,
        ResultDescription=problem.message,
    )
    known = {"AmazonOrderID": problem.order_id, "AmazonOrderItemCode": problem.item_id}
    if any(known.values()):
        _add(SubElement(result, "AdditionalInfo"), **{name: text for name, text in known.items() if text})


def _add(element: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(element, name).text = text
