"""The shop and everything around it, running on this machine: `python -m example_store`.

| module | what it does |
|---|---|
| `running` | `Demo`: starts all parts, looks after them, stops them |
| `processes`, `launcher` | child processes that are started again when they end and never left behind |
| `amazon` | the process of the simulated Amazon, with the shop's two sellers |
| `control` | what happens at the simulated Amazon without the shop: buyers, cancellations, faults |
| `visitor` | a person with a browser, without the browser |
"""
