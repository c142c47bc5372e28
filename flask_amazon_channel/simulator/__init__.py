"""A local Amazon: an honest HTTP server on loopback, with state, delays, quotas and faults.

    with Amazon(seed=1) as amazon:
        seller = amazon.add_seller(["A1PA6795UKMFR9"], catalogue=20)
        ...  # let a client talk to amazon.url

It shares no code with the client that it tests and uses the standard library only.  The map:

server      bytes: HTTP/1.1, and faults of the connection
gateway     route, faults, access, quotas, operation, record
api/        Amazon's operations, one file for each family
login, consent, downloads   Login with Amazon, Seller Central's consent page, pre-signed URLs
control, sales, shelves     what happens at Amazon without the seller's client
world, state, settings, clock, snapshot   what is known, and how it is saved
operations, marketplaces    tables, compared with Amazon's models by a test
catalogue, buyers, report_documents, report_headers   made-up listings, people and reports

What Amazon documents is kept to; where nothing is documented the docstring says "assumed".
"""

from flask_amazon_channel.simulator.amazon import Amazon
from flask_amazon_channel.simulator.serving import serve

__all__ = ["Amazon", "serve"]
