"""The errors, sorted by what happens next.

| error | what it means | what the channel does |
|---|---|---|
| AmazonUnavailable | no answer, or none to rely on (429, 5xx, time-out, not JSON) | tries again, later and later |
| OutcomeUnknown | a write left, and nobody knows whether it arrived | reads back before it sends again |
| SecretRefused | the application's client secret is wrong or has ended | says so; tries again until it was replaced |
| AmazonRejected | Amazon understood and refused | shows the issues; waits for a change or a person |
| AccountDisconnected | the consent was revoked or has run out | the account rests until a person reconnects it |
| BadDocument | a report that cannot be trusted | changes nothing; asks for another |
| ShopRefused | the shop's own code said no, or broke | quarantines that one item, tries it again later |
| SendingStopped | a freeze, a pause or the installation is in the way | lets it rest, with the reason; loses nothing |
| ConfigurationError | the installation is wrong | says what to set, and where |
"""

from __future__ import annotations

from datetime import timedelta

from flask_amazon_channel.rules.phrases import phrase


class OutOfTime(BaseException):
    """A job ran too long.  No `except Exception` around a single order or SKU can swallow it."""


class ChannelError(Exception):
    """The base of all of them.  The text is a sentence for a person (a `Phrase` where it is ours, so that pages can say
    it in the reader's language); it holds no secret and no personal data."""


class ConfigurationError(ChannelError):
    """The installation is incomplete or contradicts itself; the text names the remedy."""


class AmazonError(ChannelError):
    """Amazon's answer, with what support asks for: the operation, the HTTP status, the request id, Amazon's code."""

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        status: int | None = None,
        request_id: str = "",
        code: str = "",
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.status = status
        self.request_id = request_id
        self.code = code

    def __str__(self) -> str:
        facts = [self.operation, f"HTTP {self.status}" if self.status else "", self.code]
        facts.append(f"request {self.request_id}" if self.request_id else "")
        known = ", ".join(fact for fact in facts if fact)
        return phrase("{problem} ({known})", problem=self.args[0], known=known) if known else str(self.args[0])


class AmazonUnavailable(AmazonError):
    """No answer that can be relied on.

    `throttled`: the quota is used up, by our own count or by Amazon's 429, which counts as no attempt; `wait` is how
    long until the call may go.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str = "",
        status: int | None = None,
        request_id: str = "",
        code: str = "",
        throttled: bool = False,
        wait: timedelta | None = None,
    ) -> None:
        super().__init__(message, operation=operation, status=status, request_id=request_id, code=code)
        self.throttled = throttled
        self.wait = wait


class OutcomeUnknown(AmazonUnavailable):
    """A write left this machine and no receipt came: it may have been applied."""


class SecretRefused(AmazonUnavailable):
    """Amazon accepts none of the application's client secrets.  The sellers' consents stand."""


class AmazonRejected(AmazonError):
    """Amazon understood the request and refused it; sending the same again is no use."""


class NotFound(AmazonRejected):
    """Amazon does not know what was asked for (404)."""


class AccountDisconnected(AmazonError):
    """The seller's consent is gone: a person must connect the account again."""


class BadDocument(AmazonError):
    """A document that is damaged, has unknown columns, or is larger than allowed."""


class ShopRefused(ChannelError):
    """The host's `Shop` refused or failed; the text is its own sentence."""


class SendingStopped(ChannelError):
    """Nothing may be sent now, by a person's freeze or pause or because of the installation; the text says which."""


class SchemaMissing(ConfigurationError):
    """The channel's tables are not there yet: `flask amazon db upgrade` makes them."""
