"""What can be done with many changes that Amazon did not take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError
from flask_amazon_channel.models import Aspect, AspectName, Listing, Submission, SubmissionState
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.sync.bulk.work import Outcome
from flask_amazon_channel.sync.publishing import drift


def send_again(channel: Channel, ids: Sequence[int], options: Mapping[str, Any]) -> Outcome:
    """Send what is wanted now in the place of each of these submissions."""
    session, changed, failed = channel.db.session(), 0, []
    meant = _meant(channel, ids)
    session.rollback()
    in_transaction(session, lambda: _forget_refusals(session, ids))
    for name, listing_id in meant:
        session.rollback()
        listing = session.get(Listing, listing_id)
        try:
            if listing is not None and drift.send_again(channel, listing, AspectName(name)):
                changed += 1
        except ChannelError as error:
            failed.append(str(error))
    session.rollback()
    return Outcome(changed, failed)


def _forget_refusals(session: Session, ids: Sequence[int]) -> None:
    """The same is not sent again after a refusal, unless the refusal is forgotten."""
    refused = (Submission.id.in_(ids), Submission.state == SubmissionState.INVALID)
    session.execute(
        sa.update(Submission)
        .where(*refused)
        .values(state=SubmissionState.SUPERSEDED)
        .execution_options(synchronize_session=False)
    )


def _meant(channel: Channel, ids: Sequence[int]) -> Sequence[tuple[str, int]]:
    """Return aspect and listing of each: for a quantity any listing of its SKU stands for all."""
    any_listing = (
        sa.select(sa.func.min(Listing.id)).where(Listing.sku_id == Aspect.sku_id).correlate(Aspect).scalar_subquery()
    )
    listing_id = sa.func.coalesce(Aspect.listing_id, any_listing)
    found = sa.select(Aspect.name, listing_id).join(Submission, Submission.aspect_id == Aspect.id)
    rows = channel.db.session.execute(found.where(Submission.id.in_(ids)).distinct()).all()
    return [(row[0], row[1]) for row in rows if row[1] is not None]
