"""Webhooks: an alert as JSON, by POST, signed so that the receiver knows who sent it and when.

The header `Amazon-Channel-Signature` is `t=<seconds since 1970>,v1=<hex>`, where hex is the HMAC-SHA256 of
`<seconds>.<body>` with AMAZON_CHANNEL_WEBHOOK_SECRET.  The receiver compares it, refuses what is older than some
minutes, and answers with any 2xx within five seconds; the header `Amazon-Channel-Message` is the same when it is sent
again.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from flask_amazon_channel.config import Config
from flask_amazon_channel.rules.contacts import webhook_problem
from flask_amazon_channel.rules.phrases import Phrase, phrase
from flask_amazon_channel.spapi import transport
from flask_amazon_channel.sync.alerts.undelivered import NotDelivered

TIMEOUT = 5.0
"""Seconds in all."""
LARGEST_ANSWER = 64 * 1024


def post(config: Config, address: str, number: int, body: bytes, now: datetime) -> None:
    """Send it once, or raise `NotDelivered`.  No redirect is followed, and what is answered is not kept."""
    if not config.webhook_secret:
        raise NotDelivered(phrase("Set AMAZON_CHANNEL_WEBHOOK_SECRET: without it webhooks cannot be signed."))
    problem = webhook_problem(address)
    if problem is not None:
        raise NotDelivered(Phrase(problem))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": transport.user_agent(),
        "Amazon-Channel-Message": str(number),
        "Amazon-Channel-Signature": signature(config.webhook_secret, body, now),
    }
    try:
        answer = transport.send("POST", address, headers=headers, body=body, timeout=TIMEOUT, limit=LARGEST_ANSWER)
    except transport.NoAnswer as error:
        raise NotDelivered(phrase("No answer: {why}.", why=str(error))) from None
    if not 200 <= answer.status < 300:
        raise NotDelivered(phrase("It was answered with HTTP {status}.", status=answer.status))


def signature(secret: str, body: bytes, now: datetime) -> str:
    """Return the header that proves who sent the body, and when."""
    seconds = int(now.timestamp())
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"
