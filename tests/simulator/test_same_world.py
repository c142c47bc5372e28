"""The same seed, moment and calls make the same answers to the last byte, in any process; so does a loaded world."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def run(hash_seed: str, port: int = 0, saved: Path | None = None) -> Any:
    """The calls of same_calls.py in a process of its own."""
    command = [sys.executable, "-m", "tests.simulator.same_calls", str(port), *([str(saved)] if saved else [])]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def first() -> Any:
    return run("1")


def test_the_same_seed_makes_the_same_answers(first: Any) -> None:
    second = run("2", first["port"])  # addresses of documents hold the port
    assert second["prepared"] == first["prepared"]
    assert second["worked"] == first["worked"]
    assert {answer[2] for answer in first["prepared"]} == {200, 202, 429}


def test_a_loaded_world_goes_on_as_the_saved_one(first: Any, tmp_path: Path) -> None:
    saved = tmp_path / "world.json"
    saved.write_text(json.dumps(first["saved"]))
    loaded = run("3", first["port"], saved)
    assert loaded["saved"] == first["saved"]
    assert loaded["worked"] == first["worked"]
