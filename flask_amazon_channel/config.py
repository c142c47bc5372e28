"""Every `AMAZON_CHANNEL_*` key with its default and meaning.  Read once, when the extension is installed.

Here is what the person who installs the channel decides.  What a shop owner changes is a setting on a page.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask_amazon_channel import languages
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.rules.contacts import email_problem

PREFIX = "AMAZON_CHANNEL_"
REGIONS = ("na", "eu", "fe")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def _key(default: Any, meaning: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"meaning": meaning}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration of one app.  Field names are the keys without their prefix, in lower case."""

    lwa_client_id: str = _key("", "Client id of your Selling Partner API application.")
    lwa_client_secret: str = _key("", "Its client secret.", secret=True)
    application_id: str = _key("", "Its application id (`amzn1.sp.solution...`), for connecting by page.")
    redirect_uri: str = _key("", "The address of `<URL_PREFIX>/connect/return` as registered at Amazon, if any.")
    encryption_keys: tuple[bytes, ...] = _key(
        (),
        "Keys of 32 bytes in base64; the first encrypts, all decrypt. Make one: `openssl rand -base64 32`.",
        secret=True,
    )
    redis_url: str = _key("redis://localhost:6379/0", "The Redis or Valkey that RQ uses.", secret=True)
    queue: str = _key("amazon", "Name of the RQ queue; only `flask amazon worker` may serve it.")
    url_prefix: str = _key("/amazon", "Where the administrators' pages are.")
    sync_interval: timedelta = _key(timedelta(seconds=300), "Seconds between two complete cycles.")
    sandbox: bool = _key(False, "Talk to Amazon's static sandbox instead of the real API.")
    endpoints: Mapping[str, str] = field(
        default_factory=dict,
        metadata={"meaning": "Addresses of the API by region (`na`, `eu`, `fe`), for the simulator."},
    )
    lwa_endpoint: str = _key("https://api.amazon.com", "Address of Login with Amazon.")
    consent_endpoint: str = _key("", "Address of the consent page (empty: the marketplace's Seller Central).")
    aws_queue_url: str = _key("", "Address of the queue (Amazon SQS) for Amazon's notifications; empty: none are used.")
    aws_region: str = _key("", "Its AWS region, where its address does not name it.")
    aws_access_key_id: str = _key("", "Access key for the queue (empty: boto3 looks for one itself).", secret=True)
    aws_secret_access_key: str = _key("", "Its secret.", secret=True)
    aws_endpoint_url: str = _key("", "Address of AWS, for the simulator.")
    quota_scale: float | None = _key(
        1.0, "Factor of Amazon's published rates, or `off`; other than 1 only where every endpoint is on this machine."
    )
    instance: str = _key(
        "", "Name of this installation (empty: made from the database's address). A database of another sends nothing."
    )
    read_only: bool = _key(False, "Send nothing that changes anything at Amazon; changes wait.")
    personal_data_days: int = _key(30, "Days after delivery until a buyer's personal data is deleted.")
    log_days: int = _key(90, "Days that logs are kept; who changed which setting is kept for 365.")
    mail_host: str = _key("", "Name of the mail server for alerts; empty: no mails are sent.")
    mail_port: int = _key(587, "Its port.")
    mail_security: str = _key("starttls", "How the connection is encrypted: `starttls`, `tls` or `none`.")
    mail_username: str = _key("", "Name to sign in with at the mail server (empty: without).")
    mail_password: str = _key("", "Its password.", secret=True)
    mail_from: str = _key("", "The address that mails come from.")
    mail_language: str = _key("en", "The language of mails: `en` or `de`. What webhooks say is English.")
    webhook_secret: str = _key("", "What webhooks are signed with; without it none is sent.", secret=True)

    @property
    def can_connect(self) -> bool:
        return bool(self.lwa_client_id and self.lwa_client_secret and self.encryption_keys)

    @property
    def missing(self) -> list[str]:
        """The keys without which no seller account can be connected."""
        needed = ("lwa_client_id", "lwa_client_secret", "encryption_keys")
        return [PREFIX + name.upper() for name in needed if not getattr(self, name)]


