"""What was sent last, of many aspects at once."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models import Submission, SubmissionState


def submissions(session: Session, aspect_ids: Sequence[int]) -> dict[int, Submission]:
    """Return the newest submission of each aspect that has any."""
    newest = sa.select(sa.func.max(Submission.id)).where(Submission.aspect_id.in_(aspect_ids))
    found = session.scalars(sa.select(Submission).where(Submission.id.in_(newest.group_by(Submission.aspect_id))))
    return {row.aspect_id: row for row in found}


def overtaken(session: Session, aspect_ids: Sequence[int]) -> set[int]:
    """Return the aspects of which a feed reported, that had been left behind, after the last that was sent."""
    left_behind = (
        Submission.feed_id.is_not(None),
        Submission.state == SubmissionState.SUPERSEDED,
        Submission.answered_at.is_not(None),
    )
    reported = session.execute(
        sa.select(Submission.aspect_id, sa.func.max(Submission.answered_at))
        .where(Submission.aspect_id.in_(aspect_ids), *left_behind)
        .group_by(Submission.aspect_id)
    ).all()
    sent = session.execute(
        sa.select(Submission.aspect_id, sa.func.max(Submission.created_at))
        .where(Submission.aspect_id.in_([row[0] for row in reported]), Submission.state != SubmissionState.LOST)
        .group_by(Submission.aspect_id)
    ).all()
    sent_at = {row[0]: row[1] for row in sent}
    return {row[0] for row in reported if row[1] and row[1] >= sent_at[row[0]]}
