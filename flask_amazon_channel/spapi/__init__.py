"""The only code that knows Amazon's HTTP and JSON.

| file | what it is |
|---|---|
| `client.py` | `AmazonClient`: one method per operation, under Amazon's names |
| `tokens.py` | Login with Amazon: the consent page, authorisation code, access tokens |
| `operations.py`, `marketplaces.py` | the tables of what Amazon offers, and where |
| `calls.py` | how a call is made: address, token, one renewal of it |
| `transport.py`, `wire.py` | the single way out: one call, one total time limit |
| `answers.py` | an answer becomes JSON, or the error that says what happens next |
| `parse.py`, `parse_orders.py`, `parse_listings.py` | Amazon's JSON becomes values |
| `documents.py`, `listings_report.py` | report documents, and the rows of the listings report |

Importing any of it but `wire.py` leaves `requests` alone: that loads with the first call.
"""
