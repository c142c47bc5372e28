"""Every setting of accounts and stores: what may be in it, and what becomes due when it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask_amazon_channel.models import SellerAccount, Store
from flask_amazon_channel.rules.contacts import email_problem, webhook_problem
from flask_amazon_channel.rules.drift import OnDrift
from flask_amazon_channel.rules.money import exponent, to_minor
from flask_amazon_channel.rules.values import CustomerPolicy


class Kind(StrEnum):
    """How a value is written and shown.  WEBHOOK: whoever knows it may post there, so only its host is shown."""

    TEXT = "text"
    WHOLE = "whole"
    PERCENT = "percent"
    MONEY = "money"
    YES_NO = "yes_no"
    CHOICE = "choice"
    ATTRIBUTES = "attributes"
    RULE = "rule"
    EMAIL = "email"
    WEBHOOK = "webhook"


class Due(StrEnum):
    """What is looked at again when a setting changes.

    PRICES and QUANTITIES are decided anew.  CATALOGUE: products without a listing, too.  MATCHES: listings are read
    again and matched.  ORDERS: those that still wait to become shop orders, or to be shipped.
    """

    PRICES = "prices"
    QUANTITIES = "quantities"
    CATALOGUE = "catalogue"
    MATCHES = "matches"
    ORDERS = "orders"


BOTH = frozenset({Due.PRICES, Due.QUANTITIES})
IDENTIFIERS = ("sku", "asin", "ean", "upc", "isbn", "gcid")
_WORDS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.  `name` is its column.  Without `needed` it may be empty."""

    name: str
    kind: Kind
    due: frozenset[Due] = frozenset()
    choices: tuple[str, ...] = ()
    needed: bool = True
    least: int | Decimal = 0
    most: int | Decimal | None = None
    longest: int = 120

    @property
    def word(self) -> str:
        """What it is called where people write it: money is not written in minor units."""
        return self.name.removesuffix("_minor")

    @property
    def decides(self) -> bool:
        """Whether what is wanted for a listing depends on it, so that its effect can be shown before."""
        return bool(self.due & BOTH)


TOLD = (
    Setting("alert_email", Kind.EMAIL, needed=False),
    Setting("alert_webhook", Kind.WEBHOOK, needed=False),
    Setting("health_mail", Kind.YES_NO),
)
"""Whom alerts are sent to.  What a store leaves empty its account says."""

ACCOUNT = (
    Setting("name", Kind.TEXT),
    Setting("maximum_quantity", Kind.WHOLE, frozenset({Due.QUANTITIES}), most=999_999_999),
    Setting("buffer", Kind.WHOLE, BOTH, most=999_999_999),
    Setting("unmanaged_quantity", Kind.WHOLE, BOTH, most=999_999_999),
    Setting("identifier_attributes", Kind.ATTRIBUTES, frozenset({Due.MATCHES})),
    *TOLD,
)

STORE = (
    Setting("name", Kind.TEXT),
    Setting("storefront", Kind.TEXT, BOTH | {Due.CATALOGUE}, needed=False),
    Setting("threshold", Kind.WHOLE, BOTH | {Due.CATALOGUE}, most=999_999_999),
    Setting("listing_rule", Kind.RULE, BOTH | {Due.CATALOGUE}, needed=False),
    Setting("price_source", Kind.TEXT, frozenset({Due.PRICES}), longest=64),
    Setting("vat_percent", Kind.PERCENT, frozenset({Due.PRICES}), most=Decimal(100)),
    Setting("price_minimum_minor", Kind.MONEY, frozenset({Due.PRICES}), needed=False),
    Setting("price_maximum_minor", Kind.MONEY, frozenset({Due.PRICES}), needed=False),
    Setting("price_greatest_step_percent", Kind.PERCENT, frozenset({Due.PRICES}), needed=False, most=Decimal(1000)),
    Setting("publishes_price", Kind.YES_NO, frozenset({Due.PRICES})),
    Setting("publishes_quantity", Kind.YES_NO, frozenset({Due.QUANTITIES})),
    Setting("on_drift_price", Kind.CHOICE, frozenset({Due.PRICES}), tuple(OnDrift)),
    Setting("on_drift_quantity", Kind.CHOICE, frozenset({Due.QUANTITIES}), tuple(OnDrift)),
    Setting("imports_orders", Kind.YES_NO, frozenset({Due.ORDERS})),
    Setting("reserves_pending", Kind.YES_NO, frozenset({Due.ORDERS})),
    Setting("orders_without_product", Kind.CHOICE, frozenset({Due.ORDERS}), ("quarantine", "describe")),
    Setting("order_numbers", Kind.CHOICE, choices=("shop", "amazon")),
    Setting("customers", Kind.CHOICE, choices=tuple(CustomerPolicy)),
    Setting("look_back_days", Kind.WHOLE, most=365),
    *TOLD,
)

