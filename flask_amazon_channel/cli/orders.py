"""`flask amazon import-orders` and `flask amazon audit-orders`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from flask_amazon_channel.cli.group import amazon, as_json, find_store, of_store, prepared, show
from flask_amazon_channel.cli.journeys import run

if TYPE_CHECKING:
    from flask_amazon_channel.channel import Channel
    from flask_amazon_channel.models import SellerAccount

_moment = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@amazon.command("import-orders")
@of_store
@click.option("--since", type=_moment, metavar="D", help="Orders placed from then on, in UTC: 2026-11-30.")
@click.option("--until", type=_moment, metavar="D", help="With --since: orders placed before.")
@click.option("--order", metavar="ID", help="One order, by Amazon's number.")
@as_json
def import_orders_command(
    store: str | None, since: datetime | None, until: datetime | None, order: str | None, as_json: bool
) -> None:
    """Read new and changed orders, and bring them into the shop; or those of a span, or one."""
    if until is not None and since is None:
        raise click.UsageError("--until needs --since.")
    if order is not None:
        _import_one(store, order, as_json)
    elif since is not None:
        _import_span(store, since.replace(tzinfo=UTC), until and until.replace(tzinfo=UTC), as_json)
    else:
        run("import-orders", store, frozenset({"orders"}), as_json)


def _import_one(store: str | None, order: str, as_json: bool) -> None:
    from flask_amazon_channel.sync.orders.import_orders import import_one

    channel = prepared()
    found = [account.name for account in _accounts(channel, store) if import_one(channel, account, order)]
    lines = [f"Read the order {order} of {name}." for name in found] or [f"Amazon shows no order {order}."]
    show({"order": order, "accounts": found}, lines, as_json)
    if not found:
        raise SystemExit(1)


def _import_span(store: str | None, since: datetime, until: datetime | None, as_json: bool) -> None:
    from rich.console import Console

    from flask_amazon_channel.sync.orders.import_orders import import_span

    channel, counts = prepared(), {}
    with Console(stderr=True).status("Reading orders ...") as status:
        for account in _accounts(channel, store):

            def tell(orders: int, end: datetime, name: str = account.name) -> None:
                status.update(f"{name}: {orders} orders, up to {end:%Y-%m-%d} ...")

            counts[account.name] = import_span(channel, account, since, until, tell)
    show(counts, [f"{name}: {count} orders" for name, count in counts.items()], as_json)


@amazon.command("audit-orders")
@of_store
@click.option("--days", type=click.IntRange(1, 30), default=7, show_default=True, help="Orders changed since.")
@as_json
def audit_orders_command(store: str | None, days: int, as_json: bool) -> None:
    """Count the orders against Amazon's report of all orders; fetch what was missed, and print it."""
    import dataclasses

    from rich.console import Console

    from flask_amazon_channel.sync.orders.audit_orders import audit_now
    from flask_amazon_channel.sync.orders.read_orders import retry_orders

    channel = prepared()
    with Console(stderr=True).status("Waiting for Amazon's report ..."):
        audits = [audit_now(channel, account, days) for account in _accounts(channel, store)]
        while any(audit.gaps for audit in audits) and retry_orders(channel):
            pass
    lines = []
    for audit in audits:
        lines.append(f"{audit.account}: {audit.orders} orders, {len(audit.gaps)} gaps")
        lines += [f"  {gap.sentence}" for gap in audit.gaps]
    show([dataclasses.asdict(audit) for audit in audits], lines, as_json)
    if any(audit.gaps for audit in audits):
        raise SystemExit(1)


def _accounts(channel: Channel, store: str | None) -> list[SellerAccount]:
    """Return the connected accounts, or that of the store; no transaction is open then."""
    import sqlalchemy as sa

    from flask_amazon_channel.models import AccountState, SellerAccount
    from flask_amazon_channel.models.database import reading

    chosen = find_store(channel, store)
    account_id = chosen.account_id if chosen else None
    channel.db.session.rollback()
    found = sa.select(SellerAccount).where(SellerAccount.state == AccountState.CONNECTED).order_by(SellerAccount.id)
    with reading(channel.db.engine) as read:
        return list(read.scalars(found if account_id is None else found.where(SellerAccount.id == account_id)))
