"""Every page: its address, who may open it, and the view that shows it.  There is no other way in.

A view is imported when its page is first opened, so that installing the channel stays quick.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from flask_amazon_channel.admin import access, headers
from flask_amazon_channel.admin.access import ADMINISTER, OPERATE, VIEW
from flask_amazon_channel.channel import current

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Page(NamedTuple):
    """The endpoint is the name of the view's function; the ids in the rule say whose page it is."""

    rule: str
    view: str
    permission: str
    method: str = "GET"

    @property
    def endpoint(self) -> str:
        return self.view.rpartition(".")[2]


PAGES = (
    Page("/", "home.home", VIEW),
    Page("/search", "search.search", VIEW),
    Page("/help", "help.help", VIEW),
    Page("/onboarding", "onboarding.resume", VIEW),
    Page("/preparation", "preparation.preparation", VIEW),
    Page("/preparation/tick", "preparation.tick", ADMINISTER, "POST"),
    Page("/preparation/look", "preparation.look_at_catalogue", ADMINISTER, "POST"),
    Page("/preparation/leave", "preparation.leave_preparation", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/onboarding/marketplaces", "onboarding.choose_marketplaces", VIEW),
    Page("/accounts/<int:account_id>/onboarding/marketplaces", "onboarding.save_marketplaces", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/onboarding/storefronts", "onboarding.bind_storefronts", VIEW),
    Page("/accounts/<int:account_id>/onboarding/storefronts", "onboarding.save_storefronts", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/onboarding/identifiers", "onboarding.map_identifiers", VIEW),
    Page("/accounts/<int:account_id>/onboarding/identifiers", "onboarding.save_identifiers", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/onboarding/rules", "onboarding.first_rules", VIEW),
    Page("/accounts/<int:account_id>/onboarding/rules", "onboarding.leave_rules", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/onboarding/review", "onboarding.review_import", VIEW),
    Page("/accounts/<int:account_id>/onboarding/import", "onboarding.begin_import", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/onboarding/review", "onboarding.confirm_review", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/onboarding/start", "onboarding.last_step", VIEW),
    Page("/accounts/<int:account_id>/onboarding/start", "onboarding.start", ADMINISTER, "POST"),
    Page("/connect", "connecting.connect", ADMINISTER),
    Page("/connect", "connecting.start_connecting", ADMINISTER, "POST"),
    Page("/connect/continue", "connecting.continue_to_amazon", ADMINISTER),
    Page("/connect/return", "connecting.return_from_amazon", ADMINISTER),
    Page("/accounts/<int:account_id>", "accounts.account", VIEW),
    Page("/accounts/<int:account_id>/settings", "settings.account_settings", ADMINISTER),
    Page("/accounts/<int:account_id>/settings", "settings.save_account_settings", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/changes", "changes.account_changes", VIEW),
    Page("/accounts/<int:account_id>/quotas", "quotas.quotas", VIEW),
    Page("/adopt", "safety.adopt_database", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/freeze", "safety.freeze_account", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/unfreeze", "safety.unfreeze_account", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/mass-change", "safety.settle_account", OPERATE, "POST"),
    Page("/accounts/<int:account_id>/reconnect", "connecting.reconnect", ADMINISTER, "POST"),
    Page("/accounts/<int:account_id>/runs", "records.account_runs", VIEW),
    Page("/stores/<int:store_id>", "stores.store", VIEW),
    Page("/stores/<int:store_id>/settings", "settings.store_settings", ADMINISTER),
    Page("/stores/<int:store_id>/settings", "settings.save_store_settings", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/changes", "changes.store_changes", VIEW),
    Page("/stores/<int:store_id>/life", "life.store_life", ADMINISTER),
    Page("/stores/<int:store_id>/archive", "life.archive_store", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/take-out", "life.take_out_store", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/delete", "life.ask_to_delete", ADMINISTER),
    Page("/stores/<int:store_id>/delete", "life.delete_store", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/copy", "life.choose_copies", ADMINISTER),
    Page("/stores/<int:store_id>/copy", "life.copy_settings", ADMINISTER, "POST"),
    Page("/alerts", "alerts.alerts", VIEW),
    Page("/stores/<int:store_id>/alerts", "alerts.store_alerts", VIEW),
    Page("/stores/<int:store_id>/listing-changes", "logs.listing_changes", VIEW),
    Page("/stores/<int:store_id>/errors", "logs.call_errors", VIEW),
    Page("/stores/<int:store_id>/activity", "logs.store_activity", VIEW),
    Page("/listings/<int:listing_id>/activity", "logs.listing_activity", VIEW),
    Page("/orders/<int:order_id>/activity", "logs.order_activity", VIEW),
    Page("/stores/<int:store_id>/improvements", "reports.improvements", VIEW),
    Page("/stores/<int:store_id>/issues", "reports.issues", VIEW),
    Page("/stores/<int:store_id>/prices", "reports.competitive_prices", VIEW),
    Page("/stores/<int:store_id>/failures", "failures.failures", VIEW),
    Page("/stores/<int:store_id>/failures/orders", "failures.failed_orders", VIEW),
    Page("/stores/<int:store_id>/failures/changes", "failures.failed_changes", VIEW),
    Page("/stores/<int:store_id>/failures/read", "failures.read_again", OPERATE, "POST"),
    Page("/stores/<int:store_id>/listings-report", "failures.listings_report", VIEW),
    Page("/stores/<int:store_id>/listings-report", "failures.accept_report", OPERATE, "POST"),
    Page("/runs", "records.all_runs", VIEW),
    Page("/stores/<int:store_id>/runs", "records.store_runs", VIEW),
    Page("/stores/<int:store_id>/debug-log", "records.debug_log", VIEW),
    Page("/stores/<int:store_id>/debug-log", "records.switch_debug_log", OPERATE, "POST"),
    Page("/stores/<int:store_id>/activate", "stores.activate_store", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/deactivate", "stores.deactivate_store", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/freeze", "safety.freeze_store", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/unfreeze", "safety.unfreeze_store", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/mass-change", "safety.settle_store", OPERATE, "POST"),
    Page("/stores/<int:store_id>/publishing", "safety.set_publishing", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/listing-rule", "listing_rule.listing_rule", VIEW),
    Page("/stores/<int:store_id>/listing-rule", "listing_rule.change_listing_rule", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/listing-rule/restore", "listing_rule.restore_listing_rule", ADMINISTER, "POST"),
    Page("/stores/<int:store_id>/listings", "listings.listings", VIEW),
    Page("/listings/<int:listing_id>", "listing.listing", VIEW),
    Page("/listings/<int:listing_id>/prices", "prices.listing_prices", VIEW),
    Page("/listings/<int:listing_id>/product", "listing.choose_product", OPERATE, "POST"),
    Page("/listings/<int:listing_id>/owner", "safety.set_owner", OPERATE, "POST"),
    Page("/listings/<int:listing_id>/release", "listing.release_product", OPERATE, "POST"),
    Page("/listings/<int:listing_id>/send-again", "listing.send_again", OPERATE, "POST"),
    Page("/listings/<int:listing_id>/take-over", "listing.take_over", OPERATE, "POST"),
    Page("/changes", "changes.changes", VIEW),
    Page("/changes/<int:change_id>", "changes.change", VIEW),
    Page("/changes/<int:change_id>/undo", "changes.undo_change", OPERATE, "POST"),
    Page("/stores/<int:store_id>/bulk", "grid.bulk.prepare_in_store", OPERATE, "POST"),
    Page("/bulk", "grid.bulk.prepare", VIEW, "POST"),
    Page("/bulk/<int:bulk_id>", "grid.bulk.bulk_action", VIEW),
    Page("/bulk/<int:bulk_id>/start", "grid.bulk.start_bulk_action", OPERATE, "POST"),
    Page("/bulk/<int:bulk_id>/stop", "grid.bulk.stop_bulk_action", OPERATE, "POST"),
    Page("/views", "grid.views.keep_view", VIEW, "POST"),
    Page("/views/<int:view_id>", "grid.views.change_view", VIEW, "POST"),
    Page("/orders", "orders.orders", VIEW),
    Page("/stores/<int:store_id>/orders", "orders.store_orders", VIEW),
    Page("/orders/<int:order_id>", "order.order", VIEW),
    Page("/orders/<int:order_id>/retry", "order.retry_order", OPERATE, "POST"),
)


def register(blueprint: Blueprint) -> None:
    """Give the blueprint its pages."""
    for page in PAGES:
        blueprint.add_url_rule(page.rule, page.endpoint, _guarded(page), methods=[page.method])


def _guarded(page: Page) -> Callable[..., ResponseReturnValue]:
    """Return the view behind the one check that every page has."""

    def answer(**ids: int) -> ResponseReturnValue:
        channel = current()
        admitted = access.admit(channel, page.permission, ids)
        if isinstance(admitted, Response):
            return admitted
        access.remember(admitted)
        if request.method not in SAFE_METHODS:
            _check_token()
        return headers.protect(make_response(_load(page.view)(channel, **admitted)))

    answer.__name__ = page.endpoint
    return answer


def _check_token() -> None:
    from flask_amazon_channel.admin import forms

    forms.check_token()


def _load(view: str) -> Callable[..., Any]:
    module, _, function = view.rpartition(".")
    return getattr(importlib.import_module(f"flask_amazon_channel.admin.{module}"), function)  # type: ignore[no-any-return]
