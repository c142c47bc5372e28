import ast
from collections.abc import Iterator
from datetime import timedelta, timezone
from decimal import Decimal
from pathlib import Path

from flask_amazon_channel import rules
from flask_amazon_channel.rules.reasons import PLACES, Step, because, because_many
from tests.rules.making import NOW


def test_a_sentence_is_put_together_from_its_numbers() -> None:
    reason = because("too_few", "{n} in stock, {needed} needed.", "stock", n=2, needed=3)
    assert reason.as_json() == {"code": "too_few", "sentence": "2 in stock, 3 needed.", "see": "stock"}


def test_curly_brackets_in_what_others_wrote_do_no_harm() -> None:
    assert (
        because("amazon_issue", "Amazon says: {message}", message="use {brand}").sentence == "Amazon says: use {brand}"
    )


def test_a_sentence_without_numbers_may_hold_curly_brackets() -> None:
    assert because("plain", "100 % of {this}").sentence == "100 % of {this}"


def test_one_and_many_are_said_as_one_says_them() -> None:
    def late(n: int) -> str:
        return because_many(
            "late", "{n} order of {store} is late.", "{n} orders of {store} are late.", n=n, store="X"
        ).sentence

    assert [late(n) for n in (0, 1, 2)] == [
        "0 orders of X are late.",
        "1 order of X is late.",
        "2 orders of X are late.",
    ]


def test_numbers_are_written_without_exponents_and_times_in_utc() -> None:
    in_berlin = NOW.astimezone(timezone(timedelta(hours=1)))
    step = Step("At {at}.", Decimal("1E+2"), {"at": in_berlin})
    assert step.as_json() == {"sentence": "At 2026-11-20 12:00 UTC.", "value": "100"}


_PLACE_AT = {"because": 2, "because_many": 3, "Reason": 2}


def _written_places() -> Iterator[str]:
    """Where each `because`, `because_many` and `Reason` in the source of the rules points to."""
    for path in sorted(Path(rules.__path__[0]).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in {
                "because",
                "because_many",
                "Reason",
            }:
                continue
            at = 3 if getattr(call.func, "id", "") == "because_many" else 2
            yield from (str(place.value) for place in call.args[at : at + 1] if isinstance(place, ast.Constant))


def test_every_reason_of_the_rules_points_to_a_place_that_the_pages_know() -> None:
    written = set(_written_places())
    assert len(written) > 10
    assert written - {""} <= PLACES
