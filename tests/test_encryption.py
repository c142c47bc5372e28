from __future__ import annotations

import logging
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_amazon_channel.encryption import Keyring, Secret
from flask_amazon_channel.errors import ConfigurationError

OLD, NEW = bytes(32), bytes(range(32))


@settings(derandomize=True)
@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    keys = Keyring([NEW])
    assert keys.open(keys.seal(text, "table", "7"), "table", "7").reveal() == text


def test_a_ciphertext_opens_only_for_its_own_row_and_purpose() -> None:
    keys = Keyring([NEW])
    sealed = keys.seal("token", "table", "7", "refresh")
    for binding in (("table", "8", "refresh"), ("table", "7", "access"), ("other", "7", "refresh")):
        with pytest.raises(ConfigurationError, match="does not belong"):
            keys.open(sealed, *binding)


def test_a_damaged_ciphertext_does_not_open() -> None:
    keys = Keyring([NEW])
    sealed = bytearray(keys.seal("token", "table"))
    sealed[-1] ^= 1
    with pytest.raises(ConfigurationError):
        keys.open(bytes(sealed), "table")


def test_the_first_key_seals_and_all_open() -> None:
    before = Keyring([OLD]).seal("token", "t")
    keys = Keyring([NEW, OLD])
    assert keys.open(before, "t").reveal() == "token"
    assert not keys.is_sealed_with_first(before)
    assert keys.is_sealed_with_first(keys.seal("token", "t"))


def test_a_missing_key_is_said_with_the_remedy() -> None:
    sealed = Keyring([OLD]).seal("token", "t")
    with pytest.raises(ConfigurationError, match="put the old key back"):
        Keyring([NEW]).open(sealed, "t")
    with pytest.raises(ConfigurationError, match="openssl rand"):
        Keyring([]).seal("token", "t")


def test_a_secret_does_not_show_itself(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret("Atzr|very")
    logging.getLogger("test").warning("%s %r %s", secret, secret, [secret])
    shown = f"{secret} {secret!r} {[secret]}" + str(secret) + caplog.text
    assert "Atzr" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)
