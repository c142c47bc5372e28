"""Each catalogue of translations has every text that pages and rules say, and no other."""

from __future__ import annotations

import ast
import re
import string

import pytest

from tests.manual import catalogues

LANGUAGES = catalogues.languages()
UNSAID = {"Seller Central", "yes"}
"""Amazon's own name, and what a macro answers to be compared."""


def wanted() -> set[tuple[str, str]]:
    return {(said.text, said.plural) for said in catalogues.texts()}


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def both(one: str | tuple[str, ...] | list[str]) -> tuple[str, str]:
    return (one, "") if isinstance(one, str) else (one[0], one[1])


def test_there_is_german() -> None:
    assert "de" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_up_to_date_with_the_code_and_complete(language: str) -> None:
    kept = [message for message in catalogues.catalogue(language) if message.id]
    assert {both(message.id) for message in kept} == wanted(), f"Run `{catalogues.COMMAND}` and translate what is new."
    waiting = [message.id for message in kept if not all(both(message.string)[: 1 + isinstance(message.id, tuple)])]
    assert waiting == []
    assert not any(message.fuzzy for message in kept)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_the_same_in_both_languages(language: str) -> None:
    for message in catalogues.catalogue(language):
        if message.id:
            (one, many), (said, said_of_many) = both(message.id), both(message.string)
            assert names(said) == names(one) or (many and names(said) == names(one) - {"n"}), one
            assert names(said_of_many) == names(many), many


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_header_names_nobody_and_nothing_is_left_to_fill_in(language: str) -> None:
    head = catalogues.path(language).read_text(encoding="utf-8").partition("\n\n")[0]
    assert re.findall(r"FIRST AUTHOR|EMAIL|FULL NAME|ORGANIZATION|VERSION|fuzzy|@", head) == []
    assert "charset=utf-8" in head
    assert "Plural-Forms: nplurals=2" in head


def test_no_template_has_words_that_cannot_be_said_in_another_language() -> None:
    found = {}
    for file in catalogues.TEMPLATES.rglob("*.html"):
        text = re.sub(r"\{#.*?#\}|<(script|style|code|pre)\b.*?</\1>", "", file.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "{}", text, flags=re.S)
        spoken = re.findall(r'\b(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"', text)
        words = [part.strip() for part in (*re.split(r"<[^<>]*>|\{\}", text), *spoken)]
        said = [part for part in words if re.search("[A-Za-z]{2,}", re.sub("&[a-z]+;", "", part))]
        found[file.name] = [part for part in said if part not in UNSAID]
    assert {name: words for name, words in found.items() if words} == {}


def test_every_line_of_the_diary_can_be_said_in_another_language() -> None:
    fixed = [
        f"{file.relative_to(catalogues.ROOT)}:{call.lineno}"
        for file in sorted(catalogues.PACKAGE.rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "note" and len(call.args) > 3
        if isinstance(call.args[3], ast.Constant | ast.JoinedStr)
    ]
    assert fixed == [], "Write the sentence as phrase()."
