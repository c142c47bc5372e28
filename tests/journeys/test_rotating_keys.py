"""Everything that is encrypted is encrypted anew with the first key; stopped half-way it goes on."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from flask_amazon_channel.encryption import Keyring
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import Base, ClientSecret, OrderPerson, SellerAccount
from flask_amazon_channel.sync import rotate_keys
from flask_amazon_channel.sync.orders.order_rows import person_of
from tests.journeys.world import KEY, ShopWorld

OLD, NEW = base64.b64decode(KEY), b"n" * 32
ORDERS = 5


@pytest.fixture
def sealed(selling: ShopWorld) -> ShopWorld:
    """An account with both tokens, orders with buyers, a client secret: all sealed with the old key."""
    for _ in range(ORDERS):
        selling.buy()
    selling.cycle()
    row = ClientSecret(client_id="c", fingerprint="f", received_at=selling.clock())
    row.keep(selling.channel.keys, "of the application")
    selling.session.add(row)
    selling.session.commit()
    use(selling, NEW, OLD)
    return selling


def use(world: ShopWorld, *keys: bytes) -> None:
    world.channel.config = replace(world.channel.config, encryption_keys=keys)
    world.channel.keys = Keyring(keys)


def ciphertexts(world: ShopWorld) -> Iterator[bytes]:
    world.session.rollback()
    for sealed in rotate_keys.EVERYTHING:
        yield from world.session.scalars(sa.select(sealed.column).where(sealed.column.is_not(None)))


def renewed(world: ShopWorld) -> list[bool]:
    return [world.channel.keys.is_sealed_with_first(one) for one in ciphertexts(world)]


def everything_opens(world: ShopWorld) -> bool:
    world.session.expire_all()
    [account] = world.all(SellerAccount)
    assert account.refresh_token(world.channel.keys).reveal() == world.seller["refresh_token"]  # type: ignore[union-attr]
    assert world.all(ClientSecret)[0].open(world.channel.keys).reveal() == "of the application"  # type: ignore[union-attr]
    people = world.session.scalars(sa.select(OrderPerson.order_id)).all()
    assert len(people) == ORDERS
    from flask_amazon_channel.models import AmazonOrder

    orders = world.all(AmazonOrder)
    return all(person_of(world.session, world.channel.keys, order)[1] is not None for order in orders)


def test_everything_is_encrypted_anew_and_the_old_key_can_go(sealed: ShopWorld) -> None:
    assert not any(renewed(sealed))
    counts = {one.column: (one.total, one.renewed) for one in rotate_keys.rotate(sealed.channel)}
    assert counts == {
        "amazon_seller_account.refresh_token_sealed": (1, 1),
        "amazon_seller_account.access_token_sealed": (1, 1),
        "amazon_order_person.sealed": (ORDERS, ORDERS),
        "amazon_client_secret.sealed": (1, 1),
    }
    use(sealed, NEW)
    assert everything_opens(sealed)
    assert {one.renewed for one in rotate_keys.rotate(sealed.channel)} == {0}


@pytest.mark.parametrize("survives", [0, 1, 2, 3, 4])
def test_f29_stopped_half_way_both_keys_are_read_and_a_second_run_finishes(
    sealed: ShopWorld, survives: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotate_keys, "BATCH", 2)
    seal, sealings = sealed.channel.keys.seal, []

    class Killed(BaseException):
        pass

    def seal_until_killed(text: str, *binding: str) -> bytes:
        if len(sealings) >= survives:
            raise Killed
        sealings.append(text)
        return seal(text, *binding)

    monkeypatch.setattr(sealed.channel.keys, "seal", seal_until_killed)
    with pytest.raises(Killed):
        list(rotate_keys.rotate(sealed.channel))
    monkeypatch.undo()
    assert 0 <= sum(renewed(sealed)) <= survives < len(renewed(sealed))
    assert everything_opens(sealed)
    sealed.cycle()
    list(rotate_keys.rotate(sealed.channel))
    assert all(renewed(sealed))
    use(sealed, NEW)
    assert everything_opens(sealed)


def test_f28_what_opens_with_no_key_is_counted_and_left_as_it_is(sealed: ShopWorld) -> None:
    before = list(ciphertexts(sealed))
    use(sealed, NEW)
    counts = list(rotate_keys.rotate(sealed.channel))
    assert [(one.renewed, one.unreadable == one.total) for one in counts] == [(0, True)] * len(counts)
    assert list(ciphertexts(sealed)) == before
    with pytest.raises(ConfigurationError, match="put the old key back"):
        sealed.all(SellerAccount)[0].refresh_token(sealed.channel.keys)


def test_what_was_written_meanwhile_is_not_overwritten(sealed: ShopWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    account = sealed.all(SellerAccount)[0]
    number, old = account.id, account.refresh_token_sealed
    account.keep_refresh_token(sealed.channel.keys, "Atzr|newer")
    sealed.session.commit()
    tokens = rotate_keys.EVERYTHING[0]
    stale = [(number, old, sealed.seller["seller_id"], sealed.seller["region"])]
    assert rotate_keys._renew(sealed.channel, sealed.session, tokens, stale) == (0, 0)
    sealed.session.commit()
    assert sealed.all(SellerAccount)[0].refresh_token(sealed.channel.keys).reveal() == "Atzr|newer"  # type: ignore[union-attr]


def test_every_column_of_ciphertexts_is_known() -> None:
    binary = {
        f"{table.name}.{column.key}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary)
    }
    assert {one.name for one in rotate_keys.EVERYTHING} == binary


def test_the_command_prints_the_counts_and_complains_where_something_is_left(sealed: ShopWorld) -> None:
    def run() -> Any:
        return sealed.app.test_cli_runner().invoke(args=["amazon", "rotate-keys", "--json"])

    done = run()
    assert done.exit_code == 0
    assert sum(one["renewed"] for one in json.loads(done.stdout)) == ORDERS + 3
    use(sealed, b"x" * 32)
    assert run().exit_code == 1
