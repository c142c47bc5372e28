"""Amazon's own contract: her published models and schemas, and everything that the suite holds against them.

models      the operations, requests and answers as she describes them
schemas     the notifications as she describes them
watching    sees every call that any simulator of the suite answers, and every notification that one sends
plugin      makes a test fail that broke the contract, and prints what was held against it
startup     does the same in processes that a test starts

The models are looked for in `AMAZON_MODELS`, else beside the checkout; without them nothing is held against anything.
"""
