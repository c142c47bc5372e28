"""No token, secret, signature or buyer in logs, errors and reprs."""

from __future__ import annotations

import json
import logging
import traceback

import pytest

from flask_amazon_channel.errors import ChannelError
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.parse_orders import parse_orders_page
from flask_amazon_channel.spapi.tokens import AccessToken, Grant, LoginWithAmazon
from flask_amazon_channel.spapi.transport import Answer

CANARIES = ("Atza|canary1", "Atza|canary2", "Atzr|canary", "secret-canary", "code-canary", "signature-canary")


class CanaryTokens:
    def access_token(self, *, renew: bool = False) -> str:
        return CANARIES[renew]


def attempt(errors: list[str], call, *args, **kwargs) -> None:
    try:
        call(*args, **kwargs)
    except ChannelError as error:
        errors.append("".join(traceback.format_exception(error)))
        errors.append(repr(error))


def test_nothing_secret_is_logged_or_told_even_at_debug(server, answer, instant, caplog, capfd, break_connection):
    caplog.set_level(logging.DEBUG)
    client = AmazonClient(server.url, CanaryTokens(), seller_id="A1", timeout=10)
    login = LoginWithAmazon(server.url, "client", "secret-canary", timeout=10)
    told: list[str] = [repr(client), repr(login)]

    echo = {"errors": [{"code": "X", "message": "You sent Atza|canary1 and Atzr|canary"}]}
    server.then_json(echo, 403)
    server.then_json(echo, 403)
    attempt(told, client.search_orders, updated_after=instant)
    for behaviour in (answer("Atza|canary1", 503), answer("Atza|canary1"), break_connection):
        server.then(behaviour)
        attempt(told, client.search_orders, updated_after=instant)
    server.then_json({"error": "invalid_grant", "error_description": "Atzr|canary"}, 400)
    attempt(told, login.refresh, "Atzr|canary")
    server.then_json({"access_token": "Atza|canary1", "refresh_token": "Atzr|canary", "expires_in": 3600})
    told.append(repr(login.exchange_code("code-canary")))
    server.then(break_connection)
    attempt(told, login.exchange_code, "code-canary")
    signed = {"url": f"{server.url}/d?X-Amz-Signature=signature-canary", "reportDocumentId": "d"}
    for behaviour in (answer("<Error/>", 403), break_connection, answer("a\tb\n")):
        server.then_json(signed)
        server.then(behaviour)
        attempt(told, lambda: client.report_document("d").__exit__())

    everything = "\n".join([*told, caplog.text, *capfd.readouterr()])
    assert "urllib3.connectionpool" in caplog.text
    assert len(server.requests) == 14
    for canary in CANARIES:
        assert canary not in everything


def test_a_connection_that_fails_does_not_tell_the_signature(client, server, tokens, caplog):
    caplog.set_level(logging.DEBUG)
    server.then_json({"url": "http://127.0.0.1:9/d?X-Amz-Signature=signature-canary", "reportDocumentId": "d"})
    with pytest.raises(ChannelError) as caught:
        client.report_document("d")
    assert "signature-canary" not in "".join(traceback.format_exception(caught.value)) + caplog.text


def test_values_that_hold_secrets_do_not_show_them():
    shown = repr(
        [
            AccessToken("Atza|canary1", 3600),
            Grant("Atzr|canary", "Atza|canary1", 3600),
            Answer(200, {"x": "signature-canary"}, b"secret-canary"),
        ]
    )
    assert not any(canary in shown for canary in CANARIES)


def test_an_order_that_cannot_be_read_is_named_without_personal_data(order):
    order["recipient"]["deliveryAddress"]["phone"] = "0731-CANARY"
    order["buyer"] = {"buyerName": ["Grete Beispiel"]}
    broken = json.loads(json.dumps(order))
    broken["orderItems"][0]["quantityOrdered"] = "Grete Beispiel"
    page = parse_orders_page({"orders": [broken, order]})
    shown = repr(page)
    assert page.unreadable[0][0] == order["orderId"]
    for personal in ("Grete", "Beispiel", "Musterweg", "0731-CANARY", "x1@marketplace", "89073"):
        assert personal not in shown
