"""The settings of an account and of a store, as forms: read from a row, given back as its columns."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.widgets import HiddenInput

from flask_amazon_channel.admin.forms.base import Form
from flask_amazon_channel.admin.forms.checks import Address, AtMost, Between, Needed, WebAddress
from flask_amazon_channel.admin.forms.fields import NumberField, TextField, WholeNumberField, options
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.models import SellerAccount, Store
from flask_amazon_channel.rules.contacts import LONGEST_EMAIL, LONGEST_WEBHOOK
from flask_amazon_channel.rules.money import exponent, from_minor, plain, to_minor
from flask_amazon_channel.sync.settings.names import CHOICES, IDENTIFIERS, NAMES

UNITS = 999_999_999


def _choices(name: str) -> list[Any]:
    return options(CHOICES[name])


class SettingsForm(Form):
    """What all settings have: the version that was read, and whether the preview was seen."""

    columns: ClassVar[Sequence[str]] = ()

    version = IntegerField(widget=HiddenInput())
    seen = HiddenField()

    name = TextField(
        NAMES["name"],
        description=marked("How it is called in these pages. Amazon and buyers never see it."),
        validators=[Needed(marked("Give it a name.")), AtMost(120)],
    )
    alert_email = TextField(
        NAMES["alert_email"],
        description=marked("Who is written to when something needs a person. Empty: nobody."),
        validators=[Address(), AtMost(LONGEST_EMAIL)],
    )
    alert_webhook = TextField(
        NAMES["alert_webhook"],
        description=marked("An address that every alert is posted to, signed. It begins with https://."),
        validators=[WebAddress(), AtMost(LONGEST_WEBHOOK)],
    )
    health_mail = BooleanField(
        NAMES["health_mail"],
        description=marked("To the mail address above: what was sold and sent, and what waits for a person."),
    )

    def values(self) -> dict[str, Any]:
        """Return what was typed, by column."""
        return {name: self[name].data for name in self.columns}

    def fields_of(self, column: str) -> list[Any]:
        """Return the fields that a column is typed into."""
        return [self[column]]

    def take_over(self, other: SettingsForm, columns: Sequence[str]) -> None:
        """Let these columns have what another form of the same row has."""
        for column in columns:
            for mine, theirs in zip(self.fields_of(column), other.fields_of(column), strict=True):
                mine.data, mine.raw_data = theirs.data, None

    def typed(self) -> list[tuple[str, str]]:
        """Return what a browser would send for it, without what belongs to one request only."""
        found = []
        for field in self:
            if field.name in ("csrf_token", "seen", "version"):
                continue
            if isinstance(field, BooleanField):
                found += [(field.name, "y")] if field.data else []
            else:
                written = field._value() if hasattr(field, "_value") else field.data
                found.append((field.name, str(written if written is not None else "")))
        return found


class AccountSettings(SettingsForm):
    """The settings of a seller account: what Amazon keeps once for all of its stores."""

    columns = (
        "name",
        "maximum_quantity",
        "buffer",
        "unmanaged_quantity",
        "alert_email",
        "alert_webhook",
        "health_mail",
    )

    maximum_quantity = WholeNumberField(
        NAMES["maximum_quantity"],
        description=marked("However much there is, no more is shown at Amazon."),
        validators=[Needed(marked("Write a number.")), Between(0, UNITS)],
    )
    buffer = WholeNumberField(
        NAMES["buffer"],
        description=marked(
            "So many units of each product are never shown at Amazon. A product with no more than these is not offered."
        ),
        validators=[Needed(marked("Write a number, 0 for none.")), Between(0, UNITS)],
    )
    unmanaged_quantity = WholeNumberField(
        NAMES["unmanaged_quantity"],
        description=marked("What is shown for products whose stock the shop does not count."),
        validators=[Needed(marked("Write a number.")), Between(0, UNITS)],
    )

    @classmethod
    def of(cls, channel: Channel, account: SellerAccount, **options: Any) -> AccountSettings:
        """Return the form of an account, with the shop's attributes to choose identifiers from."""
        from flask_amazon_channel.sync.settings import choices

        held = dict(account.identifier_attributes)
        now: dict[str, Any] = {name: getattr(account, name) for name in (*cls.columns, "version")}
        offered = choices.attributes(channel)
        shown = type(
            "AccountSettings", (cls,), {f"id_{kind}": _identifier(kind, held, offered) for kind in IDENTIFIERS}
        )
        now |= {f"id_{kind}": held.get(kind, "") for kind in IDENTIFIERS}
        form: AccountSettings = shown(data=now, **options)
        return form

    def fields_of(self, column: str) -> list[Any]:
        return self.identifiers() if column == "identifier_attributes" else super().fields_of(column)

    def identifiers(self) -> list[Any]:
        return [self[f"id_{kind}"] for kind in IDENTIFIERS]

    def values(self) -> dict[str, Any]:
        found = {kind: self[f"id_{kind}"].data for kind in IDENTIFIERS}
        return super().values() | {
            "identifier_attributes": {kind: attribute for kind, attribute in found.items() if attribute}
        }


