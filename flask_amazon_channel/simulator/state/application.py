"""The developer's application at Amazon, and what it signs in with."""

from dataclasses import dataclass, field

GRANTS = ("authorization_code", "refresh_token", "client_credentials")


@dataclass
class Secret:
    value: str
    created: float = 0.0
    expires_at: float | None = None


@dataclass
class Application:
    """The developer's application that sellers authorise."""

    application_id: str
    client_id: str
    secrets: list[Secret]
    redirect_uris: list[str] = field(default_factory=list)
    login_uri: str = ""  # where the Appstore sends a seller
    grants: list[str] = field(default_factory=lambda: list(GRANTS))  # that it may use


@dataclass
class RestrictedResource:
    """What a restricted data token opens; a part of the path such as {orderId} stands for any."""

    method: str
    path: str
    elements: list[str] = field(default_factory=list)

    def covers(self, method: str, path: str) -> bool:
        mine, wanted = self.path.split("/"), path.split("/")
        return (
            self.method == method
            and len(mine) == len(wanted)
            and all(a == b or a.startswith("{") for a, b in zip(mine, wanted, strict=True))
        )


@dataclass
class AccessToken:
    """`seller_id` is empty and `scope` is set for a grantless token; `restricted` is set for a restricted one."""

    seller_id: str
    expires_at: float
    scope: str | None = None
    restricted: list[RestrictedResource] | None = None


@dataclass
class Code:
    """An authorisation code of the consent page, and the address to which it went."""

    seller_id: str
    expires_at: float
    redirect_uri: str = ""
