"""The simulator against Amazon's own models; the other tests hold every answer against them on the way."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from flask_amazon_channel.simulator.api import ANSWERS
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.operations import OPERATIONS
from tests.contract import models

needs_models = pytest.mark.skipif(not models.AT_HAND, reason="Amazon's models are not at hand")


@needs_models
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_the_path_and_the_quota_of_amazons_model(name: str) -> None:
    operation = OPERATIONS[name]
    described = models.description_of(name).operation
    assert described["operationId"] == name.removesuffix("V0")
    found = re.search(r"\| *([\d.]+) *\| *([\d.]+) *\|", described["description"])
    if found:
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
    files = [json.loads(path.read_text()) for path in (models.FOLDER / "models").glob("*.json")]
    objects = [each for model in files for each in _objects(model)]
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