def _identifier(kind: str, held: dict[str, str], offered: Sequence[Any] | None) -> Any:
    """Return the field that says which attribute of products holds an identifier."""
    if offered is None:
        return TextField(IDENTIFIERS[kind], validators=[AtMost(64)])
    labels = {"": say("Products do not have it"), kind: say("The product’s own “{name}”", name=kind)}
    labels |= {attribute.name: attribute.label or attribute.name for attribute in offered}
    labels.setdefault(held.get(kind, ""), held.get(kind, ""))
    return SelectField(IDENTIFIERS[kind], choices=options(labels))


class StoreSettings(SettingsForm):
    """The settings of a store."""

    columns = (
        "name", "storefront", "threshold", "price_source", "vat_percent", "price_minimum_minor", "price_maximum_minor",
        "price_greatest_step_percent", "publishes_price", "publishes_quantity", "on_drift_price", "on_drift_quantity",
        "imports_orders", "reserves_pending", "orders_without_product", "order_numbers", "customers", "look_back_days",
        "alert_email", "alert_webhook", "health_mail",
    )  # fmt: skip

    threshold = WholeNumberField(
        NAMES["threshold"],
        description=marked("A product is offered only while the shop has at least so many. 0: while there is any."),
        validators=[Needed(marked("Write a number, 0 for any.")), Between(0, UNITS)],
    )
    vat_percent = NumberField(
        NAMES["vat_percent"],
        decimals=3,
        suffix="%",
        description=marked("Added to the shop’s price. 0 where the shop’s prices hold the VAT already."),
        validators=[Needed(marked("Write a number, 0 for none.")), Between(0, 100)],
    )
    price_greatest_step_percent = NumberField(
        NAMES["price_greatest_step_percent"],
        decimals=2,
        suffix="%",
        description=marked("A price that differs more from what Amazon shows waits for a person. Empty: any step."),
        validators=[Between(0, 9999)],
    )
    publishes_price = BooleanField(
        NAMES["publishes_price"], description=marked("Switched off, prices at Amazon are left as they are.")
    )
    publishes_quantity = BooleanField(
        NAMES["publishes_quantity"],
        description=marked(
            "Switched off, quantities at Amazon are left as they are, also when something is sold out in the shop."
        ),
    )
    on_drift_price = RadioField(
        NAMES["on_drift_price"],
        choices=_choices("on_drift_price"),
        description=marked("What happens when somebody changes a price in Seller Central."),
    )
    on_drift_quantity = RadioField(
        NAMES["on_drift_quantity"],
        choices=_choices("on_drift_quantity"),
        description=marked(
            "What happens when somebody changes a quantity in Seller Central. More than there is, is always lowered. "
            "Where the stores of an account differ in this, ours is sent again."
        ),
    )
    imports_orders = BooleanField(
        NAMES["imports_orders"],
        description=marked("Switched off, orders are shown here and take stock, but the shop does not get them."),
    )
    reserves_pending = BooleanField(
        NAMES["reserves_pending"],
        description=marked(
            "Amazon has not confirmed them yet. Switched off, the same unit may be sold twice meanwhile."
        ),
    )
    orders_without_product = RadioField(
        NAMES["orders_without_product"],
        choices=_choices("orders_without_product"),
        description=marked("What happens to an order when one of its lines is no product of the shop."),
    )
    order_numbers = RadioField(
        NAMES["order_numbers"],
        choices=_choices("order_numbers"),
        description=marked("For orders that come from now on."),
    )
    customers = RadioField(
        NAMES["customers"], choices=_choices("customers"), description=marked("For orders that come from now on.")
    )
    look_back_days = WholeNumberField(
        NAMES["look_back_days"],
        description=marked(
            "Orders from so many days before the connection that still had to be shipped come into the shop, too."
        ),
        validators=[Needed(marked("Write a number, 0 for none.")), Between(0, 365)],
    )

    @classmethod
    def of(cls, channel: Channel, store: Store, **options: Any) -> StoreSettings:
        """Return the form of a store, with what the shop offers to choose from."""
        from flask_amazon_channel.sync.settings import choices

        now: dict[str, Any] = {name: getattr(store, name) for name in (*cls.columns, "version")}
        currency, number = store.currency, store.id
        for name in ("price_minimum_minor", "price_maximum_minor"):
            now[name] = None if now[name] is None else from_minor(now[name], currency)
        for name in ("vat_percent", "price_greatest_step_percent"):
            now[name] = None if now[name] is None else plain(now[name])
        fields = {
            "storefront": _storefront(now["storefront"], choices.storefronts(channel)),
            "price_source": _price_source(now["price_source"], choices.prices(channel, now["storefront"])),
            "price_minimum_minor": _guard(
                "price_minimum_minor",
                currency,
                marked("A lower price is not sent; it is shown and waits for a person. Empty: any price."),
            ),
            "price_maximum_minor": _guard(
                "price_maximum_minor",
                currency,
                marked("A higher price is not sent; it is shown and waits for a person. Empty: any price."),
            ),
        }
        form: StoreSettings = type("StoreSettings", (cls,), fields)(data=now, **options)
        form.currency, form.store_id = currency, number
        return form

    currency = ""
    store_id = 0

    def validate(self, extra_validators: Any = None) -> bool:
        good = bool(super().validate(extra_validators))
        least, most = self["price_minimum_minor"].data, self["price_maximum_minor"].data
        if good and least is not None and most is not None and least > most:
            self.refuse("price_maximum_minor", say("The highest price must not be below the lowest."))
            return False
        return good

    def values(self) -> dict[str, Any]:
        found = super().values()
        for name in ("price_minimum_minor", "price_maximum_minor"):
            found[name] = None if found[name] is None else to_minor(Decimal(found[name]), self.currency)
        return found | {"storefront": found["storefront"] or None}


