"""Why is it so?  The function that decides also explains."""

from __future__ import annotations

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Listing
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules.decision import Decision
from flask_amazon_channel.sync.decisions import decide_listings, load_listings


def explain(channel: Channel, listing: Listing) -> Decision:
    """Return what the rules say about the listing now; `ShopRefused` where the shop does not answer."""
    listing_id = listing.id
    channel.db.session.rollback()
    with reading(channel.db.engine) as session:
        listings = load_listings(session, Listing.id == listing_id)
    return decide_listings(channel, listings)[listing_id]
