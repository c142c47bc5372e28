"""The journeys through the running shop, without a browser: `python -m example_store tour`.

| module | what it holds |
|---|---|
| `steps` | every step in its order, what it needs, and how it is broken on purpose |
| `scene` | what the steps work with: the running demo, two people of the shop, its database, patience |
| `connecting`, `products`, `orders` | what happens in each step |
"""
