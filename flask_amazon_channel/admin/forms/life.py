"""What is done with a store: deleting it, and copying its settings."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from flask_amazon_channel.admin.forms.base import Form
from flask_amazon_channel.admin.forms.fields import without_edges
from flask_amazon_channel.admin.words import marked, say


class ChoicesField(SelectMultipleField):
    """Any number of choices, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DeleteStore(Form):
    """Only whoever types the store's name deletes it."""

    typed = StringField(marked("The store’s name"), filters=[without_edges])
    leaves_offers = BooleanField(
        marked("I know that its offers stay at Amazon, and that nobody lowers their quantities any more.")
    )
    name = ""
    has_offers = False

    def validate_typed(self, field: Any) -> None:
        if field.data != self.name:
            raise ValidationError(say("Type the name exactly as it is written above."))

    def validate_leaves_offers(self, field: Any) -> None:
        if self.has_offers and not field.data:
            raise ValidationError(say("Tick the box, or end the offers first."))


class CopySettings(Form):
    """Which settings, and for which stores."""

    settings = ChoicesField(marked("Settings"), description=marked("What the other stores take over."))
    stores = ChoicesField(
        marked("Stores"), description=marked("Where they are set. Each store keeps what it had before.")
    )

    def validate_settings(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(say("Choose at least one setting."))

    def validate_stores(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(say("Choose at least one store."))
