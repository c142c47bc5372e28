"""`flask amazon ...`

| file | commands |
|---|---|
| `database` | `db upgrade`, `db downgrade`, `db current`, `db check` |
| `accounts` | `connect` |
| `journeys` | `sync`, `import-listings`, `publish`, `purge-personal-data` |
| `orders` | `import-orders`, `audit-orders` |
| `answers` | `plan`, `explain` |
| `checks` | `doctor`, `check-shop` |
| `debug_log` | `debug-log` |
| `safety` | `freeze`, `unfreeze`, `release`, `set`, `restore` |
| `notifications` | `notifications setup`, `notifications status` |
| `secrets` | `rotate-secret`, `rotate-keys` |
| `processes` | `run`, `worker`, `timetable`, `simulator` |

Exit status: 0 done, 1 something is wrong and it was said, 2 wrong usage.  With `--json` standard output is
one JSON document and nothing else.  Every `flask` command of the host imports this, so what is heavy is
imported in functions.
"""

from flask_amazon_channel.cli import (
    accounts,
    answers,
    checks,
    database,
    debug_log,
    journeys,
    notifications,
    orders,
    processes,
    safety,
    secrets,
)
from flask_amazon_channel.cli.group import amazon

__all__ = [
    "accounts",
    "amazon",
    "answers",
    "checks",
    "database",
    "debug_log",
    "journeys",
    "notifications",
    "orders",
    "processes",
    "safety",
    "secrets",
]
