"""What is stored: tables, constraints, queries.  No decisions, and never the network."""

from flask_amazon_channel.models.accounts import AccountState, SellerAccount, Store, StoreState
from flask_amazon_channel.models.activity import Activity
from flask_amazon_channel.models.alerts import Alert, AlertMessage
from flask_amazon_channel.models.base import Base
from flask_amazon_channel.models.bulk import BulkAction, BulkState
from flask_amazon_channel.models.changes import Change
from flask_amazon_channel.models.copied_from_sku import follow as _follow  # noqa: F401  # it listens to the SKUs
from flask_amazon_channel.models.feeds import OPEN_FEEDS, Feed, FeedState
from flask_amazon_channel.models.listings import Listing, ListingIssue, Sku
from flask_amazon_channel.models.notifications import (
    NotificationSubscription,
    PendingHint,
    ReceivedNotification,
)
from flask_amazon_channel.models.onboarding import MarkState, OnboardingMark, Preparation
from flask_amazon_channel.models.orders import (
    AmazonOrder,
    AmazonOrderItem,
    OrderPerson,
    Package,
    PackageItem,
    StockEntry,
)
from flask_amazon_channel.models.runs import CallError, LoggedCall, PurgePosition, Run, RunPart, RunState
from flask_amazon_channel.models.safety import Instance, MassChange
from flask_amazon_channel.models.secrets import ClientSecret
from flask_amazon_channel.models.title_words import titled as _titled  # noqa: F401  # it adds an index
from flask_amazon_channel.models.views import GridView
from flask_amazon_channel.models.work import (
    EVERY_PRODUCT,
    Aspect,
    AspectName,
    ProductChange,
    Slot,
    Stream,
    StreamName,
    Submission,
    SubmissionState,
)

__all__ = [
    "EVERY_PRODUCT",
    "OPEN_FEEDS",
    "AccountState",
    "Activity",
    "Alert",
    "AlertMessage",
    "AmazonOrder",
    "AmazonOrderItem",
    "Aspect",
    "AspectName",
    "Base",
    "BulkAction",
    "BulkState",
    "CallError",
    "Change",
    "ClientSecret",
    "Feed",
    "FeedState",
    "GridView",
    "Instance",
    "Listing",
    "ListingIssue",
    "LoggedCall",
    "MarkState",
    "MassChange",
    "NotificationSubscription",
    "OnboardingMark",
    "OrderPerson",
    "Package",
    "PackageItem",
    "PendingHint",
    "Preparation",
    "ProductChange",
    "PurgePosition",
    "ReceivedNotification",
    "Run",
    "RunPart",
    "RunState",
    "SellerAccount",
    "Sku",
    "Slot",
    "StockEntry",
    "Store",
    "StoreState",
    "Stream",
    "StreamName",
    "Submission",
    "SubmissionState",
]
