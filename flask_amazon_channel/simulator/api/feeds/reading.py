"""Feeds 2021-06-30: how far feeds have come, and taking one back."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.feeds.processing import end_feed
from flask_amazon_channel.simulator.api.jobs import check_in_queue, find_own, page, progress_shape
from flask_amazon_channel.simulator.state.feeds import Feed
from flask_amazon_channel.simulator.wire.messages import Response, json_response


@answers("getFeed", bad="400", missing="404")
def get_feed(call: Call) -> Response:
    return json_response(_shape(_feed(call)))


@answers("getFeeds", bad="400", missing="404")
def get_feeds(call: Call) -> Response:
    """Newest first; `nextToken` must be the only parameter."""
    feeds, token = page(call, call.world.state.feeds.values(), "feedTypes")
    return json_response({"feeds": [_shape(each) for each in feeds], **token})


@answers("cancelFeed", bad="400", missing="404")
def cancel_feed(call: Call) -> Response:
    feed = _feed(call)
    check_in_queue(call, feed, "feed")
    end_feed(call.world, feed, "CANCELLED", call.world.now())
    return Response(200)


def _feed(call: Call) -> Feed:
    return find_own(call, call.world.state.feeds, call.path["feedId"], "feed")


def _shape(feed: Feed) -> dict[str, Any]:
    shape = {"feedId": feed.id, "feedType": feed.type, **progress_shape(feed)}
    return {**shape, "resultFeedDocumentId": feed.result_id} if feed.result_id else shape
