"""The application's client secret: rotated, replaced, wrong, and near its end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from flask_amazon_channel.errors import AmazonRejected, ConfigurationError
from flask_amazon_channel.models import AccountState, Activity, ClientSecret, ReceivedNotification, SellerAccount
from flask_amazon_channel.signals import account_needs_attention
from flask_amazon_channel.sync import client_secrets, cycles, expiry
from flask_amazon_channel.sync.accounts import login
from flask_amazon_channel.sync.notifications import consume
from flask_amazon_channel.sync.rotate_secret import rotate_secret
from tests.databases import Databases
from tests.journeys.notifications.conftest import ARN, give_queue, hear, send, waiting
from tests.journeys.world import ShopWorld, empty_shop, listed, make_world

DAY = 86400


@pytest.fixture
def world(database_server: Databases) -> Iterator[ShopWorld]:
    """A shop in step whose application's messages come into the queue."""
    with database_server.fresh(empty_shop) as uri, make_world(uri) as world:
        world.add_product("LAMP")
        world.connect(listings=[listed("LAMP")])
        give_queue(world, world.amazon.url)
        world.amazon.settings(notification_delay=0, application_queue=ARN, secret_expiry=True)
        yield world
        if world.channel.message_queue is not None:
            world.channel.message_queue.close()


@pytest.fixture
def told(world: ShopWorld) -> Iterator[list[str]]:
    """What was said to a person."""
    problems: list[str] = []

    def receiver(app: object, account_id: int, problem: str, **extra: object) -> None:
        problems.append(problem)

    with account_needs_attention.connected_to(receiver, world.app):
        yield problems


def cycle(world: ShopWorld) -> None:
    """What the timetable does every five minutes, from its beginning."""
    world.session.rollback()
    cycles.begin(world.channel)
    world.cycle()


def state(world: ShopWorld) -> str:
    return world.all(SellerAccount)[0].state


def secrets(world: ShopWorld) -> list[ClientSecret]:
    return world.all(ClientSecret)


def works(world: ShopWorld) -> bool:
    """Whether orders still come; every access token that is known has ended before."""
    world.pass_time(3700)
    order_id = world.buy()
    cycle(world)
    return world.order(order_id).shop_order_id is not None


def test_f22_a_rotated_secret_arrives_by_the_queue_and_outlives_the_old_one(world: ShopWorld) -> None:
    rotate_secret(world.channel)
    assert hear(world) == 1
    _, new = secrets(world)
    assert new.open(world.channel.keys) not in (None, world.channel.config.lwa_client_secret)
    assert works(world)
    world.pass_time(8 * DAY)
    assert works(world)
    assert state(world) == AccountState.CONNECTED


def test_f22_until_the_new_secret_came_the_old_one_is_used(world: ShopWorld) -> None:
    rotate_secret(world.channel)
    world.pass_time(3 * DAY)
    assert works(world)
    assert len(client_secrets.in_order(world.channel)) == 1
    hear(world)
    assert len(client_secrets.in_order(world.channel)) == 2


def test_f22_the_newest_secret_is_tried_first_and_the_older_one_where_it_is_refused(world: ShopWorld) -> None:
    old = world.channel.config.lwa_client_secret
    rotate_secret(world.channel)
    hear(world)
    newest, second = client_secrets.in_order(world.channel)
    assert (newest != old, second) == (True, old)
    # Amazon does not know the newest any more; the one before is still good.
    application = world.amazon.world.state.application
    application.secrets = [one for one in application.secrets if one.value == old]
    assert works(world)
    assert state(world) == AccountState.CONNECTED


def test_f22_a_secret_that_is_wrong_lets_accounts_rest_and_a_right_one_wakes_them_without_consent(
    world: ShopWorld, told: list[str]
) -> None:
    right = world.channel.config.lwa_client_secret
    world.channel.config = replace(world.channel.config, lwa_client_secret="wrong")
    world.pass_time(3700)
    order_id = world.buy()
    cycle(world)
    assert state(world) == AccountState.NEEDS_SECRET
    world.amazon.forget_requests()
    cycle(world)
    # Once in a cycle it is looked whether a secret works: no storm of refused calls.
    assert len(world.amazon.requests("token")) <= 2
    assert len(told) == 1
    assert "AMAZON_CHANNEL_LWA_CLIENT_SECRET" in told[0]
    world.channel.config = replace(world.channel.config, lwa_client_secret=right)
    cycle(world)
    cycle(world)
    assert state(world) == AccountState.CONNECTED
    assert world.order(order_id).shop_order_id is not None


def test_a_secret_that_was_set_by_hand_is_newer_than_all_that_came(world: ShopWorld) -> None:
    rotate_secret(world.channel)
    hear(world)
    world.pass_time(10 * DAY)
    by_hand = world.amazon.change_application(rotate_secret="at_once")["client_secret"]
    world.channel.config = replace(world.channel.config, lwa_client_secret=by_hand)
    assert client_secrets.in_order(world.channel)[0] == by_hand
    assert works(world)


