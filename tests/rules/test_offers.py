from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.rules.offers import patched_offer, price_patch, quantity_patch, withdrawal_patch
from tests.rules.making import GB, US

D = Decimal


def at(amount: Any) -> list[dict[str, Any]]:
    return [{"schedule": [{"value_with_tax": amount}]}]


SALE = [{"schedule": [{"start_at": "2026-12-01", "end_at": "2026-12-08", "value_with_tax": D("14.99")}]}]
TIERS = [{"schedule": [{"discount_type": "fixed", "levels": [{"lower_bound": 5, "value": D("17.0")}]}]}]
FOR_ALL = {
    "marketplace_id": US,
    "currency": "USD",
    "audience": "ALL",
    "our_price": at(D("18.5")),
    "discounted_price": SALE,
}
FOR_BUSINESS = {
    "marketplace_id": US,
    "currency": "USD",
    "audience": "B2B",
    "our_price": at(D("18.5")),
    "quantity_discount_plan": TIERS,
}
IN_BRITAIN = {"marketplace_id": GB, "currency": "GBP", "audience": "ALL", "our_price": at(D("15"))}


def test_only_our_price_changes_and_everything_else_is_carried() -> None:
    assert patched_offer([FOR_ALL, FOR_BUSINESS, IN_BRITAIN], US, "USD", D("19.99")) == [
        {**FOR_ALL, "our_price": at(D("19.99"))},
        FOR_BUSINESS,
    ]


def test_what_was_never_read_cannot_be_carried_so_no_price_is_sent() -> None:
    assert patched_offer(None, US, "USD", D("19.99")) is None
    assert price_patch(None, US, "USD", D("19.99")) is None


@pytest.mark.parametrize("read", [[], [IN_BRITAIN]], ids=["no offer at all", "an offer elsewhere"])
def test_a_first_price_makes_an_offer_for_everybody(read: list[Any]) -> None:
    assert patched_offer(read, US, "USD", D("19.99")) == [
        {"marketplace_id": US, "currency": "USD", "audience": "ALL", "our_price": at(D("19.99"))}
    ]


def test_an_offer_without_an_audience_is_for_everybody() -> None:
    read = {"marketplace_id": US, "our_price": at(D("18"))}
    assert patched_offer([read], US, "USD", D("19.99")) == [{**read, "currency": "USD", "our_price": at(D("19.99"))}]


def test_an_offer_for_business_only_gets_one_for_everybody_before_it() -> None:
    audiences = [offer["audience"] for offer in patched_offer([FOR_BUSINESS], US, "USD", D("19.99")) or []]
    assert audiences == ["ALL", "B2B"]


def test_what_was_read_stays_as_it_was() -> None:
    read = [{"marketplace_id": US, "audience": "ALL", "our_price": at(D("18.5"))}]
    patched_offer(read, US, "USD", D("19.99"), D(1), D(99))
    assert read == [{"marketplace_id": US, "audience": "ALL", "our_price": at(D("18.5"))}]


def test_floats_become_the_decimals_that_were_written() -> None:
    read = {"marketplace_id": US, "audience": "B2B", "our_price": at(17.1)}
    _, for_business = patched_offer([read], US, "USD", D("19.99")) or []
    assert for_business["our_price"] == at(D("17.1"))


def test_our_limits_go_along_with_the_price() -> None:
    [offer] = patched_offer([FOR_ALL], US, "USD", D("19.99"), D(10), D(30)) or []
    assert offer["minimum_seller_allowed_price"] == at(D(10))
    assert offer["maximum_seller_allowed_price"] == at(D(30))


@pytest.mark.parametrize(
    ("limits", "kept"),
    [
        pytest.param({"minimum_seller_allowed_price": at(D(10))}, True, id="a minimum below the price stays"),
        pytest.param({"minimum_seller_allowed_price": at(D(25))}, False, id="a minimum above it goes"),
        pytest.param({"maximum_seller_allowed_price": at(30.5)}, True, id="a maximum above the price stays"),
        pytest.param({"maximum_seller_allowed_price": at(D(15))}, False, id="a maximum below it goes"),
    ],
)
def test_a_limit_of_amazons_that_forbids_the_price_would_take_the_listing_off_sale(limits: Any, kept: bool) -> None:
    [offer] = patched_offer([{**FOR_ALL, **limits}], US, "USD", D("19.99")) or []
    assert (set(limits) <= set(offer)) == kept


def test_the_price_replaces_and_the_quantity_is_merged() -> None:
    patch = price_patch([FOR_ALL], US, "USD", D("19.99"))
    assert patch is not None
    assert (patch["op"], patch["path"]) == ("replace", "/attributes/purchasable_offer")
    assert quantity_patch(8) == {
        "op": "merge",
        "path": "/attributes/fulfillment_availability",
        "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 8}],
    }


def test_a_quantity_below_nothing_is_never_written() -> None:
    with pytest.raises(ValueError, match="-1 cannot be shown"):
        quantity_patch(-1)


def test_withdrawing_takes_away_every_audience_of_one_marketplace() -> None:
    assert withdrawal_patch([FOR_ALL, FOR_BUSINESS, IN_BRITAIN], US, "USD") == {
        "op": "delete",
        "path": "/attributes/purchasable_offer",
        "value": [
            {"marketplace_id": US, "currency": "USD", "audience": "ALL"},
            {"marketplace_id": US, "currency": "USD", "audience": "B2B"},
        ],
    }


def test_an_offer_that_was_never_read_can_be_withdrawn() -> None:
    assert withdrawal_patch(None, US, "USD")["value"] == [{"marketplace_id": US, "currency": "USD", "audience": "ALL"}]
