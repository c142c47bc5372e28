"""Which product of the shop is it?

A listing is looked for by seller SKU, then ASIN, then EAN, UPC, ISBN, GCID.  The first of these that finds
anything decides: one product is a match, several are for a person to choose from.  A weaker identifier that
points to another product changes nothing, but is said.  Words only suggest.  What a person chose stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask_amazon_channel.rules.amazon import ReportedListing
from flask_amazon_channel.rules.identifiers import gtin_forms, is_book, normal_form, stored_forms
from flask_amazon_channel.rules.reasons import Reason, because

STRENGTH = ("sku", "asin", "ean", "upc", "isbn", "gcid", "keyword")
"""The identifiers, the strongest first."""

BY_PERSON = "person"
NO_MATCH = "no_match"
MULTIPLE_MATCHES = "multiple_matches"


class Query(NamedTuple):
    """What to ask the shop: an identifier and every form in which it may be stored."""

    kind: str
    forms: tuple[str, ...]


class Found(NamedTuple):
    """What the shop answered for one identifier: the ids of the products that have it."""

    kind: str
    product_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome.  `problem` is NO_MATCH or MULTIPLE_MATCHES; a person may choose from `candidates`."""

    product_id: str | None
    matched_by: str | None = None
    candidates: tuple[str, ...] = ()
    problem: str | None = None
    warnings: tuple[Reason, ...] = ()


def queries(row: ReportedListing) -> tuple[Query, ...]:
    """Return what to ask the shop for a listing that Amazon reported, the strongest identifier first.

    A GTIN is asked for as EAN and as UPC, and as ISBN if it is one: shops keep them in either attribute.  The ASIN of
    a book is its ISBN-10.
    """
    kind = row.product_id_type if row.product_id_type in STRENGTH else "ean"
    product_id = (row.product_id or "").strip()
    asin = row.asin or (product_id if kind == "asin" else "")
    found = [Query("sku", (row.sku,))] if row.sku else []
    if asin:
        found.append(Query("asin", stored_forms("asin", asin)))
    if kind != "asin" and product_id:
        found += _gtin_queries(kind, product_id)
    if asin[:1].isdigit():
        asked = {query.kind for query in found}
        found += [query for query in _gtin_queries("isbn", asin) if query.kind not in asked]
    return tuple(found)


def _gtin_queries(kind: str, value: str) -> list[Query]:
    gtin_14 = normal_form("ean", value)
    if gtin_14 is None:
        return [Query(kind, stored_forms(kind, value))]
    forms = gtin_forms(gtin_14)
    asked = [Query("ean", forms), Query("upc", forms)]
    if is_book(gtin_14):
        asked.append(Query("isbn", stored_forms("isbn", gtin_14[1:])))
    return asked


def match(found: Sequence[Found], chosen_by_person: str | None = None) -> Match:
    """Return the product that a listing belongs to.  `found` may come in any order."""
    answers = sorted((answer for answer in found if answer.product_ids), key=_strength)
    if chosen_by_person is not None:
        return Match(chosen_by_person, BY_PERSON, warnings=_contradictions(chosen_by_person, "a person", answers))
    if not answers or answers[0].kind == "keyword":
        suggestions = tuple(dict.fromkeys(id for answer in answers for id in answer.product_ids))
        return Match(None, candidates=suggestions, problem=NO_MATCH)
    strongest = answers[0]
    candidates = tuple(dict.fromkeys(strongest.product_ids))
    if len(candidates) > 1:
        return Match(None, strongest.kind, candidates, MULTIPLE_MATCHES)
    warnings = _contradictions(candidates[0], strongest.kind.upper(), answers[1:])
    return Match(candidates[0], strongest.kind, candidates, warnings=warnings)


def _strength(answer: Found) -> int:
    return STRENGTH.index(answer.kind)


def _contradictions(product_id: str, by: str, weaker: Sequence[Found]) -> tuple[Reason, ...]:
    text = "Matched to product {product} by {by}, but its {kind} belongs to {others}."
    return tuple(
        because(
            "match_contradicted", text, "matching",
            product=product_id, by=by, kind=answer.kind.upper(), others=", ".join(answer.product_ids),
        )
        for answer in weaker
        if product_id not in answer.product_ids and answer.kind != "keyword"
    )  # fmt: skip
