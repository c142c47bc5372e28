"""A bounded run of real processes that are killed, brokers and databases that go away, and an Amazon that fails.

    python -m tests.chaos --seed 1 --minutes 3 [--database postgresql] [--patience 600] [--json]

It ends with "heal, wait, drift = 0".  Then what the shop, the channel and Amazon know is compared, offline; the exit
status is 0 only if every figure is 0.  Everything is on this machine, and everything random comes from the seed.

    plan.py       how much of what, and the figures
    ground.py     database, broker, shop, Amazon and the processes
    worker.py     `flask amazon worker` with short leases and pauses
    nemesis.py    what goes wrong outside: kills, flushes, restarts, faults
    traffic.py    buyers, and the shop's own changes
    looking.py    what the shop, the channel and Amazon know at the end
    checkers.py   the figures
"""
