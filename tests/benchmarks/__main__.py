"""Run the benchmarks and print floor, ours, their ratio, and whether the mark is reached."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import (
    browsing,
    changing_prices,
    figures,
    idling,
    importing_listings,
    importing_orders,
    reaching_amazon,
    saving,
    simulating,
    starting,
    using_the_quota,
)
from tests.databases import KINDS, Databases

BENCHMARKS: dict[str, Callable[[Databases], list[figures.Figure]]] = {
    "P1": saving.measure,
    "P2": reaching_amazon.measure,
    "P3": importing_listings.measure,
    "P4": idling.measure,
    "P6": using_the_quota.measure,
    "P7": changing_prices.measure,
    "P8": importing_orders.measure,
    "P9": browsing.measure,
    "P10": starting.measure,
    "S1": simulating.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("numbers", nargs="*", metavar="P1", help=f"any of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--rows", type=int, metavar="N", help="of P3, P4 and P9: fewer, for a quick look")
    asked = parser.parse_args()
    importing_listings.ROWS = asked.rows or importing_listings.ROWS
    idling.MANY = asked.rows or idling.MANY
    browsing.MANY = asked.rows or browsing.MANY
    unknown = [number for number in asked.numbers if number not in BENCHMARKS]
    if unknown:
        parser.error(f"There is no {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
    found: list[figures.Figure] = []
    with TemporaryDirectory(prefix="benchmarks-") as folder, KINDS[asked.database](Path(folder)) as databases:
        for number in asked.numbers or BENCHMARKS:
            print(f"{number} ...", file=sys.stderr)
            found += BENCHMARKS[number](databases)
    print(figures.as_json(found) if asked.json else figures.as_text(found))
    return 0 if all(figure.reached for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
