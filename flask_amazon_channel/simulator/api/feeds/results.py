"""What comes out of a feed: its final status and its processing report."""

from typing import NamedTuple

from flask_amazon_channel.simulator.state.feeds import Feed


class Result(NamedTuple):
    """`status` is DONE or FATAL; without a body there is no result document."""

    status: str
    body: bytes = b""
    content_type: str = "text/plain; charset=UTF-8"


ABORTED = Result("FATAL")
"""Documented: of a feed that ends FATAL some, none or all operations may have been carried out."""


def unread_result() -> Result:
    """Assumed: a feed whose document was never uploaded ends FATAL, without a processing report."""
    return Result("FATAL")


def legacy_result(feed: Feed) -> Result:
    """Documented: listing feeds in XML and flat files are not processed any more and end FATAL.

    Assumed: their processing report says so in one sentence of text.
    """
    return Result("FATAL", f"The feed type {feed.type} is no longer supported. Use JSON_LISTINGS_FEED.\r\n".encode())
