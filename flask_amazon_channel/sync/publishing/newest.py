"""What was sent last, of many aspects at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models import Submission, SubmissionState


def submissions(session: Session, aspect_ids: Sequence[int]) -> dict[int, Submission]:
    """Return the newest submission of each aspect that has any."""
    newest = sa.select(sa.func.max(Submission.id)).where(Submission.aspect_id.in_(aspect_ids))
    found = session.scalars(sa.select(Submission).where(Submission.id.in_(newest.group_by(Submission.aspect_id))))
    return {row.aspect_id: row for row in found}


def overtaken(session: Session, aspect_ids: Sequence[int]) -> set[int]:
    """Return the aspects whose newest submission may have been overwritten by a feed that was left behind."""
    of_these = Submission.aspect_id.in_(aspect_ids)
    overtook = _latest(session, Submission.overtook_id, of_these, Submission.overtook_id.is_not(None))
    sent = _latest(session, Submission.id, Submission.aspect_id.in_(overtook), Submission.state != SubmissionState.LOST)
    return {aspect_id for aspect_id, newest in overtook.items() if newest >= sent.get(aspect_id, 0)}


def ids(session: Session, aspect_ids: Sequence[int]) -> dict[int, int]:
    """Return the id of the newest submission of each aspect that has any."""
    return _latest(session, Submission.id, Submission.aspect_id.in_(aspect_ids))


def _latest(session: Session, column: Any, *where: sa.ColumnElement[bool]) -> dict[int, int]:
    found = sa.select(Submission.aspect_id, sa.func.max(column)).where(*where).group_by(Submission.aspect_id)
    return {row[0]: row[1] for row in session.execute(found)}
