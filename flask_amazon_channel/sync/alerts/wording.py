"""What alerts say in mails and webhooks: the channel's own sentences, and no word about any buyer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.languages import sentence
from flask_amazon_channel.models.alerts import Alert, AlertMessage
from flask_amazon_channel.models.database import reading
from flask_amazon_channel.rules.alerts import Severity
from flask_amazon_channel.rules.phrases import Phrase, Word, joined, phrase, phrase_many
from flask_amazon_channel.rules.reasons import marked
from flask_amazon_channel.sync.alerts import health

_WORDS = {
    Severity.BAD: marked("Needs you now"),
    Severity.WARN: marked("Needs attention"),
    Severity.INFO: marked("Good to know"),
}
LONGEST_SUBJECT = 150


def pages_at(channel: Channel) -> str:
    """Return where the administrators' pages are, as far as the configuration says it; else nothing."""
    address, ending = channel.config.redirect_uri, "/connect/return"
    return address.removesuffix(ending) if address.endswith(ending) else ""


def alert_mail(channel: Channel, alerts: Sequence[Alert]) -> tuple[str, str]:
    """Return subject and text of the mail that tells of these alerts."""
    worst_first = sorted(alerts, key=lambda alert: list(Severity).index(Severity(alert.severity)))
    subject = worst_first[0].sentence if len(alerts) == 1 else _how_many(alerts)
    lines = [line for alert in worst_first for line in _told(alert)]
    return _written(channel, phrase("Amazon channel: {what}", what=subject), lines)


def health_mail(channel: Channel, message: AlertMessage) -> tuple[str, str]:
    """Return subject and text of the daily mail about an account or a store."""
    with reading(channel.db.engine) as read:
        report = health.report(read, message.account_id, message.store_id, channel.clock())
    state = _how_many(report.alerts) if report.alerts else phrase("all is well")
    lines = [*report.lines, ""]
    for alert in report.alerts:
        lines += _told(alert)
    return _written(channel, phrase("Amazon channel: {name}, {state}", name=report.name, state=state), lines)


def _how_many(alerts: Sequence[Alert]) -> Phrase:
    return phrase_many("{n} thing needs you", "{n} things need you", len(alerts))


def _told(alert: Alert) -> Iterator[str]:
    urgency = Word(_WORDS[Severity(alert.severity)])
    yield phrase("{urgency}, since {when}:", urgency=urgency, when=alert.since)
    over = phrase("It is over since {when}.", when=alert.ended) if alert.ended else ""
    yield joined([alert.sentence, over])
    yield ""


def _written(channel: Channel, subject: Phrase, lines: Sequence[str]) -> tuple[str, str]:
    """Return subject and text in the language of mails."""
    address, language = pages_at(channel), channel.config.mail_language
    footer = [phrase("All alerts: {address}", address=f"{address}/alerts")] if address else []
    text = "\n".join(sentence(line, language) for line in (*lines, *footer))
    return _shortened(sentence(subject, language)), text


def _shortened(subject: str) -> str:
    plain = " ".join(subject.split())
    return plain if len(plain) <= LONGEST_SUBJECT else plain[: LONGEST_SUBJECT - 1] + "…"


def webhook_body(channel: Channel, message: AlertMessage, alert: Alert) -> bytes:
    """Return the JSON that a webhook gets."""
    address = pages_at(channel)
    told: dict[str, Any] = {
        "message": message.id,
        "event": message.event,
        "alert": {
            "id": alert.id,
            "code": alert.code,
            "severity": alert.severity,
            "sentence": alert.sentence,
            "since": alert.since.isoformat(),
            "ended": alert.ended.isoformat() if alert.ended else None,
        },
        "account": {"id": alert.account.id, "name": alert.account.name} if alert.account else None,
        "store": None,
        "order": {"id": alert.order.id, "amazon_order_id": alert.order.amazon_order_id} if alert.order else None,
        "url": f"{address}/alerts" if address else None,
    }
    if alert.store:
        store = alert.store
        told["store"] = {"id": store.id, "name": store.name, "marketplace_id": store.marketplace_id}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
