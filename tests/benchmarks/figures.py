"""What a benchmark returns, and how it is printed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Figure:
    """One measurement.  `floor` and `ours` are in `unit`; `mark` is what must be reached, in words."""

    number: str
    what: str
    unit: str
    ours: float
    mark: str
    reached: bool
    floor: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def ratio(self) -> float | None:
        return self.ours / self.floor if self.floor else None


def percentile(samples: Sequence[float], percent: int) -> float:
    return quantiles(samples, n=100, method="inclusive")[percent - 1]


def as_text(figures: Sequence[Figure]) -> str:
    lines = [f"{'':4} {'':44} {'floor':>10} {'ours':>10} {'ratio':>7}  mark"]
    for figure in figures:
        floor = "-" if figure.floor is None else _short(figure.floor)
        ratio = "-" if figure.ratio is None else f"{figure.ratio:.2f}"
        verdict = "reached" if figure.reached else "MISSED"
        lines.append(
            f"{figure.number:4} {figure.what:44} {floor:>10} {_short(figure.ours):>10} {ratio:>7}"
            f"  {figure.mark}: {verdict} [{figure.unit}]"
        )
        lines += [f"     - {note}" for note in figure.notes]
    return "\n".join(lines)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.3f}"


def as_json(figures: Sequence[Figure]) -> str:
    return json.dumps([{**asdict(figure), "ratio": figure.ratio} for figure in figures], indent=1)
