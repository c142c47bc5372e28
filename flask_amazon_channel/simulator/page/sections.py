"""The sections of the page.  Each shows the newest or the first few; the control calls show everything."""

from html import escape
from itertools import islice

from flask_amazon_channel.simulator.clock import iso
from flask_amazon_channel.simulator.introduction import configuration
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES, money_text
from flask_amazon_channel.simulator.operations import OPERATIONS
from flask_amazon_channel.simulator.page.html import choice, field, folded, form, section, table
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.state.orders import Order
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.wire.faults import KINDS, Fault
from flask_amazon_channel.simulator.wire.gateway import Gateway
from flask_amazon_channel.simulator.wire.recording import Record
from flask_amazon_channel.simulator.world import World

SHOWN = 20
ADVANCES = (("300", "5 minutes"), ("3600", "1 hour"), ("28800", "8 hours"), ("86400", "1 day"), ("604800", "1 week"))
NEXT_STATUSES = ("UNSHIPPED", "SHIPPED", "CANCELLED")


def clock(world: World) -> str:
    hurry = form("advance", "Advance", choice("seconds", "By how much", ADVANCES))
    speed = f"{world.clock.speed:g}"
    pace = form("speed", "Set speed", field("speed", "Speed", speed, type="number", step="any", min="0"), quiet=True)
    now = f"It is <b>{_moment(world.now())}</b> UTC here, and time runs {speed} times as fast as outside."
    return f"<p>{now} {hurry} {pace}</p>"


def sellers(world: World) -> str:
    rows = [_seller_row(world, each) for each in world.state.sellers.values()]
    headings = ("Seller", "Sells in", "Listings", "Orders", "Connect")
    return section("sellers", "Sellers", table(headings, rows, "There is no seller yet."))


def _seller_row(world: World, seller: Seller) -> list[str]:
    name = f"<b>{escape(seller.store_name)}</b><br><code>{escape(seller.id)}</code>"
    countries = ", ".join(MARKETPLACES[each].country for each in seller.marketplaces)
    orders = len(world.orders(seller.id))
    link = f'<a href="/?seller={escape(seller.id)}#listings">{len(world.stock(seller.id)):,}</a>'
    state = "<br>Consent withdrawn" if seller.revoked else ""
    return [name, escape(countries) + state, link, f"{orders:,}", folded("Configuration", _connection(world, seller))]


def _connection(world: World, seller: Seller) -> str:
    application = world.state.application
    facts = {
        "client_id": application.client_id,
        "client_secret": application.secrets[-1].value,
        "application_id": application.application_id,
    }
    token = seller.refresh_tokens[-1] if seller.refresh_tokens else "none: use the consent page"
    return "\n".join([*configuration(world.url, facts), "", f"refresh token: {token}"])


def listings(world: World, seller_id: str, wanted: str) -> str:
    """The first listings of a seller, or those of one SKU, ASIN or GTIN."""
    seller = world.state.sellers.get(seller_id)
    if seller is None:
        return section("listings", "Listings", '<p class="empty">Choose a seller.</p>')
    search = (
        f'<form method="get" action="/#listings"><input type="hidden" name="seller" value="{escape(seller.id)}">'
        f'{field("listing", "SKU, ASIN or EAN", wanted)}<button class="quiet">Find</button></form>'
    )
    rows = [_listing_row(world, seller, each) for each in _found(world, seller, wanted)]
    headings = ("Listing", "Quantity", "Price and state", "A buyer", "A competitor")
    empty = f"{seller.store_name} has no listing {wanted}." if wanted else f"{seller.store_name} has no listing."
    return section("listings", f"Listings of {seller.store_name}", search, table(headings, rows, empty))


def _found(world: World, seller: Seller, wanted: str) -> list[Listing]:
    if not wanted:
        return list(islice(world.listings(seller.id), SHOWN))
    skus = [wanted, *sorted(world.index(seller.id).skus_by_id(wanted))]
    found = (world.listing(seller.id, sku) for sku in skus[:SHOWN])
    return [each for each in found if each is not None]


