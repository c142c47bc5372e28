from datetime import timedelta
from typing import Any

import pytest

from flask_amazon_channel.rules.orders import is_newer, takes_effect, wants_shop_order
from tests.rules.making import DAY, FBA, MFN, MINUTE, NOW, make_order

LOOK_BACK = timedelta(days=2)


@pytest.mark.parametrize(
    ("status", "fulfilled_by", "code"),
    [
        pytest.param("UNSHIPPED", MFN, None, id="may be shipped"),
        pytest.param("PARTIALLY_SHIPPED", MFN, None, id="partly shipped"),
        pytest.param("SHIPPED", MFN, None, id="shipped"),
        pytest.param("PENDING", MFN, "pending", id="not paid yet"),
        pytest.param("PENDING_AVAILABILITY", MFN, "pending", id="ordered in advance"),
        pytest.param("CANCELLED", MFN, "cancelled", id="cancelled"),
        pytest.param("UNFULFILLABLE", FBA, "cancelled", id="cannot be fulfilled"),
        pytest.param("UNSHIPPED", FBA, "amazon_ships", id="Amazon has not shipped it yet"),
        pytest.param("PARTIALLY_SHIPPED", FBA, "amazon_ships", id="Amazon has shipped a part"),
        pytest.param("SHIPPED", FBA, None, id="Amazon has shipped it"),
        pytest.param("INVOICE_UNCONFIRMED", MFN, "unknown_status", id="a status nobody knows"),
    ],
)
def test_when_there_is_a_shop_order(status: str, fulfilled_by: Any, code: str | None) -> None:
    reason = wants_shop_order(make_order(status=status, fulfilled_by=fulfilled_by))
    assert (reason.code if reason else None) == code


def test_there_is_none_while_import_is_off_or_from_before_the_connection() -> None:
    off, old = (
        wants_shop_order(make_order(), imports_orders=False),
        wants_shop_order(make_order(), has_effect=False),
    )
    assert off is not None
    assert old is not None
    assert (off.code, old.code) == ("import_off", "before_connection")


@pytest.mark.parametrize(
    ("age", "status", "expected"),
    [
        pytest.param(-DAY, "SHIPPED", True, id="after the connection, even if first seen shipped"),
        pytest.param(0 * DAY, "SHIPPED", True, id="in the moment of the connection"),
        pytest.param(DAY, "UNSHIPPED", True, id="a day before, still unshipped"),
        pytest.param(DAY, "PENDING", True, id="a day before, not paid yet"),
        pytest.param(DAY, "SHIPPED", False, id="a day before, shipped"),
        pytest.param(DAY, "CANCELLED", False, id="a day before, cancelled"),
        pytest.param(DAY, "BRAND_NEW", False, id="a day before, in a status nobody knows"),
        pytest.param(3 * DAY, "UNSHIPPED", False, id="unshipped, but beyond the look-back"),
    ],
)
def test_orders_from_before_the_connection_stay_amazons(age: timedelta, status: str, expected: bool) -> None:
    assert takes_effect(make_order(status=status, created_at=NOW - age), NOW, LOOK_BACK) == expected


@pytest.mark.parametrize(
    ("updated", "fetched", "applied_updated", "applied_fetched", "expected"),
    [
        pytest.param(NOW, NOW, None, None, True, id="nothing was applied"),
        pytest.param(NOW, NOW - DAY, NOW - MINUTE, NOW, True, id="changed later, fetched earlier"),
        pytest.param(NOW - MINUTE, NOW, NOW, NOW - DAY, False, id="changed earlier, fetched later"),
        pytest.param(NOW, NOW, NOW, NOW - MINUTE, True, id="the same, fetched later"),
        pytest.param(NOW, NOW - MINUTE, NOW, NOW, False, id="the same, fetched earlier"),
        pytest.param(NOW, NOW, NOW, NOW, False, id="the very same"),
    ],
)
def test_only_a_newer_picture_is_applied(
    updated: Any, fetched: Any, applied_updated: Any, applied_fetched: Any, expected: bool
) -> None:
    assert is_newer(make_order(last_updated_at=updated), fetched, applied_updated, applied_fetched) == expected
