"""The Amazon sales channel for shops that run on Flask and SQLAlchemy.

    extension.py   AmazonChannel: all that a host calls
    shop.py        the port to the host: the protocol Shop, and SQLAlchemyShop for plain models
    columns.py     what SQLAlchemyShop needs of SQL
    testing/       for hosts: a local Amazon, and the checks behind `flask amazon check-shop`
    signals.py     every signal that the channel sends
    config.py      every AMAZON_CHANNEL_* key
    errors.py      the errors, sorted by what happens next
    faults.py      faults in the log, without values
    channel.py     what one app was given at installation
    encryption.py  secrets and personal data at rest
    folders.py     where templates/ and migrations/ lie
    jobs.py        every background job, and the timetable
    cli/           `flask amazon ...`
    rules/         the business: pure functions of values
    models/        what is stored
    spapi/         the only code that knows Amazon's HTTP and JSON
    sync/          one file per journey, the long ones in folders: publishing/, orders/
    admin/         the administrators' pages
    languages.py   what is said, in other languages: translations/
    simulator/     a local Amazon

Rules decide, models remember, spapi talks, sync does a journey, jobs say when, admin shows.
"""

from flask_amazon_channel.extension import AmazonChannel
from flask_amazon_channel.rules.reasons import Reason, because
from flask_amazon_channel.rules.values import (
    Address,
    Buyer,
    FulfilledBy,
    Kind,
    NewShopOrder,
    NewShopOrderLine,
    OrderChange,
    OrderChangeKind,
    ShopAttribute,
    ShopProduct,
    StockCause,
    StockChange,
    Storefront,
)
from flask_amazon_channel.shop import Shop, SQLAlchemyShop

__version__ = "0.1.0"

__all__ = [
    "Address",
    "AmazonChannel",
    "Buyer",
    "FulfilledBy",
    "Kind",
    "NewShopOrder",
    "NewShopOrderLine",
    "OrderChange",
    "OrderChangeKind",
    "Reason",
    "SQLAlchemyShop",
    "Shop",
    "ShopAttribute",
    "ShopProduct",
    "StockCause",
    "StockChange",
    "Storefront",
    "because",
]
