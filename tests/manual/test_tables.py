"""The tables of the manual say what the code has: every key, command, option and signal, and none besides."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import click
import pytest

from flask_amazon_channel import signals
from flask_amazon_channel.cli import amazon
from flask_amazon_channel.config import Config
from flask_amazon_channel.models import SellerAccount, Store
from flask_amazon_channel.simulator.control import calls as control
from flask_amazon_channel.simulator.wire.faults import KINDS
from tests.manual import pages


def _default(field: dataclasses.Field[Any]) -> str:
    value = field.default
    if field.default_factory is not dataclasses.MISSING:
        value = field.default_factory()
    if isinstance(value, timedelta):
        value = int(value.total_seconds())
    return "" if value in ("", ()) or value == {} else f"`{value}`"


def test_the_table_of_the_configuration_is_the_configuration() -> None:
    expected = [
        [f"`{field.name.upper()}`", _default(field), field.metadata["meaning"]] for field in dataclasses.fields(Config)
    ]
    assert pages.table("README.md", "key") == expected


def test_the_table_of_the_signals_is_the_signals() -> None:
    expected = [
        [
            f"`{name}`",
            ", ".join(f"`{keyword}`" for keyword in signal.keywords),
            " ".join((signal.__doc__ or "").split()),
        ]
        for name, signal in signals.all_signals().items()
    ]
    assert pages.table("docs/signals.md", "signal") == expected


def _leaves(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _leaves(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def _parameters(command: click.Command) -> set[str]:
    return {
        option
        for parameter in command.params
        for option in (parameter.opts if isinstance(parameter, click.Option) else [parameter.make_metavar(_NO_CONTEXT)])
    }


_NO_CONTEXT = click.Context(click.Command("none"))


def test_the_table_of_the_commands_is_the_commands_with_their_options() -> None:
    rows = {row[0].strip("`"): row[2] for row in pages.table("README.md", "command")}
    leaves = dict(_leaves(amazon))
    assert set(rows) == set(leaves)
    listed = {name: {words.split("`")[0].split(" ")[0] for words in rows[name].split("`")[1::2]} for name in rows}
    assert listed == {name: _parameters(command) for name, command in leaves.items()}


def test_every_command_that_the_manual_mentions_exists() -> None:
    known = {name.split(" ")[0] for name, _ in _leaves(amazon)}
    text = "\n".join(path.read_text() for path in pages.PAGES)
    mentioned = set(re.findall(r"flask (?:--app \w+ )?amazon ([a-z][a-z-]+)", text))
    assert mentioned
    assert mentioned - known == set()


def test_the_tables_of_the_settings_are_columns_with_these_defaults() -> None:
    for head, model in {"of the account": SellerAccount, "of the store": Store}.items():
        columns = model.__table__.columns
        for name, default, _ in pages.table("docs/operating.md", head):
            made = columns[name.strip("`")].default
            if made is None or not made.is_callable:
                assert default.strip("`") == str(made.arg if made else None), name


def test_the_table_of_the_control_calls_is_the_control_calls() -> None:
    documented = {
        (method, _place(row[0]))
        for row in pages.table("docs/local-amazon.md", "call")
        for method in re.findall(r"\b(GET|PUT|POST|PATCH|DELETE)\b", row[0])
    }
    assert documented == set(control.PLACES)


def test_the_table_of_the_kinds_of_faults_is_the_kinds() -> None:
    assert [row[0].strip("`") for row in pages.table("docs/local-amazon.md", "kind")] == list(KINDS)


def _place(cell: str) -> str:
    return cell.replace("`", "").split(" ")[-1]


def test_the_table_of_what_the_shop_must_offer_is_complete() -> None:
    from flask_amazon_channel import Shop

    members = {name for name in vars(Shop) if not name.startswith("_")}
    assert len(members) == 7, "The manual says that the port has seven members."


@pytest.mark.parametrize("path", pages.PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Any) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if target.startswith("http"):
            continue
        file, _, anchor = target.partition("#")
        aim = (path.parent / file).resolve() if file else path
        assert aim.exists(), target
        if anchor:
            assert anchor in _anchors(aim.read_text()), target


def _anchors(page: str) -> Mapping[str, str]:
    titles = re.findall(r"^#+ (.+)$", page, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-"): title for title in titles}