def _listing_row(world: World, seller: Seller, listing: Listing) -> list[str]:
    title = f"{escape(listing.title)}<br><code>{escape(listing.sku)}</code> {escape(listing.asin)}"
    countries = [(each, MARKETPLACES[each].country) for each in listing.offers]
    where = choice("marketplace", "Marketplace", countries)
    quantity = field("quantity", "Quantity", "1", type="number", min="1")
    price = field("price", "Price", type="number", step="0.01", min="0.01", required="required")
    return [
        title,
        f"{listing.quantity:,}" + ("" if listing.channel == "DEFAULT" else "<br>by Amazon"),
        "<br>".join(_offer_line(world, seller, listing, each) for each in listing.offers),
        form("order", "Order", where, quantity, seller=seller.id, sku=listing.sku),
        form("compete", "Compete", where, price, asin=listing.asin, seller=seller.id),
    ]


def _offer_line(world: World, seller: Seller, listing: Listing, marketplace: str) -> str:
    known = MARKETPLACES[marketplace]
    price = listing.offers[marketplace].price_at(world.now())
    amount = "no price" if price is None else f"{money_text(price, known.currency)} {known.currency}"
    status = world.status(seller.id, listing, marketplace)
    state = "for sale" if "BUYABLE" in status else "shown, not for sale" if status else "inactive"
    return escape(f"{known.country}: {amount}, {state}")


def _moment(seconds: float) -> str:
    return f"<time>{iso(seconds)[:19].replace('T', ' ')}</time>"


def orders(world: World) -> str:
    newest = list(islice(reversed(world.state.orders.values()), SHOWN))
    headings = ("Order", "Placed", "Where", "Items", "Status", "Change")
    return section("orders", "Orders", table(headings, map(_order_row, newest), "Nobody has ordered yet."))


def _order_row(order: Order) -> list[str]:
    items = "<br>".join(escape(f"{each.quantity} × {each.sku}") for each in order.items)
    statuses = [(each, each.capitalize()) for each in NEXT_STATUSES if each != order.status]
    change = form("order_status", "Set", choice("status", "Status", statuses), order=order.id, quiet=True)
    ask = form("ask_to_cancel", "Buyer asks to cancel", order=order.id, quiet=True)
    where = MARKETPLACES[order.marketplace].country
    return [
        f"<code>{escape(order.id)}</code>",
        _moment(order.created),
        where,
        items,
        escape(order.status),
        f"{change} {ask}",
    ]


def calls(gateway: Gateway) -> str:
    headings = ("When", "Operation", "Seller", "Status", "Fault", "Request")
    rows = map(_call_row, gateway.recording.newest(SHOWN))
    forget = form("forget", "Forget all calls", quiet=True)
    return section("calls", "The last calls", table(headings, rows, "Nobody has called yet."), forget)


def _call_row(record: Record) -> list[str]:
    address = record.path + (f"?{record.query}" if record.query else "")
    request = folded(
        f"{record.method} {record.path[:60]}", f"{record.method} {address}\n\n{record.body[:4000]}".strip()
    )
    cells = (record.operation, record.seller, str(record.status), record.fault or "")
    return [_moment(record.at), *(escape(each) for each in cells), request]


def faults(gateway: Gateway) -> str:
    names = [("*", "any operation"), *((each, each) for each in ("token", "document", *sorted(OPERATIONS)))]
    times = field("times", "How often", "1", type="number", min="1")
    kinds = choice("kind", "Kind", [(each, each) for each in KINDS])
    add = form("fault", "Let it fail", choice("operation", "Operation", names), kinds, times)
    heal = form("heal", "Heal all", quiet=True) if gateway.faults.waiting else ""
    waiting = [[escape(each.operation), escape(each.kind), _left(each)] for each in gateway.faults.waiting]
    struck = [
        [_moment(each["at"]), escape(str(each["operation"])), escape(str(each["kind"]))]
        for each in gateway.faults.struck[: -SHOWN - 1 : -1]
    ]
    return section(
        "faults",
        "Faults",
        add,
        heal,
        table(("Operation", "Kind", "How often"), waiting, "No fault waits."),
        table(("Struck at", "Operation", "Kind"), struck, "No fault has struck."),
    )


def _left(fault: Fault) -> str:
    return "always" if fault.times is None else f"{fault.times - fault.struck} more"
