"""The forms, and the token that every form carries.

The token is Flask-WTF's, so it also satisfies a host that protects its whole app with `CSRFProtect`.
"""

from __future__ import annotations

from flask import abort
from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from markupsafe import Markup
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, Length, Optional

from flask_amazon_channel.spapi.marketplaces import marketplaces_of

REGIONS = {"na": "North America", "eu": "Europe, Middle East, India", "fe": "Far East and Australia"}


def _without_edges(value: str | None) -> str | None:
    return value.replace("\x00", "").strip() if value else value


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form whose token is always asked for, whatever the host does in its own forms."""

    class Meta:
        csrf = True


class Connect(Form):
    """Whose account, and where."""

    name = StringField(
        "Name",
        description="How the account is called in these pages, such as the brand that it sells.",
        filters=[_without_edges],
        validators=[DataRequired("Give the account a name."), Length(max=120)],
    )
    region = RadioField(
        "Where it sells",
        choices=list(REGIONS),  # type: ignore[arg-type]  # the stubs do not know plain texts
        validators=[DataRequired("Choose where the account sells.")],
    )

    @staticmethod
    def region_name(region: str) -> str:
        return REGIONS[region]

    @staticmethod
    def countries(region: str) -> str:
        return ", ".join(place.country_code for place in marketplaces_of(region))


class ChooseProduct(Form):
    """Which product of the shop a listing is: by the shop's id (a candidate's button), or by what a person types."""

    product_id = StringField(filters=[_without_edges], validators=[Optional(), Length(max=191)])
    wanted = StringField(
        "SKU or id of the product",
        filters=[_without_edges],
        validators=[Optional(), Length(max=191)],
    )


def check_token() -> None:
    """End the request with 400 unless it carries the token."""
    if not Form().validate():
        abort(400)


def token_field() -> Markup:
    """Return the hidden field with the token."""
    field: Markup = Form().hidden_tag()
    return field