def _storefront(now: str | None, offered: Sequence[Any] | None) -> Any:
    told = marked(
        "Whose prices, texts and stock are taken, and where orders go. Changing it changes them for every listing."
    )
    if offered is None:
        return TextField(NAMES["storefront"], description=told, validators=[AtMost(120)])
    labels = {"": say("None: what holds for the whole shop")}
    labels |= {storefront.id: storefront.name for storefront in offered}
    labels.setdefault(now or "", say("{name} (the shop does not have it any more)", name=now))
    return SelectField(NAMES["storefront"], description=told, choices=options(labels))


def _price_source(now: str, offered: Sequence[str] | None) -> Any:
    told = marked("What the price at Amazon is made from. A product that has none there takes its ordinary price.")
    if not offered:
        return TextField(
            NAMES["price_source"],
            description=told,
            validators=[Needed(marked("Write price for the ordinary price.")), AtMost(64)],
        )
    labels = {"price": say("The ordinary price")} | {name: name for name in offered}
    labels.setdefault(now, now)
    return SelectField(NAMES["price_source"], description=told, choices=options(labels))


def _guard(name: str, currency: str, told: str) -> Any:
    decimals = exponent(currency)
    smallest = Decimal(1).scaleb(-decimals)
    return NumberField(
        NAMES[name],
        decimals=decimals,
        suffix=currency,
        description=told,
        validators=[Between(smallest, Decimal(10) ** 12)],
    )
