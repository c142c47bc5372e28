"""The debug log of a store: every call to Amazon of its account, kept for some minutes, without secrets and names."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import LoggedCall, Store
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.redaction import PUBLIC, redacted, redacted_query
from flask_amazon_channel.spapi.calls import CallMade
from flask_amazon_channel.sync import call_errors, history, runs

log = logging.getLogger(__name__)

LONGEST_TIME = timedelta(hours=24)
EXCERPT = 8000
LARGEST = 2_000_000
"""A larger body is not looked into."""


def switch_on(channel: Channel, store: Store, minutes: int) -> datetime:
    """Keep the calls of the store's account from now on, a day at most; return until when."""
    until = channel.clock() + min(timedelta(minutes=minutes), LONGEST_TIME)
    _set(channel, store, until, phrase("The debug log is on until {until}.", until=until))
    return until


def switch_off(channel: Channel, store: Store) -> None:
    """Keep no more calls.  Those that were kept stay until their days are over."""
    _set(channel, store, None, phrase("The debug log is off."))


def _set(channel: Channel, store: Store, until: datetime | None, sentence: str) -> None:
    session, now = channel.db.session(), channel.clock()
    store_id = store.id

    def set_it() -> None:
        history.keep(channel, store, {"debug_until": store.debug_until}, {"debug_until": until})
        session.execute(sa.update(Store).where(Store.id == store_id).values(debug_until=until))
        note(session, now, "debug_log", sentence, store_id=store_id, **channel.signature())

    in_transaction(session, set_it)


def after_call(channel: Channel, account_id: int, made: CallMade) -> None:
    """Count the call, and keep it if a store's debug log is on.  It never fails: the call was made."""
    runs.called(account_id)
    if call_errors.failed(made):
        call_errors.keep(channel, account_id, made)
    try:
        if not _is_on(channel, account_id):
            return
        row = _row(account_id, channel.clock(), made)
        with Session(channel.db.engine) as session:
            in_transaction(session, lambda: session.execute(sa.insert(LoggedCall).values(row)))
    except SQLAlchemyError as error:
        log.warning("A call could not be kept in the debug log: %s", type(error).__name__)


def _is_on(channel: Channel, account_id: int) -> bool:
    with reading(channel.db.engine) as read:
        until = read.scalar(sa.select(sa.func.max(Store.debug_until)).where(Store.account_id == account_id))
    return until is not None and channel.clock() < until


def _row(account_id: int, at: datetime, made: CallMade) -> dict[str, Any]:
    query = parse_qsl(made.query, keep_blank_values=True)
    with_messages = made.path.startswith(PUBLIC)
    sent, answered = _parsed(made.sent), _parsed(made.answered)
    shown = urlencode(redacted_query(query), safe=",:() ")
    return {
        "account_id": account_id,
        "marketplace_id": _marketplace(query, sent),
        "at": at,
        "operation": made.operation,
        "method": made.method,
        "path": (f"{made.path}?{shown}" if shown else made.path)[:1000],
        "status": made.status,
        "request_id": made.request_id,
        "milliseconds": int(made.seconds * 1000),
        "sent": _excerpt(made.sent, sent, with_messages),
        "answered": _excerpt(made.answered, answered, with_messages),
    }


def _parsed(content: bytes | None) -> Any:
    if not content or len(content) > LARGEST:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _excerpt(content: bytes | None, parsed: Any, with_messages: bool) -> str | None:
    if not content:
        return None
    if parsed is None:
        return f"({len(content)} bytes that are not shown)"
    text = json.dumps(redacted(parsed, with_messages=with_messages), indent=1, ensure_ascii=False)
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "\n(and more)"


def _marketplace(query: list[tuple[str, str]], sent: Any) -> str | None:
    """Return the one marketplace that the call was about."""
    named = {part for name, value in query if name in ("marketplaceIds", "marketplaceId") for part in value.split(",")}
    if isinstance(sent, dict) and isinstance(sent.get("marketplaceIds"), list):
        named |= {str(one) for one in sent["marketplaceIds"]}
    return named.pop()[:64] if len(named) == 1 else None
