"""A store with listings, to try the grid on."""

from __future__ import annotations

import pytest

from flask_amazon_channel.models import Store
from tests.admin import making
from tests.admin.conftest import Pages, pages

__all__ = ["here", "pages"]


@pytest.fixture
def here(pages: Pages) -> Store:
    return making.store(pages.db, making.account(pages.db))