def read(app_config: Mapping[str, Any]) -> Config:
    """Read and check the keys; raise `ConfigurationError` naming the key and the remedy."""
    known = {PREFIX + f.name.upper(): f for f in fields(Config)}
    unknown = sorted(key for key in app_config if key.startswith(PREFIX) and key not in known)
    if unknown:
        raise ConfigurationError(f"Unknown configuration: {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
    given = {f.name: app_config[key] for key, f in known.items() if app_config.get(key) is not None}
    if "encryption_keys" in given:
        given["encryption_keys"] = _keys(given["encryption_keys"])
    if "sync_interval" in given:
        given["sync_interval"] = _interval(given["sync_interval"])
    given["endpoints"] = _endpoints(given.get("endpoints") or {})
    if "quota_scale" in given:
        given["quota_scale"] = _quota_scale(given["quota_scale"], given["endpoints"])
    for name in ("lwa_endpoint", "consent_endpoint", "aws_queue_url", "aws_endpoint_url"):
        if given.get(name):
            given[name] = _address(PREFIX + name.upper(), given[name])
    _check_mail(given)
    prefix = given.get("url_prefix", "/amazon")
    if not prefix.startswith("/") or prefix.endswith("/"):
        raise ConfigurationError(f"{PREFIX}URL_PREFIX is {prefix!r}; it begins with a slash and ends without one.")
    return Config(**given)


def _keys(value: str | bytes | list[str] | tuple[str, ...]) -> tuple[bytes, ...]:
    texts = [value] if isinstance(value, str | bytes) else list(value)
    keys = []
    for text in texts:
        try:
            key = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            raise ConfigurationError(
                f"{PREFIX}ENCRYPTION_KEYS: each key is 32 bytes in base64. Make one with: openssl rand -base64 32"
            )
        keys.append(key)
    return tuple(keys)


def _check_mail(given: dict[str, Any]) -> None:
    """A password never travels in the open, except to this machine."""
    security, host = given.get("mail_security", "starttls"), given.get("mail_host", "")
    if security not in ("starttls", "tls", "none"):
        raise ConfigurationError(f"{PREFIX}MAIL_SECURITY is {security!r}; it is starttls, tls or none.")
    if security == "none" and given.get("mail_password") and host not in LOOPBACK:
        raise ConfigurationError(f"{PREFIX}MAIL_SECURITY is none: the password would travel in the open.")
    if "mail_port" in given:
        port = str(given["mail_port"])
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise ConfigurationError(f"{PREFIX}MAIL_PORT is {port!r}; it is a number from 1 to 65535.")
        given["mail_port"] = int(port)
    sender = given.get("mail_from", "")
    if sender and email_problem(sender):
        raise ConfigurationError(f"{PREFIX}MAIL_FROM is no mail address. Write one like alerts@example.com.")
    language = given.get("mail_language", "en")
    if not languages.is_known(language):
        raise ConfigurationError(f"{PREFIX}MAIL_LANGUAGE is {language!r}; there are {', '.join(languages.known())}.")


def _interval(value: int | float | timedelta) -> timedelta:
    interval = value if isinstance(value, timedelta) else timedelta(seconds=value)
    if interval < timedelta(seconds=1):
        raise ConfigurationError(f"{PREFIX}SYNC_INTERVAL is {value!r}; it is a number of seconds, at least 1.")
    return interval


def _endpoints(value: Mapping[str, str] | str) -> Mapping[str, str]:
    if isinstance(value, str):
        value = _json(value)
    if not isinstance(value, Mapping) or set(value) - set(REGIONS):
        raise ConfigurationError(
            f'{PREFIX}ENDPOINTS is a mapping like {{"na": "http://127.0.0.1:8765"}}; regions: na, eu, fe.'
        )
    return {region: _address(f"{PREFIX}ENDPOINTS[{region!r}]", url) for region, url in value.items()}


def _quota_scale(value: Any, endpoints: Mapping[str, str]) -> float | None:
    """Refuse to call Amazon more often than she allows: another pace than hers is for the simulator."""
    key = f"{PREFIX}QUOTA_SCALE"
    scale = None if value == "off" else _number(value)
    if scale is not None and not 0 < scale < float("inf"):
        raise ConfigurationError(f'{key} is {value!r}; it is a number above 0, or "off".')
    local = endpoints and all(urlsplit(url).hostname in LOOPBACK for url in endpoints.values())
    if scale != 1 and not local:
        raise ConfigurationError(
            f"{key} is {value!r}; other than 1 it is for the simulator: point {PREFIX}ENDPOINTS to this machine."
        )
    return scale


def _number(value: Any) -> float:
    try:
        return float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return float("nan")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _address(key: str, url: str) -> str:
    """Refuse plain HTTP to anywhere but this machine: tokens travel on it."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url.rstrip("/")
    raise ConfigurationError(f"{key} is {url!r}; it must be https, or http to this machine (the simulator).")
