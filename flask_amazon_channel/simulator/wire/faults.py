"""Faults on demand: which call fails, how, and a list of those that did.

A fault strikes instead of the operation (nothing was applied), at its start (what the call named is worth nothing
any more), or after it (everything was applied, only the answer is spoilt).  `when` may hold conditions, all of which
must hold, then `nth` (the nth matching call and those after it) or `probability`.  `times` is how often it strikes:
1 unless told, None for ever.  Chance comes from the seed: the same faults and the same calls meet again.
"""

import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from flask_amazon_channel.simulator.notifications.sqs.protocol import NAMES as QUEUE_CALLS
from flask_amazon_channel.simulator.operations import OPERATIONS
from flask_amazon_channel.simulator.wire.earlier import Earlier
from flask_amazon_channel.simulator.wire.messages import Request

INSTEAD = (
    "refuse", "reset_before", "timeout_before", "429", "403", "5xx_json", "5xx_html", "200_html", "empty", "redirect",
    "invalid",
)  # fmt: skip
AT_THE_START = ("expire_token", "revoke")
AFTER = (
    "reset_after_apply", "apply_then_timeout", "503_after_apply", "truncate", "garble", "wrong_charset", "bomb",
    "dup_page", "skip_item", "stale_read", "reorder", "slow_drip",
)  # fmt: skip
KINDS = INSTEAD + AT_THE_START + AFTER
STATUSES = (500, 502, 503, 504)
PLACES = ("*", "token", "consent", "appstore", "document", "upload", "unknown")
_CONDITIONS = ("seller", "sku", "body_contains", "query_contains", "path_contains", "header", "nth", "probability")


@dataclass
class Fault:
    """`operation` is a name of the table of operations, an action of a queue, or one of PLACES (`*` for any)."""

    id: int
    operation: str
    kind: str
    when: dict[str, Any] = field(default_factory=dict)
    times: int | None = 1
    seconds: float | None = None
    issue: dict[str, Any] | None = None
    status: int | None = None
    seen: int = 0
    struck: int = 0

    def matches(self, operation: str, seller_id: str, request: Request) -> bool:
        when = self.when
        return (
            self.operation in ("*", operation)
            and when.get("seller", seller_id) == seller_id
            and _is_in(when.get("path_contains"), request.path)
            and _is_in(when.get("query_contains"), request.query)
            and all(text in request.headers.get(name.lower(), "") for name, text in when.get("header", {}).items())
            and ("sku" not in when or _names(request, when["sku"]))
            and ("body_contains" not in when or when["body_contains"] in request.body.decode("utf-8", "replace"))
        )


def _is_in(text: str | None, raw: str) -> bool:
    """As it was sent, or decoded."""
    return text is None or text in raw or text in unquote(raw)


def _names(request: Request, sku: str) -> bool:
    return unquote(request.path).endswith(f"/{sku}") or quote(sku, safe="") in request.query


class Faults:
    """The faults that wait, and every one that struck; with the seed they can be replayed."""

    def __init__(self, seed: int) -> None:
        self.reset(seed)

    def reset(self, seed: int) -> None:
        self.seed = seed
        self.waiting: list[Fault] = []
        self.struck: list[dict[str, Any]] = []
        self.added: list[dict[str, Any]] = []
        self.earlier = Earlier()
        self.expired_pages: set[str] = set()

    def add(self, operation: str, kind: str, **facts: Any) -> Fault:
        """Raises ValueError for what does not exist or cannot be, TypeError for an unknown fact."""
        fault = Fault(len(self.added) + 1, operation, kind, **facts)
        fault.when = dict(fault.when or {})
        _check(fault)
        given = {name: value for name, value in facts.items() if value is not None}
        self.added.append({"operation": operation, "kind": kind, **given, "times": fault.times})
        self.waiting.append(fault)
        return fault

    def next(self, operation: str, seller_id: str, request: Request, now: float) -> Fault | None:
        """The fault that strikes this call.  Those that match and let it pass have counted it."""
        for fault in self.waiting:
            if fault.matches(operation, seller_id, request):
                fault.seen += 1
                if self._strikes(fault):
                    self._note(fault, operation, request, now)
                    return fault
        return None

    def chance(self, fault: Fault, what: str) -> random.Random:
        """Chance of one strike."""
        return random.Random(f"{self.seed}/{what}/{fault.id}/{fault.seen}")

    def _strikes(self, fault: Fault) -> bool:
        if fault.seen < int(fault.when.get("nth", 1)):
            return False
        return self.chance(fault, "fault").random() < float(fault.when.get("probability", 1))

    def _note(self, fault: Fault, operation: str, request: Request, now: float) -> None:
        fault.struck += 1
        call = {"call": fault.seen, "at": now, "method": request.method, "path": request.path}
        self.struck.append({"fault": fault.id, "operation": operation, "kind": fault.kind, **call, "seed": self.seed})
        if fault.times is not None and fault.struck >= fault.times:
            self.waiting.remove(fault)

    def as_plain(self) -> dict[str, Any]:
        """With `seed` and `added`, the same calls are struck in the same way again."""
        return {
            "seed": self.seed,
            "added": self.added,
            "waiting": [dict(vars(fault)) for fault in self.waiting],
            "struck": self.struck,
        }


def _check(fault: Fault) -> None:
    if fault.kind not in KINDS:
        raise ValueError(f"Unknown kind of fault {fault.kind}. Known are {', '.join(KINDS)}.")
    if fault.operation not in OPERATIONS and fault.operation not in QUEUE_CALLS and fault.operation not in PLACES:
        raise ValueError(f"Unknown operation {fault.operation}. A fault may also strike {', '.join(PLACES)}.")
    if unknown := sorted(set(fault.when) - set(_CONDITIONS)):
        raise ValueError(f"Unknown conditions: {', '.join(unknown)}. Known are {', '.join(_CONDITIONS)}.")
    nth, probability, header = (fault.when.get(name) for name in ("nth", "probability", "header"))
    if nth is not None and not _is_count(nth):
        raise ValueError("nth is a whole number of at least 1.")
    if probability is not None and not (_is_number(probability) and 0 <= probability <= 1):
        raise ValueError("probability is a number from 0 to 1.")
    if header is not None and not isinstance(header, dict):
        raise ValueError("header names headers and what each of them contains.")
    if fault.times is not None and not _is_count(fault.times):
        raise ValueError("times is a whole number of at least 1, or null for ever.")
    if fault.seconds is not None and not (_is_number(fault.seconds) and fault.seconds >= 0):
        raise ValueError("seconds is a number that is not negative.")
    if fault.status is not None and (fault.status not in STATUSES or not fault.kind.startswith("5xx_")):
        raise ValueError(f"status is one of {', '.join(map(str, STATUSES))}, for 5xx_json and 5xx_html only.")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
