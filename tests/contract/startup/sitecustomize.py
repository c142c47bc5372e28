"""Watches the simulator of a process that a test starts: Python imports this first where it is on PYTHONPATH.

The process leaves what it counted in the folder that AMAZON_CONTRACT_TALLIES names.
"""

import atexit
import os
import sys
from pathlib import Path

if "example_store.demo.amazon" in sys.orig_argv:
    sys.path.append(str(Path(__file__).parents[3]))
    from tests.contract import models, watching

    if models.AT_HAND:
        watching.begin()
        atexit.register(watching.TALLY.save, Path(os.environ["AMAZON_CONTRACT_TALLIES"]) / f"{os.getpid()}.json")
