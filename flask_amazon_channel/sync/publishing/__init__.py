"""The journey of a price or a quantity to Amazon.

publish    decide, compare, send the difference
aspects    one aspect at work: its claim, its rows, how it is given back
next_step  what happens next with it: sent, or left until when and why
drift      what somebody else changed at Amazon
wanting    what is wanted of it, and how that is written
submit     the intent, the patch, what became of it
read_back  when Amazon is asked what it shows
observe    what it shows, stored
settle_by_report  what the listings report shows of what was sent
feeds      many changes together, in one feed
plan       what would be sent
"""
