"""How a patch changes one attribute: add, replace, merge and delete, by selectors."""

from collections.abc import Iterable
from typing import Any

Values = list[dict[str, Any]]
Selectors = Iterable[str]

SELECTORS = ("marketplace_id", "audience", "fulfillment_channel_code", "language_tag", "type")
_DEFAULTS = {"audience": "ALL"}


def patched(old: Values, op: str, new: Values, marketplaces: list[str], selectors: Selectors = SELECTORS) -> Values:
    """One attribute after one patch; the old values are left as they are.

    Assumed: `replace` puts the new values in place of everything that the attribute holds in the call's
    marketplaces, other audiences included, and `add` in place of values with the same selectors only.
    Documented: `merge` keeps the parts of a value that the new one does not name.
    Assumed: `merge` drops a part that the new value names as null or as an empty list.
    Documented: `delete` needs the selectors of the values to delete; a name alone is not enough.
    Assumed: a `delete` that names parts inside a value deletes those parts only.
    """
    if op == "merge":
        return _merged(old, new, selectors)
    if op == "delete":
        return _deleted(old, new, selectors)
    if op == "replace":
        return [value for value in old if not _replaced(value, new, marketplaces)] + new
    return [value for value in old if not any(_same(value, each, selectors) for each in new)] + new


def _same(old: dict[str, Any], new: dict[str, Any], selectors: Selectors) -> bool:
    """Selectors that a value leaves out fall back to their default.

    A marketplace has one currency, and a value without a marketplace is of the marketplaces of the call.
    """
    return all(
        old.get(name, _DEFAULTS.get(name, new.get(name) if name == "marketplace_id" else None))
        == new.get(name, _DEFAULTS.get(name, old.get(name) if name == "marketplace_id" else None))
        for name in selectors
        if name != "currency"
    )


def _replaced(old: dict[str, Any], new: Values, marketplaces: list[str]) -> bool:
    if "fulfillment_channel_code" in old:
        return any(_same(old, each, SELECTORS) for each in new)
    return old.get("marketplace_id", marketplaces[0]) in marketplaces


def _merged(old: Values, new: Values, selectors: Selectors) -> Values:
    result = [dict(value) for value in old]
    for value in new:
        twin = next((each for each in result if _same(each, value, selectors)), None)
        if twin is None:
            result.append(twin := {})
        twin.update(value)
        for name in [name for name, part in twin.items() if part is None or part == []]:
            del twin[name]
    return result


def _deleted(old: Values, new: Values, selectors: Selectors) -> Values:
    known = {*SELECTORS, *selectors, "currency"}
    result = old
    for wanted in new:
        given = {name: value for name, value in wanted.items() if name in known}
        parts = {name: value for name, value in wanted.items() if name not in known}
        result = [left for each in result if (left := _without(each, given, parts)) is not None]
    return result


def _without(value: dict[str, Any], given: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any] | None:
    """What is left of a value; None for nothing.  Without any selector nothing is selected."""
    if not given or any(value.get(name, _DEFAULTS.get(name)) != wanted for name, wanted in given.items()):
        return value
    nested = {name: part for name, part in parts.items() if isinstance(part, list)}
    if not nested:
        return None
    left = {name: _trimmed(part, nested[name]) if name in nested else part for name, part in value.items()}
    return {name: part for name, part in left.items() if part != []}


def _trimmed(old: Any, wanted: list[Any]) -> Any:
    """A nested list without the elements selected: by its scalars, or deeper by lists of its own."""
    if not isinstance(old, list) or not wanted:
        return []
    for each in wanted:
        old = [left for value in old if (left := _pruned(value, each)) is not None]
    return old


def _pruned(value: Any, wanted: Any) -> Any:
    if not isinstance(value, dict) or not isinstance(wanted, dict):
        return None if value == wanted else value
    deeper = {name: part for name, part in wanted.items() if isinstance(part, list)}
    if any(value.get(name) != part for name, part in wanted.items() if name not in deeper):
        return value
    if not deeper:
        return None
    left = {name: _trimmed(part, deeper[name]) if name in deeper else part for name, part in value.items()}
    rest = {name: part for name, part in left.items() if part != []}
    return rest or None
