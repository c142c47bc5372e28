"""What can be done with many rows at once, as a grid declares it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.admin.words import marked

Preview = Callable[[Session, sa.Select[Any]], Sequence[str]]
"""Given a query of the keys of the rows, says in sentences what would happen to how many."""


@dataclass(frozen=True)
class Option:
    """Something to be chosen before it begins."""

    name: str
    label: str
    choices: Mapping[str, str]


@dataclass(frozen=True)
class Action:
    """An action: its label, who may do it, what it means, its effect on the rows, and the doing.

    `run(channel, ids, options)` is `sync.bulk.work.Act`; it is done by the worker, some rows at a time, and may be
    repeated.  `of_account`: it changes what all stores of the account share, so it takes the permission in all.
    """

    key: str
    label: str
    permission: str
    run: Callable[..., Any]
    effect: str = ""
    preview: Preview | None = None
    options: Sequence[Option] = ()
    of_account: bool = False
    note: str = marked("Rows that no longer match when their turn comes are left alone, and so are rows that are new.")

    def options_from(self, form: Mapping[str, str]) -> dict[str, str] | None:
        """Return what was chosen, or None where something was not."""
        chosen = {option.name: form.get(option.name, "") for option in self.options}
        is_known = all(chosen[option.name] in option.choices for option in self.options)
        return chosen if is_known else None
