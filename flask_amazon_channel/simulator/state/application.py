"""The developer's application at Amazon, and what it signs in with."""

from dataclasses import dataclass, field


@dataclass
class Secret:
    value: str
    expires_at: float | None = None


@dataclass
class Application:
    """The developer's application that sellers authorise."""

    application_id: str
    client_id: str
    secrets: list[Secret]
    redirect_uris: list[str] = field(default_factory=list)


@dataclass
class AccessToken:
    """`seller_id` is empty and `scope` is set for a grantless token."""

    seller_id: str
    expires_at: float
    scope: str | None = None


@dataclass
class Code:
    """An authorisation code of the consent page."""

    seller_id: str
    expires_at: float
