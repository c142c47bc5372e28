"""The forms of the shop."""

from __future__ import annotations

from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import HiddenInput

COUNTRIES = {
    "US": "United States",
    "CA": "Canada",
    "MX": "Mexico",
    "GB": "United Kingdom",
    "DE": "Germany",
    "NO": "Norway",
    "JP": "Japan",
}
CARRIERS = ["DHL", "FedEx", "UPS", "USPS", "PostNord"]
CANCEL_REASONS = {
    "no_stock": "Out of stock",
    "buyer": "The buyer asked for it",
    "address": "The address cannot be reached",
    "price": "The price was wrong",
}
MOST_MONEY = 9_999_999


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The base of the forms, protected against forged requests."""


class OrderForm(Form):
    """A buyer orders one product."""

    quantity = IntegerField("Quantity", [InputRequired(), NumberRange(1, 99)], default=1)
    name = StringField("Name", [DataRequired(), Length(max=200)], render_kw={"autocomplete": "name"})
    email = StringField(
        "E-mail",
        [
            DataRequired(),
            Length(max=200),
            Regexp(r"^[^@\s]+@[^@\s]+$", message="This is not an e-mail address."),
        ],
        render_kw={"autocomplete": "email", "type": "email"},
    )
    street = StringField("Street", [DataRequired(), Length(max=400)], render_kw={"autocomplete": "street-address"})
    city = StringField("City", [DataRequired(), Length(max=120)], render_kw={"autocomplete": "address-level2"})
    state = StringField("State", [Optional(), Length(max=120)], render_kw={"autocomplete": "address-level1"})
    postal_code = StringField("ZIP", [DataRequired(), Length(max=30)], render_kw={"autocomplete": "postal-code"})
    country_code = SelectField("Country", choices=COUNTRIES, render_kw={"autocomplete": "country"})


class LoginForm(Form):
    """Somebody of the shop logs in."""

    email = StringField("E-mail", [DataRequired()], render_kw={"autocomplete": "username", "type": "email"})
    password = PasswordField("Password", [DataRequired()], render_kw={"autocomplete": "current-password"})


class ProductForm(Form):
    """What may be changed about a product."""

    title = StringField("Title", [DataRequired(), Length(max=200)])
    description = TextAreaField("Description", [Optional()], render_kw={"rows": 4})
    price = DecimalField("Price (USD)", [InputRequired(), NumberRange(0, MOST_MONEY)])
    sale_price = DecimalField("Sale price (USD)", [Optional(), NumberRange(0, MOST_MONEY)])
    stock = IntegerField("Stock", [InputRequired(), NumberRange(-1_000_000, 1_000_000)])
    stock_shown = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    enabled = BooleanField("For sale")
    hold_price = BooleanField("Hold the price: send no new price to other channels")


class ShipForm(Form):
    """A package leaves.  The quantities are fields of their own, one per order line."""

    carrier = StringField("Carrier", [DataRequired(), Length(max=60)], render_kw={"list": "carriers"})
    tracking_number = StringField("Tracking number", [Optional(), Length(max=100)])


class CancelForm(Form):
    """What has not been shipped is cancelled."""

    reason = SelectField("Reason", choices=CANCEL_REASONS)


class RateForm(Form):
    """The exchange rate of a day."""

    currency = StringField("Currency", [DataRequired(), Regexp("^[A-Z]{3}$", message="Three capital letters.")])
    day = DateField("Day", [InputRequired()])
    rate = DecimalField("One US dollar buys", [InputRequired(), NumberRange(0.000001, 1_000_000)], places=6)
