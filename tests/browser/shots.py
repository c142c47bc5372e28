"""Every page that a person looks at, in one table: the tests look at each of them, and the manual shows some.

`{names}` in an address are what `furnish` found or made in the running demo.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from PIL import Image

from example_store.amazon_catalogue import AMBIGUOUS_SKUS, FOREIGN
from example_store.tour.scene import Scene, expect
from flask_amazon_channel.models import AmazonOrder, BulkAction, Change, SellerAccount, Store
from tests.browser.looking import US, Visit, order_something

WIDTH, HEIGHT = 1120, 800
PHONE = {"width": 390, "height": 844}
COLOURS = 128
DESK = {"width": WIDTH, "height": HEIGHT}


class Shot(NamedTuple):
    """A page as it is looked at.  `height` is that of its picture in the manual; 0: the manual shows none."""

    name: str
    address: str
    height: int = 0


SHOTS = (
    Shot("home", "/", HEIGHT),
    Shot("search", "/search?q=CG-20", HEIGHT),
    Shot("search-nothing", "/search?q=nothing+of+this+name"),
    Shot("help", "/help", HEIGHT),
    Shot("preparation", "/preparation", 1000),
    Shot("onboarding", "/onboarding"),
    Shot("onboarding-marketplaces", "/accounts/{account}/onboarding/marketplaces", HEIGHT),
    Shot("onboarding-storefronts", "/accounts/{account}/onboarding/storefronts", HEIGHT),
    Shot("onboarding-identifiers", "/accounts/{account}/onboarding/identifiers", 1000),
    Shot("onboarding-rules", "/accounts/{account}/onboarding/rules", HEIGHT),
    Shot("onboarding-review", "/accounts/{account}/onboarding/review", HEIGHT),
    Shot("onboarding-start", "/accounts/{account}/onboarding/start", HEIGHT),
    Shot("connect", "/connect", HEIGHT),
    Shot("connect-continue", "/connect/continue"),
    Shot("connect-return", "/connect/return"),
    Shot("account", "/accounts/{account}", 1000),
    Shot("account-settings", "/accounts/{account}/settings", 1000),
    Shot("account-changes", "/accounts/{account}/changes"),
    Shot("account-runs", "/accounts/{account}/runs"),
    Shot("quotas", "/accounts/{account}/quotas", HEIGHT),
    Shot("store", "/stores/{store}", 1300),
    Shot("store-settings", "/stores/{store}/settings", 1000),
    Shot("store-changes", "/stores/{store}/changes"),
    Shot("store-life", "/stores/{store}/life", 1000),
    Shot("store-copy", "/stores/{store}/copy", HEIGHT),
    Shot("store-delete", "/stores/{store}/delete", HEIGHT),
    Shot("listing-rule", "/stores/{store}/listing-rule", HEIGHT),
    Shot("listings", "/stores/{store}/listings", 1000),
    Shot("listings-ineligible", "/stores/{store}/listings?state=ineligible"),
    Shot("listings-incomplete", "/stores/{store}/listings?state=incomplete"),
    Shot("listings-inactive", "/stores/{store}/listings?state=inactive"),
    Shot("listings-without-product", "/stores/{store}/listings?state=new_third_party"),
    Shot("listings-none", "/stores/{store}/listings?state=ended"),
    Shot("listings-search", "/stores/{store}/listings?q=tent"),
    Shot("listings-filtered", "/stores/{store}/listings?price.from=20&price.to=40&sort=-price"),
    Shot("listings-not-found", "/stores/{store}/listings?q=nothing+of+this+name"),
    Shot("listing", "{listing}", 1500),
    Shot("listing-sold-out", "{sold_out}"),
    Shot("listing-blocked", "{blocked}"),
    Shot("listing-choice", "{ambiguous}", HEIGHT),
    Shot("listing-of-nobody", "{foreign}"),
    Shot("listing-at-amazon", "{fba}"),
    Shot("listing-prices", "{listing}/prices", 1000),
    Shot("listing-activity", "{listing}/activity"),
    Shot("bulk", "/bulk/{bulk}", 1000),
    Shot("orders", "/orders", HEIGHT),
    Shot("store-orders", "/stores/{store}/orders"),
    Shot("order", "/orders/{order}", 1300),
    Shot("order-waiting", "/orders/{waiting}"),
    Shot("order-activity", "/orders/{order}/activity"),
    Shot("alerts", "/alerts", HEIGHT),
    Shot("store-alerts", "/stores/{store}/alerts"),
    Shot("failures", "/stores/{store}/failures", HEIGHT),
    Shot("failed-orders", "/stores/{store}/failures/orders"),
    Shot("failed-changes", "/stores/{store}/failures/changes"),
    Shot("listings-report", "/stores/{store}/listings-report", HEIGHT),
    Shot("improvements", "/stores/{store}/improvements", HEIGHT),
    Shot("issues", "/stores/{store}/issues"),
    Shot("competitive-prices", "/stores/{store}/prices", HEIGHT),
    Shot("listing-changes", "/stores/{store}/listing-changes", HEIGHT),
    Shot("call-errors", "/stores/{store}/errors"),
    Shot("store-activity", "/stores/{store}/activity", HEIGHT),
    Shot("runs", "/runs"),
    Shot("store-runs", "/stores/{store}/runs", HEIGHT),
    Shot("debug-log", "/stores/{store}/debug-log", HEIGHT),
    Shot("changes", "/changes", HEIGHT),
    Shot("change", "/changes/{change}", HEIGHT),
    Shot("not-found", "/stores/999999"),
)


def furnish(scene: Scene) -> dict[str, str]:
    """Let there be something to be seen on each page, and return what the addresses name."""
    with scene.database() as session:
        store = session.scalars(sa.select(Store.id).where(Store.country_code == "US")).one()
        account = session.scalars(sa.select(SellerAccount.id).order_by(SellerAccount.id)).first()
    order = order_something(scene, ("CG-2001", 1), ("ST-4002", 2))
    waiting = scene.amazon.place_order(scene.seller, US, (FOREIGN[0][0], 1))
    _change_a_setting(scene, store)
    _ask_for_much(scene, store)
    scene.until(lambda: _order(scene, waiting))
    return {
        "store": str(store),
        "account": str(account),
        "order": _order(scene, order),
        "waiting": _order(scene, waiting),
        "change": _newest(scene, Change),
        "bulk": _newest(scene, BulkAction),
        "listing": scene.listing_page("CG-2001"),
        "sold_out": scene.listing_page("BK-1011"),
        "blocked": scene.listing_page("CG-2012"),
        "ambiguous": scene.listing_page(AMBIGUOUS_SKUS["BK-1001"]),
        "foreign": scene.listing_page(FOREIGN[0][0]),
        "fba": scene.listing_page("KT-3005-FBA"),
    }


def where(shot: Shot, found: dict[str, str]) -> str:
    address = shot.address.format(**found)
    return address if address.startswith("/amazon") else f"/amazon{address}"


def endpoints(scene: Scene, found: dict[str, str]) -> set[str]:
    """Return the pages that the table shows."""
    urls = scene.app.url_map.bind("localhost")
    return {urls.match(where(shot, found).partition("?")[0], method="GET")[0] for shot in SHOTS}


def take(visit: Visit, shot: Shot, file: Path) -> None:
    """Take the picture of the page that is open, as the manual shows it."""
    visit.page.set_viewport_size({"width": WIDTH, "height": shot.height or HEIGHT})
    visit.page.screenshot(path=file, animations="disabled")
    shrink(file)


def shrink(file: Path) -> None:
    """Leave the picture as many colours as pages need: it is a third as large then."""
    with Image.open(file) as picture:
        reduced = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    reduced.save(file, optimize=True)


def _change_a_setting(scene: Scene, store: int) -> None:
    place = f"/amazon/stores/{store}/settings"
    form = next(one for one in scene.owner.open(place).forms if "look_back_days" in one.fields)
    days = int(form.fields["look_back_days"])
    form.action = f"{scene.demo.url}{place}"
    scene.owner.send(form, look_back_days=str(days + 1))


def _ask_for_much(scene: Scene, store: int) -> None:
    """Ask for a bulk action, which is shown before anything is done."""
    form = scene.owner.open(f"/amazon/stores/{store}/listings").form("/bulk")
    scene.owner.send(form, action="price_owner", all="1")


def _order(scene: Scene, amazon_order_id: str) -> str:
    with scene.database() as session:
        found = session.scalar(sa.select(AmazonOrder.id).where(AmazonOrder.amazon_order_id == amazon_order_id))
    expect(found, f"The order {amazon_order_id} was not seen yet.")
    return str(found)


def _newest(scene: Scene, model: Any) -> str:
    with scene.database() as session:
        return str(session.scalars(sa.select(sa.func.max(model.id))).one())
