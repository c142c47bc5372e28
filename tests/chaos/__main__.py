from __future__ import annotations

import argparse
import json
import sys

from tests.chaos.ground import SERVERS
from tests.chaos.plan import Plan
from tests.chaos.running import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--database", choices=sorted(SERVERS), default="sqlite")
    parser.add_argument("--orders", type=int, default=3000)
    parser.add_argument("--changes", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--patience", type=float, help="seconds in which all comes to rest, at most")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    plan = Plan(
        seed=given.seed,
        minutes=min(given.minutes, 120.0),
        database=given.database,
        orders=given.orders,
        changes=given.changes,
        workers=given.workers,
        patience=given.patience,
    )
    if not given.json:
        print(f"Seed {plan.seed}, {plan.minutes} minutes, {plan.database}.", flush=True)
    outcome = run(plan)
    print(json.dumps(outcome.as_json(), indent=2) if given.json else "\n".join(outcome.sentences()))
    return 0 if outcome.ok else 1


if __name__ == "__main__":
    sys.exit(main())
