"""What is known at Amazon besides sellers' listings: products, restrictions, and variation families."""

from dataclasses import dataclass, field


@dataclass
class Product:
    """An ASIN of Amazon's catalogue that need not be listed by anybody."""

    asin: str
    title: str
    brand: str
    product_type: str
    marketplaces: list[str]
    external_ids: list[str] = field(default_factory=list)  # EANs, UPCs, ISBNs


@dataclass
class Restriction:
    """Why a seller may not list an ASIN, or anything of a brand, in a marketplace and condition."""

    seller_id: str
    marketplace: str
    reason: str  # APPROVAL_REQUIRED, ASIN_NOT_FOUND or NOT_ELIGIBLE
    asin: str | None = None
    brand: str | None = None
    condition: str | None = None
