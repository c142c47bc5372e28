"""Many changes on one way: a feed of one aspect and one marketplace.

waiting    what waits, how fast the account gets on, and so which way things go
collect    due aspects decided in bulk, their messages stored as submissions
hand_over  the document uploaded, the feed created
follow     one visit to a feed: found again, looked at, cancelled, routed around
results    what the report says of each message
let_go     the messages put back, because the feed will not carry them
"""
