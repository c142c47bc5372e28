"""Secrets and personal data at rest: AES-256-GCM, bound to the row that they belong to.

A ciphertext is `version (1 byte) | key number (4 bytes) | nonce (12 bytes) | sealed`.  The binding (table, row,
purpose) is authenticated, so a ciphertext copied to another row does not open.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.rules.phrases import phrase

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"


class Secret(str):
    """Text that does not show itself: in a repr, a log or an error it reads `<secret>`."""

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "<secret>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("A secret does not travel in pickles.")

    def reveal(self) -> str:
        """Return the text itself, at the one place that needs it."""
        return str.__str__(self)


class Keyring:
    """The configured keys: the first seals, all open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {hashlib.sha256(key).digest()[:4]: key for key in keys}
        self._first = next(iter(self._keys), None)

    def __repr__(self) -> str:
        return f"<Keyring of {len(self._keys)}>"

    def seal(self, text: str, *binding: str) -> bytes:
        """Encrypt the text for the row and purpose that `binding` names."""
        if self._first is None:
            raise ConfigurationError(
                phrase("Set AMAZON_CHANNEL_ENCRYPTION_KEYS; make a key with: openssl rand -base64 32")
            )
        nonce = os.urandom(12)
        sealed = _cipher(self._keys[self._first]).encrypt(nonce, text.encode(), _bound(binding))
        return _VERSION + self._first + nonce + sealed

    def open(self, sealed: bytes, *binding: str) -> Secret:
        """Decrypt; raise `ConfigurationError` where no configured key fits or the row is another one."""
        from cryptography.exceptions import InvalidTag

        key = self._keys.get(sealed[1:5])
        if sealed[:1] != _VERSION or key is None:
            raise ConfigurationError(
                phrase(
                    "A stored secret was encrypted with a key that is no longer in AMAZON_CHANNEL_ENCRYPTION_KEYS; "
                    "put the old key back behind the new one."
                )
            )
        try:
            return Secret(_cipher(key).decrypt(sealed[5:17], sealed[17:], _bound(binding)).decode())
        except InvalidTag:
            raise ConfigurationError(phrase("A stored secret does not belong to its row, or was damaged.")) from None

    def is_sealed_with_first(self, sealed: bytes) -> bool:
        """Say whether the newest key sealed it (for key rotation)."""
        return sealed[1:5] == self._first


def _bound(binding: Sequence[str]) -> bytes:
    return "\x1f".join(binding).encode()


def _cipher(key: bytes) -> AESGCM:
    # Loaded at first use: it takes 15 ms.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
