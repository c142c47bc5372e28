"""Finding product types by words."""

import re

from flask_amazon_channel.simulator.product_types.catalogue import TYPES
from flask_amazon_channel.simulator.product_types.declaration import ProductType
from flask_amazon_channel.simulator.product_types.translations import translate


def find_by_keywords(keywords: list[str], locale: str) -> list[ProductType]:
    """Assumed: A keyword finds a product type when all its words begin words of the type's name, title or keywords."""
    return [kind for kind in TYPES.values() if any(_matches(each, _words_of(kind, locale)) for each in keywords)]


def find_by_title(title: str, locale: str) -> list[ProductType]:
    """Assumed: Product types are recommended by how many words of the title they share, the best ones first."""
    wanted = _words(title)
    scores = {kind.name: len(wanted & _words_of(kind, locale)) for kind in TYPES.values()}
    best = max(scores.values())
    return [kind for kind in TYPES.values() if best and scores[kind.name] == best]


def _matches(keyword: str, known: set[str]) -> bool:
    return all(any(word.startswith(part) for word in known) for part in _words(keyword))


def _words_of(kind: ProductType, locale: str) -> set[str]:
    return _words(f"{kind.name.replace('_', ' ')} {kind.title} {translate(kind.title, locale)} {kind.keywords}")


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
