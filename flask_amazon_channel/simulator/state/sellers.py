"""Sellers."""

from dataclasses import dataclass, field

from flask_amazon_channel.simulator.operations import PERSONAL_DATA, ROLES


@dataclass
class Seller:
    id: str
    region: str
    marketplaces: list[str]
    store_name: str
    refresh_tokens: list[str] = field(default_factory=list)
    suspended: list[str] = field(default_factory=list)  # marketplaces on vacation
    roles: list[str] = field(default_factory=lambda: list(ROLES))
    revoked: bool = False
    authorised_at: float = 0.0  # the last time that the seller gave consent

    @property
    def sees_personal_data(self) -> bool:
        return PERSONAL_DATA in self.roles
