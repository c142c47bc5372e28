"""Every sender asks for permission: found in the source, whoever wrote it and whenever.

A function of `sync` that calls a writing operation of Amazon's must before that store its intent in a transaction that
calls `permission.require`: itself, in a function inside it, or in a function of its file that it calls.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from flask_amazon_channel import sync
from flask_amazon_channel.spapi.operations import OPERATIONS

SYNC = Path(sync.__path__[0])
FOR_THE_APPLICATION = {"rotate_application_client_secret"}
"""Concerns no account: `accounts` asks for the whole installation before each call."""


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


WRITES = {_snake(name) for name, operation in OPERATIONS.items() if operation.is_write} - FOR_THE_APPLICATION
TAKES_BACK = {"cancel_feed"}
"""Changes nothing at Amazon: it keeps a change from happening."""

Functions = dict[str, ast.FunctionDef]


def _calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield node.lineno, name


def _asks(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Call) and ast.unparse(node.func) == "permission.require" for node in ast.walk(tree))


def senders(source: str) -> dict[str, bool]:
    """Return the functions that write to Amazon, each with whether it asks before."""
    functions: Functions = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    writing = WRITES - TAKES_BACK
    senders = {name for name, one in functions.items() if any(called in writing for _, called in _calls(one))}
    return {name: _is_asked_for(functions, name, writing) for name in senders}


def _is_asked_for(functions: Functions, name: str, writing: set[str]) -> bool:
    """Say whether the function asks before it calls one of these, or else whoever calls the function does."""
    calls = list(_calls(functions[name]))
    first = min(line for line, called in calls if called in writing)
    before = {called for line, called in calls if line < first}
    if _asks(functions[name]) or any(_asks(functions[called]) for called in before if called in functions):
        return True
    callers = [
        other for other, one in functions.items() if other != name and name in {called for _, called in _calls(one)}
    ]
    return bool(callers) and all(_is_asked_for(functions, caller, {name}) for caller in callers)


FILES = [path for path in sorted(SYNC.rglob("*.py")) if senders(path.read_text())]


def test_the_operations_that_write_are_known() -> None:
    assert {"patch_listings_item", "confirm_shipment"} <= WRITES
    assert {"submit.py", "confirm_shipments.py"} <= {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_whoever_sends_asks_for_permission_before(path: Path) -> None:
    assert dict.fromkeys(senders(path.read_text()), True) == senders(path.read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_whoever_forgets_to_ask_is_found(path: Path) -> None:
    forgetful = path.read_text().replace("permission.require(", "str(")
    assert False in senders(forgetful).values()
