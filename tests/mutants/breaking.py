"""A copy of the project, broken in one place after the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.catalogue import Mutant

ROOT = Path(__file__).parents[2]
NEEDED = ("flask_amazon_channel", "example_store", "templates", "migrations", "tests", "pyproject.toml", "README.md")
FAILED = 1
"""pytest's exit status where tests failed; a copy that cannot even be collected gives another."""


@contextmanager
def copy() -> Iterator[Path]:
    with TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        for each in NEEDED:
            source = ROOT / each
            if source.is_dir():
                shutil.copytree(source, folder / each, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, folder / each)
        yield folder


@contextmanager
def broken(folder: Path, mutant: Mutant) -> Iterator[None]:
    file = folder / "flask_amazon_channel" / mutant.file
    text = file.read_text()
    if text.count(mutant.old) != 1:
        raise AssertionError(f"{mutant.name}: its text stands {text.count(mutant.old)} times in {mutant.file}.")
    file.write_text(text.replace(mutant.old, mutant.new))
    try:
        yield
    finally:
        file.write_text(text)


def run(folder: Path, tests: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run the tests of the copy, with the copy's own package."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


def is_caught(folder: Path, mutant: Mutant) -> bool:
    """Say whether a test noticed.  Raises where the tests could not be run."""
    with broken(folder, mutant):
        for test in mutant.tests:
            done = run(folder, [test])
            if done.returncode == FAILED and "error" not in done.stdout.splitlines()[-1]:
                return True
            if done.returncode != 0:
                raise AssertionError(f"{mutant.name}: {test} could not be run.\n{done.stdout[-3000:]}")
    return False
