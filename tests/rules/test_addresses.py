from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_amazon_channel.rules.orders import address_lines, normalise_address
from flask_amazon_channel.rules.values import Address


def tidied(**fields: Any) -> Address:
    return normalise_address(Address(**fields))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("JOHN  O'BRIEN ", "John O'Brien", id="shouting and spaces"),
        pytest.param("Ian McDonald", "Ian McDonald", id="what is not shouted stays"),
        pytest.param("JOHN'S INN", "John's Inn", id="a small s after the apostrophe"),
        pytest.param("PO BOX 12", "PO Box 12", id="post office boxes"),
        pytest.param("12B NW MÜLLERSTRASSE", "12B NW Müllerstrasse", id="house numbers and directions"),
        pytest.param("東京都", "東京都", id="other scripts"),
        pytest.param("  ", None, id="only spaces"),
    ],
)
def test_names_and_cities_are_not_shouted(written: str, expected: str | None) -> None:
    address = tidied(name=written, city=written, lines=(written, ""))
    assert (address.name, address.city) == (expected, expected)
    assert address.lines == ((expected,) if expected else ())


@pytest.mark.parametrize(
    ("country", "state", "expected"),
    [
        pytest.param("us", "New York", ("US", "NY"), id="by its name"),
        pytest.param("US", "n.y.", ("US", "NY"), id="with dots"),
        pytest.param("US", "calif", ("US", "calif"), id="one that nobody knows stays"),
        pytest.param("CA", "Québec", ("CA", "QC"), id="a province"),
        pytest.param("PR", None, ("US", "PR"), id="Puerto Rico as a country"),
        pytest.param("US", "Puerto Rico", ("US", "PR"), id="Puerto Rico as a state"),
        pytest.param("DE", "NY", ("DE", "NY"), id="not a state of that country"),
        pytest.param(None, "Texas", (None, "Texas"), id="nobody knows the country"),
    ],
)
def test_states_have_two_letters(country: str | None, state: str | None, expected: tuple[str, str]) -> None:
    address = tidied(country_code=country, state=state)
    assert (address.country_code, address.state) == expected


@pytest.mark.parametrize(
    ("country", "written", "expected"),
    [
        pytest.param("US", "123456789", "12345-6789", id="ZIP+4"),
        pytest.param("US", "1234", "1234", id="not a ZIP code"),
        pytest.param("GB", "sw1a1aa", "SW1A 1AA", id="London"),
        pytest.param("GB", "m1 1ae", "M1 1AE", id="Manchester"),
        pytest.param("CA", "k1a-0b1", "K1A 0B1", id="Ottawa"),
        pytest.param("JP", "1000001", "100-0001", id="Tokyo"),
        pytest.param("DE", " 10115 ", "10115", id="Berlin"),
    ],
)
def test_postal_codes_have_the_form_of_their_country(country: str, written: str, expected: str) -> None:
    assert tidied(country_code=country, postal_code=written).postal_code == expected


def vars_of(address: Address) -> dict[str, Any]:
    """Compare fields, not reprs: an address shows nothing of itself."""
    return {name: getattr(address, name) for name in Address.__slots__}


words = st.none() | st.text(max_size=20)
countries = st.sampled_from([None, "US", "us", "PR", "CA", "GB", "JP", "DE"])


@settings(derandomize=True, max_examples=300)
@given(st.builds(Address, words, words, st.tuples(words.map(lambda w: w or "")), words, words, words, words, countries))
def test_tidying_twice_changes_nothing_more(address: Address) -> None:
    once = normalise_address(address)
    assert vars_of(normalise_address(once)) == vars_of(once)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            {"city": "SAN JUAN", "state": "PR", "postal_code": "00907", "country_code": "PR"},
            ["Ida Berg", "Storgata 1", "San Juan, PR 00907"],
            id="a territory of the United States is a state, and said once",
        ),
        pytest.param(
            {"city": "Montréal", "state": "Québec", "postal_code": "h2y1c6", "country_code": "CA"},
            ["Ida Berg", "Storgata 1", "Montréal, QC H2Y 1C6"],
            id="the postal code after the province",
        ),
        pytest.param(
            {"city": "Bremen", "postal_code": "28195", "country_code": "DE", "district": "Mitte"},
            ["Ida Berg", "Storgata 1", "Mitte", "28195 Bremen"],
            id="the postal code before the city",
        ),
        pytest.param({"country_code": "US"}, ["Ida Berg", "Storgata 1"], id="what is not known is left out"),
    ],
)
def test_an_address_is_written_line_by_line_as_on_a_parcel(fields: dict[str, str], expected: list[str]) -> None:
    assert address_lines(Address(name="Ida Berg", lines=("Storgata 1",), **fields)) == expected
