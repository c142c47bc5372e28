"""Faults on demand: which call fails, how, and a list of those that did.

A fault strikes before the operation (nothing was applied) or after it (everything was, only the answer is
spoilt). `when` may hold `seller`, `sku`, `body_contains` (all must match), then `nth` (the nth matching
call and those after it) or `probability`.  `times` is how often it strikes, 1 unless told, None for ever.
"""

import json
import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from flask_amazon_channel.simulator.wire.messages import Request, Response, html_response, json_response

BEFORE = (
    "503_html", "500_json", "200_html", "empty", "redirect", "429", "403", "reset_before", "timeout_before",
    "invalid",
)  # fmt: skip
AFTER = (
    "truncate",
    "garble",
    "reset_after_apply",
    "apply_then_timeout",
    "slow_drip",
    "dup_page",
    "503_after_apply",
)
KINDS = BEFORE + AFTER
HOLD_SECONDS = 30.0
DRIP_SECONDS = 3.0
_CONDITIONS = ("seller", "sku", "body_contains", "nth", "probability")
_BUSY_PAGE = "<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>"
_SIGN_IN_PAGE = "<html><head><title>Amazon Sign-In</title></head><body><h1>Sign in</h1></body></html>"
_ISSUE = {
    "code": "90000900",
    "message": "The provided attributes are invalid.",
    "severity": "ERROR",
    "attributeNames": [],
    "categories": ["INVALID_ATTRIBUTE"],
}


@dataclass
class Fault:
    """`operation` is a name of the table of operations, `token`, `consent`, `document`, `upload`, or `*` for any."""

    id: int
    operation: str
    kind: str
    when: dict[str, Any] = field(default_factory=dict)
    times: int | None = 1
    seconds: float | None = None
    issue: dict[str, Any] | None = None
    seen: int = 0
    struck: int = 0

    def matches(self, operation: str, seller_id: str, request: Request) -> bool:
        body = request.body.decode("utf-8", "replace")
        sku = self.when.get("sku")
        return (
            self.operation in ("*", operation)
            and self.when.get("seller", seller_id) == seller_id
            and self.when.get("body_contains", "") in body
            and (sku is None or unquote(request.path).endswith(f"/{sku}") or quote(sku, safe="") in request.query)
        )


class Faults:
    """The faults that wait, and every one that struck; with the seed they can be replayed."""

    def __init__(self, seed: int) -> None:
        self.reset(seed)

    def reset(self, seed: int) -> None:
        self.seed = seed
        self.waiting: list[Fault] = []
        self.struck: list[dict[str, Any]] = []
        self._number = 0
        self._last_answers: dict[tuple[str, str], Response] = {}

    def add(self, operation: str, kind: str, **facts: Any) -> Fault:
        """Raises ValueError for a kind or a condition that does not exist."""
        if kind not in KINDS:
            raise ValueError(f"Unknown kind of fault {kind}. Known are {', '.join(KINDS)}.")
        when = facts.get("when") or {}
        if unknown := sorted(set(when) - set(_CONDITIONS)):
            raise ValueError(f"Unknown conditions: {', '.join(unknown)}. Known are {', '.join(_CONDITIONS)}.")
        self._number += 1
        fault = Fault(self._number, operation, kind, **facts)
        self.waiting.append(fault)
        return fault

    def next(self, operation: str, seller_id: str, request: Request, now: float) -> Fault | None:
        """The fault that strikes this call.  Those that match and let it pass have counted it."""
        for fault in self.waiting:
            if fault.matches(operation, seller_id, request):
                fault.seen += 1
                if self._strikes(fault):
                    self._note(fault, operation, now)
                    return fault
        return None

    def _strikes(self, fault: Fault) -> bool:
        if "probability" in fault.when:
            chance = random.Random(f"{self.seed}/fault/{fault.id}/{fault.seen}").random()
            return chance < float(fault.when["probability"])
        return fault.seen >= int(fault.when.get("nth", 1))

    def _note(self, fault: Fault, operation: str, now: float) -> None:
        fault.struck += 1
        facts = {"fault": fault.id, "operation": operation, "kind": fault.kind, "call": fault.seen, "at": now}
        self.struck.append({**facts, "seed": self.seed})
        if fault.times is not None and fault.struck >= fault.times:
            self.waiting.remove(fault)

    def spoil(self, fault: Fault, response: Response) -> Response:
        """The answer after a fault that strikes when everything was applied."""
        seconds = fault.seconds
        if fault.kind == "503_after_apply":
            return html_response(503, _BUSY_PAGE)
        if fault.kind == "truncate":
            response.wire = "truncate"
        elif fault.kind == "garble":
            response.body = bytes(byte ^ 0x55 for byte in response.body)
        elif fault.kind == "slow_drip":
            response.wire, response.seconds = "drip", DRIP_SECONDS if seconds is None else seconds
        elif fault.kind == "reset_after_apply":
            response.wire = "reset"
        elif fault.kind == "apply_then_timeout":
            response.wire, response.seconds = "hold", HOLD_SECONDS if seconds is None else seconds
        return response

    def remember(self, operation: str, seller_id: str, response: Response) -> None:
        """Keep the last good answer of a search, for `dup_page`."""
        if response.status == 200 and operation.startswith("search"):
            self._last_answers[operation, seller_id] = Response(200, response.body)

    def last_answer(self, operation: str, seller_id: str) -> Response | None:
        found = self._last_answers.get((operation, seller_id))
        return Response(200, found.body) if found else None

    def as_plain(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "waiting": [dict(vars(fault)) for fault in self.waiting],
            "struck": self.struck,
        }


def instead(fault: Fault, request: Request, base_url: str) -> Response:
    """The answer of a fault that strikes before the operation."""
    seconds = HOLD_SECONDS if fault.seconds is None else fault.seconds
    answers = {
        "503_html": lambda: html_response(503, _BUSY_PAGE),
        "500_json": lambda: _error(500, "InternalFailure", "We encountered an internal error. Please try again."),
        "200_html": lambda: html_response(200, _SIGN_IN_PAGE),
        "empty": lambda: Response(200),
        "redirect": lambda: Response(302, headers={"Location": f"{base_url}/_elsewhere"}),
        "429": lambda: _error(429, "QuotaExceeded", "You exceeded your quota for the requested resource."),
        "403": lambda: _error(403, "Unauthorized", "Access to requested resource is denied."),
        "reset_before": lambda: Response(0, wire="reset"),
        "timeout_before": lambda: Response(0, wire="hold", seconds=seconds),
        "invalid": lambda: _invalid(fault, request),
    }
    return answers[fault.kind]()


def _error(status: int, code: str, message: str) -> Response:
    return json_response({"errors": [{"code": code, "message": message, "details": ""}]}, status)


def _invalid(fault: Fault, request: Request) -> Response:
    """A submission that Amazon refuses, with HTTP 200 as Amazon does."""
    sku = unquote(request.path.rsplit("/", 1)[-1])
    submission_id = f"{random.Random(f'{fault.id}/{fault.seen}').getrandbits(128):032x}"
    issues = [{**_ISSUE, **(fault.issue or {})}]
    return Response(
        200,
        json.dumps({"sku": sku, "status": "INVALID", "submissionId": submission_id, "issues": issues}).encode(),
    )
