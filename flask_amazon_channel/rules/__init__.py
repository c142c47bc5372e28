"""The business: pure functions, values in, values out.  No Flask, SQLAlchemy, network, chance or clock.

values.py       what crosses the port to the shop
amazon.py       what Amazon shows, as values
settings.py     what a shop owner decides
reasons.py      why a rule said so
decision.py     what is wanted of one listing now: asks the five below
eligibility.py  may this product be sold in this store?
quantity.py     how many units does Amazon show?
price.py        what does it cost at Amazon?
state.py        which word describes the listing?
matching.py     which product of the shop is this listing?  identifiers.py compares EAN, UPC, ISBN
offers.py       how a price or a quantity is written for Amazon
submitting.py   who else has a say before something is sent?
orders/         from an Amazon order to a shop order, its stock, its totals
shipments.py    what may the shop report as shipped?
money.py        minor units and rounding
"""
