from __future__ import annotations

import pytest

from example_store.database import db
from flask_amazon_channel import signals
from flask_amazon_channel.errors import AccountDisconnected, ConfigurationError
from flask_amazon_channel.models import AccountState, Change, SellerAccount, Store
from flask_amazon_channel.sync import connect_account
from tests.journeys.world import DE, JP, MX, UK, US, ShopWorld, listed


@pytest.mark.parametrize(
    ("marketplaces", "expected"),
    [
        ((US, MX), {("US", "USD"), ("MX", "MXN")}),
        ((UK, DE), {("GB", "GBP"), ("DE", "EUR")}),
        ((JP,), {("JP", "JPY")}),
    ],
    ids=["North America", "Europe", "Japan"],
)
def test_each_marketplace_becomes_an_inactive_store_in_the_currency_that_amazon_names(
    world: ShopWorld, marketplaces: tuple[str, ...], expected: set[tuple[str, str]]
) -> None:
    world.connect(*marketplaces, activate=False)
    stores = world.all(Store)
    assert {(store.country_code, store.currency) for store in stores} == expected
    assert {store.state for store in stores} == {"inactive"}


def test_the_tokens_are_not_in_the_database_in_clear(world: ShopWorld) -> None:
    account = world.connect(listings=[listed()])
    stored = db.session.connection().exec_driver_sql("SELECT * FROM amazon_seller_account").all()
    text = repr(stored)
    assert world.seller["refresh_token"] not in text
    assert "Atza|" not in text
    db.session.refresh(account)
    kept = account.refresh_token(world.channel.keys)
    assert kept is not None
    assert kept.reveal() == world.seller["refresh_token"]
    assert world.seller["refresh_token"] not in repr(kept) + str(kept) + f"{kept}"


def test_a_token_copied_to_another_account_does_not_open(world: ShopWorld) -> None:
    first = world.connect(activate=False)
    sealed, first_id = first.refresh_token_sealed, first.id
    second = world.connect(activate=False)
    assert second.id != first_id
    second.refresh_token_sealed = sealed
    with pytest.raises(ConfigurationError, match="does not belong to its row"):
        second.refresh_token(world.channel.keys)


def test_a_refresh_token_that_does_not_work_leaves_nothing_behind(world: ShopWorld) -> None:
    world.connect(activate=False)
    with pytest.raises(AccountDisconnected):
        connect_account.connect(world.channel, seller_id="A9", region="na", name="Wrong", refresh_token="Atzr|wrong")
    assert [account.name for account in world.all(SellerAccount)] == ["Fjellstad"]


def test_connecting_again_keeps_the_account_and_its_stores(world: ShopWorld) -> None:
    account = world.connect(US, MX)
    account_id, stores = account.id, [store.id for store in world.all(Store)]
    again = world.authorise()
    assert again.id == account_id
    assert [store.id for store in world.all(Store)] == stores
    assert {store.state for store in world.all(Store)} == {"active"}


def test_the_history_says_when_permission_was_given_and_by_whom(world: ShopWorld) -> None:
    first = world.connect(activate=False).authorised_at
    world.pass_time(3600)
    world.authorise("Fjellstad Nord")
    kept = [(one.setting, one.old, one.new) for one in world.all(Change) if one.subject == "account"]
    again = world.all(SellerAccount)[0].authorised_at
    assert kept == [
        ("authorised_at", None, first.isoformat()),
        ("name", "Fjellstad", "Fjellstad Nord"),
        ("authorised_at", first.isoformat(), again.isoformat()),
    ]
    assert again > first


def test_a_revoked_account_rests_says_so_once_and_goes_on_where_it_stopped(selling: ShopWorld) -> None:
    told = []

    def receiver(app: object, account_id: int, problem: str, **extra: object) -> None:
        told.append(problem)

    signals.account_needs_attention.connect(receiver)
    try:
        selling.amazon.change_seller(selling.seller["seller_id"], revoked=True)
        selling.save(stock=4)
        selling.pass_time(4000)
        selling.work()
        selling.cycle()
        account = selling.all(SellerAccount)[0]
        assert account.state == AccountState.DISCONNECTED
        assert len(told) == 1
        assert selling.shown()[1] == 10
    finally:
        signals.account_needs_attention.disconnect(receiver)
    selling.amazon.change_seller(selling.seller["seller_id"], revoked=False)
    selling.authorise()
    selling.settle(180)
    assert selling.shown()[1] == 4


def test_calling_amazon_inside_a_transaction_is_a_mistake_that_is_noticed(selling: ShopWorld) -> None:
    from flask_amazon_channel.sync.accounts import client_for

    client = client_for(selling.channel, 1, selling.seller["seller_id"], "na")
    selling.product()
    with pytest.raises(RuntimeError, match="inside a database transaction"):
        client.get_order("111-1111111-1111111")
