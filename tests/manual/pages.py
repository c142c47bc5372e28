"""The manual as the tests read it: its pages, their blocks of code, their tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """A block of code.  `place` is what its first line, a comment, says: a file, or where it belongs."""

    page: str
    language: str
    text: str

    @property
    def place(self) -> str:
        return self.text.partition("\n")[0].removeprefix("# ").strip()

    @property
    def body(self) -> str:
        return self.text.partition("\n")[2]


def text(page: str) -> str:
    return (ROOT / page).read_text()


def blocks(language: str = "python") -> list[Block]:
    """Return the blocks of all pages, in the reader's order."""
    found = [Block(path.name, *groups) for path in PAGES for groups in _BLOCK.findall(path.read_text())]
    return [block for block in found if block.language == language]


def block(place: str) -> Block:
    [found] = [one for one in blocks() if one.place == place]
    return found


def chapter(page: str, title: str) -> str:
    """Return the text under a title, to the next title of the same rank."""
    after = text(page).split(f"\n## {title}\n", 1)[1]
    return after.split("\n## ", 1)[0]


def commands(page: str, title: str) -> list[str]:
    """Return the fenced blocks of a chapter."""
    return [groups[1].strip() for groups in _BLOCK.findall(chapter(page, title))]


def table(page: str, first_column: str) -> list[list[str]]:
    """Return the rows of the table whose first column has that head."""
    lines = text(page).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows
