"""The chapter on how the local Amazon behaves says what its code says."""

from __future__ import annotations

import pytest

from tests.manual import marks


def test_the_chapter_is_up_to_date() -> None:
    is_there = marks.CHAPTER.read_text() if marks.CHAPTER.exists() else ""
    assert is_there == marks.chapter(), f"docs/{marks.CHAPTER.name} is out of date: run `{marks.COMMAND}`."


def test_every_mark_begins_a_whole_sentence() -> None:
    """Otherwise it would be missing in the chapter."""
    lost = [
        f"{path.relative_to(marks.CODE)}: {docstring[:200]}"
        for path in sorted(marks.CODE.rglob("*.py"))
        for docstring in marks.docstrings(path)
        if sum(docstring.count(f"{kind}:") for kind in marks.KINDS) != len(list(marks.sentences(docstring)))
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("Assumed: one thing.", [("Assumed", "One thing.")]),
        ("First.  Documented: it costs 0.30 euros, e.g. in Germany.  Not this.",
         [("Documented", "It costs 0.30 euros, e.g. in Germany.")]),
        ("Title.\n\nSeen in public: over\ntwo lines.\nAssumed: next.",
         [("Seen in public", "Over two lines."), ("Assumed", "Next.")]),
        ("Nothing is Assumed: this is no mark.", []),
    ],
)  # fmt: skip
def test_marked_sentences_are_found(docstring: str, expected: list[tuple[str, str]]) -> None:
    assert list(marks.sentences(docstring)) == expected


def test_the_longest_fitting_place_names_the_subject() -> None:
    assert marks.subject_of("shelves/warehouse") == "FBA inventory"
    assert marks.subject_of("shelves/stock") == "Listings"
    assert marks.subject_of("wire/gateway") == marks.EVERY
