"""The journey of connecting an account: consent, tokens, the marketplaces it sells in, a Store for each."""

from __future__ import annotations

import sqlalchemy as sa

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.config import REGIONS
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import AccountState, SellerAccount, Store, Stream, StreamName
from flask_amazon_channel.models.activity import note
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.rules.amazon import Participation
from flask_amazon_channel.rules.phrases import phrase, phrase_many
from flask_amazon_channel.rules.reading import next_whole_reading
from flask_amazon_channel.signals import account_connected, announce
from flask_amazon_channel.spapi import tokens
from flask_amazon_channel.spapi.client import AmazonClient
from flask_amazon_channel.spapi.marketplaces import MARKETPLACES, marketplaces_of
from flask_amazon_channel.sync import history, permission
from flask_amazon_channel.sync.accounts import FixedToken, allowance, endpoint, login


def consent_url(channel: Channel, region: str, state: str) -> str:
    """Return the address of Amazon's consent page; `state` comes back with the seller."""
    config = channel.config
    if not config.application_id:
        raise ConfigurationError(
            phrase("Set AMAZON_CHANNEL_APPLICATION_ID to connect by page, or use: flask amazon connect")
        )
    host = config.consent_endpoint or marketplaces_of(region)[0].seller_central
    return tokens.consent_url(
        host, application_id=config.application_id, state=state, redirect_uri=config.redirect_uri or None
    )


def connect_with_code(channel: Channel, *, seller_id: str, region: str, name: str, code: str) -> SellerAccount:
    """Trade the code that the seller brought back from Amazon, and connect."""
    grant = login(channel).exchange_code(code, channel.config.redirect_uri or None)
    return connect(channel, seller_id=seller_id, region=region, name=name, refresh_token=grant.refresh_token)


def connect(
    channel: Channel, *, seller_id: str, region: str, name: str, refresh_token: str, by: str | None = None
) -> SellerAccount:
    """Connect an account, or connect it again; make one inactive Store per marketplace that it sells in.

    Amazon is asked first, so a token that does not work leaves everything as it was.
    """
    if region not in REGIONS:
        raise ConfigurationError(phrase("The region is na, eu or fe, not {region}.", region=repr(region)))
    if not seller_id.strip() or not refresh_token.strip():
        raise ConfigurationError(phrase("A seller id and a refresh token are needed."))
    fresh = login(channel).refresh(refresh_token)
    client = AmazonClient(
        endpoint(channel, region),
        FixedToken(fresh.token),
        seller_id=seller_id,
        allowance=allowance(channel, seller_id.strip(), region),
    )
    participations = client.get_marketplace_participations()
    session = channel.db.session()
    account_id = in_transaction(
        session, lambda: _store(channel, seller_id.strip(), region, name, refresh_token, participations, by)
    )
    announce(account_connected, account_id=account_id)
    return session.get_one(SellerAccount, account_id)


def _store(
    channel: Channel,
    seller_id: str,
    region: str,
    name: str,
    refresh_token: str,
    found: list[Participation],
    by: str | None,
) -> int:
    session, now = channel.db.session(), channel.clock()
    account = session.scalar(sa.select(SellerAccount).filter_by(seller_id=seller_id, region=region))
    before = {"name": account.name, "authorised_at": account.authorised_at} if account else {"name": name or seller_id}
    if account is None:
        account = SellerAccount(seller_id=seller_id, region=region, name=name or seller_id, connected_at=now)
        session.add(account)
        session.flush()
        session.add(Stream(account_id=account.id, name=StreamName.ORDERS))
        counted_at = next_whole_reading(now, account.id)
        session.add(Stream(account_id=account.id, name=StreamName.ORDERS_REPORT, due_at=counted_at))
    elif name:
        account.name = name
    account.state, account.problem = AccountState.CONNECTED, None
    account.authorised_at, account.expiry_told = now, None
    account.keep_refresh_token(channel.keys, refresh_token)
    permission.remember(session, channel)
    known = {store.marketplace_id: store for store in account.stores}
    for participation in found:
        _store_of(channel, account, known.get(participation.marketplace_id), participation)
    note(
        session,
        now,
        "connected",
        phrase_many(
            "Connected {seller} with {n} marketplace.",
            "Connected {seller} with {n} marketplaces.",
            len(found),
            seller=seller_id,
        ),
        account_id=account.id,
        **history.signature(channel, by),
    )
    session.flush()
    history.keep(channel, account, before, {"name": account.name, "authorised_at": now}, by=by)
    return account.id


def _store_of(channel: Channel, account: SellerAccount, store: Store | None, seen: Participation) -> None:
    """Make the store of a marketplace, or refresh what Amazon says about it.  Amazon names currency and language."""
    session = channel.db.session()
    if seen.marketplace_id not in MARKETPLACES or MARKETPLACES[seen.marketplace_id].region != account.region:
        # Amazon also lists places that are no marketplaces of the API, and those of other regions.
        return
    if store is None:
        store = Store(
            account_id=account.id,
            marketplace_id=seen.marketplace_id,
            name=f"{account.name} {seen.country_code}",
            created_at=channel.clock(),
        )
        session.add(store)
    store.country_code, store.currency = seen.country_code, seen.currency
    store.language, store.domain = seen.language, seen.domain
    store.problem = _problem(seen)


def _problem(seen: Participation) -> str | None:
    if not seen.is_participating:
        return phrase("The account does not sell on {domain}: register it in Seller Central.", domain=seen.domain)
    if seen.has_suspended_listings:
        text = "The listings on {domain} are suspended (vacation setting): set them Active in Seller Central."
        return phrase(text, domain=seen.domain)
    return None