def test_the_owner_is_told_to_replace_the_configured_secret_and_not_afterwards(
    world: ShopWorld, told: list[str]
) -> None:
    rotate_secret(world.channel)
    hear(world)
    world.pass_time(3600)
    for _ in range(3):
        cycle(world)
    [problem] = told
    assert problem.startswith("The configured client secret ends on")
    assert "A newer one came" in problem
    warning = expiry.secret_warning(world.channel, world.session, world.clock())
    assert warning is not None
    assert warning.sentence[:40] == problem[:40]
    newest = client_secrets.in_order(world.channel)[0]
    world.channel.config = replace(world.channel.config, lwa_client_secret=newest)
    assert expiry.secret_warning(world.channel, world.session, world.clock()) is None
    assert client_secrets.in_order(world.channel)[0] == newest


def test_a_secret_that_ends_is_announced_thirty_seven_and_one_day_ahead(world: ShopWorld, told: list[str]) -> None:
    rotate_secret(world.channel)
    hear(world)
    newest = client_secrets.in_order(world.channel)[0]
    world.channel.config = replace(world.channel.config, lwa_client_secret=newest)
    world.pass_time(100 * DAY + 3600)
    hear(world)
    assert "APPLICATION_OAUTH_CLIENT_SECRET_EXPIRY" in {row.type for row in world.all(ReceivedNotification)}
    days = []
    for day in range(100, 181):
        expiry.watch(world.channel)
        days += [day] * len(told)
        told.clear()
        world.clock.now += timedelta(days=1)
    assert days == [150, 173, 179]


def test_f69_a_forged_secret_is_tried_and_dropped(world: ShopWorld) -> None:
    facts = {"clientId": world.channel.config.lwa_client_id, "newClientSecret": "planted"}
    for number, changed in enumerate(({}, {"clientId": "another"}, {"newClientSecret": ""})):
        payload = {"applicationOAuthClientNewSecret": facts | changed}
        metadata = {"notificationId": f"forged-{number}", "subscriptionId": "any"}
        kind = "APPLICATION_OAUTH_CLIENT_NEW_SECRET"
        send(world, {"notificationType": kind, "payload": payload, "notificationMetadata": metadata})
    assert hear(world) == 3
    assert {row.outcome for row in world.all(ReceivedNotification)} == {"dropped"}
    assert secrets(world) == []
    assert waiting(world) == 0
    assert works(world)


def test_a_new_secret_that_cannot_be_tried_now_waits_in_the_queue(world: ShopWorld) -> None:
    rotate_secret(world.channel)
    world.amazon.fault("token", "5xx_json", times=None)
    hear(world)
    assert (secrets(world), waiting(world)) == ([], 1)
    world.amazon.heal()
    world.pass_time(61)
    hear(world)
    assert (len(secrets(world)), waiting(world)) == (2, 0)


def test_a_new_secret_that_comes_twice_is_kept_once(world: ShopWorld) -> None:
    world.amazon.settings(notification_duplicates=1.0)
    rotate_secret(world.channel)
    hear(world)
    consume.purge(world.channel)
    assert len(secrets(world)) == 2


def test_no_secret_is_stored_in_the_open_or_logged(world: ShopWorld, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        rotate_secret(world.channel)
        hear(world)
    newest = client_secrets.in_order(world.channel)[0]
    row = secrets(world)[-1]
    columns = [str(getattr(row, column.key)) for column in ClientSecret.__table__.columns]
    diary = [line.sentence for line in world.all(Activity)]
    logged = [record.getMessage() for record in caplog.records if record.name.startswith("flask_amazon")]
    assert not [text for text in columns + diary + logged + [repr(row)] if newest in text]


def test_rotating_without_a_queue_is_refused_before_amazon_is_asked(world: ShopWorld) -> None:
    world.channel.config = replace(world.channel.config, aws_queue_url="")
    with pytest.raises(ConfigurationError, match="AWS_QUEUE_URL"):
        rotate_secret(world.channel)
    assert world.amazon.requests("rotateApplicationClientSecret") == []


def test_rotating_where_amazon_knows_no_queue_says_what_amazon_says(world: ShopWorld) -> None:
    world.amazon.settings(application_queue="")
    with pytest.raises(AmazonRejected, match="not enrolled"):
        rotate_secret(world.channel)


def test_the_queue_is_read_while_the_accounts_wait_for_a_secret(world: ShopWorld) -> None:
    """The new secret itself may be in it."""
    rotate_secret(world.channel)
    world.pass_time(8 * DAY)
    cycles.begin(world.channel)
    world.work()
    assert state(world) == AccountState.NEEDS_SECRET
    hear(world)
    cycle(world)
    cycle(world)
    assert state(world) == AccountState.CONNECTED
    assert login(world.channel) is not None
