"""The catalogues of translations: `python -m tests.manual.catalogues` brings them up to date with what the code says.

What is translated is gathered from the templates (`_`, `many`) and from the code: `say`, `say_many`, `marked`, the
sentences of the rules (`because`, `Step`), and what is kept as a sentence (`phrase`, `phrase_many`).  A text that
cannot be found, because it is put together when the program runs, is refused: nobody could translate it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from flask_amazon_channel.languages import DOMAIN, FOLDER
from tests.manual.pages import ROOT

COMMAND = "python -m tests.manual.catalogues"
PACKAGE = ROOT / "flask_amazon_channel"
TEMPLATES = ROOT / "templates"
NOT_FOR_PAGES = ("simulator", "testing", "cli")
ADDRESS = "flask-amazon-channel"
TEXT_AT = {"say": 0, "marked": 0, "because": 1, "Reason": 1, "Step": 0, "Word": 0, "phrase": 0}
MANY_AT = {"say_many": 0, "phrase_many": 0, "because_many": 1}
ERRORS = frozenset({"ConfigurationError", "NoAuthorize", "Conflict"})
"""Errors that a page may show."""
WHILE_THE_APP_IS_MADE = frozenset({"config.py", "extension.py", "channel.py"})
"""Where no page can show an error yet."""
MAY_BE_MARKED_ELSEWHERE = frozenset({"say", "Word"})


class Text(NamedTuple):
    """What is said, with its plural where it has one, and where it stands."""

    place: str
    text: str
    plural: str = ""


class NotFound(Exception):
    """A text is put together when the program runs."""


def texts() -> list[Text]:
    """Return every text of pages and rules, in the order of their places."""
    return [*_of_templates(), *_of_code()]


def _of_templates() -> Iterator[Text]:
    for file in sorted(TEMPLATES.rglob("*.html")):
        keywords = {"_": None, "many": (1, 2)}
        place = str(file.relative_to(ROOT))
        for _, found, _, _ in extract_from_file("jinja2", file, keywords=keywords, options={"silent": "false"}):
            if isinstance(found, tuple):
                yield Text(place, found[0], found[1])
            else:
                yield Text(place, found)


def _of_code() -> Iterator[Text]:
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.relative_to(PACKAGE).parts[0] not in NOT_FOR_PAGES:
            place = str(file.relative_to(ROOT))
            yield from _said(ast.parse(file.read_text(encoding="utf-8")), place, {})


def _said(tree: ast.AST, place: str, known: dict[str, list[str]]) -> Iterator[Text]:
    """Walk through what is said; `known` are the texts that names stand for here."""
    if isinstance(tree, ast.Module | ast.FunctionDef):
        known = {**known, **_named(tree)}
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield from _called(node, place, known)
        yield from _said(node, place, known)


def _named(scope: ast.AST) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in ast.walk(scope):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name) and value is not None:
            found.setdefault(target.id, []).extend(_literal(value, {}))
    return found


def _called(call: ast.Call, place: str, known: dict[str, list[str]]) -> Iterator[Text]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name in MANY_AT and len(call.args) > 1 and not isinstance(call.args[0], ast.Starred):
        first = MANY_AT[name]
        one, many = (_literal(argument, known) for argument in call.args[first : first + 2])
        if not one and name != "say_many":
            raise NotFound(f"{place}:{call.lineno}: write both texts of {name}() as literals.")
        for text, plural in zip(one, many, strict=True):
            yield Text(place, text, plural)
    elif name in ERRORS and isinstance(call.args[0], ast.Constant | ast.JoinedStr):
        if Path(place).name not in WHILE_THE_APP_IS_MADE:
            raise NotFound(f"{place}:{call.lineno}: write the text of {name}() with phrase().")
    elif name in TEXT_AT and len(call.args) > TEXT_AT[name] and (name != "Step" or "/rules/" in place):
        found = _literal(call.args[TEXT_AT[name]], known)
        if not found and name not in MAY_BE_MARKED_ELSEWHERE and not _is_kept(call.args[TEXT_AT[name]]):
            raise NotFound(f"{place}:{call.lineno}: write the text of {name}() as a literal, or mark it with marked().")
        for text in found:
            yield Text(place, text)


def _literal(node: ast.expr, known: dict[str, list[str]]) -> list[str]:
    """Return the texts that an expression may stand for; none where it cannot be told."""
    match node:
        case ast.Constant(value=str(text)):
            return [text] if text else []
        case ast.IfExp():
            return _literal(node.body, known) + _literal(node.orelse, known)
        case ast.Name():
            return known.get(node.id, [])
        case ast.Call(func=ast.Name(id="marked")):
            return _literal(node.args[0], known)
        case ast.Dict():
            return [text for value in node.values for text in _literal(value, known)]
        case ast.Subscript():
            return _literal(node.value, known)
        case ast.Call(func=ast.Attribute(attr="get")):
            return [text for part in (node.func.value, *node.args[1:]) for text in _literal(part, known)]
        case _:
            return []


def _is_kept(text: ast.expr) -> bool:
    """Say whether the text was said elsewhere and is only handed on: an attribute, or the argument of `because`."""
    return isinstance(text, ast.Attribute) or (isinstance(text, ast.Name) and text.id == "text")


def catalogue(language: str) -> Catalog:
    """Return the catalogue as it is stored; an empty one where there is none."""
    file = path(language)
    if not file.is_file():
        return empty(language)
    with file.open("rb") as source:
        return read_po(source, locale=language, domain=DOMAIN)


def empty(language: str) -> Catalog:
    """Return a catalogue without texts.  Its header names nobody: who wrote what, the history of the project says."""
    name = Locale.parse(language).english_name
    made = Catalog(
        locale=language,
        domain=DOMAIN,
        header_comment=f"# {name} words of the pages.  `{COMMAND}` brings them up to date with the code.",
        project="flask-amazon-channel",
        version=version("flask-amazon-channel"),
        msgid_bugs_address=ADDRESS,
        last_translator=ADDRESS,
        language_team=str(name),
        fuzzy=False,
    )
    made.revision_date = made.creation_date = datetime(2026, 1, 1, tzinfo=UTC)
    return made


def path(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def languages() -> list[str]:
    return sorted(file.name for file in FOLDER.iterdir() if file.is_dir())


def update(language: str) -> int:
    """Bring a catalogue up to date, and return how many texts wait for a translation."""
    stored, new = catalogue(language), empty(language)
    for said in texts():
        known = stored.get(said.text)
        string = known.string if known is not None and isinstance(known.id, tuple) == bool(said.plural) else ""
        new.add((said.text, said.plural) if said.plural else said.text, string or None, locations=[(said.place, 0)])
    path(language).parent.mkdir(parents=True, exist_ok=True)
    with path(language).open("wb") as target:
        write_po(target, new, width=110, sort_output=True, include_lineno=False, omit_header=False)
    return sum(not message.string or not all(message.string) for message in new if message.id)


if __name__ == "__main__":
    for each in languages():
        print(f"{each}: {update(each)} texts wait for a translation in {path(each).relative_to(ROOT)}.")
