"""Finds the tests, without running anything."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.faults.catalogue import FAULTS
from tests.faults.covered import COVERED

TESTS = Path(__file__).parents[1]
_IN_A_NAME = re.compile(r"(?:^|_)f(\d{2,3})(?=_|$)")
_IN_WORDS = re.compile(r"\bF-(\d{2,3})\b")


def all_tests() -> Iterator[tuple[str, str]]:
    """Yield the address of every test function, with its docstring."""
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield f"{file.relative_to(TESTS.parent)}::{node.name}", ast.get_docstring(node) or ""


def by_fault() -> dict[int, list[str]]:
    """Return the tests of every fault of the catalogue."""
    found: dict[int, list[str]] = defaultdict(list)
    for address, words in all_tests():
        numbers = {*_IN_A_NAME.findall(address.partition("::")[2]), *_IN_WORDS.findall(words)}
        for number in sorted(map(int, numbers)):
            found[number].append(address)
    for number, addresses in COVERED.items():
        found[number] += addresses
    return {number: found[number] for number in FAULTS}
