from __future__ import annotations

import json
import sys

from tests.faults.catalogue import FAULTS
from tests.faults.counting import by_fault


def main() -> int:
    found = by_fault()
    covered = [number for number, tests in found.items() if tests]
    if "--json" in sys.argv:
        print(json.dumps({"covered": len(covered), "of": len(FAULTS), "tests": found}, indent=2))
        return 0
    for number, tests in found.items():
        print(f"F-{number:02}  {len(tests):3}  {FAULTS[number]}{'' if tests else '   <<< no test'}")
    print(f"{len(covered)} of {len(FAULTS)} faults have a test that names them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
