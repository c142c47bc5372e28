"""The contract would notice: each of these little suites breaks it in one place."""

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
import requests
from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.api import ANSWERS
from flask_amazon_channel.simulator.wire.messages import json_response
from tests.simulator.conftest import DE, Client

def test_nothing_of_its_own(monkeypatch):
    with Amazon() as amazon:
        client = Client(amazon, amazon.add_seller([DE], catalogue=3))
        {breach}
"""
ASK = 'client.call("GET", "/sellers/v1/marketplaceParticipations")'


def run_suite(folder: Path, breach: str) -> str:
    """Run the little suite, and return what pytest printed."""
    suite = SUITE.replace("{breach}", breach.strip().replace("\n", "\n        "))
    (folder / "test_breach.py").write_text(suite)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.contract.plugin", "-p", "no:cacheprovider", "."]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True).stdout


def test_a_suite_that_breaks_nothing_passes_and_says_what_was_held(tmp_path: Path) -> None:
    printed = run_suite(tmp_path, ASK)
    assert "1 passed" in printed
    assert "1 answers of the simulator, of 1 operations" in printed


def test_a_deliberately_wrong_field_in_an_answer_fails_the_test_in_which_it_came(tmp_path: Path) -> None:
    wrong = 'lambda call: json_response({"payload": [], "seller_name": "Ann"})'
    breach = f'monkeypatch.setattr(ANSWERS["getMarketplaceParticipations"], "function", {wrong})\n{ASK}'
    printed = run_suite(tmp_path, breach)
    assert "The simulator answered getMarketplaceParticipations with 200" in printed
    assert "seller_name" in printed
    assert "1 error" in printed


def test_an_answer_without_a_field_that_amazon_always_sends_fails_it_too(tmp_path: Path) -> None:
    wrong = 'lambda call: json_response({"payload": [{"storeName": "Ann"}]})'
    breach = f'monkeypatch.setattr(ANSWERS["getMarketplaceParticipations"], "function", {wrong})\n{ASK}'
    assert '"participation" is a required property' in run_suite(tmp_path, breach)


def test_a_wrong_request_of_our_client_fails_the_test_in_which_it_was_sent(tmp_path: Path) -> None:
    breach = """
        client.sign_in()
        ours = {"User-Agent": "flask-amazon-channel/1", "x-amz-access-token": client.token}
        requests.get(amazon.url + "/orders/2026-01-01/orders", headers=ours,
            params={"lastUpdatedAfter": "yesterday", "includedData": "EVERYTHING", "max": 5})"""
    printed = run_suite(tmp_path, "\n".join(line.strip() for line in breach.splitlines()))
    for word in ("yesterday", "EVERYTHING", "max"):
        assert f"{word}" in printed
    assert printed.count("Our client sent GET searchOrders") >= 3


def test_an_answer_that_a_fault_spoilt_is_not_held_against_the_simulator(tmp_path: Path) -> None:
    breach = f'amazon.fault("getMarketplaceParticipations", "200_html")\n{ASK}'
    assert "1 passed" in run_suite(tmp_path, breach)
