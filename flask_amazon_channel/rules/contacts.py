"""Where may alerts be sent?  A mail address, or the address of a webhook."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

LONGEST_EMAIL = 254
LONGEST_WEBHOOK = 500
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*"
)


def email_problem(text: str) -> str | None:
    """Return what is wrong with a mail address, None if nothing is."""
    if len(text) > LONGEST_EMAIL or not _EMAIL.fullmatch(text) or ".." in text:
        return "This is no mail address. Write one like alerts@example.com."
    return None


def webhook_problem(text: str) -> str | None:
    """Return what is wrong with the address of a webhook: https, or http to this machine; no user, no password."""
    if len(text) > LONGEST_WEBHOOK or not text.isascii() or not text.isprintable() or " " in text:
        return "This is no address. Write one like https://example.com/alerts."
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "This is no address. Write one like https://example.com/alerts."
    if not host or port == 0:
        return "This is no address. Write one like https://example.com/alerts."
    if parts.username or parts.password:
        return "Leave user and password out of the address: alerts are signed."
    if parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)):
        return None
    return "The address must begin with https://."


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
