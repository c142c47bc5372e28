"""Alerts come to people by mail and by webhook: once, signed, and however long their servers are away."""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from flask_amazon_channel.models import Alert, AlertMessage, Store
from flask_amazon_channel.sync import cycles, freezing
from flask_amazon_channel.sync.alerts import health
from flask_amazon_channel.sync.alerts.evaluate import evaluate
from tests.journeys.alerts.conftest import SECRET, Told


def freeze(told: Told) -> None:
    told.world.session.rollback()
    freezing.freeze(told.world.channel, told.account(), "stocktaking")


def unfreeze(told: Told) -> None:
    told.world.session.rollback()
    freezing.unfreeze(told.world.channel, told.account())


def end_of_cycle(told: Told) -> None:
    told.world.session.rollback()
    cycles.end(told.world.channel)
    told.world.session.rollback()


def test_an_alert_is_mailed_and_posted_once(told: Told) -> None:
    freeze(told)
    for _ in range(3):
        end_of_cycle(told)
        told.world.work()
    [mail] = told.mail.mails
    assert (mail["To"], mail["From"]) == ("ada@shop.example", "channel@shop.example")
    assert "Fjellstad is frozen" in mail["Subject"]
    assert "stocktaking" in told.mail.texts()[0]
    assert "https://shop.example/amazon/alerts" in told.mail.texts()[0]
    [posted] = told.webhook.told()
    assert (posted["event"], posted["alert"]["code"], posted["account"]["name"]) == (
        "raised",
        "account_frozen",
        "Fjellstad",
    )
    assert all(message.sent_at for message in told.world.all(AlertMessage))


