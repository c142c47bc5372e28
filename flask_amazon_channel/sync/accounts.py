"""The way from an account to Amazon: its client, its tokens, and what happens when Amazon no longer lets us in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import AccountDisconnected, AmazonUnavailable, ConfigurationError, SecretRefused
from flask_amazon_channel.models import AccountState, SellerAccount
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction, reading
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.signals import account_needs_attention, announce
from flask_amazon_channel.spapi.application import ApplicationClient
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.marketplaces import ENDPOINTS, SANDBOX_ENDPOINTS
from flask_amazon_channel.spapi.operations import OPERATIONS
from flask_amazon_channel.spapi.quotas import Allowance, Quotas
from flask_amazon_channel.spapi.tokens import NOTIFICATIONS, LoginWithAmazon
from flask_amazon_channel.spapi.transport import is_loopback
from flask_amazon_channel.sync import client_secrets, debug_log, permission

MARGIN = timedelta(minutes=2)
"""A token is renewed so long before it ends."""


class AccountTokens:
    """The access tokens of one account: cached encrypted on its row, renewed when they end or are refused."""

    def __init__(self, channel: Channel, account_id: int) -> None:
        self._channel = channel
        self._account_id = account_id
        self._token = ""
        self._good_until: datetime | None = None

    def access_token(self, *, renew: bool = False) -> str:
        refuse_open_transaction(self._channel, "A call")
        now = self._channel.clock()
        if not renew and self._good_until is not None and now < self._good_until - MARGIN:
            return self._token
        return self._from_row(now, renew) or self._from_amazon(now)

    def _from_row(self, now: datetime, renew: bool) -> str | None:
        with reading(self._channel.db.engine) as read:
            account = read.get_one(SellerAccount, self._account_id)
            token = account.access_token(self._channel.keys, now + MARGIN)
            good_until = account.access_token_expires_at
        # Another worker may have renewed it meanwhile: then that one is good, and the refused one was older.
        if token is None or (renew and token.reveal() == self._token):
            return None
        self._token, self._good_until = token.reveal(), good_until
        return self._token

    def _from_amazon(self, now: datetime) -> str:
        with reading(self._channel.db.engine) as read:
            refresh_token = read.get_one(SellerAccount, self._account_id).refresh_token(self._channel.keys)
        if refresh_token is None:
            raise AccountDisconnected(phrase("The account is not connected: connect it again."))
        try:
            fresh = login(self._channel).refresh(refresh_token.reveal())
        except SecretRefused as error:
            need_secret(self._channel, self._account_id, str(error))
            raise
        good_until = now + timedelta(seconds=fresh.expires_in)
        session = self._channel.db.session()

        def keep() -> None:
            account = session.get_one(SellerAccount, self._account_id)
            account.keep_access_token(self._channel.keys, fresh.token, good_until)

        in_transaction(session, keep)
        self._token, self._good_until = fresh.token, good_until
        return self._token


def refuse_open_transaction(channel: Channel, what: str) -> None:
    """While we wait for Amazon no lock may be held and no connection kept busy."""
    if channel.db.session().in_transaction():
        raise RuntimeError(f"{what} was about to wait for Amazon inside a database transaction.")


class FixedToken:
    """One access token, for the first calls of an account that is not stored yet."""

    def __init__(self, token: str) -> None:
        self._token = token

    def access_token(self, *, renew: bool = False) -> str:
        if renew:
            raise AccountDisconnected(
                phrase("Amazon refused a token that it had just issued: check the application's roles.")
            )
        return self._token


def login(channel: Channel) -> LoginWithAmazon:
    """Return Login with Amazon for our application."""
    if channel.config.missing:
        raise ConfigurationError(
            phrase("Set {settings} to connect an account.", settings=", ".join(channel.config.missing))
        )
    newest, *older = client_secrets.in_order(channel)
    return LoginWithAmazon(channel.config.lwa_endpoint, channel.config.lwa_client_id, newest, older_secrets=older)


def endpoint(channel: Channel, region: str) -> str:
    """Return the address of the API for the region."""
    standard = SANDBOX_ENDPOINTS if channel.config.sandbox else ENDPOINTS
    return channel.config.endpoints.get(region) or standard[region]


def client_for(channel: Channel, account_id: int, seller_id: str, region: str) -> AmazonClient:
    """Return the client of an account.  It refuses to call Amazon while a transaction is open."""

    return AmazonClient(
        endpoint(channel, region),
        AccountTokens(channel, account_id),
        seller_id=seller_id,
        before_call=lambda operation: _before_call(channel, operation, account_id),
        after_call=lambda made: debug_log.after_call(channel, account_id, made),
        allowance=allowance(channel, seller_id, region),
    )


def _before_call(channel: Channel, operation: str, account_id: int | None) -> None:
    """Whoever forgot to ask for permission is stopped here, before anything leaves."""
    refuse_open_transaction(channel, operation)
    if OPERATIONS[operation].is_write or operation in permission.SETS_UP:
        permission.refuse_stopped(channel, account_id)


def connected_accounts(channel: Channel) -> Sequence[SellerAccount]:
    """Return the accounts that Amazon lets us in for."""
    with reading(channel.db.engine) as read:
        connected = SellerAccount.state == AccountState.CONNECTED
        return read.scalars(sa.select(SellerAccount).where(connected).order_by(SellerAccount.id)).all()


def allowance(channel: Channel, seller_id: str, region: str) -> Allowance:
    """Return what the seller may call; all workers share it."""
    if channel.quotas is None:
        # The clock is asked for each time: whoever moves the channel's clock moves this one, too.
        channel.quotas = Quotas(channel.config.redis_url, lambda: channel.clock())
    # Another pace than Amazon's is for the local Amazon alone.
    scale = channel.config.quota_scale if is_loopback(endpoint(channel, region)) else 1.0
    return Allowance(channel.quotas, f"{seller_id}:{region}", scale)


def application_for(channel: Channel, region: str) -> ApplicationClient:
    """Return the client of the application itself, for what needs no seller's consent."""
    return ApplicationClient(
        endpoint(channel, region),
        login(channel),
        before_call=lambda operation: _before_call(channel, operation, None),
    )


