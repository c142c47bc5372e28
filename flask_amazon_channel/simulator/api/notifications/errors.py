"""Errors of Notifications v1.

Seen in public: a wrong request about notifications is InvalidInput with a fixed message, and the details say more.
Seen in public: a second destination for a queue is a Conflict, a second subscription to a type a StateConflict.
"""

from flask_amazon_channel.simulator.wire.messages import ApiError

BAD, MISSING = "InvalidInput", "NotFound"


def invalid(details: str) -> ApiError:
    return ApiError(400, BAD, "Request has missing or invalid parameters and cannot be parsed.", details)


def not_found(details: str) -> ApiError:
    """Assumed: a destination or subscription that does not exist is NotFound."""
    return ApiError(404, MISSING, "The resource specified does not exist.", details)


def conflict(details: str) -> ApiError:
    return ApiError(409, "Conflict", "The requested resource conflict with a resource in the server.", details)


def state_conflict(details: str) -> ApiError:
    return ApiError(409, "StateConflict", "The resource specified conflicts with the current state.", details)
