"""A mail server and a receiver of webhooks on this machine, and a world whose alerts come to them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from example_store.demo.running import free_port
from flask_amazon_channel.models import SellerAccount
from tests.journeys.world import ShopWorld, listed

SECRET = "what webhooks are signed with"


class MailServer:
    """Takes every mail, or refuses all while `answer` is set."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.answer: str | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # aiosmtpd's name
        if self.answer is not None:
            return self.answer
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def texts(self) -> list[str]:
        return [mail.get_content() for mail in self.mails]  # type: ignore[attr-defined]


@pytest.fixture
def mail_server() -> Iterator[tuple[MailServer, int]]:
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield server, controller.port
    controller.stop()


@dataclass
class Receiver:
    """Takes every webhook, and answers with `status`."""

    status: int = 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    found.url = f"http://127.0.0.1:{server.server_port}/hook?key=hush"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Told:
    """The world, and what came of it to people."""

    world: ShopWorld
    mail: MailServer
    webhook: Receiver

    def account(self) -> SellerAccount:
        self.world.session.rollback()
        account: SellerAccount = self.world.listing().store.account
        return account

    def set(self, **values: Any) -> None:
        account = self.account()
        for name, value in values.items():
            setattr(account, name, value)
        self.world.session.commit()


@pytest.fixture
def told(world: ShopWorld, mail_server: tuple[MailServer, int], receiver: Receiver) -> Told:
    """The LAMP is listed and in step; the account's alerts go to a mail address and a webhook."""
    mails, port = mail_server
    world.connect(listings=[listed("LAMP")])
    world.channel.config = replace(
        world.channel.config,
        mail_host="127.0.0.1",
        mail_port=port,
        mail_security="none",
        mail_from="channel@shop.example",
        webhook_secret=SECRET,
        redirect_uri="https://shop.example/amazon/connect/return",
    )
    world.cycle()
    found = Told(world, mails, receiver)
    found.set(alert_email="ada@shop.example", alert_webhook=receiver.url)
    return found
