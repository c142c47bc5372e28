"""The first steps: connect, import, match."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from example_store import amazon_catalogue
from example_store.demo.amazon import MARKETPLACES, SELLERS
from example_store.tour.scene import Facts, NotSo, Scene, expect
from flask_amazon_channel.models import Listing, SellerAccount, Sku, Store
from flask_amazon_channel.rules.money import from_minor

NAME = "Fjellstad & Sons"
COUNTRIES = SELLERS[NAME]


def connect(scene: Scene) -> Facts:
    """Go the way of the owner: our page, Amazon's page, back, and activate both stores."""
    owner = scene.owner
    page = owner.send(owner.open("/amazon/connect").form("/connect"), name=NAME, region="na")
    consent = owner.open(page.link("Continue at Amazon"))
    back = owner.send(consent.form("/consent"), seller=scene.seller)
    expect(f"{NAME} is connected" in back.text, f"After Amazon's page came: {back.text[:200]}")
    with scene.database() as session:
        stores = {store.country_code: store.id for store in session.scalars(sa.select(Store))}
    expect(set(stores) == set(COUNTRIES), f"There are stores for {sorted(stores)} instead of {sorted(COUNTRIES)}.")
    for store_id in stores.values():
        owner.send(owner.open(f"/amazon/stores/{store_id}").form(f"/stores/{store_id}/activate"))
    with scene.database() as session:
        account_state = session.scalars(sa.select(SellerAccount.state)).one()
        active = session.scalars(sa.select(Store.country_code).where(Store.state == "active")).all()
    expect(sorted(active) == sorted(COUNTRIES), f"Only these stores are active: {sorted(active)}.")
    return {"seller": scene.seller, "account": account_state, "stores": sorted(active)}


def import_listings(scene: Scene) -> Facts:
    """Wait until every listing here shows what Amazon shows; the listings that differ are being corrected meanwhile."""
    return scene.until(lambda: {country: _compare(scene, country) for country in COUNTRIES})


def _compare(scene: Scene, country: str) -> int:
    """Return how many listings of the country are the same here and at Amazon."""
    marketplace, currency = MARKETPLACES[country]
    expected = {listing["sku"] for listing in amazon_catalogue.amazon_listings()}
    with scene.database() as session:
        rows = session.execute(
            sa.select(Listing, Sku)
            .join(Listing.sku)
            .join(Listing.store)
            .where(Store.country_code == country, Listing.on_amazon)
        ).all()
    here = {sku.sku: _shown_here(listing, sku, currency) for listing, sku in rows}
    expect(set(here) == expected, f"{country}: {len(here)} listings were read, Amazon has {len(expected)}.")
    for sku, shown in here.items():
        there = _shown_there(scene.amazon.listing(scene.seller, marketplace, sku))
        expect(shown == there, f"{country} {sku}: the channel read {shown}, Amazon shows {there}.")
    return len(here)


def _shown_here(listing: Listing, sku: Sku, currency: str) -> tuple[Any, ...]:
    price = listing.observed_price_minor
    return (
        listing.asin,
        None if price is None else from_minor(price, currency),
        None if sku.fulfilled_by == "amazon" else sku.observed_quantity,
        "BUYABLE" in listing.amazon_status,
    )


def _shown_there(facts: Facts) -> tuple[Any, ...]:
    return (
        facts["asin"],
        Decimal(facts["price"]["amount"]) if facts["price"] else None,
        None if facts["fulfillment"] == "AMAZON" else facts["quantity"],
        "BUYABLE" in facts["status"],
    )


def match(scene: Scene) -> Facts:
    """Every SKU has the product that it should have: by which identifier, which are for a person, which are foreign."""
    return scene.until(lambda: _matches(scene))


def _matches(scene: Scene) -> Facts:
    with scene.database() as session:
        skus = session.scalars(sa.select(Sku).where(sa.exists().where(Listing.sku_id == Sku.id, Listing.on_amazon)))
        found = {sku.sku: sku for sku in skus}
    for sku, product_sku in _renamed().items():
        product = scene.product(product_sku)
        expect(found[sku].product_id == str(product.id), f"{sku} should be {product_sku}, not {found[sku].product_id}.")
        expect(found[sku].matched_by != "sku", f"{sku} cannot have been found by SKU.")
    several = {sku for sku, row in found.items() if row.match_problem == "multiple_matches"}
    expect(several == set(amazon_catalogue.AMBIGUOUS_SKUS.values()), f"Several products match: {sorted(several)}.")
    foreign = {sku for sku, row in found.items() if row.match_problem == "no_match"}
    expect(foreign == {sku for sku, *_ in amazon_catalogue.FOREIGN}, f"No product matches: {sorted(foreign)}.")
    open_skus = sorted(sku for sku, row in found.items() if row.product_id is None and not row.match_problem)
    if open_skus:
        raise NotSo(f"Not matched yet: {open_skus}.")
    by = Counter(str(row.matched_by) for row in found.values() if row.product_id)
    return {"matched_by": dict(by), "multiple_matches": sorted(several), "third_party": sorted(foreign)}


def _renamed() -> dict[str, str]:
    """The SKUs at Amazon that are not the shop's, with the shop's."""
    catalogue = amazon_catalogue
    renamed = {**catalogue.OLD_SKUS, **catalogue.UPC_SKUS, **catalogue.ISBN_10_SKUS}
    warehouse = {f"{sku}-FBA": sku for sku in catalogue.AT_AMAZONS_WAREHOUSE}
    return {**{other: sku for sku, other in renamed.items()}, **warehouse}
