from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_amazon_channel.rules.listing import Override
from flask_amazon_channel.rules.price import PriceDecision, refusal, wanted_price
from flask_amazon_channel.rules.settings import PriceGuards
from tests.rules.making import DAY, NOW, make_product, make_rules

D = Decimal


def price_of(
    product: Any = None, override: Any = None, observed: Any = None, released: Any = None, **rules: Any
) -> PriceDecision:
    return wanted_price(product or make_product(), make_rules(**rules), override, observed, NOW, released)


@pytest.mark.parametrize(
    ("product", "rules", "expected"),
    [
        pytest.param({}, {}, "19.99", id="the ordinary price"),
        pytest.param({"prices": {"amazon": D("17.5")}}, {"price_source": "amazon"}, "17.50", id="its own price"),
        pytest.param({"prices": {"amazon": None}}, {"price_source": "amazon"}, "19.99", id="its own price is empty"),
        pytest.param({"price": D(10)}, {"currency": "GBP", "exchange_rate": D("1.25")}, "12.50", id="V9 converted"),
        pytest.param(
            {"price": D(10)},
            {"currency": "GBP", "exchange_rate": D("1.25"), "vat_percent": D(10)},
            "13.75",
            id="V9 converted, with VAT",
        ),
        pytest.param({"price": D("0.125")}, {}, "0.13", id="half up"),
        pytest.param({"price": D("1.004")}, {"vat_percent": D(50)}, "1.51", id="rounded once, at the end"),
        pytest.param(
            {"price": D("19.99")},
            {"currency": "JPY", "exchange_rate": D("151.3")},
            "3024",
            id="yen are whole",
        ),
        pytest.param(
            {"price": D(10), "currency": "GBP"},
            {"currency": "GBP"},
            "10.00",
            id="priced in that currency already",
        ),
    ],
)
def test_the_price(product: dict[str, Any], rules: dict[str, Any], expected: str) -> None:
    assert str(price_of(make_product(**product), **rules).value) == expected


def test_every_step_says_what_it_left() -> None:
    decision = price_of(
        make_product(price=D("9.99")),
        currency="GBP",
        exchange_rate=D("0.85"),
        vat_percent=D(20),
        price_source="cost",
    )
    assert [(step.sentence, str(step.value)) for step in decision.steps] == [
        ("cost is empty, so the ordinary price of the product in USD.", "9.99"),
        ("Converted to GBP at 0.85.", "8.4915"),
        ("With 20 % VAT.", "10.1898"),
        ("Rounded half up.", "10.19"),
    ]


@pytest.mark.parametrize(
    ("product", "rules", "code"),
    [
        pytest.param({}, {"currency": "GBP"}, "no_exchange_rate", id="nobody knows the rate"),
        pytest.param({}, {"currency": "GBP", "exchange_rate": D(0)}, "no_exchange_rate", id="a rate of nothing"),
        pytest.param({}, {"currency": "GBP", "exchange_rate": D("NaN")}, "no_exchange_rate", id="a rate that is none"),
        pytest.param(
            {"currency": "SEK"},
            {"currency": "GBP", "exchange_rate": D("0.85")},
            "no_exchange_rate",
            id="the rate is for another currency",
        ),
        pytest.param({"price": None}, {}, "no_price", id="no price at all"),
        pytest.param({"price": D("NaN")}, {}, "no_price", id="not a number"),
    ],
)
def test_no_price_is_made_up(product: dict[str, Any], rules: dict[str, Any], code: str) -> None:
    decision = price_of(make_product(**product), **rules)
    assert decision.value is None
    assert decision.missing is not None
    assert decision.missing.code == code


def test_a_price_set_by_hand_replaces_everything_before_the_guards() -> None:
    override = Override(D("14.999"), until=NOW + DAY, reason="stocktaking")
    decision = price_of(override=override, currency="GBP", vat_percent=D(20))
    assert decision.value == D("15.00")
    assert decision.changes_at == NOW + DAY
    assert decision.steps[0].sentence == "Set by hand (stocktaking)."


def test_a_price_set_by_hand_ends_with_its_date() -> None:
    assert price_of(override=Override(D(15), until=NOW)).value == D("19.99")


GUARDS = PriceGuards(minimum=D(10), maximum=D(30), greatest_step_percent=D(50))


@pytest.mark.parametrize(
    ("price", "observed", "code"),
    [
        pytest.param("10.00", None, None, id="the minimum itself"),
        pytest.param("9.99", None, "price_below_minimum", id="below the minimum"),
        pytest.param("30.00", None, None, id="the maximum itself"),
        pytest.param("30.01", None, "price_above_maximum", id="above the maximum"),
        pytest.param("30", "20", None, id="half more"),
        pytest.param("29.99", "19.99", "price_step_too_great", id="a little more than half more"),
        pytest.param("12", "24.50", "price_step_too_great", id="more than half less"),
        pytest.param("25", "0", None, id="nothing was observed"),
        pytest.param("0", None, "not_a_price", id="nothing"),
        pytest.param("-1", None, "not_a_price", id="less than nothing"),
        pytest.param("0.004", None, "not_a_price", id="nothing once rounded"),
        pytest.param("1E+40", None, "not_a_price", id="beyond reason"),
    ],
)
def test_guards_refuse_and_never_bend(price: str, observed: str | None, code: str | None) -> None:
    product, seen = make_product(price=D(price)), None if observed is None else D(observed)
    for decision in (
        price_of(product, observed=seen, guards=GUARDS),
        price_of(override=Override(D(price)), observed=seen, guards=GUARDS),
    ):
        assert (decision.refused.code if decision.refused else None) == code
        assert (decision.value is None) == (code is not None)


def test_a_refused_price_is_shown_with_its_numbers() -> None:
    decision = price_of(make_product(price=D("9.99")), guards=GUARDS)
    assert decision.computed == D("9.99")
    assert decision.refused is not None
    assert decision.refused.sentence == "9.99 USD is below the store's minimum of 10."


def test_a_person_may_let_one_refused_price_through_and_no_other() -> None:
    cheap = make_product(price=D("9.99"))
    assert price_of(cheap, released=D("9.99"), guards=GUARDS).value == D("9.99")
    assert price_of(cheap, released=D("9.98"), guards=GUARDS).value is None


@pytest.mark.parametrize("nonsense", ["0", "-5", "NaN", "Infinity"])
def test_nobody_can_let_through_what_is_no_price(nonsense: str) -> None:
    assert price_of(override=Override(D(nonsense)), released=D(nonsense)).value is None


@settings(derandomize=True, max_examples=300)
@given(
    price=st.decimals(allow_nan=True, allow_infinity=True),
    rate=st.decimals(0, 200, places=4),
    vat=st.decimals(0, 30, places=2),
    observed=st.none() | st.decimals(0, 100, places=2),
)
def test_no_price_outside_the_guards_is_ever_sent(price: Decimal, rate: Decimal, vat: Decimal, observed: Any) -> None:
    rules = make_rules(currency="GBP", exchange_rate=rate, vat_percent=vat, guards=GUARDS)
    decision = wanted_price(make_product(price=price), rules, None, observed, NOW)
    if decision.value is None:
        assert decision.missing is not None or decision.refused is not None
    else:
        assert D(10) <= decision.value <= D(30)
        assert refusal(decision.value, rules, observed) is None
