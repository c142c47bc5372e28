"""For the tests of hosts: the checks behind `flask amazon check-shop`, and a local Amazon.

    from flask_amazon_channel.testing import check_shop

    def test_our_shop_keeps_to_the_port(app):
        assert check_shop(app) == []

| file | what it holds |
|---|---|
| `conformance` | `check_shop`, and the list of all checks |
| `products`, `stock`, `orders` | the checks |
| `asking` | how a shop is asked: what it raises is a finding, what it writes is rolled back |
| `local_amazon` | what connects an app to the local Amazon |
| `plugin` | the fixture `local_amazon`: `pytest_plugins = "flask_amazon_channel.testing.plugin"` |
"""

from flask_amazon_channel.testing.asking import Finding
from flask_amazon_channel.testing.conformance import check_shop
from flask_amazon_channel.testing.local_amazon import configuration

__all__ = ["Finding", "check_shop", "configuration"]
