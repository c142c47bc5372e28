"""Each client gets a token and learns where the seller sells."""

from __future__ import annotations

from typing import Any

from tests.clients.conftest import DE, Lenient, Official


def test_the_official_client_signs_in_and_reads_the_marketplaces(official: Official) -> None:
    answer = official.api("SellersApi").get_marketplace_participations()
    assert [each.marketplace.id for each in answer.payload] == [DE]
    assert answer.payload[0].participation.is_participating is True


def test_the_strict_client_signs_in_and_reads_the_marketplaces(strict: Any) -> None:
    answer = strict.sellers.list_marketplace_participations()
    assert [each.marketplace.id for each in answer.payload] == [DE]


def test_the_lenient_client_signs_in_and_reads_the_marketplaces(lenient: Lenient) -> None:
    answer = lenient.api("Sellers").get_marketplace_participation()
    assert [each["marketplace"]["id"] for each in answer.payload] == [DE]
