"""The document is uploaded and the feed created.  After the upload is stored, nobody may think that nothing left."""

from __future__ import annotations

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Feed, FeedState, SellerAccount, Sku, Store, Submission
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.models.due import Claim, finish, hold
from flask_amazon_channel.rules.phrases import phrase_many
from flask_amazon_channel.spapi.answers import write_json
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.feed_calls import LISTINGS_FEED, REPORTED_PARTS
from flask_amazon_channel.sync import permission
from flask_amazon_channel.sync.publishing.feeds.pauses import LOOK_AFTER

_ONE_CARRIED = {
    "quantity": "Feed {feed} carries {n} quantity to Amazon.",
    "price": "Feed {feed} carries {n} price to Amazon.",
}
_MANY_CARRIED = {
    "quantity": "Feed {feed} carries {n} quantities to Amazon.",
    "price": "Feed {feed} carries {n} prices to Amazon.",
}


def hand_over(
    channel: Channel, client: AmazonClient, feed_id: int, claimed: Claim, account: SellerAccount, store: Store
) -> None:
    """Bring the stored messages to Amazon.  `OutcomeUnknown` where nobody knows whether the feed was created."""
    session = channel.db.session()
    content = document(channel, feed_id, account.seller_id)
    place = client.create_feed_document()
    client.upload_feed(place, content)

    def uploaded() -> None:
        permission.require(session, channel, account.id, store.id)
        now = channel.clock()
        values = {"state": FeedState.UPLOADED, "document_id": place.document_id, "uploaded_at": now}
        hold(session, Feed, claimed, now, **values)

    in_transaction(session, uploaded)
    amazon_feed_id = client.create_feed(LISTINGS_FEED, [store.marketplace_id], place.document_id)
    keep_id(channel, feed_id, claimed, amazon_feed_id)


def keep_id(channel: Channel, feed_id: int, claimed: Claim, amazon_feed_id: str) -> None:
    """Store the id that Amazon gave the feed: from now on it is looked at."""
    session, now = channel.db.session(), channel.clock()

    def submitted() -> None:
        feed = session.get_one(Feed, feed_id, populate_existing=True)
        sentence = phrase_many(
            _ONE_CARRIED[feed.aspect], _MANY_CARRIED[feed.aspect], feed.messages, feed=amazon_feed_id
        )
        note(session, now, "feed", sentence, account_id=feed.account_id)
        values = {"state": FeedState.SUBMITTED, "amazon_feed_id": amazon_feed_id, "submitted_at": now}
        finish(session, Feed, claimed, now, now + LOOK_AFTER, **values)

    in_transaction(session, submitted)


def document(channel: Channel, feed_id: int, seller_id: str) -> bytes:
    """Return the feed's document: a message per SKU, with the patch that was stored for it."""
    report = {"includedData": list(REPORTED_PARTS), "apiVersion": "2021-08-01"}
    with reading(channel.db.engine) as read:
        rows = read.execute(
            sa.select(Submission.message_id, Sku.sku, Sku.product_type, Submission.patches)
            .join(Sku, Sku.id == Submission.message_id)
            .where(Submission.feed_id == feed_id)
            .order_by(Submission.id)
        ).all()
    messages = [
        {
            "messageId": message_id,
            "sku": sku,
            "operationType": "PATCH",
            "productType": product_type or "PRODUCT",
            "patches": patches,
        }
        for message_id, sku, product_type, patches in rows
    ]
    header = {"sellerId": seller_id, "version": "2.0", "report": report}
    return write_json({"header": header, "messages": messages})
