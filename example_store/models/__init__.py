"""What the shop stores."""

from example_store.models.orders import (
    Customer,
    Order,
    OrderLine,
    OrderNote,
    OrderStatus,
    Shipment,
    ShipmentLine,
)
from example_store.models.products import CATEGORIES, ExchangeRate, Product, StockMovement
from example_store.models.users import Role, User

__all__ = [
    "CATEGORIES",
    "Customer",
    "ExchangeRate",
    "Order",
    "OrderLine",
    "OrderNote",
    "OrderStatus",
    "Product",
    "Role",
    "Shipment",
    "ShipmentLine",
    "StockMovement",
    "User",
]
