"""pytest's fixture for hosts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flask_amazon_channel.simulator import Amazon


@pytest.fixture
def local_amazon() -> Iterator[Amazon]:
    """A local Amazon of the test's own, empty: `local_amazon.add_seller([...])` makes a seller."""
    with Amazon() as amazon:
        yield amazon
