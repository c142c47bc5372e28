"""The processing directive of a subscription: an event filter or a filter expression."""

import re
from typing import Any

from flask_amazon_channel.simulator.api.notifications.errors import invalid
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.notifications.delivery import PERIODS
from flask_amazon_channel.simulator.notifications.types import NotificationType

CHANGES = ("BuyerRequestedChange", "DeliveryTipChange", "OrderStatusChange")
LONGEST_EXPRESSION = 256


def checked(kind: NotificationType, directive: Any) -> dict[str, Any] | None:
    """The directive as it is kept.  Raises InvalidInput."""
    if directive is None:
        return None
    if not isinstance(directive, dict) or set(directive) - {"eventFilter", "filterExpression"}:
        raise invalid("processingDirective holds eventFilter or filterExpression.")
    if "eventFilter" in directive and "filterExpression" in directive:
        raise invalid("Processing Directive eventFilter and filterExpression are mutually exclusive")
    if "filterExpression" in directive:
        _check_expression(directive["filterExpression"])
    else:
        _check_filter(kind, directive.get("eventFilter"))
    return directive


def _check_expression(expression: Any) -> None:
    """Its length, and that it has no arithmetic and no index."""
    if not isinstance(expression, str) or not 1 <= len(expression) <= LONGEST_EXPRESSION:
        raise invalid(f"Processing Directive filterExpression has 1 to {LONGEST_EXPRESSION} characters")
    outside = re.sub(r"'[^']*'|\"[^\"]*\"|`[^`]*`", "", expression)
    if re.search(r"[+*/%\[\]]|(?<=\w)\s*-", outside):
        raise invalid("Processing Directive filterExpression has operators that are not supported")


def _check_filter(kind: NotificationType, wanted: Any) -> None:
    """Seen in public: an empty event filter is refused.

    Assumed: an event filter of another type, or with a part that its type does not have, is refused.
    """
    if not isinstance(wanted, dict) or not wanted:
        raise invalid("Processing Directive eventFilter must not be empty")
    if not kind.filters:
        raise invalid(f"Processing Directive eventFilter is not supported for notification type {kind.name}")
    if wanted.get("eventFilterType") != kind.name:
        raise invalid(f"Processing Directive eventFilterType must be {kind.name}")
    if unknown := sorted(set(wanted) - {"eventFilterType", *kind.filters}):
        raise invalid(f"Processing Directive eventFilter must not hold {', '.join(unknown)}")
    _check_list(wanted, "marketplaceIds", tuple(MARKETPLACES))
    _check_list(wanted, "orderChangeTypes", CHANGES)
    settings = wanted.get("aggregationSettings")
    if settings is not None and not (isinstance(settings, dict) and settings.get("aggregationTimePeriod") in PERIODS):
        raise invalid(f"aggregationTimePeriod must be one of {', '.join(PERIODS)}")


def _check_list(wanted: dict[str, Any], name: str, allowed: tuple[str, ...]) -> None:
    values = wanted.get(name, [])
    if not isinstance(values, list) or any(value not in allowed for value in values):
        raise invalid(f"{name} holds a value that is not supported")
