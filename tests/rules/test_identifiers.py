import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import ean

from flask_amazon_channel.rules.identifiers import is_book, normal_form, stored_forms


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        pytest.param("ean", "0036000291452", "036000291452", id="a UPC is an EAN with a zero before it"),
        pytest.param("upc", "036000291452", "00036000291452", id="a UPC is a GTIN-14 with two zeros before it"),
        pytest.param("ean", "96385074", "0000096385074", id="an EAN-8 is a GTIN with zeros before it"),
        pytest.param("ean", "4006381-333931", " 4006381333931 ", id="spaces and hyphens mean nothing"),
        pytest.param("isbn", "0-306-40615-2", "9780306406157", id="an ISBN-10 is an ISBN-13 with 978"),
        pytest.param("isbn", "080442957x", "978-0-8044-2957-3", id="the X may be small"),
        pytest.param("asin", "b000mug001", "B000MUG001", id="an ASIN in small letters"),
        pytest.param("gcid", "abcdef1234567890", "ABCDEF1234567890", id="a GCID in small letters"),
    ],
)
def test_two_ways_to_write_the_same(kind: str, one: str, other: str) -> None:
    assert normal_form(kind, one) == normal_form(kind, other) is not None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("ean", "4006381333932", id="wrong check digit"),
        pytest.param("ean", "0000000000000", id="only zeros"),
        pytest.param("ean", "12345", id="too short"),
        pytest.param("ean", "٤٠٠٦٣٨١٣٣٣٩٣١", id="digits of another script"),
        pytest.param("isbn", "9770306406157", id="neither 978 nor 979"),
        pytest.param("asin", "B000MUG", id="ASIN too short"),
        pytest.param("sku", "", id="no SKU"),
    ],
)
def test_what_is_not_an_identifier_has_no_normal_form(kind: str, value: str) -> None:
    assert normal_form(kind, value) is None


def test_a_seller_sku_is_taken_as_it_is_written() -> None:
    assert normal_form("sku", " Mug-1 ") == " Mug-1 "
    assert stored_forms("sku", "Mug-1") == ("Mug-1",)


def test_a_upc_is_looked_for_in_every_form_that_a_shop_may_have_stored() -> None:
    assert set(stored_forms("upc", "036000291452")) == {"036000291452", "0036000291452", "00036000291452"}


def test_an_isbn_is_looked_for_with_and_without_hyphens() -> None:
    forms = stored_forms("isbn", "0306406152")
    assert {"9780306406157", "978-0-306-40615-7", "978-0306406157", "0306406152", "0-306-40615-2"} <= set(forms)


def test_an_isbn_of_the_newer_range_has_no_ten_digits() -> None:
    assert all(len(form.replace("-", "")) != 10 for form in stored_forms("isbn", "9791034605439"))


def test_what_is_not_valid_is_looked_for_as_it_is_written() -> None:
    assert stored_forms("ean", "4006381333932") == ("4006381333932",)


def test_a_book_is_known_by_its_gtin() -> None:
    assert is_book("09780306406157")
    assert not is_book("04006381333931")


bodies = st.sampled_from([7, 11, 12, 13]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
gtins = bodies.filter(lambda body: body.strip("0")).map(lambda body: body + ean.calc_check_digit(body))


@settings(derandomize=True)
@given(gtins, st.sampled_from(["ean", "upc"]))
def test_every_stored_form_of_a_gtin_is_the_same_gtin(gtin: str, kind: str) -> None:
    forms = stored_forms(kind, gtin)
    assert gtin in forms
    assert {normal_form(kind, form) for form in forms} == {gtin.zfill(14)}


@settings(derandomize=True)
@given(st.text("0123456789", min_size=9, max_size=9), st.sampled_from(["978", "979"]))
def test_every_stored_form_of_an_isbn_is_the_same_isbn(body: str, prefix: str) -> None:
    isbn_13 = prefix + body + ean.calc_check_digit(prefix + body)
    assert {normal_form("isbn", form) for form in stored_forms("isbn", isbn_13)} == {isbn_13}
