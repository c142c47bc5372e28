"""A feed does not carry its messages: they are due again, and are decided anew."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import Aspect, Feed, FeedState, Submission, SubmissionState
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import Claim, finish, mark
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.sync.publishing import newest

PAUSE = timedelta(seconds=15)
PORTION = 500


def forget(channel: Channel, feed_id: int) -> None:
    """Drop a feed that nobody ever heard of, and make what it would have carried due for the patches."""
    session, now = channel.db.session(), channel.clock()

    def drop() -> None:
        mark(session, Aspect, now, Aspect.id.in_(_aspects(feed_id)))
        session.execute(sa.delete(Submission).where(Submission.feed_id == feed_id))
        session.execute(sa.delete(Feed).where(Feed.id == feed_id))

    in_transaction(session, drop)


def let_go(channel: Channel, feed_id: int, claimed: Claim, why: str) -> None:
    """None of the feed was carried out: its messages are lost, and what they were about is due again."""
    session, now = channel.db.session(), channel.clock()
    session.rollback()

    def put_back() -> None:
        feed = session.get_one(Feed, feed_id, populate_existing=True)
        mark(session, Aspect, now + PAUSE, Aspect.id.in_(_aspects(feed_id)))
        session.execute(
            sa.update(Submission)
            .where(*_unanswered(feed_id))
            .values(state=SubmissionState.LOST, open_aspect_id=None, answered_at=now, problem=why)
            .execution_options(synchronize_session=False)
        )
        note(
            session,
            now,
            "feed",
            phrase("{feed} was given up: {why}", feed=feed.called, why=why),
            account_id=feed.account_id,
        )
        closed = {"state": FeedState.CANCELLED, "finished_at": now, "problem": why}
        finish(session, Feed, claimed, now, None, **closed)

    in_transaction(session, put_back)


def send_once_more(session: Session, feed_id: int, now: datetime, problem: str) -> None:
    """Nobody knows how much of the feed was carried out, so all of it is due, whatever Amazon shows meanwhile.

    In the caller's transaction.
    """
    mark(session, Aspect, now + PAUSE, Aspect.id.in_(_aspects(feed_id)))
    rows = session.execute(sa.select(Submission.id, Submission.aspect_id).where(*_unanswered(feed_id))).all()
    for start in range(0, len(rows), PORTION):
        some = rows[start : start + PORTION]
        latest = newest.ids(session, [row.aspect_id for row in some])
        done = {"state": SubmissionState.SUPERSEDED, "open_aspect_id": None, "answered_at": now, "problem": problem}
        values = [{"id": row.id, "overtook_id": latest[row.aspect_id], **done} for row in some]
        session.execute(sa.update(Submission), values)


def _unanswered(feed_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (Submission.feed_id == feed_id, Submission.answered_at.is_(None))


def _aspects(feed_id: int) -> sa.Select[int]:
    return sa.select(Submission.aspect_id).where(*_unanswered(feed_id))
