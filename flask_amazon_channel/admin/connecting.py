"""Connecting an account by way of Amazon's consent page.

What is asked for, and the random text that must come back from Amazon, lie in the browser's own session: a return that
belongs to another browser, comes late, or comes twice connects nothing.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from flask_amazon_channel.admin import forms, onboarding, problems
from flask_amazon_channel.admin.words import marked, say
from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError
from flask_amazon_channel.models import SellerAccount
from flask_amazon_channel.rules.onboarding import Step

CONSENT = "amazon_channel_consent"
GOOD_FOR = timedelta(minutes=10)
AGAIN = marked("Nothing was connected. Start again, and finish at Amazon within ten minutes, in this browser.")


def connect(channel: Channel) -> str:
    return _form(channel, forms.Connect())


def start_connecting(channel: Channel) -> ResponseReturnValue:
    form = forms.Connect()
    if not form.validate():
        return _form(channel, form), 422
    return _to_amazon(channel, name=form.name.data or "", region=form.region.data)


def reconnect(channel: Channel, account: SellerAccount) -> AnyResponse:
    return _to_amazon(channel, name=account.name, region=account.region, seller_id=account.seller_id)


def continue_to_amazon(channel: Channel) -> ResponseReturnValue:
    """Show the link to Amazon.  Our content policy lets no form redirect to another site; a link may lead there."""
    from flask_amazon_channel.sync.connect_account import consent_url

    asked = session.get(CONSENT)
    if asked is None or _is_late(channel, asked):
        return redirect(url_for("amazon_channel.connect"), 303)
    return render_template(
        "amazon_channel/continue.html",
        asked=asked,
        url=consent_url(channel, asked["region"], asked["state"]),
        steps=onboarding.steps(channel, None),
        step=Step.CONNECT,
    )


def return_from_amazon(channel: Channel) -> AnyResponse:
    """Take the seller back from Amazon and connect.  The address holds the code, so no page stays on it for long."""
    response = _connected(channel) or _refused(
        say("This return does not belong to a connection begun here"), say(AGAIN)
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _connected(channel: Channel) -> AnyResponse | None:
    from flask_amazon_channel.sync.connect_account import connect_with_code

    asked = session.get(CONSENT)
    if asked is None or not secrets.compare_digest(request.args.get("state", "").encode(), asked["state"].encode()):
        return None
    del session[CONSENT]
    seller_id, code = request.args.get("selling_partner_id", ""), request.args.get("spapi_oauth_code", "")
    if _is_late(channel, asked):
        return _refused(say("That took longer than ten minutes"), say(AGAIN))
    if not code or not seller_id.isalnum() or len(seller_id) > 64:
        return _refused(say("Amazon sent you back without its permission"), say(AGAIN))
    if asked["seller_id"] not in (None, seller_id):
        text = say(
            "Sign in to Seller Central as {seller} and start again. Nothing was connected.", seller=asked["seller_id"]
        )
        return _refused(say("You gave permission for another seller, {seller}", seller=seller_id), text)
    channel.db.session.rollback()
    try:
        account = connect_with_code(channel, seller_id=seller_id, region=asked["region"], name=asked["name"], code=code)
    except ChannelError as error:
        return problems.failed(error)
    if asked["seller_id"] is not None or any(store.is_active for store in account.stores):
        flash(say("{account} is connected.", account=account.name), "success")
        return redirect(url_for("amazon_channel.account", account_id=account.id), 303)
    flash(say("{account} is connected. Choose the stores that shall take part.", account=account.name), "success")
    return redirect(url_for("amazon_channel.choose_marketplaces", account_id=account.id), 303)


def _form(channel: Channel, form: forms.Connect) -> str:
    missing = list(channel.config.missing)
    if not channel.config.application_id:
        missing.append("AMAZON_CHANNEL_APPLICATION_ID")
    return render_template(
        "amazon_channel/connect.html",
        form=form,
        missing=missing,
        steps=onboarding.steps(channel, None),
        step=Step.CONNECT,
    )


def _to_amazon(channel: Channel, *, name: str, region: str, seller_id: str | None = None) -> AnyResponse:
    session[CONSENT] = {
        "state": secrets.token_urlsafe(32),
        "name": name,
        "region": region,
        "seller_id": seller_id,
        "at": int(channel.clock().timestamp()),
    }
    return redirect(url_for("amazon_channel.continue_to_amazon"), 303)


def _is_late(channel: Channel, asked: dict[str, Any]) -> bool:
    return channel.clock() - datetime.fromtimestamp(asked["at"], UTC) > GOOD_FOR


def _refused(title: str, remedy: str) -> Response:
    return problems.page(400, title, remedy, again=url_for("amazon_channel.connect"))
