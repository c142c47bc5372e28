"""The listing rule of a store: stored when it can be read, with its earlier versions, which can be brought back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ChannelError
from flask_amazon_channel.models import Store
from flask_amazon_channel.models.changes import Change
from flask_amazon_channel.rules.listing_rule import Problem, read
from flask_amazon_channel.rules.phrases import joined
from flask_amazon_channel.sync import facts
from flask_amazon_channel.sync.settings import changing

SETTING = "listing_rule"
KEPT_SHOWN = 20


class RuleRefused(ChannelError):
    """The rule says something that cannot be: nothing was stored."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(joined(problem.reason.sentence for problem in problems))
        self.problems = tuple(problems)


def save(channel: Channel, store: Store, stored: dict[str, Any] | None, version: int | None = None) -> bool:
    """Store the rule, keep the earlier one, and make the store's listings due.  Commits; False: nothing differs.

    Raises `RuleRefused` where it cannot be read, and `changing.Conflict` where somebody else saved since `version`.
    """
    store_id = store.id
    found = read(stored, facts.rule_fields(channel))
    if found.problems:
        raise RuleRefused(found.problems)
    row = channel.db.session().get_one(Store, store_id)
    return changing.change(channel, row, {SETTING: stored if found.rule else None}, version=version) is not None


def versions(session: Session, store: Store) -> list[Change]:
    """Return the changes of the rule, the newest first: each knows the rule before and after it."""
    found = sa.select(Change).where(Change.store_id == store.id, Change.setting == SETTING)
    return list(session.scalars(found.order_by(Change.id.desc()).limit(KEPT_SHOWN)))


def restore(channel: Channel, store: Store, change_id: int) -> bool:
    """Bring back the rule that a change replaced, as a new change.  False: there is no such change of this store."""
    change = channel.db.session().get(Change, change_id)
    if change is None or change.store_id != store.id or change.setting != SETTING:
        return False
    save(channel, store, change.old)
    return True
