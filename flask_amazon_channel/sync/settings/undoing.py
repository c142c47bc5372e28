"""Taking a change set back: what was changed together is restored together, as a new change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from flask_amazon_channel.channel import Channel
from flask_amazon_channel.errors import ConfigurationError
from flask_amazon_channel.models import Aspect, Change, Listing, SellerAccount, Sku, Store, StoreState
from flask_amazon_channel.models.changes import change_set, new_set, undone_by
from flask_amazon_channel.models.database import in_transaction
from flask_amazon_channel.models.due import mark
from flask_amazon_channel.rules.permission import Owner
from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.sync import freezing, history, matching, ownership, stores
from flask_amazon_channel.sync.settings.changing import change
from flask_amazon_channel.sync.settings.kinds import settings_of

COMPANIONS = frozenset(
    {"frozen_reason", "matched_by", "price_override_reason", "quantity_override_reason"}
    | {"price_override_until", "quantity_override_until"}
)
"""What goes along with another setting of its change set."""
OVERRIDES = frozenset({"price_override_minor", "quantity_override"})
Subject = SellerAccount | Store | Sku | Listing
_SUBJECTS = ("account", "store", "sku", "listing")


@dataclass(frozen=True, slots=True)
class Step:
    """One setting that would be taken back: what it is now, and what it was before the change."""

    change: Change
    now: Any
    then: Any

    @property
    def was_changed_since(self) -> bool:
        return bool(_plain(self.now) != _plain(self.change.new))


@dataclass(frozen=True, slots=True)
class Undoing:
    """What taking a change set back means.  `why_not` is empty where it is possible."""

    set_id: str
    changes: tuple[Change, ...]
    steps: tuple[Step, ...] = ()
    why_not: str = ""

    @property
    def subject(self) -> Subject | None:
        return subject_of(self.changes[0])

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of an account or store that would be stored, by name."""
        row = self.subject
        known = settings_of(row) if isinstance(row, SellerAccount | Store) else {}
        return {step.change.setting: step.then for step in self.steps if step.change.setting in known}


def look(session: Session, set_id: str) -> Undoing | None:
    """Return what taking back would mean; None: there is no such change set."""
    changes = tuple(change_set(session, set_id))
    if not changes:
        return None
    if undone_by(session, [set_id]):
        return Undoing(set_id, changes, why_not=phrase("It was taken back already."))
    if any(subject_of(one) is None and one.subject in _SUBJECTS for one in changes):
        return Undoing(set_id, changes, why_not=phrase("What it was about is gone."))
    steps = tuple(Step(one, _now(one), one.old) for one in changes if one.setting not in COMPANIONS)
    if any(not _can_undo(one) for one in (step.change for step in steps)):
        return Undoing(
            set_id, changes, why_not=phrase("This cannot be taken back here: what happened at Amazon stays so.")
        )
    return Undoing(set_id, changes, steps)


def subject_of(change: Change) -> Subject | None:
    """Return what a change was about, while it is there."""
    found: dict[str, Subject | None] = {
        "account": change.account,
        "store": change.store,
        "sku": change.sku,
        "listing": change.listing,
    }
    return found.get(change.subject)


def _now(change: Change) -> Any:
    return getattr(subject_of(change), change.setting, None)


def _can_undo(change: Change) -> bool:
    row = subject_of(change)
    if isinstance(row, SellerAccount | Store) and change.setting in settings_of(row):
        return True
    if change.setting == "state":
        return isinstance(row, Store) and row.state != StoreState.DELETING
    return change.setting in _ONE_BY_ONE or change.setting in OVERRIDES


def undo(channel: Channel, undoing: Undoing, *, version: int | None = None, by: str | None = None) -> None:
    """Restore what was before, as a new change.  Commits.

    Raises `Conflict` where the account or store has another version than the one that was shown.
    """
    if undoing.why_not:
        raise ConfigurationError(undoing.why_not)
    row, settings = undoing.subject, undoing.settings
    if isinstance(row, SellerAccount | Store) and settings:
        change(channel, row, settings, version=version, by=by, undoes=undoing.set_id)
    overridden = [step.change for step in undoing.steps if step.change.setting in OVERRIDES]
    if overridden:
        _restore_overrides(channel, undoing, overridden, by)
    for step in undoing.steps:
        one = step.change
        if one.setting in _ONE_BY_ONE and one.setting not in settings:
            _ONE_BY_ONE[one.setting](channel, one, by)


def _restore_overrides(channel: Channel, undoing: Undoing, changes: Sequence[Change], by: str | None) -> None:
    session, now, together = channel.db.session(), channel.clock(), new_set()
    companions = {(one.sku_id, one.listing_id, one.setting): one.old for one in undoing.changes}

    def keep() -> None:
        for one in changes:
            row = subject_of(one)
            kind = one.setting.removesuffix("_minor")
            reason, until = (
                companions.get((one.sku_id, one.listing_id, f"{kind}_{what}")) for what in ("reason", "until")
            )
            if not isinstance(row, Listing | Sku):
                continue
            ends = datetime.fromisoformat(until) if until else None
            told = {"by": by, "set_id": together, "undoes": undoing.set_id}
            history.keep_override(channel, row, one.old, reason, until=ends, **told)
            setattr(row, one.setting, one.old)
            setattr(row, f"{kind}_reason", reason)
            setattr(row, f"{kind}_until", ends)
            if isinstance(row, Listing):
                row.released_price_minor = one.old
            session.flush()
            mark(session, Aspect, now, (Aspect.listing_id if isinstance(row, Listing) else Aspect.sku_id) == row.id)

    in_transaction(session, keep)
    channel.ring()


def _restore_owner(channel: Channel, change: Change, by: str | None) -> None:
    row = subject_of(change)
    listing = row if isinstance(row, Listing) else row.listings[0] if isinstance(row, Sku) else None
    if listing is not None:
        ownership.set_owner(channel, listing, change.setting, Owner(change.old), by=by, undoes=change.set_id)


def _restore_match(channel: Channel, change: Change, by: str | None) -> None:
    if change.sku is not None:
        matching.choose_product(channel, change.sku, change.old, by=by, undoes=change.set_id)


def _restore_freeze(channel: Channel, change: Change, by: str | None) -> None:
    row = change.store or change.account
    if row is None:
        return
    if change.old is None:
        freezing.unfreeze(channel, row, by=by, undoes=change.set_id)
    else:
        freezing.freeze(channel, row, by=by, undoes=change.set_id)


def _restore_state(channel: Channel, change: Change, by: str | None) -> None:
    store = change.store
    if store is None:
        return
    if store.state == StoreState.ARCHIVED and change.old == StoreState.INACTIVE:
        stores.take_out(channel, store, by=by, undoes=change.set_id)
        return
    back = {StoreState.ACTIVE: stores.activate, StoreState.ARCHIVED: stores.archive}
    back.get(StoreState(change.old), stores.deactivate)(channel, store, by=by, undoes=change.set_id)


_ONE_BY_ONE: dict[str, Callable[[Channel, Change, str | None], None]] = {
    "price_owner": _restore_owner,
    "quantity_owner": _restore_owner,
    "product_id": _restore_match,
    "frozen_at": _restore_freeze,
    "state": _restore_state,
}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
