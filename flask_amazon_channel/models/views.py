"""Views of a grid that people keep: filters, sort and columns, as in the address."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from flask_amazon_channel.models.accounts import Store
from flask_amazon_channel.models.base import Base, Numbered


class GridView(Numbered, Base):
    """One view.  `owner_id` is whom the host's `actor` named; "": the shop as a whole, where nobody is named.

    With a `store_id` everybody who may see that store has it there; without one it is its owner's, in every store.
    A default is what a bare address shows: the owner's, or, where it is the store's, everybody's who has none.
    """

    __tablename__ = "amazon_grid_view"
    __table_args__ = (
        sa.UniqueConstraint("grid", "owner_id", "name"),
        sa.Index("ix_amazon_grid_view_store", "store_id", "grid"),
    )

    grid: Mapped[str] = mapped_column(sa.String(32))
    owner_id: Mapped[str] = mapped_column(sa.String(191))
    owner_name: Mapped[str | None] = mapped_column(sa.String(191))
    name: Mapped[str] = mapped_column(sa.String(80))
    arguments: Mapped[str] = mapped_column(sa.String(4000))
    store_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amazon_store.id", ondelete="CASCADE"))
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    def is_seen_by(self, owner_id: str) -> bool:
        """Whether it is theirs, or a store's."""
        return self.owner_id == owner_id or self.store_id is not None


def views_of(session: Session, grid: str, owner_id: str, store: Store | None) -> list[GridView]:
    """Return the views that a person has of a grid: their own and the store's."""
    seen = GridView.owner_id == owner_id
    elsewhere = sa.and_(GridView.store_id.is_not(None), GridView.store_id != (store.id if store else 0))
    if store is not None:
        seen = sa.or_(seen, GridView.store_id == store.id)
    query = sa.select(GridView).where(GridView.grid == grid, seen, sa.not_(elsewhere)).order_by(GridView.name)
    return list(session.scalars(query))


def default_of(views: list[GridView], owner_id: str) -> GridView | None:
    """Return the view of a bare address: a person's own default before the store's."""
    defaults = [view for view in views if view.is_default]
    own = [view for view in defaults if view.owner_id == owner_id and view.store_id is None]
    return next(iter(own or defaults), None)
