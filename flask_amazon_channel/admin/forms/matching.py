"""Which product of the shop a listing is."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Optional

from flask_amazon_channel.admin.forms.base import Form
from flask_amazon_channel.admin.forms.checks import AtMost
from flask_amazon_channel.admin.forms.fields import without_edges
from flask_amazon_channel.admin.words import marked


class ChooseProduct(Form):
    """By the shop's id (a candidate's button), or by what a person types."""

    product_id = StringField(filters=[without_edges], validators=[Optional(), AtMost(191)])
    wanted = StringField(
        marked("SKU or id of the product"), filters=[without_edges], validators=[Optional(), AtMost(191)]
    )
