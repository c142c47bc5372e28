"""The pages that say what went wrong and what to do."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template
from werkzeug.exceptions import HTTPException

from flask_amazon_channel.admin import headers
from flask_amazon_channel.admin.access import NoAuthorize
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.errors import AmazonError, ChannelError, ConfigurationError, SchemaMissing

_TITLES = {
    400: marked("That did not reach us as expected"),
    403: marked("You may not do this"),
    404: marked("There is no such page"),
}
_REMEDIES = {
    400: marked("The page was perhaps open for too long. Go back, load it again and repeat what you did."),
    403: marked("Ask whoever manages this shop's users for the permission."),
    404: marked("It may have been removed, or you may not be allowed to see it."),
}


def register(blueprint: Blueprint) -> None:
    """Let the blueprint answer errors on its pages by itself."""
    for status in _TITLES:
        blueprint.register_error_handler(status, _refused)
    blueprint.register_error_handler(ChannelError, failed)


def page(status: int, title: str, remedy: str, *, command: str = "", again: str = "") -> Response:
    """Return a page that names a problem and its remedy: a sentence, a command to run, an address to begin again."""
    text = render_template("amazon_channel/problem.html", title=title, remedy=remedy, command=command, again=again)
    return headers.protect(make_response(text, status))


def _refused(error: HTTPException) -> Response:
    status = error.code or 400
    return page(status, say(_TITLES[status]), say(_REMEDIES[status]))


def failed(error: ChannelError) -> Response:
    """Return the page of an error, whose text is a sentence for people."""
    if isinstance(error, SchemaMissing):
        command = "flask amazon db upgrade"
        title, remedy = say("The channel's tables are missing"), say("Make them with this command:")
        return page(503, title, remedy, command=command)
    if isinstance(error, NoAuthorize):
        return page(403, say("Nobody may open these pages yet"), say(str(error)))
    if isinstance(error, ConfigurationError):
        return page(503, say("The installation is not complete"), say(str(error)))
    if isinstance(error, AmazonError):
        return page(502, say("Amazon did not do it"), say(str(error)))
    return page(409, say("That could not be done"), say(str(error)))
