from decimal import Decimal
from typing import Any

import pytest

from flask_amazon_channel.rules.orders import new_shop_order, order_totals, quarantine_reason, totals_differ
from flask_amazon_channel.rules.values import Address, Buyer, OrderFlags, Totals
from tests.rules.making import DAY, NOW, make_item, make_order, make_order_rules

D = Decimal
PRODUCTS = {"item-1": "7"}
BREAKDOWN = {
    "ITEM": D("59.97"),
    "SHIPPING": D("4.99"),
    "TAX": D("5.20"),
    "DISCOUNT": D("-3.00"),
    "COD_FEE": D("1.50"),
    "DELIVERY_TIP": D("2.00"),
}
TOTAL = D("70.66")


def test_an_order_becomes_a_shop_order_with_everything_that_amazon_said() -> None:
    order = make_order(
        make_item(tax=D("5.20"), discount=D("-3.00"), gift_message="Happy birthday"),
        breakdown=BREAKDOWN,
        grand_total=TOTAL,
        service_level="STANDARD",
        ship_by=NOW + DAY,
        buyer=Buyer(name="Ada"),
        address=Address(name="ADA LOVELACE", country_code="us", state="california"),
        programs=("PRIME", "AMAZON_BUSINESS"),
        is_replacement=True,
    )
    made = new_shop_order(order, PRODUCTS, make_order_rules(storefront="main"), {"amazon": "https://example.com/"})
    assert (made.amazon_order_id, made.store, made.storefront) == (
        order.amazon_order_id,
        "Mugs in America",
        "main",
    )
    assert (made.number, made.status, made.send_mail, made.payment_label) == (None, None, False, "Amazon")
    [line] = made.lines
    assert (line.id, line.product_id, line.quantity, line.unit_price) == ("item-1", "7", 3, D("19.99"))
    assert (line.tax, line.discount) == (D("5.20"), D("3.00"))
    assert made.flags == OrderFlags(prime=True, business=True, replacement=True, gift=True)
    assert made.address == Address(name="Ada Lovelace", country_code="US", state="CA")
    assert made.gift_message == "Happy birthday"
    assert made.totals.grand_total == TOTAL


def test_amazons_number_is_used_only_if_the_store_says_so() -> None:
    assert new_shop_order(make_order(), PRODUCTS, make_order_rules(uses_amazon_number=True)).number == (
        "111-2222222-3333333"
    )


def test_what_amazon_withholds_is_withheld_and_never_made_up() -> None:
    made = new_shop_order(make_order(), PRODUCTS, make_order_rules())
    assert (made.buyer, made.address) == (None, None)


def test_a_cancelled_line_is_left_out_and_a_partly_cancelled_one_shortened() -> None:
    order = make_order(
        make_item(fulfilled=0, unfulfilled=2), make_item(order_item_id="item-2", fulfilled=0, unfulfilled=0)
    )
    made = new_shop_order(order, PRODUCTS, make_order_rules())
    assert [(line.id, line.quantity) for line in made.lines] == [("item-1", 2)]


def test_a_line_without_a_product_quarantines_the_order() -> None:
    order = make_order(make_item(), make_item(order_item_id="item-2", sku="CUP-2"))
    reason = quarantine_reason(order, PRODUCTS, make_order_rules())
    assert reason is not None
    assert reason.sentence == "No product of the shop is known for CUP-2: match it, and the order is created."
    assert quarantine_reason(order, {"item-1": "7", "item-2": "9"}, make_order_rules()) is None


def test_a_store_may_prefer_a_line_with_a_description_only() -> None:
    rules = make_order_rules(describes_unmatched_lines=True)
    assert quarantine_reason(make_order(), {}, rules) is None
    assert new_shop_order(make_order(), {}, rules).lines[0].product_id is None


def test_a_cancelled_line_without_a_product_quarantines_nothing() -> None:
    order = make_order(make_item(), make_item(order_item_id="item-2", fulfilled=0, unfulfilled=0))
    assert quarantine_reason(order, PRODUCTS, make_order_rules()) is None


def test_totals_by_part() -> None:
    assert order_totals(make_order(breakdown=BREAKDOWN, grand_total=TOTAL)) == Totals(
        items=D("59.97"),
        shipping=D("4.99"),
        tax=D("5.20"),
        discount=D("3.00"),
        other=D("3.50"),
        grand_total=TOTAL,
    )


def test_without_a_breakdown_the_lines_are_added_up() -> None:
    totals = order_totals(make_order(make_item(tax=D("5.20"), discount=D("3.00"))))
    assert (totals.items, totals.tax, totals.discount) == (D("59.97"), D("5.20"), D("3.00"))
    assert totals.grand_total == D("62.17")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({}, None, id="all agree"),
        pytest.param({"grand_total": TOTAL + D("0.01")}, None, id="one cent is rounding"),
        pytest.param(
            {"grand_total": TOTAL + D("0.02")},
            "The parts of the order add up to 70.66 USD, Amazon's total is 70.68.",
            id="two cents are not",
        ),
        pytest.param({"breakdown": {}}, None, id="nothing to compare"),
        pytest.param({"breakdown": {**BREAKDOWN, "DISCOUNT": D("3.00")}}, None, id="a discount without its sign"),
    ],
)
def test_the_parts_must_add_up_to_the_total(changes: dict[str, Any], sentence: str | None) -> None:
    reason = totals_differ(make_order(**{"breakdown": BREAKDOWN, "grand_total": TOTAL} | changes))
    assert (reason.sentence if reason else None) == sentence


def test_each_part_must_add_up_from_its_lines() -> None:
    lines = (
        make_item(breakdown={"ITEM": D("40"), "TAX": D("5.20")}),
        make_item(order_item_id="item-2", breakdown={"ITEM": D("19.97")}),
    )
    assert totals_differ(make_order(*lines, breakdown=BREAKDOWN, grand_total=TOTAL)) is None
    reason = totals_differ(make_order(lines[0], breakdown=BREAKDOWN, grand_total=TOTAL))
    assert reason is not None
    assert reason.sentence == "The lines' ITEM adds up to 40 USD, the order's is 59.97."


def test_yen_are_compared_in_yen() -> None:
    order = make_order(currency="JPY", breakdown={"ITEM": D(1980)}, grand_total=D(1982))
    assert totals_differ(order) is not None
