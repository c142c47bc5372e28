"""May anything be sent now, for this store?

One answer for everybody who sends, plans, explains or shows.  The first that speaks against it is told: the
installation only reads; this database is a copy that belongs to another installation; a person froze the account or
the store; Amazon does not let us in; the store is paused.  What is held back is not lost: it goes on where it stopped.

Who owns the price or the quantity of a listing is asked beside it: what is not the shop's is never sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_amazon_channel.rules.phrases import phrase
from flask_amazon_channel.rules.reasons import ASPECTS, Reason, because


class Owner(StrEnum):
    """Who decides a price or a quantity at Amazon.  The channel sends only what is the shop's."""

    SHOP = "shop"
    AMAZON = "amazon"
    REPRICER = "repricer"
    PERSON = "person"


_OWNERS = {
    Owner.AMAZON: "Amazon decides the {what} of this listing: the channel sends none.",
    Owner.REPRICER: "A repricer decides the {what} of this listing: the channel sends none.",
    Owner.PERSON: "A person decides the {what} of this listing in Seller Central: the channel sends none.",
}


@dataclass(frozen=True, slots=True)
class Freeze:
    """A person stopped everything: when, who (empty: nobody knows), and why (empty: not said)."""

    at: datetime
    by: str = ""
    reason: str = ""

    @property
    def told(self) -> str:
        """Return who and why, to be put behind the time."""
        why = f" ({self.reason})" if self.reason else ""
        return phrase(" by {who}{why}", who=self.by, why=why) if self.by else why


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that can stand between a store and Amazon.

    `instance` is the installation that runs, `stored_instance` the one that the database belongs to (None: none yet).
    """

    store: str
    account: str
    is_active: bool = True
    is_connected: bool = True
    read_only: bool = False
    instance: str = ""
    stored_instance: str | None = None
    account_freeze: Freeze | None = None
    store_freeze: Freeze | None = None


def stopped(standing: Standing) -> Reason | None:
    """Return what stops all sending for the store, though it takes part: the installation, or a person's freeze."""
    if standing.read_only:
        return because("read_only", "AMAZON_CHANNEL_READ_ONLY is set: nothing is sent.")
    if standing.stored_instance not in (None, standing.instance):
        text = (
            "This database belongs to another installation ({stored}, this is {own}): nothing is sent until an "
            "administrator says that it is ours now."
        )
        return because("another_instance", text, "account", stored=standing.stored_instance, own=standing.instance)
    for freeze, name, code, place in (
        (standing.account_freeze, standing.account, "account_frozen", "account"),
        (standing.store_freeze, standing.store, "store_frozen", "store"),
    ):
        if freeze is not None:
            text = "{name} is frozen since {at}{told}: nothing is sent."
            return because(code, text, place, name=name, at=freeze.at, told=freeze.told)
    return None


def refused(standing: Standing) -> Reason | None:
    """Return why nothing may be sent now for the store, or None.  Ask it in the transaction that stores an intent."""
    reason = stopped(standing)
    if reason is not None:
        return reason
    if not standing.is_connected:
        text = "{account} is not connected: nothing is sent."
        return because("disconnected", text, "account", account=standing.account)
    return paused(standing.store, standing.is_active)


def paused(store: str, is_active: bool) -> Reason | None:
    """Return that the store does not take part, or None."""
    return None if is_active else because("store_paused", "{store} is paused: nothing is sent.", "store", store=store)


def not_published(store: str, is_published: bool, what: str) -> Reason | None:
    """Return that the store leaves prices or quantities alone, or None."""
    if is_published:
        return None
    return because("not_published", "{store} does not publish {what}.", "publishing", store=store, what=ASPECTS[what])


def not_owned(owner: Owner, what: str) -> Reason | None:
    """Return whose the price or the quantity is, if it is not the shop's."""
    return None if owner is Owner.SHOP else because("not_owned", _OWNERS[owner], "listing", what=ASPECTS[what])
