from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flask_amazon_channel import config
from flask_amazon_channel.errors import ConfigurationError

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def read(**keys: Any) -> config.Config:
    return config.read({f"AMAZON_CHANNEL_{name}": value for name, value in keys.items()})


def test_nothing_has_to_be_set_to_install_the_channel() -> None:
    settings = read()
    assert settings.sync_interval == timedelta(minutes=5)
    assert not settings.can_connect
    assert "AMAZON_CHANNEL_ENCRYPTION_KEYS" in settings.missing


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"LWA_CLIENTID": "x"}, "LWA_CLIENT_ID"),
        ({"ENCRYPTION_KEYS": "short"}, "openssl rand"),
        ({"SYNC_INTERVAL": 0}, "at least 1"),
        ({"URL_PREFIX": "amazon/"}, "begins with a slash"),
        ({"ENDPOINTS": {"moon": "https://example.com"}}, "na, eu, fe"),
        ({"ENDPOINTS": "not json"}, "na, eu, fe"),
        ({"ENDPOINTS": {"na": "http://example.com"}}, "must be https"),
        ({"LWA_ENDPOINT": "ftp://127.0.0.1"}, "must be https"),
        ({"MAIL_SECURITY": "ssl"}, "starttls, tls or none"),
        ({"MAIL_LANGUAGE": "fr"}, "there are de, en"),
        ({"MAIL_PORT": "smtp"}, "1 to 65535"),
        ({"MAIL_FROM": "the shop"}, "no mail address"),
        ({"MAIL_HOST": "mail.example.com", "MAIL_SECURITY": "none", "MAIL_PASSWORD": "x"}, "in the open"),
    ],
    ids=lambda value: value if isinstance(value, str) else "/".join(value),
)
def test_a_mistake_is_said_with_the_remedy(keys: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        read(**keys)


def test_secrets_are_not_in_the_repr() -> None:
    shown = repr(
        read(
            LWA_CLIENT_SECRET="hush",
            ENCRYPTION_KEYS=KEY,
            REDIS_URL="redis://:hush@h/0",
            MAIL_PASSWORD="hush",
            WEBHOOK_SECRET="hush",
        )
    )
    assert "hush" not in shown
    assert KEY not in shown
    assert "encryption_keys" not in shown


def test_several_keys_and_one_key_are_both_read() -> None:
    assert len(read(ENCRYPTION_KEYS=[KEY, KEY[::-1].replace("=", "") + "="]).encryption_keys) == 2
    assert len(read(ENCRYPTION_KEYS=KEY).encryption_keys) == 1


LOCAL = {"na": "http://127.0.0.1:8765", "eu": "http://localhost:8765"}


@pytest.mark.parametrize(("given", "scale"), [(20, 20.0), ("2.5", 2.5), ("off", None), (1, 1.0)])
def test_the_pace_of_a_local_amazon_may_be_another(given: Any, scale: float | None) -> None:
    assert read(QUOTA_SCALE=given, ENDPOINTS=LOCAL).quota_scale == scale


@pytest.mark.parametrize("endpoints", [{}, {**LOCAL, "fe": "https://sellingpartnerapi-fe.amazon.com"}])
@pytest.mark.parametrize("given", [2, 0.5, "off"])
def test_amazons_own_pace_is_never_changed(given: Any, endpoints: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="ENDPOINTS to this machine"):
        read(QUOTA_SCALE=given, ENDPOINTS=endpoints)
    assert read(QUOTA_SCALE=1, ENDPOINTS=endpoints).quota_scale == 1


@pytest.mark.parametrize("given", [0, -1, "fast", "inf", "nan", True])
def test_a_pace_that_makes_no_sense_is_refused(given: Any) -> None:
    with pytest.raises(ConfigurationError, match="a number above 0"):
        read(QUOTA_SCALE=given, ENDPOINTS=LOCAL)
