"""`flask amazon debug-log`: keep the calls to Amazon for a while, to see what really goes over the wire."""

from __future__ import annotations

import click

from flask_amazon_channel.cli.group import amazon, as_json, find_store, prepared, show


@amazon.command("debug-log")
@click.option("--store", required=True, metavar="S", help="The store: its number, its name, or a country such as DE.")
@click.option("--minutes", default=30, show_default=True, type=click.IntRange(1, 24 * 60), help="It ends by itself.")
@click.option("--off", is_flag=True, help="End it now.")
@as_json
def debug_log_command(store: str, minutes: int, off: bool, as_json: bool) -> None:
    """Keep every call to Amazon of the store's account, without secrets and personal data; its page shows them."""
    from flask_amazon_channel.sync import debug_log

    channel = prepared()
    chosen = find_store(channel, store)
    assert chosen is not None
    name, until = chosen.name, None
    if off:
        debug_log.switch_off(channel, chosen)
        line = f"The debug log of {name} is off."
    else:
        until = debug_log.switch_on(channel, chosen, minutes)
        line = f"The debug log of {name} is on until {until:%Y-%m-%d %H:%M} UTC."
    show({"store": name, "until": until.isoformat() if until else None}, [line], as_json)
