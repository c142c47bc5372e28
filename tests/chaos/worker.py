"""`flask amazon ...` with leases and pauses of seconds instead of minutes: a run of minutes sees many of them.

Nothing else differs from the real command.  What Amazon's own clock asks for (how long a call may be on its way, when
something is read back) stays as it is.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from flask_amazon_channel.models import due
from flask_amazon_channel.rules import reading, receipts
from flask_amazon_channel.sync.orders import confirm_shipments

LEASE = timedelta(seconds=8)
SHORTEST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(seconds=5)
SENT_AND_NOT_SHOWN = timedelta(seconds=20)
READ_TWICE = timedelta(seconds=15)


def hurry() -> None:
    due.LEASE = LEASE
    due.LONGEST_PAUSE = LONGEST_PAUSE
    due.claim.__kwdefaults__["lease"] = LEASE  # type: ignore[index]
    due.pause.__defaults__ = (SHORTEST_PAUSE,)
    reading.OVERLAP = READ_TWICE
    receipts.FIRST_WAIT = SENT_AND_NOT_SHOWN
    confirm_shipments.SEND_AGAIN_AFTER = SENT_AND_NOT_SHOWN


if __name__ == "__main__":
    from flask.cli import main

    hurry()
    sys.argv = ["flask", "--app", "example_store", "amazon", *sys.argv[1:]]
    main()
