"""How fast the channel is: `python -m tests.benchmarks [P1 P2 ...] [--json] [--database sqlite|postgresql]`.

Each benchmark measures the channel and its floor side by side in one run and returns a `Figure`.  What is measured
depends on the machine and on what else runs there; therefore no test asserts a time.

    figures.py          what a benchmark returns, and how it is printed
    places.py           the example store with the channel on a fresh database
    saving.py           P1: saving a watched product
    reaching_amazon.py  P2: from the save to the PATCH at Amazon
    importing_orders.py P8: orders into the shop
    browsing.py         P9: pages of the grid of listings
    starting.py         P10: import of the package and init_app
    simulating.py       S1: calls and reports of the local Amazon with a million listings; its servers are answering.py
"""
