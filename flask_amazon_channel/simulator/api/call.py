"""One authorised call of an operation, and what all operations check alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_amazon_channel.simulator.clock import parse_iso
from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.operations import Operation
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.wire.messages import ApiError, Request, Response
from flask_amazon_channel.simulator.world import World


@dataclass
class Call:
    """`path` holds the parts of the path, decoded; `caller` is None for a grantless token."""

    world: World
    request: Request
    operation: Operation
    caller: Seller | None
    path: dict[str, str]
    bad: str  # this API's code for a bad request
    missing: str  # and for what does not exist
    elements: list[str] | None = None  # of personal data that a restricted data token opens; None: another token

    @property
    def seller(self) -> Seller:
        assert self.caller is not None, "A grantless operation asked for a seller."
        return self.caller

    def bad_request(self, message: str) -> ApiError:
        return ApiError(400, self.bad, message)

    def not_found(self, message: str) -> ApiError:
        return ApiError(404, self.missing, message)

    def json(self) -> dict[str, Any]:
        """The body; anything but a JSON object is a bad request.

        Assumed: Halves of surrogate pairs are no text, and a body that holds one is a bad request.
        """
        try:
            document = self.request.json()
        except ValueError as error:
            raise self.bad_request("Request body is not valid JSON.") from error
        if not isinstance(document, dict):
            raise self.bad_request("Request body is not a JSON object.")
        return document

    def moment(self, name: str) -> float | None:
        """A query parameter that is a date-time."""
        text = self.request.one(name)
        try:
            return None if text is None else parse_iso(text)
        except ValueError as error:
            raise self.bad_request(f"Invalid '{name}': expected an ISO 8601 date-time.") from error

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str | None:
        value = self.request.one(name)
        if value is not None and value not in allowed:
            raise self.bad_request(f"Invalid '{name}' provided.")
        return value or default

    def choices(self, name: str, allowed: tuple[str, ...]) -> list[str]:
        values = self.request.many(name)
        if unknown := [value for value in values if value not in allowed]:
            raise self.bad_request(f"Invalid '{name}' provided: {', '.join(unknown)}.")
        return values

    def flag(self, name: str) -> bool:
        """A query parameter that is a boolean.  Seen in public: clients write it `True` as well as `true`."""
        text = (self.request.one(name) or "false").lower()
        if text not in ("true", "false"):
            raise self.bad_request(f"Invalid '{name}' provided: true or false is expected.")
        return text == "true"

    def number(self, name: str, default: int, greatest: int) -> int:
        text = self.request.one(name)
        if text is None:
            return default
        if not text.isdigit() or not 1 <= int(text) <= greatest:
            raise self.bad_request(f"'{name}' must be between 1 and {greatest}.")
        return int(text)

    def marketplaces(self, ids: list[str], required: bool = True) -> list[str]:
        """Ids that the seller sells in: an unknown one is a bad request, a foreign one is forbidden."""
        if required and not ids:
            raise self.bad_request("Missing required parameter 'marketplaceIds'.")
        for marketplace in ids:
            if marketplace not in MARKETPLACES:
                raise self.bad_request(f"Invalid 'marketplaceIds' provided: {marketplace}.")
            if marketplace not in self.seller.marketplaces:
                raise forbidden(f"The seller does not sell in marketplace {marketplace}.")
        return ids


def forbidden(details: str) -> ApiError:
    return ApiError(403, "Unauthorized", "Access to requested resource is denied.", details)


class Answer:
    """The function that answers an operation, with its API's own words for errors.

    `bare_errors` is of an API whose errors are an array instead of an object that holds one.
    """

    def __init__(self, function: Callable[[Call], Response], bad: str, missing: str, bare_errors: bool = False) -> None:
        self.function, self.bad, self.missing, self.bare_errors = function, bad, missing, bare_errors


ANSWERS: dict[str, Answer] = {}


def answers(
    operation: str, bad: str, missing: str, bare_errors: bool = False
) -> Callable[[Callable[[Call], Response]], Callable[[Call], Response]]:
    """Register the function that answers an operation."""

    def register(function: Callable[[Call], Response]) -> Callable[[Call], Response]:
        ANSWERS[operation] = Answer(function, bad, missing, bare_errors)
        return function

    return register
