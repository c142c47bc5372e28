"""The people who work in the shop."""

from __future__ import annotations

from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.security import check_password_hash, generate_password_hash

from example_store.database import Base


class Role(StrEnum):
    """What a person may do: the packer views, the clerk also operates, the owner also administers."""

    PACKER = "packer"
    CLERK = "clerk"
    OWNER = "owner"

    @property
    def permissions(self) -> frozenset[str]:
        return _PERMISSIONS[self]


_PERMISSIONS = {
    Role.PACKER: frozenset({"view"}),
    Role.CLERK: frozenset({"view", "operate"}),
    Role.OWNER: frozenset({"view", "operate", "administer"}),
}


class User(UserMixin, Base):  # type: ignore[misc]  # Flask-Login has no types
    """Somebody who may log in to the back office."""

    __tablename__ = "shop_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)

    @property
    def is_active(self) -> bool:
        return self.active

    def set_password(self, password: str) -> None:
        self.password_hash = generate_password_hash(password)

    def has_password(self, password: str) -> bool:
        return check_password_hash(self.password_hash, password)

    def may(self, permission: str) -> bool:
        return permission in Role(self.role).permissions