OF_STORE = {setting.name: setting for setting in STORE}
OF_ACCOUNT = {setting.name: setting for setting in ACCOUNT}


def settings_of(row: SellerAccount | Store) -> Mapping[str, Setting]:
    """Return every setting that the account or store has, by column."""
    return OF_STORE if isinstance(row, Store) else OF_ACCOUNT


def values_of(row: SellerAccount | Store) -> dict[str, Any]:
    """Return what is set now, by column."""
    return {name: getattr(row, name) for name in settings_of(row)}


def shown(setting: Setting, value: Any) -> Any:
    """Return what may be shown of a value: of a webhook's address its host."""
    if setting.kind == Kind.WEBHOOK and value:
        return f"https://{urlsplit(str(value)).hostname or ''}/…"
    return value


def read(setting: Setting, text: str, currency: str = "") -> Any:
    """Read what a person typed on the command line; ValueError says what is wrong.  Nothing typed is None."""
    text = text.strip()
    if not text:
        if setting.needed:
            raise ValueError(f"{setting.word} cannot be empty.")
        return None
    if setting.kind == Kind.YES_NO:
        return _chosen(setting, text, _WORDS)
    if setting.kind == Kind.CHOICE:
        return _chosen(setting, text, {word: word for word in setting.choices})
    if setting.kind == Kind.WHOLE:
        return int(_number(setting, text, 0))
    if setting.kind == Kind.PERCENT:
        return _number(setting, text, 2)
    if setting.kind == Kind.MONEY:
        return to_minor(_number(setting, text, exponent(currency)), currency)
    if setting.kind == Kind.ATTRIBUTES:
        return _attributes(text)
    if setting.kind == Kind.RULE:
        raise ValueError(f"{setting.word} is changed on its page, which shows what it would do.")
    if setting.kind == Kind.TEXT and len(text) > setting.longest:
        raise ValueError(f"{setting.word} has at most {setting.longest} characters.")
    problem = {Kind.EMAIL: email_problem, Kind.WEBHOOK: webhook_problem}.get(setting.kind, lambda _: None)(text)
    if problem:
        raise ValueError(problem)
    return text


def _chosen(setting: Setting, text: str, words: Mapping[str, Any]) -> Any:
    if text not in words:
        raise ValueError(f"{setting.word} is one of {', '.join(words)}.")
    return words[text]


def _number(setting: Setting, text: str, decimals: int) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number != round(number, decimals):
        raise ValueError(f"{setting.word} is a number with at most {decimals} decimals, such as 2.")
    if number < setting.least or (setting.most is not None and number > setting.most):
        most = "" if setting.most is None else f" and {setting.most}"
        raise ValueError(f"{setting.word} is {'between' if most else 'at least'} {setting.least}{most}.")
    return number


def _attributes(text: str) -> dict[str, str]:
    pairs = [part.partition(":") for part in text.split(",") if part.strip()]
    found = {kind.strip(): attribute.strip() for kind, _, attribute in pairs}
    if not set(found) <= set(IDENTIFIERS):
        raise ValueError(f"Write identifier:attribute, such as ean:barcode, for {', '.join(IDENTIFIERS)}.")
    return {kind: attribute for kind, attribute in found.items() if attribute}
