"""Feeds 2021-06-30: createFeed, with the limits of its types."""

from itertools import takewhile

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.feeds.processing import queue_feed
from flask_amazon_channel.simulator.api.feeds.types import LISTINGS_FEED, ROLES
from flask_amazon_channel.simulator.api.jobs import body_marketplaces, body_options, check_role
from flask_amazon_channel.simulator.documents.storing import forget_old
from flask_amazon_channel.simulator.state.feeds import Feed
from flask_amazon_channel.simulator.wire.messages import ApiError, Response, json_response

MOST_LISTINGS_FEEDS = 5
SPAN = 300.0


@answers("createFeed", bad="400", missing="404")
def create_feed(call: Call) -> Response:
    """Assumed: a document may be fed more than once, and each time makes a feed of its own."""
    body = call.json()
    kind = body.get("feedType")
    if not isinstance(kind, str) or kind not in ROLES:
        raise call.bad_request(f"Invalid feed type {kind}.")
    check_role(call, ROLES, kind)
    marketplaces = body_marketplaces(call, body)
    document = call.world.state.documents.get(str(body.get("inputFeedDocumentId")))
    if document is None or document.seller_id != call.seller.id or not document.id.startswith("amzn1.tortuga."):
        raise call.bad_request("inputFeedDocumentId is not the id of a feed document of this seller.")
    options = body_options(call, body, "feedOptions")
    if kind == LISTINGS_FEED:
        _check_listings_quota(call)
    feed = Feed(
        id=str(call.world.chance("feed").randrange(10**10, 10**11)),
        seller_id=call.seller.id,
        type=kind,
        marketplaces=marketplaces,
        document_id=document.id,
        created=call.world.now(),
        options=options,
    )
    forget_old(call.world)
    call.world.state.feeds[feed.id] = feed
    queue_feed(call.world, feed)
    return json_response({"feedId": feed.id}, 202)


def _check_listings_quota(call: Call) -> None:
    """Documented: a seller can submit five JSON_LISTINGS_FEED feeds in five minutes in each region.

    Assumed: the limit counts a sliding span of time, and comes on top of the usage plan of createFeed.
    """
    quotas = call.world.settings.quotas
    if quotas == "off":
        return
    since = call.world.now() - SPAN / (float(quotas["scale"]) or 1.0)
    recent = takewhile(lambda feed: feed.created > since, reversed(call.world.state.feeds.values()))
    mine = [each for each in recent if each.seller_id == call.seller.id and each.type == LISTINGS_FEED]
    if len(mine) >= MOST_LISTINGS_FEEDS:
        raise ApiError(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
