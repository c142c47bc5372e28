"""The keywords of Amazon's vocabulary that validate, for jsonschema_rs.

Documented: Counts of unique items are counts of the items that have the same values in all selectors.
"""

import json
from collections import Counter
from typing import Any

_Place = list[str | int]


class MaxUniqueItems:
    """At most so many items with the same selectors."""

    def __init__(self, schema: dict[str, Any], value: Any, place: _Place) -> None:
        self.limit, self.selectors = int(value), tuple(schema.get("selectors", ()))

    def validate(self, instance: Any) -> None:
        if not isinstance(instance, list) or len(instance) <= self.limit:
            return
        most = max(_counts(instance, self.selectors).values(), default=0)
        if most > self.limit:
            raise ValueError(f"{most} items have the same selectors, {self.limit} are allowed")


class MinUniqueItems(MaxUniqueItems):
    """At least so many items with the same selectors, and at least so many at all."""

    def validate(self, instance: Any) -> None:
        if not isinstance(instance, list) or (self.limit == 1 and instance):
            return
        fewest = min(_counts(instance, self.selectors).values(), default=0)
        if fewest < self.limit:
            raise ValueError(f"{fewest} items have the same selectors, {self.limit} are needed")


def _counts(items: list[Any], selectors: tuple[str, ...]) -> Counter[str]:
    """How many items each combination of selectors has; a selector that an item lacks counts as null."""
    found = [[item.get(name) for name in selectors] if isinstance(item, dict) else item for item in items]
    return Counter(json.dumps(each, sort_keys=True, default=str) for each in found)


class MaxUtf8ByteLength:
    def __init__(self, schema: dict[str, Any], value: Any, place: _Place) -> None:
        self.limit = int(value)

    def validate(self, instance: Any) -> None:
        if isinstance(instance, str) and _bytes(instance) > self.limit:
            raise ValueError(f"{_bytes(instance)} bytes, {self.limit} are allowed")


class MinUtf8ByteLength(MaxUtf8ByteLength):
    def validate(self, instance: Any) -> None:
        if isinstance(instance, str) and _bytes(instance) < self.limit:
            raise ValueError(f"{_bytes(instance)} bytes, {self.limit} are needed")


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


KEYWORDS: dict[str, Any] = {
    "maxUniqueItems": MaxUniqueItems,
    "minUniqueItems": MinUniqueItems,
    "maxUtf8ByteLength": MaxUtf8ByteLength,
    "minUtf8ByteLength": MinUtf8ByteLength,
}
