import pytest

from flask_amazon_channel.rules.shipments import (
    Carrier,
    LineProgress,
    carrier_for,
    package_items,
    package_key,
    tracking_number,
)


@pytest.mark.parametrize(
    ("name", "carrier"),
    [
        pytest.param("DHL", Carrier("DHL"), id="as Amazon writes it"),
        pytest.param(" fed-ex ", Carrier("FedEx"), id="with a hyphen and spaces"),
        pytest.param("royal_mail", Carrier("Royal Mail"), id="as a code of the shop"),
        pytest.param("Hermes", Carrier("Hermes Logistik Gruppe"), id="by its short name"),
        pytest.param("Yamato Transport", Carrier("YamatoTransport"), id="Yamato"),
        pytest.param("佐川急便", Carrier("SagawaExpress"), id="Sagawa in Japanese"),
        pytest.param("Bike  Messenger", Carrier("Other", "Bike Messenger"), id="one that Amazon does not know"),
    ],
)
def test_carriers_by_amazons_codes(name: str, carrier: Carrier) -> None:
    assert carrier_for(name) == carrier


@pytest.mark.parametrize("name", ["", "  ", "-"])
def test_a_shipment_needs_a_carrier(name: str) -> None:
    with pytest.raises(ValueError, match="name of its carrier"):
        carrier_for(name)


def test_a_shipment_needs_a_tracking_number() -> None:
    assert tracking_number(" 0034 0001 ") == "00340001"
    with pytest.raises(ValueError, match="tracking number"):
        tracking_number(" ")


def test_the_same_package_is_known_by_the_shops_key_or_by_carrier_and_number() -> None:
    assert package_key("DHL", "0034", "P1") == package_key("UPS", "1Z", " P1 ") == "P1"
    assert package_key("dhl", "00 34") == package_key("DHL", "0034") != package_key("UPS", "0034")


LINES = {"item-1": LineProgress(3), "item-2": LineProgress(5, cancelled=1, in_other_packages=2)}


def test_no_items_means_all_that_is_left() -> None:
    assert package_items(None, LINES) == {"item-1": 3, "item-2": 2}
    assert package_items(None, {"item-1": LineProgress(3, in_other_packages=3)}) == {}


def test_a_package_may_hold_as_many_as_are_left() -> None:
    assert package_items({"item-2": 2}, LINES) == {"item-2": 2}


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        pytest.param(
            {"item-2": 3},
            "Line item-2: 3 cannot be shipped, 2 are left (5 ordered, 1 cancelled, 2 in other packages).",
            id="more than are left",
        ),
        pytest.param({"item-1": 0}, "Line item-1: 0 cannot be shipped.", id="none"),
        pytest.param({"item-1": -1}, "Line item-1: -1 cannot be shipped.", id="less than none"),
        pytest.param({"item-9": 1}, "The order has no line item-9.", id="an unknown line"),
        pytest.param({}, "A shipment needs at least one line; leave items out to ship all that is left.", id="nothing"),
        pytest.param(
            {"item-1": 0, "item-9": 1},
            "Line item-1: 0 cannot be shipped. The order has no line item-9.",
            id="two mistakes",
        ),
    ],
)
def test_what_cannot_be_shipped_is_said_before_anything_is_written(items: dict[str, int], sentence: str) -> None:
    with pytest.raises(ValueError) as raised:
        package_items(items, LINES)
    assert str(raised.value) == sentence
