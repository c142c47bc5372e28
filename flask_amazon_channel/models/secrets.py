"""The application's client secrets: those that Amazon sent, and what is known of the configured one."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from flask_amazon_channel.encryption import Keyring, Secret
from flask_amazon_channel.models.base import Base, Numbered


class ClientSecret(Numbered, Base):
    """One client secret.  A higher id is newer.  `sealed` is None for one that is in the configuration alone."""

    __tablename__ = "amazon_client_secret"
    __table_args__ = (sa.UniqueConstraint("client_id", "fingerprint"),)

    client_id: Mapped[str] = mapped_column(sa.String(191))
    fingerprint: Mapped[str] = mapped_column(sa.String(32))
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    received_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    expiry_told: Mapped[int | None]

    def __repr__(self) -> str:
        return f"<ClientSecret {self.id}>"

    def binding(self) -> tuple[str, ...]:
        return ("amazon_client_secret", self.client_id, self.fingerprint)

    def keep(self, keys: Keyring, secret: str) -> None:
        self.sealed = keys.seal(secret, *self.binding())

    def open(self, keys: Keyring) -> Secret | None:
        return keys.open(self.sealed, *self.binding()) if self.sealed else None


def fingerprint(secret: str) -> str:
    """Return what tells secrets apart without telling them: they are long and random, so nobody guesses one from it."""
    return hashlib.sha256(secret.encode()).hexdigest()[:32]
