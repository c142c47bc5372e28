"""What ran: when, how much it did, and why it ended.

Idle work leaves one row, written over once a minute; whatever did something leaves a row of its own.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flask_amazon_channel.models.accounts import SellerAccount, Store
from flask_amazon_channel.models.base import Base, BigId, Id, Numbered, Sentence, in_words


class RunState(StrEnum):
    """Whether it runs, or why it ended.  KILLED: it gave no sign of life any more, and a later run noticed."""

    RUNNING = "running"
    DONE = "done"
    IDLE = "idle"
    OUT_OF_TIME = "out_of_time"
    FAILED = "failed"
    KILLED = "killed"


class Run(Numbered, Base):
    """One run of a job or a command.

    `process` is host and process id.  `progress` says by journey how many rows are done and how many are left.
    `idle_name` is set on the one row that all idle runs of that name share.
    """

    __tablename__ = "amazon_run"
    __table_args__ = (sa.UniqueConstraint("idle_name"), in_words("state", RunState, "state"))

    name: Mapped[str] = mapped_column(sa.String(64))
    idle_name: Mapped[str | None] = mapped_column(sa.String(64))
    state: Mapped[str] = mapped_column(sa.String(16), default=RunState.RUNNING, index=True)
    process: Mapped[str] = mapped_column(sa.String(191))
    began: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime]
    ended: Mapped[datetime | None]
    worked_on: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(Sentence(1000))
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)

    parts: Mapped[list[RunPart]] = relationship(
        back_populates="run", order_by="RunPart.id", cascade="all, delete-orphan", passive_deletes=True
    )


class RunPart(Numbered, Base):
    """What a run did for one account, or for one of its stores, on one journey."""

    __tablename__ = "amazon_run_part"
    __table_args__ = (
        sa.Index("ix_amazon_run_part_account", "account_id", "run_id"),
        sa.Index("ix_amazon_run_part_store", "store_id", "run_id"),
    )

    run_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("amazon_run.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_seller_account.id"))
    store_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_store.id"))
    journey: Mapped[str] = mapped_column(sa.String(32))
    worked_on: Mapped[int] = mapped_column(default=0)
    calls: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(Sentence(1000))

    run: Mapped[Run] = relationship(back_populates="parts")
    account: Mapped[SellerAccount | None] = relationship()
    store: Mapped[Store | None] = relationship()


class LoggedCall(Numbered, Base):
    """One call to Amazon, kept while a store's debug log is on.  No token and no personal data goes in.

    `marketplace_id` is the one marketplace that the call named; None: it was about the whole account, or several.
    `status` is None where no answer came.
    """

    __tablename__ = "amazon_logged_call"
    __table_args__ = (sa.Index("ix_amazon_logged_call_account", "account_id", "id"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_seller_account.id"))
    marketplace_id: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(index=True)
    operation: Mapped[str] = mapped_column(Id)
    method: Mapped[str] = mapped_column(sa.String(8))
    path: Mapped[str] = mapped_column(sa.String(1000))
    status: Mapped[int | None]
    request_id: Mapped[str] = mapped_column(sa.String(100), default="")
    milliseconds: Mapped[int]
    sent: Mapped[str | None] = mapped_column(sa.Text)
    answered: Mapped[str | None] = mapped_column(sa.Text)


class CallError(Numbered, Base):
    """Calls to Amazon of an operation that failed alike within an hour: how often, and what the last one was told.

    `bucket` names account, operation, marketplace, status, code and hour.  `message` is Amazon's, and empty where it
    might name a buyer.  `status` is None where no answer came.
    """

    __tablename__ = "amazon_call_error"
    __table_args__ = (
        sa.UniqueConstraint("bucket"),
        sa.Index("ix_amazon_call_error_account", "account_id", "last_at"),
    )

    bucket: Mapped[str] = mapped_column(sa.String(64))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_seller_account.id", ondelete="CASCADE"))
    marketplace_id: Mapped[str | None] = mapped_column(Id)
    operation: Mapped[str] = mapped_column(Id)
    status: Mapped[int | None]
    code: Mapped[str] = mapped_column(Id, default="")
    message: Mapped[str] = mapped_column(sa.String(500), default="")
    request_id: Mapped[str] = mapped_column(sa.String(100), default="")
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)

    account: Mapped[SellerAccount] = relationship()


class PurgePosition(Base):
    """How far the rows of a table were looked through for what is too old: the next visit goes on behind it."""

    __tablename__ = "amazon_purge_position"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    position: Mapped[int] = mapped_column(BigId, default=0)