def disconnect(channel: Channel, account_id: int, problem: str) -> None:
    """Let the account rest until a person connects it again.  What is due stays due."""
    states = [AccountState.CONNECTED, AccountState.NEEDS_SECRET]
    _rest(channel, account_id, states, AccountState.DISCONNECTED, "disconnected", problem)


def need_secret(channel: Channel, account_id: int, problem: str) -> None:
    """Let the account rest until a client secret works.  It stays authorised, and what is due stays due."""
    _rest(channel, account_id, [AccountState.CONNECTED], AccountState.NEEDS_SECRET, "needs_secret", problem)


def try_secret_again(channel: Channel) -> None:
    """Wake the accounts that wait for a client secret, if one works now."""
    session = channel.db.session()
    with reading(channel.db.engine) as read:
        waiting = read.scalar(sa.select(sa.exists().where(SellerAccount.state == AccountState.NEEDS_SECRET)))
    if not waiting:
        return
    try:
        login(channel).grantless(NOTIFICATIONS)
    except (AccountDisconnected, AmazonUnavailable, ConfigurationError):
        return

    def wake() -> None:
        ids = session.scalars(sa.select(SellerAccount.id).where(SellerAccount.state == AccountState.NEEDS_SECRET)).all()
        session.execute(
            sa.update(SellerAccount)
            .where(SellerAccount.id.in_(ids))
            .values(state=AccountState.CONNECTED, problem=None)
            .execution_options(synchronize_session=False)
        )
        for account_id in ids:
            note(session, channel.clock(), "connected", phrase("The client secret works again."), account_id=account_id)

    in_transaction(session, wake)


def _rest(
    channel: Channel, account_id: int, states: list[AccountState], state: AccountState, action: str, problem: str
) -> None:
    now = channel.clock()
    session = channel.db.session()
    session.rollback()

    def rest() -> bool:
        changed = session.execute(
            sa.update(SellerAccount)
            .where(SellerAccount.id == account_id, SellerAccount.state.in_(states))
            .values(state=state, problem=problem)
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            return False
        note(session, now, action, problem, account_id=account_id)
        return True

    if in_transaction(session, rest):
        announce(account_needs_attention, account_id=account_id, problem=problem)
