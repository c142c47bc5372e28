"""Seller accounts and their stores, with the settings that a shop owner changes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from flask_amazon_channel.encryption import Keyring, Secret
from flask_amazon_channel.models.base import Base, Id, Numbered, Sentence, in_words
from flask_amazon_channel.rules.drift import OnDrift
from flask_amazon_channel.rules.expiry import AUTHORISATION_LIFETIME


class AccountState(StrEnum):
    """Whether Amazon lets us in.  NEEDS_SECRET: the consent stands, but no client secret works."""

    CONNECTED = "connected"
    NEEDS_SECRET = "needs_secret"  # noqa: S105  # a word for a state
    DISCONNECTED = "disconnected"


class StoreState(StrEnum):
    """Whether the store takes part.  DELETING: it goes, portion by portion, and does not come back."""

    INACTIVE = "inactive"
    ACTIVE = "active"
    ARCHIVED = "archived"
    DELETING = "deleting"


class Freezable:
    """What a person can freeze: since when, who did it, and why."""

    frozen_at: Mapped[datetime | None]
    frozen_by: Mapped[str | None] = mapped_column(sa.String(191))
    frozen_reason: Mapped[str | None] = mapped_column(sa.String(255))

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class Told:
    """Whom alerts are sent to, and whether a mail says every day how it stands.

    What a store leaves empty its account says.
    """

    alert_email: Mapped[str | None] = mapped_column(sa.String(254))
    alert_webhook: Mapped[str | None] = mapped_column(sa.String(500))
    health_mail: Mapped[bool] = mapped_column(default=False)


class SellerAccount(Freezable, Told, Numbered, Base):
    """One authorisation: a seller in one region.  Its tokens are encrypted and bound to this row."""

    __tablename__ = "amazon_seller_account"
    __table_args__ = (
        sa.UniqueConstraint("seller_id", "region"),
        in_words("region", ("na", "eu", "fe"), "region"),
        in_words("state", AccountState, "state"),
        sa.CheckConstraint("maximum_quantity >= 0 AND buffer >= 0 AND unmanaged_quantity >= 0", name="quantities"),
    )

    seller_id: Mapped[str] = mapped_column(Id)
    region: Mapped[str] = mapped_column(sa.String(2))
    name: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[str] = mapped_column(sa.String(16), default=AccountState.CONNECTED)
    problem: Mapped[str | None] = mapped_column(Sentence(1000))
    connected_at: Mapped[datetime]
    authorised_at: Mapped[datetime | None]
    expiry_told: Mapped[int | None]
    refresh_token_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    access_token_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    access_token_expires_at: Mapped[datetime | None]

    maximum_quantity: Mapped[int] = mapped_column(default=10000)
    buffer: Mapped[int] = mapped_column(default=0)
    unmanaged_quantity: Mapped[int] = mapped_column(default=100)
    identifier_attributes: Mapped[dict[str, Any]] = mapped_column(
        default=lambda: {name: name for name in ("sku", "asin", "ean", "upc", "isbn", "gcid")}
    )

    version: Mapped[int] = mapped_column(default=1, server_default="1")

    stores: Mapped[list[Store]] = relationship(back_populates="account", order_by="Store.id")

    def __repr__(self) -> str:
        return f"<SellerAccount {self.seller_id} {self.region}>"

    @property
    def is_connected(self) -> bool:
        return self.state == AccountState.CONNECTED

    @property
    def authorisation_ends_at(self) -> datetime:
        """When the seller has to agree anew.  Of a token that was brought along it is the latest possible moment."""
        return (self.authorised_at or self.connected_at) + AUTHORISATION_LIFETIME

    def _binding(self, purpose: str) -> tuple[str, ...]:
        return ("amazon_seller_account", self.seller_id, self.region, purpose)

    def keep_refresh_token(self, keys: Keyring, token: str) -> None:
        self.refresh_token_sealed = keys.seal(token, *self._binding("refresh_token"))
        self.access_token_sealed = self.access_token_expires_at = None

    def refresh_token(self, keys: Keyring) -> Secret | None:
        sealed = self.refresh_token_sealed
        return keys.open(sealed, *self._binding("refresh_token")) if sealed else None

    def keep_access_token(self, keys: Keyring, token: str, expires_at: datetime) -> None:
        self.access_token_sealed = keys.seal(token, *self._binding("access_token"))
        self.access_token_expires_at = expires_at

    def access_token(self, keys: Keyring, now: datetime) -> Secret | None:
        """Return the cached token if it is good for longer than `now`."""
        if not self.access_token_sealed or not self.access_token_expires_at or self.access_token_expires_at <= now:
            return None
        return keys.open(self.access_token_sealed, *self._binding("access_token"))


class Store(Freezable, Told, Numbered, Base):
    """One seller account in one marketplace, bound to one storefront of the shop.

    `chosen_at`: while it is prepared it is read already, and nothing is sent.
    """

    __tablename__ = "amazon_store"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "marketplace_id"),
        in_words("state", StoreState, "state"),
        sa.CheckConstraint("threshold >= 0", name="threshold"),
        in_words("on_drift_price", OnDrift, "on_drift_price"),
        in_words("on_drift_quantity", OnDrift, "on_drift_quantity"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("amazon_seller_account.id"), index=True)
    marketplace_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(sa.String(120))
    country_code: Mapped[str] = mapped_column(sa.String(2))
    currency: Mapped[str] = mapped_column(sa.String(3))
    language: Mapped[str] = mapped_column(sa.String(16))
    domain: Mapped[str] = mapped_column(sa.String(120))
    storefront: Mapped[str | None] = mapped_column(sa.String(120))
    state: Mapped[str] = mapped_column(sa.String(16), default=StoreState.INACTIVE)
    problem: Mapped[str | None] = mapped_column(Sentence(1000))
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    imported_at: Mapped[datetime | None]

    threshold: Mapped[int] = mapped_column(default=0)
    price_source: Mapped[str] = mapped_column(sa.String(64), default="price")
    vat_percent: Mapped[Decimal] = mapped_column(sa.Numeric(6, 3), default=Decimal(0))
    price_minimum_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    price_maximum_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    price_greatest_step_percent: Mapped[Decimal | None] = mapped_column(sa.Numeric(6, 2))
    publishes_price: Mapped[bool] = mapped_column(default=True)
    publishes_quantity: Mapped[bool] = mapped_column(default=True)
    on_drift_price: Mapped[str] = mapped_column(sa.String(8), default=OnDrift.ASSERT, server_default=OnDrift.ASSERT)
    on_drift_quantity: Mapped[str] = mapped_column(sa.String(8), default=OnDrift.ASSERT, server_default=OnDrift.ASSERT)
    debug_until: Mapped[datetime | None]
    imports_orders: Mapped[bool] = mapped_column(default=True)
    reserves_pending: Mapped[bool] = mapped_column(default=True)
    orders_without_product: Mapped[str] = mapped_column(sa.String(16), default="quarantine")
    order_numbers: Mapped[str] = mapped_column(sa.String(16), default="shop")
    customers: Mapped[str] = mapped_column(sa.String(16), default="guest")
    look_back_days: Mapped[int] = mapped_column(default=2)
    listing_rule: Mapped[dict[str, Any] | None]
    chosen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    account: Mapped[SellerAccount] = relationship(back_populates="stores")

    def __repr__(self) -> str:
        return f"<Store {self.id} {self.country_code}>"

    @property
    def is_active(self) -> bool:
        return self.state == StoreState.ACTIVE

    @property
    def is_sending(self) -> bool:
        """Whether its own state lets anything out.  What else may stop it, `sync.permission` says."""
        return self.is_active and not self.is_frozen
