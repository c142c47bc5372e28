"""Notifications: what sellers subscribed to is told as it happens, by queues or by EventBridge.

types       every type: payload versions, way of delivery, role
listings, orders, offers, processing, warehouses, account   what is told, and when
delivery    filters, aggregation, delay, duplicates; `WATCHERS` hear of all that is sent
envelopes   what is around a payload
outbox      messages for queues of another server
sqs/        queues as those of Amazon SQS, and their protocol
examples    payloads of test notifications

Importing this package registers all that listens.
"""

from flask_amazon_channel.simulator.notifications import account, listings, offers, orders, processing, warehouses
from flask_amazon_channel.simulator.notifications.delivery import WATCHERS

__all__ = ["WATCHERS", "account", "listings", "offers", "orders", "processing", "warehouses"]
