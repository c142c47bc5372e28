"""Mails, by the mail server of the configuration."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from flask_amazon_channel.config import Config
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.sync.alerts.undelivered import NotDelivered

TIMEOUT = 10.0
"""Seconds for each step of the conversation with the server."""


def send(config: Config, address: str, subject: str, text: str) -> None:
    """Send a mail of plain text, or raise `NotDelivered`."""
    if not config.mail_host or not config.mail_from:
        raise NotDelivered(phrase("Set AMAZON_CHANNEL_MAIL_HOST and AMAZON_CHANNEL_MAIL_FROM to send mails."))
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = config.mail_from, address, subject
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=config.mail_from.rpartition("@")[2])
    # So that no holiday notice comes back.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with _server(config) as server:
            server.send_message(message)
    except smtplib.SMTPAuthenticationError:
        raise NotDelivered(phrase("The mail server refuses AMAZON_CHANNEL_MAIL_USERNAME and its password.")) from None
    except smtplib.SMTPRecipientsRefused:
        raise NotDelivered(phrase("The mail server refuses the address.")) from None
    except smtplib.SMTPResponseException as error:
        # What the server says may name the address.
        raise NotDelivered(phrase("The mail server refused the mail (code {code}).", code=error.smtp_code)) from None
    except ssl.SSLError:
        raise NotDelivered(
            phrase("The encrypted connection to the mail server failed, perhaps by its certificate.")
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(
            phrase("The mail server does not answer as it should ({error}).", error=type(error).__name__)
        ) from None


@contextmanager
def _server(config: Config) -> Iterator[smtplib.SMTP]:
    """A session with the server, encrypted and signed in as the configuration says."""
    if config.mail_security == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(config.mail_host, config.mail_port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(config.mail_host, config.mail_port, timeout=TIMEOUT)
    with server:
        if config.mail_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if config.mail_username:
            server.login(config.mail_username, config.mail_password)
        yield server
