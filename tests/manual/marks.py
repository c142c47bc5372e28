"""The chapter on how the local Amazon behaves: `python -m tests.manual.marks` writes it.

It gathers the marked sentences from the docstrings of the simulator: `Documented:`, `Seen in public:`, `Assumed:`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.manual.pages import ROOT

COMMAND = "python -m tests.manual.marks"
CODE = ROOT / "flask_amazon_channel" / "simulator"
CHAPTER = ROOT / "docs" / "local-amazon-behaviour.md"

KINDS = {
    "Documented": "Amazon's own pages say so, beside its models.",
    "Seen in public": "Developers report it, or it stands in answers that they published.",
    "Assumed": "Nobody says so; it is our best guess, and the real Amazon may differ.",
}

# By the beginning of a module's place; the longest that fits.
SUBJECTS = {
    "api/application": "Login with Amazon",
    "api/catalog": "Catalogue, products and product types",
    "api/fba_inventory": "FBA inventory",
    "api/feeds": "Feeds",
    "api/fees": "Prices, offers and fees",
    "api/finances": "Finances",
    "api/fulfillment": "Orders of other channels (Fulfillment Outbound)",
    "api/listings": "Listings",
    "api/messaging": "Messages to buyers",
    "api/notifications": "Notifications",
    "api/orders": "Orders",
    "api/paging": "Every API",
    "api/pricing": "Prices, offers and fees",
    "api/product_types": "Catalogue, products and product types",
    "api/reports": "Reports",
    "api/restrictions": "Catalogue, products and product types",
    "api/sales": "Sales",
    "api/solicitations": "Messages to buyers",
    "api/tokens": "Login with Amazon",
    "api/uploads": "Messages to buyers",
    "control": "Buyers, sellers and warehouses",
    "documents": "Documents",
    "documents/re": "Reports",
    "login": "Login with Amazon",
    "market": "Prices, offers and fees",
    "notifications": "Notifications",
    "product_types": "Catalogue, products and product types",
    "shelves": "Listings",
    "shelves/products": "Catalogue, products and product types",
    "shelves/restricted": "Catalogue, products and product types",
    "shelves/warehouse": "FBA inventory",
}
EVERY = "Every API"

HEAD = f"""# How the local Amazon behaves

What [the local Amazon](local-amazon.md) does that Amazon's published models do not say, sentence by sentence, with
the module of `flask_amazon_channel/simulator/` in which it is coded. What the models say is not repeated here: tests
hold every answer against them. A simulator proves a client right only against itself: read the third part before you
trust it.

This page is made from the docstrings of that code by `{COMMAND}`; a test fails while it is out of date.
"""

_MARK = re.compile(rf"(?:^|(?<=\. )|(?<=\.\)) ?)({'|'.join(KINDS)}): (.+?[.)])(?=$| +[A-Z`\"(])")


class Mark(NamedTuple):
    kind: str
    subject: str
    sentence: str
    module: str


def marks() -> list[Mark]:
    """Every marked sentence of the simulator, in the order of the chapter."""
    found = {mark for path in sorted(CODE.rglob("*.py")) for mark in _marks_of(path)}
    return sorted(found, key=lambda mark: (list(KINDS).index(mark.kind), mark.subject, mark.module, mark.sentence))


def _marks_of(path: Path) -> Iterator[Mark]:
    module = path.relative_to(CODE).with_suffix("").as_posix().removesuffix("/__init__")
    for docstring in docstrings(path):
        for kind, sentence in sentences(docstring):
            yield Mark(kind, subject_of(module), sentence, module)


def docstrings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node)
            if docstring:
                yield docstring


def sentences(docstring: str) -> Iterator[tuple[str, str]]:
    """Each mark with its sentence, which begins with a capital letter and ends before the next sentence.

    A mark stands at the beginning of a paragraph, of a line, or behind the end of a sentence.
    """
    for paragraph in re.split(r"\n\s*\n", docstring):
        for kind, sentence in _MARK.findall(" ".join(paragraph.split())):
            yield kind, sentence[0].upper() + sentence[1:]


def subject_of(module: str) -> str:
    fitting = [beginning for beginning in SUBJECTS if module.startswith(beginning)]
    return SUBJECTS[max(fitting, key=len)] if fitting else EVERY


def chapter() -> str:
    """The page, as it should be."""
    parts = [HEAD]
    for kind, meaning in KINDS.items():
        of_kind = [mark for mark in marks() if mark.kind == kind]
        parts.append(f"\n## {kind}\n\n{meaning}\n")
        for subject in dict.fromkeys(mark.subject for mark in of_kind):
            lines = [f"- {mark.sentence} (`{mark.module}`)" for mark in of_kind if mark.subject == subject]
            parts.append("\n".join([f"\n### {subject}\n", *lines, ""]))
    return "".join(parts)


if __name__ == "__main__":
    CHAPTER.write_text(chapter())
