"""Files: all that match or the page, numbers as numbers, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from flask_amazon_channel.admin.grid import exporting
from flask_amazon_channel.models import Store
from tests.admin import making
from tests.admin.conftest import Pages


def rows(pages: Pages, path: str) -> list[list[str]]:
    answer = pages.get(path)
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "PORTION", 7)


def test_all_that_match_are_exported_and_not_the_page_only(pages: Pages, here: Store) -> None:
    for number in range(40):
        making.listing(pages.db, here, f"MUG-{number:02}", state="inactive" if number % 2 else "active")
    path = f"/stores/{here.id}/listings?state=active&state=inactive&size=25&columns=sku&sort=-sku&format=csv"
    assert rows(pages, path) == [["SKU"], *([f"MUG-{number:02}"] for number in range(39, -1, -1))]
    assert len(rows(pages, f"{path}&rows=page")) == 26


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_a_formula(pages: Pages, here: Store, start: str) -> None:
    making.listing(pages.db, here, title=f"{start}cmd|' /C calc'!A0")
    ((_, title),) = rows(pages, f"/stores/{here.id}/listings?columns=sku,title&format=csv")[1:]
    assert title.startswith("'")
    assert title.removeprefix("'").lstrip() == f"{start}cmd|' /C calc'!A0".lstrip()


def test_amounts_are_plain_numbers_also_below_zero_and_times_are_times(pages: Pages, here: Store) -> None:
    making.listing(pages.db, here, observed_price_minor=-1234567)
    columns = "columns=price,quantity,price_override,state"
    row = rows(pages, f"/stores/{here.id}/listings?view=all&{columns}&format=csv")[1]
    assert row == ["-12345.67", "12", "No", "Active"]
    making.order(pages.db, here.account, here, purchased_at=making.ago(minutes=10))
    row = rows(pages, f"/stores/{here.id}/orders?view=all&columns=purchased,total&format=csv")[1]
    assert row == [f"{making.ago(minutes=10):%Y-%m-%d %H:%M:%S}", "24.89"]


def test_an_excel_file_has_numbers_as_numbers_and_texts_as_texts(pages: Pages, here: Store) -> None:
    making.order(pages.db, here.account, here, amazon_order_id="=1+1", problem="bell\x07", total_minor=-1990)
    answer = pages.get(f"/stores/{here.id}/orders?columns=number,problem,total,purchased&format=xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    head, row = sheet.iter_rows()
    assert [cell.value for cell in head] == ["Order", "Problem", "Total", "Purchased"]
    assert [cell.data_type for cell in row[:3]] == ["s", "s", "n"]
    assert [cell.value for cell in row[:3]] == ["=1+1", "bell", -19.9]
    assert isinstance(row[3].value, datetime)


def test_without_the_library_the_page_says_what_to_install(
    pages: Pages, here: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "has_excel", lambda: False)
    making.listing(pages.db, here)
    assert 'pip install "flask-amazon-channel[excel]"' in pages.text(f"/stores/{here.id}/listings")
    answer = pages.get(f"/stores/{here.id}/listings?format=xlsx")
    assert answer.status_code == 503
    assert "flask-amazon-channel[excel]" in answer.text


def test_nothing_that_is_not_visible_is_exported(pages: Pages, here: Store) -> None:
    there = making.store(pages.db, here.account, "GB")
    making.order(pages.db, here.account, there)
    pages.person.stores = [here.id]
    assert len(rows(pages, "/orders?format=csv")) == 1
