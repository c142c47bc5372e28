"""Faults that strike instead of the operation: nothing is applied."""

import json
import random
from collections.abc import Callable
from urllib.parse import unquote

from flask_amazon_channel.simulator.wire.faults import Fault
from flask_amazon_channel.simulator.wire.messages import Request, Response, html_response, json_response

HOLD_SECONDS = 30.0
_SIGN_IN_PAGE = "<html><head><title>Amazon Sign-In</title></head><body><h1>Sign in</h1></body></html>"
_PHRASES = {
    500: ("InternalFailure", "We encountered an internal error. Please try again."),
    502: ("BadGateway", "Bad Gateway"),
    503: ("ServiceUnavailable", "Service is temporarily unavailable. Please try again."),
    504: ("GatewayTimeout", "Gateway Timeout"),
}
_ISSUE = {
    "code": "90000900",
    "message": "The provided attributes are invalid.",
    "severity": "ERROR",
    "attributeNames": [],
    "categories": ["INVALID_ATTRIBUTE"],
}


def instead(fault: Fault, request: Request, base_url: str) -> Response:
    """The answer that comes in place of the operation's.

    Assumed: A refused connection is shown by a connection that is closed without any answer, because a listener
    cannot refuse a single call; nothing of the call counts as received.
    Seen in public: A busy Amazon answers 503 with a page of HTML in place of JSON, and other gateways do so with 500,
    502 and 504.
    Seen in public: A page of HTML may come with status 200.
    """
    answers: dict[str, Callable[[], Response]] = {
        "refuse": lambda: Response(0, wire="close"),
        "reset_before": lambda: Response(0, wire="reset"),
        "timeout_before": lambda: hold(fault, Response(0)),
        "429": lambda: _error(429, "QuotaExceeded", "You exceeded your quota for the requested resource."),
        "403": lambda: _error(403, "Unauthorized", "Access to requested resource is denied."),
        "5xx_json": lambda: _error(fault.status or 500, *_PHRASES[fault.status or 500]),
        "5xx_html": lambda: busy_page(fault.status or 503),
        "200_html": lambda: html_response(200, _SIGN_IN_PAGE),
        "empty": lambda: Response(200),
        "redirect": lambda: Response(302, headers={"Location": f"{base_url}/_elsewhere"}),
        "invalid": lambda: _invalid(fault, request),
    }
    return answers[fault.kind]()


def hold(fault: Fault, response: Response) -> Response:
    """Nothing is said for so many seconds of real time; then the connection breaks."""
    response.wire, response.seconds = "hold", HOLD_SECONDS if fault.seconds is None else fault.seconds
    return response


def busy_page(status: int) -> Response:
    title = f"{status} {_PHRASES[status][0]}"
    return html_response(status, f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>")


def _error(status: int, code: str, message: str) -> Response:
    return json_response({"errors": [{"code": code, "message": message, "details": ""}]}, status)


def _invalid(fault: Fault, request: Request) -> Response:
    """A submission that Amazon refuses, with HTTP 200 as Amazon does."""
    sku = unquote(request.path.rsplit("/", 1)[-1])
    submission_id = f"{random.Random(f'{fault.id}/{fault.seen}').getrandbits(128):032x}"
    issues = [{**_ISSUE, **(fault.issue or {})}]
    document = {"sku": sku, "status": "INVALID", "submissionId": submission_id, "issues": issues}
    return Response(200, json.dumps(document).encode())
