"""Connecting an account: whose, and where."""

from __future__ import annotations

from wtforms import RadioField, StringField

from flask_amazon_channel.admin.forms.base import Form
from flask_amazon_channel.admin.forms.checks import AtMost, Needed
from flask_amazon_channel.admin.forms.fields import without_edges
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.spapi.marketplaces import marketplaces_of

REGIONS = {
    "na": marked("North America"),
    "eu": marked("Europe, Middle East, India"),
    "fe": marked("Far East and Australia"),
}


class Connect(Form):
    """Whose account, and where."""

    name = StringField(
        marked("Name"),
        description=marked("How the account is called in these pages, such as the brand that it sells."),
        filters=[without_edges],
        validators=[Needed(marked("Give the account a name.")), AtMost(120)],
    )
    region = RadioField(
        marked("Where it sells"),
        choices=list(REGIONS),  # type: ignore[arg-type]  # the stubs do not know plain texts
        validators=[Needed(marked("Choose where the account sells."))],
    )

    @staticmethod
    def region_name(region: str) -> str:
        return say(REGIONS[region])

    @staticmethod
    def countries(region: str) -> str:
        return ", ".join(place.country_code for place in marketplaces_of(region))
