"""The developer's application, as the developer console changes it."""

from typing import Any

from flask_amazon_channel.simulator.control.refused import Refused, check_known
from flask_amazon_channel.simulator.login.lives import rotate_secret
from flask_amazon_channel.simulator.state.application import GRANTS
from flask_amazon_channel.simulator.world import World

_AT_ONCE = "at_once"
_CHANGES = ("redirect_uris", "login_uri", "grants", "rotate_secret")


def change_application(world: World, **changes: Any) -> dict[str, Any]:
    """redirect_uris, login_uri (where the Appstore leads), grants (that it may use), rotate_secret.

    `rotate_secret` is true (the old secrets live for seven days) or "at_once".
    """
    check_known(changes, _CHANGES, "changes")
    application = world.state.application
    grants = changes.get("grants", application.grants)
    if not isinstance(grants, list) or any(each not in GRANTS for each in grants):
        raise Refused(f"The grants of the application are among {', '.join(GRANTS)}.")
    uris = changes.get("redirect_uris", application.redirect_uris)
    if not isinstance(uris, list) or any(not isinstance(each, str) for each in uris):
        raise Refused("redirect_uris is a list of addresses.")
    application.grants, application.redirect_uris = list(grants), list(uris)
    application.login_uri = str(changes.get("login_uri", application.login_uri))
    answer: dict[str, Any] = {
        "application_id": application.application_id,
        "client_id": application.client_id,
        "redirect_uris": application.redirect_uris,
        "login_uri": application.login_uri,
        "grants": application.grants,
    }
    if changes.get("rotate_secret"):
        answer["client_secret"] = rotate_secret(world, keep_old=changes["rotate_secret"] != _AT_ONCE)
    return answer
