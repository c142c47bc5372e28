"""Destinations, subscriptions, the rule of EventBridge, and how they are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from moto.server import ThreadedMotoServer

from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import NotificationSubscription
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.rules.notifications import TYPES
from flask_amazon_channel.simulator.notifications import outbox
from flask_amazon_channel.spapi.aws import QueueUnavailable
from flask_amazon_channel.sync import permission
from flask_amazon_channel.sync.notifications import status, subscribe
from flask_amazon_channel.sync.notifications.queue import queue_of
from tests.journeys.notifications.conftest import ACCOUNT, ARN, aws, give_queue, hear, waiting
from tests.journeys.world import JP, US, ShopWorld, listed

CHANGING = ("createDestination", "createSubscription", "deleteSubscriptionById", "SetQueueAttributes")


def changes(world: ShopWorld) -> list[str]:
    return [call["operation"] for call in world.amazon.requests() if call["operation"] in CHANGING]


def results(world: ShopWorld) -> dict[str, str]:
    return {step.about: step.result for step in subscribe.set_up(world.channel)}


def test_setting_up_subscribes_every_type_and_a_second_time_changes_nothing(world: ShopWorld) -> None:
    world.connect(listings=[listed("LAMP")])
    give_queue(world, world.amazon.url)
    first = results(world)
    assert {about: result for about, result in first.items() if result not in ("made", "there")} == {
        "rule na": "by_hand"
    }
    assert {row.type for row in world.all(NotificationSubscription)} == set(TYPES)
    world.amazon.forget_requests()
    again = results(world)
    assert changes(world) == []
    assert set(again.values()) == {"there", "by_hand"}


def test_accounts_of_two_regions_are_subscribed_each_in_its_own(world: ShopWorld) -> None:
    world.connect(US)
    world.connect(JP)
    give_queue(world, world.amazon.url)
    found = results(world)
    assert {"destination na", "destination fe"} <= set(found)
    assert len(world.all(NotificationSubscription)) == 2 * len(TYPES)


def test_what_has_to_be_clicked_is_said_in_words(world: ShopWorld) -> None:
    world.connect()
    give_queue(world, world.amazon.url)
    [rule] = [step for step in subscribe.set_up(world.channel) if step.about == "rule na"]
    assert "Partner event sources" in rule.remedy
    assert f"aws.partner/sellingpartnerapi.amazon.com/{ACCOUNT}/" in rule.remedy
    assert ARN in rule.remedy


def test_the_queue_lets_amazon_in_and_keeps_what_its_owner_allowed(world: ShopWorld) -> None:
    world.connect()
    address = give_queue(world, world.amazon.url)
    mine = {"Sid": "Mine", "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": ARN}
    with aws("sqs", world.amazon.url) as sqs:
        sqs.set_queue_attributes(QueueUrl=address, Attributes={"Policy": json.dumps({"Statement": [mine]})})
        list(subscribe.set_up(world.channel))
        policy = sqs.get_queue_attributes(QueueUrl=address, AttributeNames=["Policy"])["Attributes"]["Policy"]
    statements = {one["Sid"]: one for one in json.loads(policy)["Statement"]}
    assert statements.pop("Mine") == mine
    assert "437568002678" in json.dumps(statements)
    assert "events.amazonaws.com" in json.dumps(statements)


def test_a_role_that_is_missing_stops_only_its_own_type(world: ShopWorld) -> None:
    world.connect(listings=[listed("LAMP")])
    world.amazon.change_seller(world.seller["seller_id"], roles=["Product Listing", "Inventory and Order Tracking"])
    give_queue(world, world.amazon.url)
    steps = {step.about: step for step in subscribe.set_up(world.channel)}
    refused = steps["Fjellstad: ANY_OFFER_CHANGED"]
    assert (refused.result, "role Pricing" in refused.remedy) == ("failed", True)
    assert steps["Fjellstad: ORDER_CHANGE"].result == "made"


def test_a_subscription_that_leads_elsewhere_is_led_here(subscribed: ShopWorld) -> None:
    with aws("sqs", subscribed.amazon.url) as sqs:
        other = sqs.create_queue(QueueName="other")["QueueUrl"]
    subscribed.channel.config = replace(subscribed.channel.config, aws_queue_url=other)
    subscribed.channel.message_queue.close()
    subscribed.channel.message_queue = None
    assert results(subscribed)["Fjellstad: ORDER_CHANGE"] == "made"
    subscribed.amazon.place_order(subscribed.seller["seller_id"], US, [{"sku": "LAMP", "quantity": 1}])
    assert {sent["queue"] for sent in subscribed.amazon.notifications("ORDER_CHANGE")} == {
        ARN.replace("notifications", "other")
    }


def test_the_status_says_what_is_subscribed_and_when_something_came_last(subscribed: ShopWorld) -> None:
    subscribed.buy()
    hear(subscribed)
    found = {one.type: one for one in status.standings(subscribed.channel)}
    assert all(one.subscribed and not one.remedy for one in found.values())
    assert found["ORDER_CHANGE"].last_at == subscribed.clock()
    assert found["ANY_OFFER_CHANGED"].last_at is None
    seen = status.overview(subscribed.channel)
    assert (seen.queue, seen.waiting, seen.dropped) == (ARN, 0, 0)


def test_the_status_of_what_is_not_subscribed_names_the_remedy(world: ShopWorld) -> None:
    world.connect()
    give_queue(world, world.amazon.url)
    found = list(status.standings(world.channel))
    assert len(found) == len(TYPES)
    assert {(one.subscribed, one.remedy) for one in found} == {(False, status.SET_UP)}


def test_events_that_never_come_point_to_the_rule(subscribed: ShopWorld) -> None:
    subscribed.pass_time(3 * 86400)
    silent = {one.type for one in status.standings(subscribed.channel) if "EventBridge" in one.remedy}
    assert silent == {"LISTINGS_ITEM_STATUS_CHANGE", "LISTINGS_ITEM_ISSUES_CHANGE"} | (
        silent & {"LISTINGS_ITEM_MFN_QUANTITY_CHANGE"}
    )


def test_without_a_queue_setting_up_says_which_key_is_missing(world: ShopWorld) -> None:
    world.connect()
    with pytest.raises(ConfigurationError, match="AMAZON_CHANNEL_AWS_QUEUE_URL"):
        list(subscribe.set_up(world.channel))


def test_a_queue_that_does_not_exist_is_told_as_such(world: ShopWorld) -> None:
    world.connect()
    give_queue(world, world.amazon.url)
    config = world.channel.config
    world.channel.config = replace(config, aws_queue_url=config.aws_queue_url.replace("notifications", "nowhere"))
    with pytest.raises(QueueUnavailable, match="AWS refused GetQueueAttributes"):
        list(subscribe.set_up(world.channel))


def test_an_installation_that_only_reads_leaves_the_queue_alone(subscribed: ShopWorld) -> None:
    subscribed.buy()
    subscribed.channel.config = replace(subscribed.channel.config, read_only=True)
    assert hear(subscribed) == 0
    with pytest.raises(ConfigurationError, match="READ_ONLY"):
        list(subscribe.set_up(subscribed.channel))


@pytest.fixture
def moto() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    requests.post(f"http://{host}:{port}/moto-api/reset", timeout=10)
    yield f"http://{host}:{port}"
    server.stop()


def test_at_another_server_of_queues_the_rule_of_eventbridge_is_made_once(world: ShopWorld, moto: str) -> None:
    give_queue(world, moto)
    queue = queue_of(world.channel)
    # Amazon's own names hold slashes, which this server takes for an ARN.
    source = "selling-partner-api"
    with aws("events", moto) as events:
        events.create_partner_event_source(Name=source, Account=ACCOUNT)
        assert not queue.lead_events_here(source, subscribe.BY_EVENT_BUS)
        assert queue.lead_events_here(source, subscribe.BY_EVENT_BUS)
        [rule] = events.list_rules(EventBusName=source)["Rules"]
        [target] = events.list_targets_by_rule(Rule=rule["Name"], EventBusName=source)["Targets"]
    pattern = json.loads(rule["EventPattern"])
    assert (pattern["source"], set(pattern["detail-type"])) == ([source], set(subscribe.BY_EVENT_BUS))
    assert target["Arn"] == ARN


def test_at_another_server_of_queues_a_notification_is_heard(world: ShopWorld, moto: str) -> None:
    world.connect(listings=[listed("LAMP")])
    give_queue(world, moto)
    results(world)
    world.amazon.settings(sqs_endpoint=moto)
    order = world.buy()
    assert outbox.of(world.amazon.world).wait(20)
    assert hear(world) == 1
    assert world.order(order).status == "UNSHIPPED"


def test_what_must_not_be_sent_from_here_is_not_set_up_from_here(subscribed: ShopWorld) -> None:
    """A copy of the database on another machine takes no message from the shop that it was copied from."""
    subscribed.buy()
    subscribed.session.rollback()
    in_transaction(subscribed.session, lambda: permission.remember(subscribed.session, subscribed.channel))
    subscribed.channel.config = replace(subscribed.channel.config, instance="elsewhere")
    assert hear(subscribed) == 0
    assert waiting(subscribed) > 0
    with pytest.raises(ConfigurationError, match="another installation"):
        list(subscribe.set_up(subscribed.channel))
