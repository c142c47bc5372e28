"""A local Amazon: an honest HTTP server on loopback, with state, delays, quotas and faults.

    with Amazon(seed=1) as amazon:
        seller = amazon.add_seller(["A1PA6795UKMFR9"], catalogue=20)
        ...  # let a client talk to amazon.url

It shares no code with the client that it tests; it uses the standard library, and jsonschema_rs for product types.
The map:

amazon, serving, introduction   the simulator for tests, in the foreground, and what a newcomer is told
wire/            bytes and HTTP; the gateway: route, faults, access, quotas, operation, record
login/           Login with Amazon, consent, restricted data tokens, signatures
api/             Amazon's operations, a file or folder for each family; one line of `operations` for each
control/         what happens at Amazon without the seller's client: sellers, listings, buyers, orders, offers
page/            the page at `/`
shelves/         listings and stock: a catalogue is made when somebody asks for it
product_types/   schemas that we wrote, and what they find wrong with a listing
market/          offers of everybody, competitors that react, the featured offer, fees
documents/       reports and feeds behind pre-signed URLs
notifications/   payloads, subscriptions, delivery, and queues that speak the protocol of Amazon SQS
world, order_index, state/, clock   what is known, what comes later, and how it is saved
operations, marketplaces   tables, compared with Amazon's models by a test

What the models do not say is marked in the docstrings as documented, seen in public or assumed; `python -m
tests.manual.marks` gathers these sentences for the manual.
"""

from flask_amazon_channel.simulator.amazon import Amazon
from flask_amazon_channel.simulator.serving import serve

__all__ = ["Amazon", "serve"]
