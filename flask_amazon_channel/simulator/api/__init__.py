"""Amazon's operations, one file for each family.  Importing this package registers them all."""

from . import listing_search, listings, orders, patching, reports, sellers, shipping
from .call import ANSWERS, Call

__all__ = ["ANSWERS", "Call", "listing_search", "listings", "orders", "patching", "reports", "sellers", "shipping"]
