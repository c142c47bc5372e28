"""The second host for `flask --app tests.cli.served`, as the environment says."""

from __future__ import annotations

import os

from flask import Flask

from tests.hosts.variant_shop import create_app as create_variant_shop


def create_app() -> Flask:
    return create_variant_shop(os.environ["DATABASE_URI"], AMAZON_CHANNEL_REDIS_URL=os.environ["BROKER_URL"])
