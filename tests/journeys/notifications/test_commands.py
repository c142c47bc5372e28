"""`flask amazon notifications` and `rotate-secret`, as they are typed."""

from __future__ import annotations

import json
from typing import Any

from flask_amazon_channel.rules.notifications import TYPES
from tests.journeys.notifications.conftest import ARN, give_queue, hear
from tests.journeys.world import ShopWorld, listed


def run(world: ShopWorld, *words: str) -> Any:
    world.session.rollback()
    return world.app.test_cli_runner().invoke(args=["amazon", *words])


def test_setup_and_status_print_sentences_and_json(world: ShopWorld) -> None:
    world.connect(listings=[listed("LAMP")])
    give_queue(world, world.amazon.url)
    before = run(world, "notifications", "status")
    assert before.exit_code == 1
    assert "flask amazon notifications setup" in before.output
    done = run(world, "notifications", "setup", "--json")
    assert done.exit_code == 0, done.output
    steps = {step["about"]: step for step in json.loads(done.stdout)}
    assert steps["Fjellstad: ORDER_CHANGE"]["result"] == "made"
    assert "Partner event sources" in steps["rule na"]["remedy"]
    again = run(world, "notifications", "setup")
    assert (again.exit_code, "made" in again.output) == (0, False)
    world.buy()
    hear(world)
    shown = run(world, "notifications", "status", "--json")
    assert shown.exit_code == 0
    document = json.loads(shown.stdout)
    by_type = {one["type"]: one for one in document["subscriptions"]}
    assert (document["queue"], set(by_type)) == (ARN, set(TYPES))
    assert by_type["ORDER_CHANGE"]["last_at"] == world.clock().isoformat()
    assert "ORDER_CHANGE: last 20" in run(world, "notifications", "status").output


def test_without_a_queue_the_commands_say_what_to_set(world: ShopWorld) -> None:
    for words in (("notifications", "setup"), ("notifications", "status"), ("rotate-secret",)):
        done = run(world, *words)
        assert (done.exit_code, "AMAZON_CHANNEL_AWS_QUEUE_URL" in done.output) == (1, True), words


def test_rotating_the_secret_says_what_comes_next(world: ShopWorld) -> None:
    world.connect()
    give_queue(world, world.amazon.url)
    world.amazon.settings(application_queue=ARN)
    done = run(world, "rotate-secret")
    assert done.exit_code == 0, done.output
    assert "AMAZON_CHANNEL_LWA_CLIENT_SECRET within seven days" in done.output
    assert "amzn1.oa2-cs" not in done.output
