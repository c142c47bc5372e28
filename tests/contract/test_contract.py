"""The contract would notice: a little suite of its own breaks it in one place after the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract import models

pytestmark = pytest.mark.skipif(not models.AT_HAND, reason="Amazon's models are not at hand")

ROOT = Path(__file__).parents[2]

SUITE = """
import pytest
import requests
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.api import ANSWERS
from flask_amazon_channel.simulator.notifications import WATCHERS
from flask_amazon_channel.simulator.wire.messages import json_response
from tests.simulator.conftest import DE, Client

SELLERS = "/sellers/v1/marketplaceParticipations"

@pytest.fixture
def client():
    with Amazon() as amazon:
        yield Client(amazon, amazon.add_seller([DE], catalogue=3))

def answering(monkeypatch, document):
    monkeypatch.setattr(ANSWERS["getMarketplaceParticipations"], "function", lambda call: json_response(document))

def test_nothing_wrong(client):
    client.get(SELLERS)

def test_a_field_too_many(client, monkeypatch):
    answering(monkeypatch, {"payload": [], "seller_name": "Ann"})
    client.get(SELLERS)

def test_a_field_too_few(client, monkeypatch):
    answering(monkeypatch, {"payload": [{"storeName": "Ann"}]})
    client.get(SELLERS)

def test_a_fault(client):
    client.amazon.fault("getMarketplaceParticipations", "200_html")
    client.get(SELLERS)

def test_a_wrong_request_of_ours(client):
    client.sign_in()
    headers = {"User-Agent": "flask-amazon-channel/1", "x-amz-access-token": client.token}
    query = {"lastUpdatedAfter": "yesterday", "includedData": "EVERYTHING", "max": 5}
    requests.get(client.amazon.url + "/orders/2026-01-01/orders", headers=headers, params=query)

def test_a_wrong_notification():
    for watcher in WATCHERS:
        watcher({"NotificationType": "ORDER_CHANGE", "PayloadVersion": "1.0", "Payload": {}})
"""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest prints of the little suite."""
    folder = tmp_path_factory.mktemp("breaches")
    (folder / "test_breaches.py").write_text(SUITE)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-rA",
        "-p",
        "tests.contract.plugin",
        "-p",
        "no:cacheprovider",
        ".",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True).stdout


def complaint(printed: str, test: str) -> str:
    """What made the little suite's test fail after it had passed."""
    assert f"ERROR test_breaches.py::{test}" in printed
    return printed.partition(f"ERROR at teardown of {test} ")[2].partition("ERROR at teardown")[0]


def test_what_keeps_to_the_models_passes_and_is_counted(printed: str) -> None:
    assert "ERROR test_breaches.py::test_nothing_wrong" not in printed
    assert "4 answers of the simulator, of 2 operations" in printed
    assert "1 requests of our client, to 1 operations" in printed
    assert "1 notifications, of 1 types" in printed


def test_a_deliberately_wrong_field_in_an_answer_fails_the_test_in_which_it_came(printed: str) -> None:
    said = complaint(printed, "test_a_field_too_many")
    assert "The simulator answered getMarketplaceParticipations with 200" in said
    assert "seller_name" in said


def test_an_answer_without_a_field_that_amazon_always_sends_fails_it_too(printed: str) -> None:
    assert '"participation" is a required property' in complaint(printed, "test_a_field_too_few")


def test_a_wrong_request_of_our_client_fails_the_test_in_which_it_was_sent(printed: str) -> None:
    said = complaint(printed, "test_a_wrong_request_of_ours")
    assert said.count("Our client sent GET searchOrders") >= 3
    for word in ("yesterday", "EVERYTHING", "max"):
        assert word in said


def test_a_wrong_notification_fails_the_test_in_which_it_was_sent(printed: str) -> None:
    assert "The simulator notified: ORDER_CHANGE" in complaint(printed, "test_a_wrong_notification")


def test_an_answer_that_a_fault_spoilt_is_not_held_against_the_simulator(printed: str) -> None:
    assert "PASSED test_breaches.py::test_a_fault" in printed
    assert "ERROR test_breaches.py::test_a_fault" not in printed