def test_a_webhook_can_be_checked_and_is_known_when_it_comes_again(told: Told) -> None:
    told.webhook.status = 500
    freeze(told)
    end_of_cycle(told)
    told.webhook.status = 200
    told.world.clock.now += timedelta(minutes=2)
    told.world.work()
    (first, _), (second, body) = told.webhook.got
    assert first["amazon-channel-message"] == second["amazon-channel-message"]
    seconds, given = (part.partition("=")[2] for part in second["amazon-channel-signature"].split(","))
    expected = hmac.new(SECRET.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert given == expected
    assert int(seconds) == int(told.world.clock.now.timestamp())
    assert second["content-type"] == "application/json"


def test_a_receiver_that_is_away_stops_no_mail_and_is_tried_again_later_and_later(told: Told) -> None:
    told.webhook.status = 503
    freeze(told)
    end_of_cycle(told)
    assert len(told.mail.mails) == 1
    waits = []
    for _ in range(4):
        [waiting] = told.world.all(AlertMessage, AlertMessage.sent_at.is_(None))
        waits.append(waiting.due_at - told.world.clock.now)
        assert waiting.problem == "It was answered with HTTP 503."
        told.world.clock.now = waiting.due_at
        told.world.work()
    assert waits[0] < timedelta(minutes=1)
    assert timedelta(minutes=2) <= waits[3] <= timedelta(hours=1)
    told.webhook.status = 200
    told.world.clock.now += timedelta(hours=1)
    told.world.work()
    assert told.world.all(AlertMessage, AlertMessage.sent_at.is_(None)) == []


def test_a_mail_server_that_refuses_stops_no_webhook_and_is_told_on_the_page(told: Told) -> None:
    told.mail.answer = "451 ada@shop.example is away"
    freeze(told)
    end_of_cycle(told)
    assert len(told.webhook.got) == 1
    for _ in range(3):
        told.world.clock.now += timedelta(hours=1)
        told.world.work()
    evaluate(told.world.channel)
    [alert] = told.world.all(Alert, Alert.code == "mail_undelivered")
    assert "code 451" in alert.sentence
    assert "ada@shop" not in alert.sentence


def test_after_three_days_a_message_is_given_up(told: Told) -> None:
    told.set(alert_email=None)
    told.webhook.status = 404
    freeze(told)
    end_of_cycle(told)
    told.world.clock.now += timedelta(days=3, minutes=1)
    told.world.work()
    [message] = told.world.all(AlertMessage)
    assert message.due_at is None
    assert message.sent_at is None
    assert "Given up" in message.problem


def test_several_alerts_of_one_moment_are_one_mail(told: Told) -> None:
    freeze(told)
    told.world.session.rollback()
    freezing.freeze(told.world.channel, told.world.listing().store)
    end_of_cycle(told)
    [mail] = told.mail.mails
    assert "2 things need you" in mail["Subject"]
    assert len(told.webhook.got) == 2


def test_that_it_is_over_is_posted_once_it_stayed_over(told: Told) -> None:
    freeze(told)
    end_of_cycle(told)
    unfreeze(told)
    end_of_cycle(told)
    told.world.clock.now += timedelta(minutes=10)
    freeze(told)
    end_of_cycle(told)
    unfreeze(told)
    end_of_cycle(told)
    assert [posted["event"] for posted in told.webhook.told()] == ["raised"]
    told.world.clock.now += timedelta(minutes=31)
    told.world.work()
    assert [posted["event"] for posted in told.webhook.told()] == ["raised", "ended"]
    assert told.webhook.told()[1]["alert"]["ended"]
    assert len(told.mail.mails) == 1


def test_a_stores_own_address_comes_before_the_accounts(told: Told) -> None:
    told.world.session.execute(sa.update(Store).values(alert_email="berlin@shop.example"))
    told.world.session.commit()
    freezing.freeze(told.world.channel, told.world.listing().store)
    end_of_cycle(told)
    assert [mail["To"] for mail in told.mail.mails] == ["berlin@shop.example"]
    assert len(told.webhook.got) == 1


def test_an_account_without_an_address_tells_those_of_its_stores(told: Told) -> None:
    told.set(alert_email=None)
    told.world.session.execute(sa.update(Store).values(alert_email="berlin@shop.example"))
    told.world.session.commit()
    freeze(told)
    end_of_cycle(told)
    assert [mail["To"] for mail in told.mail.mails] == ["berlin@shop.example"]


def test_what_is_only_good_to_know_wakes_nobody(told: Told) -> None:
    told.world.channel.config = replace(told.world.channel.config, read_only=True)
    end_of_cycle(told)
    assert told.world.all(Alert, Alert.code == "read_only")
    assert (told.mail.mails, told.webhook.got) == ([], [])


def test_without_a_secret_no_webhook_leaves(told: Told) -> None:
    told.world.channel.config = replace(told.world.channel.config, webhook_secret="")
    freeze(told)
    end_of_cycle(told)
    assert told.webhook.got == []
    [waiting] = told.world.all(AlertMessage, AlertMessage.way == "webhook")
    assert "AMAZON_CHANNEL_WEBHOOK_SECRET" in waiting.problem


def test_without_a_mail_server_the_message_says_what_to_set(told: Told) -> None:
    told.world.channel.config = replace(told.world.channel.config, mail_host="")
    freeze(told)
    end_of_cycle(told)
    [waiting] = told.world.all(AlertMessage, AlertMessage.way == "mail")
    assert "AMAZON_CHANNEL_MAIL_HOST" in waiting.problem


def test_addresses_and_secrets_are_in_no_log_and_no_alert(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    told.webhook.status, told.mail.answer = 500, "550 no such user ada@shop.example"
    with caplog.at_level(logging.DEBUG, logger="flask_amazon_channel"):
        freeze(told)
        end_of_cycle(told)
        told.world.clock.now += timedelta(hours=2)
        end_of_cycle(told)
        end_of_cycle(told)
    kept = " ".join([*(record.getMessage() for record in caplog.records), *map(repr, told.world.all(AlertMessage))])
    kept += " ".join(alert.sentence + str(alert.facts) for alert in told.world.all(Alert))
    assert "undelivered" in " ".join(alert.code for alert in told.world.all(Alert))
    for secret in ("ada@shop", "key=hush", SECRET):
        assert secret not in kept


def test_no_word_about_a_buyer_leaves_with_an_alert(told: Told) -> None:
    order_id = told.world.buy()
    told.world.cycle()
    row = told.world.order(order_id)
    row.problem, row.due_at = "Ms Lovelace lives nowhere.", told.world.clock.now
    row.oversold_at = row.cancellation_requested_at = told.world.clock.now
    row.ship_by = told.world.clock.now
    told.world.session.commit()
    end_of_cycle(told)
    assert {posted["alert"]["code"] for posted in told.webhook.told()} >= {"oversold", "orders_quarantined"}
    left = " ".join([*told.mail.texts(), *(body.decode() for _, body in told.webhook.got)])
    assert order_id in left
    assert "Lovelace" not in left


def test_the_daily_mail_comes_once_a_day_to_those_who_want_it(told: Told) -> None:
    told.set(health_mail=True)
    for _ in range(60):
        end_of_cycle(told)
        told.world.clock.now += timedelta(hours=1)
    daily = [text for text in told.mail.texts() if "calls to Amazon failed" in text]
    assert 2 <= len(daily) <= 3
    assert "Orders in the last 24 hours: 0;" in daily[0]


def test_mails_are_written_in_the_language_of_the_configuration(told: Told) -> None:
    told.world.channel.config = replace(told.world.channel.config, mail_language="de")
    told.set(health_mail=True)
    freeze(told)
    for _ in range(30):
        end_of_cycle(told)
        told.world.clock.now += timedelta(hours=1)
    [alert] = [mail for mail in told.mail.mails if "eingefroren: Nichts wird gesendet" in mail["Subject"]]
    assert alert["Subject"].startswith("Amazon-Kanal: ")
    daily = next(text for text in told.mail.texts() if "Bestellungen in den letzten 24 Stunden: 0;" in text)
    assert "Alle Warnungen: https://shop.example/amazon/alerts" in daily
    assert "frozen" not in daily


def test_nobody_gets_a_daily_mail_unasked(told: Told) -> None:
    assert health.queue(told.world.channel) == 0
    told.world.clock.now += timedelta(days=2)
    assert health.queue(told.world.channel) == 0


def test_a_daily_mail_of_yesterday_is_not_sent_today(told: Told) -> None:
    told.set(health_mail=True)
    told.mail.answer = "451 later"
    health.queue(told.world.channel)
    told.world.clock.now += timedelta(days=1)
    assert health.queue(told.world.channel) == 1
    told.world.work()
    told.mail.answer = None
    told.world.clock.now += timedelta(hours=21)
    told.world.work()
    assert told.mail.mails == []
    assert told.world.all(AlertMessage)[0].due_at is None
