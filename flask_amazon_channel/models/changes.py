"""The history of what people decided: every setting, match, owner and switch, with who, when, old and new.

What was saved together is one change set: it has one `set_id` and is undone together.  Who may do what is the host's
affair (`authorize`), so no permissions are kept here, but whoever changed something is.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from flask_amazon_channel.models.accounts import SellerAccount, Store
from flask_amazon_channel.models.base import Base, ExactJson, Numbered
from flask_amazon_channel.models.listings import Listing, Sku

Actor = tuple[str | None, str | None]
"""Id and name.  Who has no id works on the command line."""


class Change(Numbered, Base):
    """One setting that changed.  `subject` says of what: account, store, sku, listing, installation.

    `subject_name` is how it was called then: the change outlives it.  `version` is the number that the account or store
    has since.  `undoes` is the change set that this one took back.  What is secret is kept as a word for it.
    """

    __tablename__ = "amazon_change"
    __table_args__ = (
        sa.Index("ix_amazon_change_store", "store_id", "id"),
        sa.Index("ix_amazon_change_account", "account_id", "id"),
    )

    set_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[str | None] = mapped_column(sa.String(191))
    actor_name: Mapped[str | None] = mapped_column(sa.String(191))
    subject: Mapped[str] = mapped_column(sa.String(32))
    subject_name: Mapped[str] = mapped_column(sa.String(191))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_seller_account.id"))
    store_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_store.id"))
    sku_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_sku.id"), index=True)
    listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_listing.id"), index=True)
    setting: Mapped[str] = mapped_column(sa.String(64))
    old: Mapped[Any] = mapped_column(ExactJson, nullable=True)
    new: Mapped[Any] = mapped_column(ExactJson, nullable=True)
    version: Mapped[int | None]
    undoes: Mapped[str | None] = mapped_column(sa.String(32), index=True)

    account: Mapped[SellerAccount | None] = relationship()
    store: Mapped[Store | None] = relationship()
    sku: Mapped[Sku | None] = relationship()
    listing: Mapped[Listing | None] = relationship()


_TABLE: sa.Table = Change.__table__  # type: ignore[assignment]


def keep_change(
    session: Session,
    *,
    at: datetime,
    actor: Actor | None,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    name: str = "",
    account_id: int | None = None,
    store_id: int | None = None,
    sku_id: int | None = None,
    listing_id: int | None = None,
    version: int | None = None,
    set_id: str | None = None,
    undoes: str | None = None,
) -> str | None:
    """Keep what differs between `before` and `after`, in the caller's transaction; return the number of the change set.

    None: nothing differs.  With `set_id` it belongs to a change set that was begun before.  The rows that it is about
    are in the database already.
    """
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    if not changed:
        return set_id
    actor_id, actor_name = actor or (None, None)
    common = {
        "set_id": set_id or new_set(),
        "at": at,
        "actor_id": actor_id,
        "actor_name": actor_name,
        "subject": subject,
        "subject_name": name[:191],
        "account_id": account_id,
        "store_id": store_id,
        "sku_id": sku_id,
        "listing_id": listing_id,
        "version": version,
        "undoes": undoes,
    }
    rows = [
        {**common, "setting": key, "old": _stored(before.get(key)), "new": _stored(value)}
        for key, value in changed.items()
    ]
    session.connection().execute(_TABLE.insert(), rows)
    return str(common["set_id"])


def new_set() -> str:
    """Return the number of a new change set."""
    return secrets.token_hex(16)


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def change_set(session: Session, set_id: str) -> list[Change]:
    """Return what was changed together."""
    return list(session.scalars(sa.select(Change).where(Change.set_id == set_id).order_by(Change.id)))


def undone_by(session: Session, set_ids: list[str]) -> dict[str, str]:
    """Return which of these change sets were taken back, and by which."""
    rows = session.execute(sa.select(Change.undoes, Change.set_id).where(Change.undoes.in_(set_ids)))
    return {undone: by for undone, by in rows if undone is not None}


def values_at(session: Session, row: SellerAccount | Store, version: int, now: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as they were when the account or store had that version; `now` is what they are now."""
    of_it = Change.store_id == row.id if isinstance(row, Store) else Change.account_id == row.id
    later = sa.select(Change.setting, Change.old).where(
        of_it, Change.subject == subject_of(row), Change.version > version, Change.setting.in_(list(now))
    )
    then = dict(now)
    # The oldest of the later changes knows what was before all of them.
    for setting, old in session.execute(later.order_by(Change.id.desc())):
        then[setting] = old
    return then


def subject_of(row: SellerAccount | Store) -> str:
    return "store" if isinstance(row, Store) else "account"
