"""What the address asks of a grid: filters, words, sort, columns, size, view and position; and addresses of links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from flask_amazon_channel.admin.grid import filters
from flask_amazon_channel.admin.grid.columns import Column
from flask_amazon_channel.admin.grid.declared import Declared
from flask_amazon_channel.admin.grid.filters import Arguments, Filter, Surroundings
from flask_amazon_channel.models import GridView

SIZES = (25, 50, 100, 200)
SIZE = 50
LISTING_ALL = "all"
"""The view without any filter, where a bare address means another."""


@dataclass(frozen=True)
class State:
    """One reading of the address.  `view` is the number of a kept view, "all" or empty."""

    grid: Declared
    path: str
    filters: tuple[Filter, ...] = ()
    words: str = ""
    sort: Column | None = None
    descending: bool = False
    columns: tuple[Column, ...] = ()
    size: int = SIZE
    view: str = ""
    after: str = ""
    before: str = ""
    has_preset: bool = False
    kept: GridView | None = None
    views: tuple[GridView, ...] = ()

    @property
    def problems(self) -> list[Filter]:
        return [one for one in self.filters if one.problem]

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters or self.words)

    @property
    def sort_word(self) -> str:
        return f"{'-' if self.descending else ''}{self.sort.key}" if self.sort else ""

    def arguments(self) -> list[tuple[str, str]]:
        """Return what is asked, without the position: what a view keeps."""
        pairs = [pair for one in self.filters for pair in one.arguments]
        if self.words:
            pairs.append(("q", self.words))
        if self.sort_word != self.grid.sort:
            pairs.append(("sort", self.sort_word))
        if self.columns != self.grid.default_columns:
            pairs.append(("columns", ",".join(column.key for column in self.columns)))
        if self.size != SIZE:
            pairs.append(("size", str(self.size)))
        return pairs

    @property
    def query_string(self) -> str:
        return urlencode(self.arguments())

    @property
    def is_as_kept(self) -> bool:
        """Whether the view that is shown is as it was kept."""
        return self.kept is not None and dict(parse_qsl(self.kept.arguments)) == dict(self.arguments())

    def of_view(self, view: GridView) -> str:
        return f"{self.path}?{urlencode([('view', view.id)])}"

    def address(self, *more: tuple[str, str]) -> str:
        """Return the address of this state from its beginning, with `more` arguments."""
        pairs = self.arguments()
        if self.view and (self.view != LISTING_ALL or not pairs):
            pairs.append(("view", self.view))
        elif not pairs and self.has_preset:
            pairs.append(("view", LISTING_ALL))
        pairs += more
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def sorted_by(self, column: Column) -> str:
        """Return the address that sorts by the column; by the same column the other way round."""
        descending = not self.descending if column is self.sort else column.is_number
        return replace(self, sort=column, descending=descending).address()

    def without(self, *unwanted: Filter) -> str:
        return replace(self, filters=tuple(one for one in self.filters if one not in unwanted)).address()

    def without_words(self) -> str:
        return replace(self, words="").address()

    def without_filters(self) -> str:
        return replace(self, filters=(), words="", view=LISTING_ALL).address()

    def sized(self, size: int) -> str:
        return replace(self, size=size).address()

    def with_default_columns(self) -> str:
        return replace(self, columns=self.grid.default_columns).address()

    def asked_of(self, column: Column, part: str = "") -> list[str]:
        """Return what is asked of a column, as it was typed: for the form."""
        name = f"{column.key}.{part}" if part else column.key
        return [value for one in self.filters if one.column is column for key, value in one.arguments if key == name]

    @property
    def is_lost(self) -> bool:
        """Whether a position is asked for: where nothing is found there, there may be rows elsewhere."""
        return bool(self.after or self.before)

    def is_only(self, arguments: Mapping[str, Sequence[str]]) -> bool:
        """Whether exactly this is filtered: for tabs."""
        asked: dict[str, list[str]] = {}
        for one in self.filters:
            for name, value in one.arguments:
                asked.setdefault(name, []).append(value)
        return not self.words and {name: set(given) for name, given in asked.items()} == {
            name: set(given) for name, given in arguments.items()
        }

    def only(self, arguments: Mapping[str, str | Sequence[str]]) -> str:
        """Return the address with only these filters, all else as it is: for tabs."""
        kept = replace(self, filters=(), words="", view="", kept=None)
        pairs = [
            (name, value)
            for name, values in arguments.items()
            for value in ([values] if isinstance(values, str) else values)
        ]
        rest = kept.arguments()
        if not pairs and not rest and self.has_preset:
            rest = [("view", LISTING_ALL)]
        return f"{self.path}?{urlencode(pairs + rest)}" if pairs or rest else self.path


def read(
    grid: Declared,
    path: str,
    address: MultiDict[str, str],
    around: Surroundings,
    preset: Arguments = (),
    kept: GridView | None = None,
    views: Sequence[GridView] = (),
) -> State:
    """Read an address.  `preset` holds where it asks nothing: the `kept` view or what the grid shows at first."""
    asked = _only_known(grid, address)
    if not asked and address.get("view") != LISTING_ALL and "apply" not in address:
        asked = MultiDict(preset)
    elif str(kept.id if kept else "") != address.get("view", ""):
        kept = None
    sort, descending = _sort(grid, asked.get("sort", grid.sort))
    return State(
        grid,
        path,
        filters=tuple(filter(None, (filters.read(column, asked, around) for column in grid.columns))),
        words=filters.clean(asked.get("q", ""))[:100] if grid.search else "",
        sort=sort,
        descending=descending,
        columns=_columns(grid, asked.getlist("columns"), address),
        size=_size(asked.get("size", "")),
        view=str(kept.id) if kept else LISTING_ALL if address.get("view") == LISTING_ALL else "",
        after=address.get("after", ""),
        before=address.get("before", ""),
        has_preset=bool(preset) or kept is not None or any(one.is_default for one in views),
        kept=kept,
        views=tuple(views),
    )


def _only_known(grid: Declared, address: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return the arguments that ask something; empty fields of a form ask nothing."""
    known = {name for column in grid.columns for name in filters.names_of(column)} | {"q", "sort", "columns", "size"}
    return MultiDict([(name, value) for name, value in address.items(multi=True) if name in known and value.strip()])


def _sort(grid: Declared, word: str) -> tuple[Column, bool]:
    column = grid.by_key.get(word.removeprefix("-"))
    if column is None or not column.sort:
        word = grid.sort
        column = grid.by_key[word.removeprefix("-")]
    return column, word.startswith("-")


def _columns(grid: Declared, texts: Sequence[str], address: MultiDict[str, str]) -> tuple[Column, ...]:
    """Return the columns in the order in which they are named; a form may say their places instead."""
    keys = [key for key in dict.fromkeys(",".join(texts).split(",")) if key in grid.by_key]
    keys.sort(key=lambda key: _place(address.get(f"place.{key}", "")))
    return tuple(grid.by_key[key] for key in keys) or grid.default_columns


def _place(text: str) -> int:
    return int(text[:4]) if text.isascii() and text.isdecimal() else 0


def _size(text: str) -> int:
    return int(text) if text in map(str, SIZES) else SIZE
