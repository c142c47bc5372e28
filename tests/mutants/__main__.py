from __future__ import annotations

import sys

from tests.mutants.breaking import copy, is_caught, run
from tests.mutants.catalogue import MUTANTS


def main(names: list[str]) -> int:
    mutants = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    with copy() as folder:
        whole = run(folder, sorted({test for mutant in mutants for test in mutant.tests}))
        if whole.returncode != 0:
            print(f"The tests fail without any mutant.\n{whole.stdout[-3000:]}")
            return 1
        caught = 0
        for mutant in mutants:
            seen = is_caught(folder, mutant)
            caught += seen
            print(f"{'caught  ' if seen else 'SURVIVED'} {mutant.name}", flush=True)
    print(f"{caught} of {len(mutants)} caught")
    return 0 if caught == len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
