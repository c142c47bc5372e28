"""`flask amazon connect`: a seller account without a browser."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from flask_amazon_channel.cli.group import amazon, as_json, country, prepared, show

if TYPE_CHECKING:
    from flask_amazon_channel.models import SellerAccount, Store


def _from_standard_input(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    """Read the token: in the arguments it would show in the list of processes and in the shell's history."""
    if value != "-":
        raise click.UsageError("Give the token on standard input: --refresh-token - < token.txt")
    token = sys.stdin.readline().strip()
    if not token:
        raise click.UsageError("Standard input held no token.")
    return token


@amazon.command("connect")
@click.option("--seller-id", required=True, help="The merchant token, such as A1B2C3D4E5F6G7.")
@click.option("--region", required=True, type=click.Choice(["na", "eu", "fe"]))
@click.option("--name", default="", help="What you call the account.")
@click.option(
    "--refresh-token",
    required=True,
    metavar="-",
    callback=_from_standard_input,
    help="-: from standard input.",
)
@click.option("--activate", metavar="US,DE", default="", help="Countries whose stores take part at once.")
@as_json
def connect_command(seller_id: str, region: str, name: str, refresh_token: str, activate: str, as_json: bool) -> None:
    """Connect a seller account, and make one inactive Store for each marketplace that it sells in."""
    from flask_amazon_channel.cli.safety import operator
    from flask_amazon_channel.sync import stores
    from flask_amazon_channel.sync.connect_account import connect

    channel = prepared()
    account = connect(
        channel, seller_id=seller_id, region=region, name=name, refresh_token=refresh_token, by=operator()
    )
    for store in _chosen(account, [country(code) for code in activate.split(",") if code.strip()]):
        stores.activate(channel, store, by=operator())
    lines = [f"Connected {account.name} ({account.seller_id}, {account.region})."]
    lines += [f"  {store.id}  {store.name}: {store.problem or store.state}" for store in account.stores]
    show(_document(account), lines, as_json)


def _chosen(account: SellerAccount, countries: Sequence[str]) -> list[Store]:
    by_country = {store.country_code: store for store in account.stores}
    unknown = sorted(set(countries) - set(by_country))
    if unknown:
        raise click.ClickException(
            f"The account is connected, but no store was activated: it has none in {', '.join(unknown)}. "
            f"It has: {', '.join(sorted(by_country))}."
        )
    return [by_country[code] for code in countries]


def _document(account: SellerAccount) -> dict[str, object]:
    return {
        "id": account.id,
        "seller_id": account.seller_id,
        "region": account.region,
        "name": account.name,
        "stores": [
            {
                "id": store.id,
                "name": store.name,
                "country": store.country_code,
                "marketplace": store.marketplace_id,
                "state": store.state,
                "problem": store.problem,
            }
            for store in account.stores
        ],
    }
