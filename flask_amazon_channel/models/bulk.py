"""What is to be done with many rows at once: which rows, what, and how far it is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flask_amazon_channel.models.accounts import Store
from flask_amazon_channel.models.base import Base, in_words
from flask_amazon_channel.models.due import Due
from flask_amazon_channel.rules.phrases import given_back


class BulkState(StrEnum):
    """PREVIEWED: a person looks at what it would do.  STOPPED: a person ended it; what was done stays done."""

    PREVIEWED = "previewed"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class BulkAction(Due, Base):
    """One action on the rows of a grid.

    The rows are those with the keys of `chosen`, or, where that is None, those that match `arguments` (as in the
    address of the grid) when their turn comes.  Either way only rows of `stores`, and none above `last_key`, the
    largest when it was previewed: what appeared later was not looked at.  Rows are taken by their key, and `position`
    is the last one; so it goes on where a worker was interrupted.
    """

    __tablename__ = "amazon_bulk_action"
    __table_args__ = (in_words("state", BulkState, "state"),)

    grid: Mapped[str] = mapped_column(sa.String(32))
    action: Mapped[str] = mapped_column(sa.String(32))
    state: Mapped[str] = mapped_column(sa.String(16), default=BulkState.PREVIEWED)
    store_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_store.id", ondelete="CASCADE"), index=True)
    stores: Mapped[list[Any]]
    chosen: Mapped[list[Any] | None]
    arguments: Mapped[str] = mapped_column(sa.String(4000), default="")
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    last_key: Mapped[int] = mapped_column(sa.BigInteger)
    total: Mapped[int]
    position: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    done: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    failed_why: Mapped[list[Any]] = mapped_column(default=list)
    actor_id: Mapped[str | None] = mapped_column(sa.String(191))
    actor_name: Mapped[str | None] = mapped_column(sa.String(191))
    created_at: Mapped[datetime] = mapped_column(index=True)
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    store: Mapped[Store | None] = relationship(viewonly=True)

    @property
    def why_failed(self) -> list[str]:
        """Why rows could not be changed, each reason once."""
        return [given_back(why) for why in self.failed_why]

    @property
    def is_running(self) -> bool:
        return self.state == BulkState.RUNNING
