"""Login with Amazon: the consent page, the authorisation code, the access token.

Amazon's website authorisation workflow: the seller is sent to `consent_url`, comes back to the redirect
address with `state`, `selling_partner_id` and `spapi_oauth_code`; the code lives five minutes and buys a
refresh token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from flask_amazon_channel.errors import AccountDisconnected, AmazonError, AmazonUnavailable, SecretRefused
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.spapi import transport
from flask_amazon_channel.spapi.answers import NotJSON, read_json

_PATH = "/auth/o2/token"
_LONGEST_TOKEN = 4096
_CONSENT_GONE = phrase("The seller's consent was revoked or has run out: connect the account again.")
_CODE_GONE = phrase(
    "Amazon no longer accepts this authorisation code (it lives five minutes and works once): start again."
)
_WRONG_APPLICATION = phrase(
    "Amazon does not accept the application's client id and client secret. "
    "Set AMAZON_CHANNEL_LWA_CLIENT_ID and AMAZON_CHANNEL_LWA_CLIENT_SECRET; a secret expires after 180 days."
)


NOTIFICATIONS = "sellingpartnerapi::notifications"
CLIENT_ROTATION = "sellingpartnerapi::client_credential:rotation"
"""The scopes of operations that need no seller's consent."""


class TokenSource(Protocol):
    """Where a client gets the access token of its account."""

    def access_token(self, *, renew: bool = False) -> str:
        """Return a valid token.  `renew`: Amazon refused the last one, so it must be a new one."""
        ...


@dataclass(frozen=True, slots=True)
class AccessToken:
    """`expires_in` is seconds from now."""

    token: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True, slots=True)
class Grant:
    """What an authorisation code buys.

    The refresh token is kept; the access token is good for `expires_in` seconds.
    """

    refresh_token: str = field(repr=False)
    access_token: str = field(repr=False)
    expires_in: int


def consent_url(
    seller_central: str,
    *,
    application_id: str,
    state: str,
    redirect_uri: str | None = None,
    beta: bool = False,
) -> str:
    """Return the address of Amazon's consent page.

    `seller_central` is that of the marketplace (`marketplaces.py`) or the configured consent endpoint; `beta`
    is for an application that is still a draft; `redirect_uri` must be one that is registered with Amazon.
    """
    query = {"application_id": application_id, "state": state}
    if redirect_uri:
        query["redirect_uri"] = redirect_uri
    if beta:
        query["version"] = "beta"
    return f"{transport.checked_endpoint(seller_central)}/apps/authorize/consent?{urlencode(query)}"


class LoginWithAmazon:
    """The token endpoint, for one application."""

    def __init__(
        self,
        endpoint: str,
        client_id: str,
        client_secret: str,
        *,
        older_secrets: Sequence[str] = (),
        timeout: float = 15.0,
    ) -> None:
        """`older_secrets` are tried in turn where Amazon refuses the secret: after a rotation both are good."""
        self._url = transport.checked_endpoint(endpoint).removesuffix(_PATH) + _PATH
        self._client_id = client_id
        self._secrets = (client_secret, *older_secrets)
        self._timeout = timeout

    def exchange_code(self, code: str, redirect_uri: str | None = None) -> Grant:
        """Trade the code that the consent page gave for tokens."""
        form = {"grant_type": "authorization_code", "code": code}
        if redirect_uri:
            form["redirect_uri"] = redirect_uri
        tokens = self._ask(form, invalid_grant=_CODE_GONE)
        access = _access_token(tokens)
        return Grant(_token(tokens, "refresh_token"), access.token, access.expires_in)

    def refresh(self, refresh_token: str) -> AccessToken:
        """Get a new access token.  The refresh token stays the same."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return _access_token(self._ask(form, invalid_grant=_CONSENT_GONE))

    def grantless(self, scope: str) -> AccessToken:
        """Get an access token of the application, for operations that need no seller's consent."""
        form = {"grant_type": "client_credentials", "scope": scope}
        return _access_token(self._ask(form, invalid_grant=_CONSENT_GONE))

    def _ask(self, form: dict[str, str], *, invalid_grant: str) -> dict[str, Any]:
        *newer, last = self._secrets
        for secret in newer:
            try:
                return self._ask_with(secret, form, invalid_grant)
            except SecretRefused:
                continue
        return self._ask_with(last, form, invalid_grant)

    def _ask_with(self, secret: str, form: dict[str, str], invalid_grant: str) -> dict[str, Any]:
        application = {"client_id": self._client_id, "client_secret": secret}
        try:
            answer = transport.send(
                "POST",
                self._url,
                headers={
                    "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                    "User-Agent": transport.user_agent(),
                },
                body=urlencode({**form, **application}).encode(),
                timeout=self._timeout,
                limit=64 * 1024,
            )
        except transport.NoAnswer as failure:
            raise AmazonUnavailable(
                phrase("Login with Amazon did not answer: {why}.", why=str(failure)), operation="token"
            ) from None
        try:
            content = read_json(answer.body)
        except NotJSON:
            content = None
        if answer.status == 200 and isinstance(content, dict) and "error" not in content:
            return content
        raise _refusal(answer, content, invalid_grant)


def _refusal(answer: transport.Answer, content: Any, invalid_grant: str) -> AmazonError:
    code = content.get("error") if isinstance(content, dict) else None
    facts: dict[str, Any] = {
        "operation": "token",
        "status": answer.status,
        "request_id": answer.request_id,
        "code": code if isinstance(code, str) and code.isidentifier() and len(code) < 60 else "",
    }
    if code == "invalid_grant":
        return AccountDisconnected(invalid_grant, **facts)
    if code in ("invalid_client", "unauthorized_client"):
        return SecretRefused(_WRONG_APPLICATION, **facts)
    return AmazonUnavailable(phrase("Login with Amazon gave no token."), throttled=answer.status == 429, **facts)


def _access_token(tokens: dict[str, Any]) -> AccessToken:
    expires_in = tokens.get("expires_in")
    if not isinstance(expires_in, int) or isinstance(expires_in, bool) or expires_in <= 0:
        raise AmazonUnavailable(phrase("Login with Amazon did not say how long the token lives."), operation="token")
    return AccessToken(_token(tokens, "access_token"), expires_in)


def _token(tokens: dict[str, Any], name: str) -> str:
    """Return a token that can safely stand in a header."""
    token = tokens.get(name)
    if (
        not isinstance(token, str)
        or not 0 < len(token) <= _LONGEST_TOKEN
        or not token.isascii()
        or not token.isprintable()
        or " " in token
    ):
        raise AmazonUnavailable(phrase("Login with Amazon gave no usable {name}.", name=name), operation="token")
    return token
