"""What needs a person: the facts for `rules.alerts`, the alerts that are open, and everybody who is told of them.

`evaluate` looks at the end of each cycle, `outbox` sends what is due by mail and webhook, `health` queues a daily mail.
"""
