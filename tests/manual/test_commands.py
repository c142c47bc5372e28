"""The two commands that a stranger pastes: one line each, on a machine with Python and nothing else."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.manual import pages


@pytest.mark.parametrize("title", ["Try it", "Run the tests"])
def test_the_chapter_begins_with_one_line_to_paste(title: str) -> None:
    chapter = pages.chapter("README.md", title)
    assert chapter.lstrip().startswith("```")
    [command] = pages.commands("README.md", title)
    assert "\n" not in command
    assert command.startswith("python3.11 -m venv .venv && .venv/bin/pip install -q -e '.[")


@pytest.mark.parametrize("title", ["Try it", "Run the tests"])
def test_the_line_installs_an_extra_that_exists(title: str) -> None:
    extras = tomllib.loads(pages.text("pyproject.toml"))["project"]["optional-dependencies"]
    [command] = pages.commands("README.md", title)
    [named] = re.findall(r"'\.\[(\w+)\]'", command)
    assert named in extras


def test_the_whole_of_the_checks_runs_the_line_of_the_manual() -> None:
    assert "## Run the tests" in pages.text(".ci/run")
