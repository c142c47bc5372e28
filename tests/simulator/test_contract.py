"""The simulator against Amazon's own models; the other tests hold every answer against them on the way."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from flask_amazon_channel.simulator.api import ANSWERS
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.operations import OPERATIONS

from . import contract
from .conftest import DE, Client

needs_models = pytest.mark.skipif(not contract.MODELS.is_dir(), reason="Amazon's models are not at hand")


@needs_models
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_the_path_and_the_quota_of_amazons_model(name: str) -> None:
    operation = OPERATIONS[name]
    described = contract.model_of(name)["paths"][operation.path][operation.method.lower()]
    assert described["operationId"] == name
    found = re.search(r"\| *([\d.]+) *\| *([\d.]+) *\|", described["description"])
    assert found
    assert (float(found[1]), int(found[2])) == (operation.rate, operation.burst)


def test_every_operation_of_the_table_is_answered() -> None:
    assert set(ANSWERS) == set(OPERATIONS)


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        yield document
    for each in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from _objects(each)


@needs_models
def test_marketplaces_are_those_of_amazons_examples() -> None:
    models = [json.loads(path.read_text()) for path in contract.MODELS.glob("*.json")]
    objects = [each for model in models for each in _objects(model)]
    channels = [each for each in objects if isinstance(each.get("marketplaceName"), str)]
    assert len(channels) > 5
    assert all(MARKETPLACES[each["marketplaceId"]].name == each["marketplaceName"] for each in channels)
    described = [each for each in objects if isinstance(each.get("defaultCurrencyCode"), str) and "id" in each]
    assert len(described) > 1
    for each in described:
        known = MARKETPLACES[each["id"]]
        assert (known.country, known.currency) == (each["countryCode"], each["defaultCurrencyCode"])
        assert (known.language, known.domain) == (each["defaultLanguageCode"], each["domainName"])


def test_marketplaces_are_consistent() -> None:
    assert len({each.country for each in MARKETPLACES.values()}) == len(MARKETPLACES) == 23
    assert all(each.language[-2:] == each.country for each in MARKETPLACES.values())
    assert {each.region for each in MARKETPLACES.values()} == {"na", "eu", "fe"}


@needs_models
def test_a_deliberately_wrong_field_fails_the_contract(client: Client) -> None:
    answer = client.get(client.item_path("LAMP"), marketplaceIds=DE).json()
    assert contract.problems("getListingsItem", 200, json.dumps(answer).encode()) == []
    wrong = json.dumps(answer).replace('"itemName"', '"item_name"').encode()
    assert "item_name" in str(contract.problems("getListingsItem", 200, wrong))
    late = json.dumps(answer).replace("T", " ").encode()
    assert "date-time" in str(contract.problems("getListingsItem", 200, late))
    assert contract.problems("getListingsItem", 418, b"{}") == ["getListingsItem must not answer 418."]
