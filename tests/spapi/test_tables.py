"""The tables of operations and marketplaces are Amazon's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flask_amazon_channel.spapi.marketplaces import (
    ENDPOINTS,
    MARKETPLACES,
    SANDBOX_ENDPOINTS,
    marketplaces_of,
)
from flask_amazon_channel.spapi.operations import OPERATIONS

CHECKOUT = Path(__file__).parents[2]
MODELS = Path(os.environ.get("AMAZON_MODELS") or CHECKOUT.parent / "shared" / "sp-api-models") / "models"
FILES = {
    "/sellers/": "sellers.json",
    "/reports/": "reports_2021-06-30.json",
    "/listings/": "listingsItems_2021-08-01.json",
    "/feeds/": "feeds_2021-06-30.json",
    "/orders/2026": "orders_2026-01-01.json",
    "/orders/v0": "ordersV0.json",
    "/notifications/": "notifications.json",
    "/applications/": "application_2023-11-30.json",
}


@pytest.mark.skipif(not MODELS.is_dir(), reason="Amazon's models are not here: set AMAZON_MODELS")
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_is_as_amazons_model_says(operation):
    file = next(name for start, name in FILES.items() if operation.path.startswith(start))
    described = json.loads((MODELS / file).read_text())["paths"][operation.path][operation.method.lower()]
    assert described["operationId"] == operation.name
    rates = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in described["description"].splitlines()
        if line.strip().startswith("|")
    ]
    # A table of one row: requests per second, burst; some models put a plan's name before.
    rate, burst = rates[-1][-2:]
    assert (float(rate), int(burst)) == (operation.rate, operation.burst)


def test_every_marketplace_lies_in_a_region_and_a_time_zone():
    for marketplace in MARKETPLACES.values():
        assert marketplace.region in ENDPOINTS
        assert ZoneInfo(marketplace.time_zone)
        assert marketplace.seller_central.startswith("https://sellercentral")
    assert {place.region for place in MARKETPLACES.values()} == set(ENDPOINTS) == set(SANDBOX_ENDPOINTS)
    assert len({place.country_code for place in MARKETPLACES.values()}) == len(MARKETPLACES) == 23


def test_one_authorisation_covers_the_marketplaces_of_its_region():
    assert {place.country_code for place in marketplaces_of("fe")} == {"JP", "AU", "SG"}
    assert MARKETPLACES["A1PA6795UKMFR9"].time_zone == "Europe/Berlin"


def test_the_client_is_imported_without_loading_requests():
    script = (
        "import sys; import flask_amazon_channel.spapi.client, flask_amazon_channel.spapi.tokens;"
        "sys.exit('requests' in sys.modules or 'urllib3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=CHECKOUT, check=False).returncode == 0
