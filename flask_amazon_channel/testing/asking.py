"""How the shop is asked: what it raises becomes a finding, what it writes is undone, a commit is refused.

A commit is refused before it happens, on every connection of the host's engines, so the database stays as it
was even where the shop breaks the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.rules.values import ShopProduct


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the shop does wrong: which check, what happened, and what to do about it."""

    check: str
    sentence: str
    remedy: str


class Broken(Exception):
    """The shop's answer is so wrong that the check cannot go on."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.sentence)
        self.finding = finding


class CommitRefused(RuntimeError):
    """The shop's code tried to commit."""


@dataclass
class Watch:
    """What the shop did to the database while it was watched."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    committed: bool = False
    rolled_back: bool = False
    loaded: list[object] = field(default_factory=list)
    """The rows that the session loaded, held so that they can grow old, as in a shop that works with them."""

    def numbers_in_updates(self) -> list[list[float]]:
        """Return the numbers in each UPDATE, those written into it and those bound to it."""
        return [
            [float(number) for number in re.findall(r"-?\b\d+(?:\.\d+)?\b", text)] + _numbers(parameters)
            for text, parameters in self.statements
            if re.match(r"\s*(update|insert|replace)\b", text, re.I) and re.search(r"\bupdate\b", text, re.I)
        ]

    def wrote(self, text: str) -> bool:
        """Say whether this text was part of anything that was written."""
        return any(
            text in statement or text in str(parameters)
            for statement, parameters in self.statements
            if statement.lstrip()[:6].lower() != "select"
        )


def _numbers(parameters: Any) -> list[float]:
    if isinstance(parameters, dict):
        parameters = list(parameters.values())
    found: list[float] = []
    for one in parameters or ():
        if isinstance(one, (dict, list, tuple)):
            found += _numbers(one)
        elif isinstance(one, int | float) or type(one).__name__ == "Decimal":
            found.append(float(one))
    return found


@contextmanager
def undone(channel: Channel) -> Iterator[Watch]:
    """Watch what happens in the shop's session, and roll all of it back."""
    watch = Watch()
    session = channel.db.session()
    session.rollback()
    session.expunge_all()
    listeners = list(_listeners(channel, watch))
    for target, name, listener in listeners:
        event.listen(target, name, listener)
    try:
        _really_begin(session.connection())
        yield watch
    finally:
        for target, name, listener in listeners:
            event.remove(target, name, listener)
        session.rollback()
        session.expunge_all()


def _listeners(channel: Channel, watch: Watch) -> Iterator[tuple[Any, str, Any]]:
    def refuse(connection: sa.Connection) -> None:
        watch.committed = True
        raise CommitRefused("A commit was refused.")

    def note_rollback(connection: sa.Connection) -> None:
        watch.rolled_back = True

    def note_statement(
        connection: sa.Connection, cursor: object, statement: str, parameters: Any, *rest: object
    ) -> None:
        if statement.strip().strip(";").lower() == "commit":
            refuse(connection)
        watch.statements.append((statement, parameters))

    def hold(session: object, row: object) -> None:
        watch.loaded.append(row)

    yield channel.db.session(), "loaded_as_persistent", hold
    for engine in channel.db.engines.values():
        yield engine, "commit", refuse
        yield engine, "rollback", note_rollback
        yield engine, "before_cursor_execute", note_statement


def _really_begin(connection: sa.Connection) -> None:
    """On SQLite Python begins with the first change; a savepoint before that would commit when released."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and not raw.in_transaction:
        connection.exec_driver_sql("BEGIN")


def ask(watch: Watch, shop: Any, name: str, *arguments: Any, doing: str = "") -> Any:
    """Call a method of the shop; raise `Broken` for what must not happen."""
    try:
        answer = getattr(shop, name)(*arguments)
        if name in ("products", "product_ids"):
            answer = list(answer)
    except Exception as error:
        if not watch.committed:
            raise Broken(_raised(name, doing, error)) from error
        answer = None
    if watch.committed:
        raise Broken(
            Finding(
                f"{name}-commits",
                f"{name} commits{doing}.",
                "Remove the commit: the channel commits when its own rows are stored too. "
                "Use session.flush() to get an id.",
            )
        )
    if watch.rolled_back:
        raise Broken(
            Finding(
                f"{name}-rolls-back",
                f"{name} rolls back{doing}, and with it what the channel had stored.",
                "Let the exception out instead. To undo only a part, use session.begin_nested().",
            )
        )
    return answer


def _raised(name: str, doing: str, error: Exception) -> Finding:
    remedy = "Correct it: while it fails, the channel sends nothing and puts orders aside."
    return Finding(f"{name}-raises", f"{name} raised {type(error).__name__}{doing}: {error}", remedy)


def products_of(watch: Watch, shop: Any, ids: list[str], storefront: str | None = None) -> dict[str, ShopProduct]:
    """Return the shop's products by id."""
    return {product.id: product for product in ask(watch, shop, "products", ids, storefront)}
