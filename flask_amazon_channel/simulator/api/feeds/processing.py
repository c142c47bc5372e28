"""How a feed goes on the virtual clock: IN_QUEUE, IN_PROGRESS, then DONE, FATAL or CANCELLED.

Feeds of one seller and type are processed one after another, in the order in which they were created.
"""

from flask_amazon_channel.simulator.api.feeds import listings, order_feeds
from flask_amazon_channel.simulator.api.feeds.results import Result, legacy_result, unread_result
from flask_amazon_channel.simulator.api.feeds.types import LEGACY, LISTINGS_FEED
from flask_amazon_channel.simulator.documents.storing import compress, content, store
from flask_amazon_channel.simulator.state import Pending
from flask_amazon_channel.simulator.state.feeds import Feed
from flask_amazon_channel.simulator.world import World, effect

LOOK_AGAIN = 60.0
UNFINISHED = ("IN_QUEUE", "IN_PROGRESS")


def queue_feed(world: World, feed: Feed) -> None:
    world.at(world.now() + world.settings.feed_queue_delay, "feed_waited", {"feed": feed.id})


@effect("feed_waited")
def leave_queue(world: World, pending: Pending) -> None:
    feed = _find(world, pending, "IN_QUEUE")
    if feed is None:
        return
    feed.waited = True
    if _unfinished(world, feed)[0] is feed:
        _start(world, feed, pending.due)


def _find(world: World, pending: Pending, status: str) -> Feed | None:
    """The feed that goes on now, unless it has another status by now, or is stuck.

    One that is stuck is looked at again every minute, so that it goes on when the setting is changed.
    """
    feed = world.state.feeds.get(pending.facts["feed"])
    if feed is None or feed.status != status:
        return None
    if world.settings.feed_fate == f"stuck_{status.lower()}":
        world.at(world.now() + LOOK_AGAIN, pending.kind, pending.facts)
        return None
    return feed


def _unfinished(world: World, feed: Feed) -> list[Feed]:
    """The feeds of the same seller and type that have not ended, oldest first.

    Documented: feeds of one seller and type are processed one after another.
    """
    same = (each for each in world.state.feeds.values() if each.seller_id == feed.seller_id and each.type == feed.type)
    return [each for each in same if each.status in UNFINISHED]


def _start(world: World, feed: Feed, moment: float) -> None:
    """The document is read when processing begins; a listings feed is then worked on slice by slice."""
    feed.status, feed.started = "IN_PROGRESS", moment
    steps = 1
    if feed.type == LISTINGS_FEED:
        feed.work = listings.read(feed, _body(world, feed))
        steps = listings.count_slices(feed)
    world.at(moment + world.settings.feed_delay / steps, "feed_step", {"feed": feed.id})


@effect("feed_step")
def process(world: World, pending: Pending) -> None:
    feed = _find(world, pending, "IN_PROGRESS")
    if feed is None:
        return
    slices = listings.count_slices(feed)
    result = _process(world, feed)
    if result is None:
        world.at(pending.due + world.settings.feed_delay / slices, pending.kind, pending.facts)
    else:
        _finish(world, feed, result, pending.due)


def _process(world: World, feed: Feed) -> Result | None:
    """The result, or None while messages wait."""
    fatal = world.settings.feed_fate == "fatal"
    if feed.type in LEGACY:
        return legacy_result(feed)
    if feed.type == LISTINGS_FEED:
        return listings.process_slice(world, feed, fatal)
    document = world.state.documents.get(feed.document_id)
    if document is None or not document.uploaded:
        return unread_result()
    return order_feeds.process(world, feed, _body(world, feed), fatal)


def _body(world: World, feed: Feed) -> bytes:
    document = world.state.documents.get(feed.document_id)
    return content(document) if document else b""


def _finish(world: World, feed: Feed, result: Result, moment: float) -> None:
    if result.body:
        document = store(world, feed.seller_id, result.body, result.content_type, world.settings.report_gzip)
        feed.result_id = document.id
    end_feed(world, feed, result.status, moment)


def end_feed(world: World, feed: Feed, status: str, moment: float) -> None:
    """The feed ends, and the next one that waits for it begins."""
    feed.status, feed.ended, feed.work = status, moment, None
    if document := world.state.documents.get(feed.document_id):
        compress(document)
    world.occurred("feed_finished", feed.seller_id, feed=feed.id)
    following = _unfinished(world, feed)
    if following and following[0].status == "IN_QUEUE" and following[0].waited:
        _start(world, following[0], max(moment, following[0].created))
