"""A saved product reaches Amazon, and why a listing is as it is."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from example_store.amazon_catalogue import in_currency
from example_store.demo.amazon import MARKETPLACES
from example_store.tour.scene import Facts, Scene, expect
from flask_amazon_channel.models import Aspect, ProductChange, Submission, SubmissionState

SKU = "CG-2008"
NEW_PRICE = Decimal("84.50")
TAKEN = 8
UNDER_WAY = (SubmissionState.INTENT, SubmissionState.UNKNOWN, SubmissionState.ACCEPTED)


def come_to_rest(scene: Scene) -> None:
    """Wait until what differed at Amazon when the account was connected has been corrected and read back."""
    scene.until(lambda: _at_rest(scene))


def product_saved(scene: Scene) -> Facts:
    """Change price and stock on the back office's page, and look at the listing as a buyer does."""
    before = scene.amazon.listing(scene.seller, MARKETPLACES["US"][0], SKU)
    product = scene.product(SKU)
    form = scene.clerk.open(f"/office/products/{product.id}").form(f"/products/{product.id}")
    stock = product.stock - TAKEN
    page = scene.clerk.send(form, price=str(NEW_PRICE), stock=str(stock))
    saved_at = time.monotonic()
    expect("Saved." in page.text, f"The back office did not save: {page.text[:200]}")
    wanted = {
        country: (Decimal(in_currency(NEW_PRICE, currency)), stock)
        for country, (_, currency) in MARKETPLACES.items()
        if country in ("US", "MX")
    }
    scene.until(lambda: _expect_at_amazon(scene, wanted))
    seconds = round(time.monotonic() - saved_at, 2)
    page_at = scene.listing_page(SKU)
    scene.until(lambda: _expect_on_page(scene, page_at, f"${NEW_PRICE}"))
    return {
        "sku": SKU,
        "before": {"price": before["price"], "quantity": before["quantity"]},
        "buyers_see": {
            country: {"price": str(price), "quantity": number} for country, (price, number) in wanted.items()
        },
        "seconds_to_amazon": seconds,
    }


def explained(scene: Scene) -> Facts:
    """Ask the command line, and look for each of its sentences on the listing's page."""
    answers: list[dict[str, Any]] = json.loads(scene.demo.flask("amazon", "explain", SKU, "--json"))
    answer = next(each for each in answers if each["store"].endswith("US"))
    product = scene.product(SKU)
    expect(answer["state"] == "active", f"It is explained as {answer['state']}.")
    expect(answer["quantity"]["value"] == product.stock, f"The quantity is explained as {answer['quantity']['value']}.")
    expect(Decimal(answer["price"]["value"]) == product.price, f"The price is explained as {answer['price']['value']}.")
    sentences = [step["sentence"] for part in ("quantity", "price") for step in answer[part]["steps"]]
    sentences += [reason["sentence"] for reason in answer["reasons"]]
    expect(len(sentences) >= 2, "It is explained without steps.")
    page = scene.clerk.open(scene.listing_page(SKU))
    for sentence in [answer["label"], *sentences]:
        expect(sentence in page.text, f"The page {page.url} does not say: {sentence}")
    return {
        "sku": SKU,
        "state": answer["state"],
        "quantity": answer["quantity"]["value"],
        "price": answer["price"]["value"],
        "sentences": sentences,
    }


def _at_rest(scene: Scene) -> None:
    with scene.database() as session:
        changes = session.scalar(sa.select(sa.func.count()).select_from(ProductChange))
        due = session.scalar(sa.select(sa.func.count()).select_from(Aspect).where(Aspect.due_at <= datetime.now(UTC)))
        sent = session.scalar(sa.select(sa.func.count()).select_from(Submission).where(Submission.state.in_(UNDER_WAY)))
    expect(not (changes or due or sent), f"{changes} changes, {due} due and {sent} sent are still under way.")


def _expect_at_amazon(scene: Scene, wanted: dict[str, tuple[Decimal, int]]) -> None:
    for country, (price, quantity) in wanted.items():
        seen = scene.amazon.listing(scene.seller, MARKETPLACES[country][0], SKU)
        shown = (Decimal(seen["price"]["amount"]) if seen["price"] else None, seen["quantity"])
        expect(shown == (price, quantity), f"{country}: buyers see {shown}, the shop wants {(price, quantity)}.")


def _expect_on_page(scene: Scene, address: str, text: str) -> None:
    page = scene.clerk.open(address)
    expect(text in page.text, f"{page.url} does not show {text}.")
