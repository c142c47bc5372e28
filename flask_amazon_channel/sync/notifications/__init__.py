"""Amazon's notifications: they make reading sooner, and nothing depends on them.

queue      the queue at AWS, if one is configured
subscribe  destinations and subscriptions: what `flask amazon notifications setup` does
status     what is subscribed, and when something came last
consume    from the queue into the database: what is to be read again
reread     the reading of what notifications hinted at
"""
