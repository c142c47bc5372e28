"""What a person asked for with many rows at once, done in portions by the worker.

work.py      takes what is due, a portion at a time, and keeps how far it is
listings.py  what can be done with listings
orders.py    what can be done with orders
"""
