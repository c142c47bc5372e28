"""Crash points: every boundary of every pipeline is found by tracing a clean run, and then crashed at.

boundaries.py   the hooks, outside of the package: commits, calls to Amazon, Redis, the shop's own code
pipelines.py    what is run: how it is prepared, and what a worker then does
truths.py       what must hold after recovery
"""
