"""The marketplaces that the simulator serves: ids, money, language and time zone of each."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple


class Marketplace(NamedTuple):
    id: str
    country: str
    currency: str
    language: str
    domain: str
    region: str
    zone: str

    @property
    def name(self) -> str:
        return self.domain.removeprefix("www.").capitalize()

    @property
    def decimals(self) -> int:
        return 0 if self.currency == "JPY" else 2


_TABLE = (
    ("ATVPDKIKX0DER", "US", "USD", "en_US", "www.amazon.com", "na", "America/Los_Angeles"),
    ("A2EUQ1WTGCTBG2", "CA", "CAD", "en_CA", "www.amazon.ca", "na", "America/Toronto"),
    ("A1AM78C64UM0Y8", "MX", "MXN", "es_MX", "www.amazon.com.mx", "na", "America/Mexico_City"),
    ("A2Q3Y263D00KWC", "BR", "BRL", "pt_BR", "www.amazon.com.br", "na", "America/Sao_Paulo"),
    ("A1F83G8C2ARO7P", "GB", "GBP", "en_GB", "www.amazon.co.uk", "eu", "Europe/London"),
    ("A1PA6795UKMFR9", "DE", "EUR", "de_DE", "www.amazon.de", "eu", "Europe/Berlin"),
    ("A13V1IB3VIYZZH", "FR", "EUR", "fr_FR", "www.amazon.fr", "eu", "Europe/Paris"),
    ("APJ6JRA9NG5V4", "IT", "EUR", "it_IT", "www.amazon.it", "eu", "Europe/Rome"),
    ("A1RKKUPIHCS9HS", "ES", "EUR", "es_ES", "www.amazon.es", "eu", "Europe/Madrid"),
    ("A1805IZSGTT6HS", "NL", "EUR", "nl_NL", "www.amazon.nl", "eu", "Europe/Amsterdam"),
    ("AMEN7PMS3EDWL", "BE", "EUR", "fr_BE", "www.amazon.com.be", "eu", "Europe/Brussels"),
    ("A28R8C7NBKEWEA", "IE", "EUR", "en_IE", "www.amazon.ie", "eu", "Europe/Dublin"),
    ("A2NODRKZP88ZB9", "SE", "SEK", "sv_SE", "www.amazon.se", "eu", "Europe/Stockholm"),
    ("A1C3SOZRARQ6R3", "PL", "PLN", "pl_PL", "www.amazon.pl", "eu", "Europe/Warsaw"),
    ("A33AVAJ2PDY3EV", "TR", "TRY", "tr_TR", "www.amazon.com.tr", "eu", "Europe/Istanbul"),
    ("A17E79C6D8DWNP", "SA", "SAR", "ar_SA", "www.amazon.sa", "eu", "Asia/Riyadh"),
    ("A2VIGQ35RCS4UG", "AE", "AED", "en_AE", "www.amazon.ae", "eu", "Asia/Dubai"),
    ("ARBP9OOSHTCHU", "EG", "EGP", "ar_EG", "www.amazon.eg", "eu", "Africa/Cairo"),
    ("AE08WJ6YKNBMC", "ZA", "ZAR", "en_ZA", "www.amazon.co.za", "eu", "Africa/Johannesburg"),
    ("A21TJRUUN4KGV", "IN", "INR", "en_IN", "www.amazon.in", "eu", "Asia/Kolkata"),
    ("A1VC38T7YXB528", "JP", "JPY", "ja_JP", "www.amazon.co.jp", "fe", "Asia/Tokyo"),
    ("A39IBJ37TRP1C6", "AU", "AUD", "en_AU", "www.amazon.com.au", "fe", "Australia/Sydney"),
    ("A19VAU5U5O7RUS", "SG", "SGD", "en_SG", "www.amazon.sg", "fe", "Asia/Singapore"),
)

MARKETPLACES = {row[0]: Marketplace(*row) for row in _TABLE}


@lru_cache(maxsize=20_000)
def money_text(amount: Decimal | str | int | float, currency: str) -> str:
    """An amount as Amazon writes it: 19.99 EUR, 1980 JPY."""
    unit = Decimal(1) if currency == "JPY" else Decimal("0.01")
    return str(Decimal(str(amount)).quantize(unit, rounding=ROUND_HALF_UP))


def money(amount: Decimal | str | int | float, currency: str) -> dict[str, str]:
    """The shape of money in Orders 2026-01-01 and in Listings `offers`."""
    return {"amount": money_text(amount, currency), "currencyCode": currency}


def money_number(amount: Decimal | str | int, currency: str) -> int | float:
    """An amount in the APIs that write money as a number of JSON: 19.99 EUR, 1980 JPY."""
    text = money_text(amount, currency)
    return float(text) if "." in text else int(text)
