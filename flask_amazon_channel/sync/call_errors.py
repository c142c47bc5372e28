"""Calls to Amazon that failed, kept whether a debug log is on or not: what alike failed within an hour is one row.

So their number is bounded however long Amazon is away.  What Amazon says in words is kept only of addresses where no
buyer appears; nothing of what was sent, and no token, goes in.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import CallError
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.rules.redaction import PUBLIC
from flask_amazon_channel.spapi.calls import CallMade

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 500
LARGEST = 200_000
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def failed(made: CallMade) -> bool:
    """Say whether the call failed: no answer came, or one that refuses."""
    return made.status is None or made.status >= 400


def keep(channel: Channel, account_id: int, made: CallMade) -> None:
    """Keep that the call failed.  It never fails itself: the call was made."""
    facts = _facts(account_id, channel.clock(), made)
    try:
        for _ in range(2):
            with Session(channel.db.engine) as session:
                try:
                    in_transaction(session, partial(_count, session, facts))
                    return
                except IntegrityError:
                    # Another worker kept the first of this hour in this moment.
                    session.rollback()
    except SQLAlchemyError as error:
        log.warning("A failed call could not be kept: %s", type(error).__name__)


def _count(session: Session, facts: dict[str, Any]) -> None:
    known = sa.update(CallError).where(CallError.bucket == facts["bucket"])
    last = {"times": CallError.times + 1, **{name: facts[name] for name in ("message", "request_id", "last_at")}}
    if session.execute(known.values(**last)).rowcount != 1:  # type: ignore[attr-defined]
        session.execute(sa.insert(CallError).values(**facts))


def _facts(account_id: int, now: datetime, made: CallMade) -> dict[str, Any]:
    code, message = _said(made)
    marketplace_id = _marketplace(made.query)
    alike = (account_id, made.operation, marketplace_id, made.status, code, f"{now:%Y-%m-%dT%H}")
    return {
        "bucket": hashlib.sha256(repr(alike).encode()).hexdigest(),
        "account_id": account_id,
        "marketplace_id": marketplace_id,
        "operation": made.operation,
        "status": made.status,
        "code": code,
        "message": message if made.path.startswith(PUBLIC) else "",
        "request_id": made.request_id,
        "times": 1,
        "first_at": now,
        "last_at": now,
    }


def _said(made: CallMade) -> tuple[str, str]:
    """Return Amazon's code and words: the first of its errors."""
    if not made.answered or len(made.answered) > LARGEST:
        return "", ""
    try:
        content = json.loads(made.answered)
    except (ValueError, RecursionError):
        return "", ""
    errors = content.get("errors") if isinstance(content, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    code, message = first.get("code"), first.get("message")
    return (
        code if isinstance(code, str) and _CODE.fullmatch(code) else "",
        " ".join(message.split())[:LONGEST_MESSAGE] if isinstance(message, str) else "",
    )


def _marketplace(query: str) -> str | None:
    """Return the one marketplace that the call named; None: it was about the whole account, or several."""
    pairs = parse_qsl(query)
    named = {one for name, value in pairs if name in ("marketplaceIds", "marketplaceId") for one in value.split(",")}
    return named.pop()[:64] if len(named) == 1 else None
