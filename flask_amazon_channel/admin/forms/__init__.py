"""The forms.

base.py        what all forms share, and the token
fields.py      fields that read what people type, in their own way of writing numbers
checks.py      what may be typed, and what is said if it is not
connecting.py  connecting an account
matching.py    which product a listing is
settings.py    the settings of accounts and stores
life.py        deleting a store, copying its settings

Texts are `marked` in the forms and translated where they are shown: `templates/amazon_channel/_form.html`.
"""

from flask_amazon_channel.admin.forms.base import Form, check_token, token_field
from flask_amazon_channel.admin.forms.connecting import Connect
from flask_amazon_channel.admin.forms.matching import ChooseProduct

__all__ = ["ChooseProduct", "Connect", "Form", "check_token", "token_field"]
