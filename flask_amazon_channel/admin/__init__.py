"""The administrators' pages: thin views and forms, no decisions.

pages.py         every page: its address, who may open it, its view
access.py        who may see what
navigation.py    where everything is: breadcrumbs, menu, shortcuts
search.py        what a person looks for by its number, from anywhere
help.py          where each page is explained
headers.py       what the browser is told
problems.py      the pages that say what went wrong and what to do
words.py         what the pages say, in the reader's language
formats.py       money, numbers, times and words as people read them
safety.py        what a person does against a slip
links.py         where a thing can be looked at or changed
grid/            lists of any length: filters, sorting, views, bulk actions, exports
forms/           forms, and the token that each carries
charts/          figures as pictures with a table beside
onboarding.py    the steps of getting started
settings.py      settings, with changes.py (who changed what, undo) and life.py (archive, delete, copy)
for_the_host.py  what the host's own templates may show
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from flask_amazon_channel.folders import folder


def make_blueprint() -> Blueprint:
    """Return the blueprint `amazon_channel`.  A host overrides any template by one of the same name."""
    from flask_amazon_channel.admin import pages, problems

    blueprint = Blueprint(
        "amazon_channel",
        __name__,
        template_folder=str(folder("templates")),
        static_folder=str(Path(__file__).resolve().parent.parent / "static"),
    )
    pages.register(blueprint)
    problems.register(blueprint)
    blueprint.context_processor(_for_templates)
    blueprint.after_request(_style_sheets_are_style_sheets)
    return blueprint


def _for_templates() -> dict[str, Any]:
    from flask_amazon_channel.admin import access, formats, forms, help, links, navigation, safety, setting_words, words
    from flask_amazon_channel.channel import current
    from flask_amazon_channel.models import Store

    def may(permission: str, store: Store | None = None) -> bool:
        return access.may(current(), permission, store)

    return {
        "_": words.in_markup,
        "many": words.say_many,
        "sentence": words.sentence,
        "language": words.language,
        "show": formats,
        "links": links,
        "navigation": navigation,
        "help_address": help.address,
        "may": may,
        "token_field": forms.token_field,
        "safety": safety,
        "setting_words": setting_words,
    }


def _style_sheets_are_style_sheets(response: Response) -> Response:
    if request.endpoint == "amazon_channel.static":
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response
