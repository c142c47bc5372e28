"""A test that cannot fail proves nothing: each mechanism is broken, and a test must notice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutants.breaking import broken, copy, is_caught, run
from tests.mutants.catalogue import MUTANTS, Mutant


def test_every_mutant_still_finds_its_place() -> None:
    with copy() as folder:
        for mutant in MUTANTS:
            with broken(folder, mutant):
                compile((folder / "flask_amazon_channel" / mutant.file).read_text(), mutant.file, "exec")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with copy() as made:
        whole = run(made, sorted({test for mutant in MUTANTS for test in mutant.tests}))
        assert whole.returncode == 0, whole.stdout[-3000:]
        yield made


@pytest.mark.mutants
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name)
def test_a_broken_mechanism_is_noticed(folder: Path, mutant: Mutant) -> None:
    assert is_caught(folder, mutant)
