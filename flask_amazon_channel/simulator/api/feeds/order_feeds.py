"""Order feeds: cancelling, refunding and shipping, in XML and in flat files."""

from collections.abc import Callable

from flask_amazon_channel.simulator.api.feeds.cancelling import cancel
from flask_amazon_channel.simulator.api.feeds.flat_files import read_flat_file, write_flat_file
from flask_amazon_channel.simulator.api.feeds.records import Problem, Record, Refused, Unreadable
from flask_amazon_channel.simulator.api.feeds.refunding import refund
from flask_amazon_channel.simulator.api.feeds.results import ABORTED, Result
from flask_amazon_channel.simulator.api.feeds.shipping import Shipping
from flask_amazon_channel.simulator.api.feeds.types import FLAT_FILES, XML_DOCUMENTS
from flask_amazon_channel.simulator.api.feeds.xml_documents import read_xml, write_xml
from flask_amazon_channel.simulator.state.feeds import Feed
from flask_amazon_channel.simulator.state.orders import Order
from flask_amazon_channel.simulator.world import World

Action = Callable[[World, Feed, Order, Record], None]
TEXT, XML = "text/plain; charset=UTF-8", "text/xml; charset=UTF-8"
INVALID = "18028"


def process(world: World, feed: Feed, body: bytes, fatal: bool) -> Result:
    """Each record is carried out or refused by itself, in its order.

    Assumed: a feed of which nothing can be read ends FATAL, with a processing report that says why.
    """
    try:
        records, problems = _read(feed, body)
    except Unreadable as error:
        return Result("FATAL", *_report(feed, 0, [error.problem]))
    chosen = records[: len(records) // 2] if fatal else records
    problems += _carry_out(world, feed, chosen)
    return ABORTED if fatal else Result("DONE", *_report(feed, len(records), problems))


def _read(feed: Feed, body: bytes) -> tuple[list[Record], list[Problem]]:
    if feed.type in FLAT_FILES:
        return read_flat_file(body, FLAT_FILES[feed.type])
    return read_xml(body, XML_DOCUMENTS[feed.type]), []


def _report(feed: Feed, processed: int, problems: list[Problem]) -> tuple[bytes, str]:
    if feed.type in FLAT_FILES:
        return write_flat_file(processed, problems), TEXT
    return write_xml(feed.seller_id, feed.id, processed, problems), XML


def _carry_out(world: World, feed: Feed, records: list[Record]) -> list[Problem]:
    """Assumed: what is refused has the code 18028, and a sentence of its own that says why."""
    action = _action(feed)
    problems = []
    chance = world.chance("feed_refused") if world.settings.feed_refused else None
    for record in records:
        try:
            if chance is not None and chance.random() < world.settings.feed_refused:
                raise Refused(INVALID, "We are unable to process this record at this time. Please try again.")
            action(world, feed, _order(world, feed, record), record)
        except Refused as refused:
            item_id = refused.item_id or (record.lines[0].get("item-id", "") if record.lines else "")
            problems.append(Problem(record.number, refused.code, refused.message, record.order_id, item_id))
    return problems


def _action(feed: Feed) -> Action:
    name = {**FLAT_FILES, **XML_DOCUMENTS}[feed.type]
    actions: dict[str, Action] = {"cancel": cancel, "refund": refund, "ship": Shipping().ship}
    return actions[name]


def _order(world: World, feed: Feed, record: Record) -> Order:
    order = world.state.orders.get(record.order_id)
    if order is None or order.seller_id != feed.seller_id:
        raise Refused(INVALID, f"The order {record.order_id or '(none)'} does not exist.")
    if order.fulfilled_by == "AMAZON":
        raise Refused(INVALID, f"The order {order.id} is fulfilled by Amazon.")
    return order
