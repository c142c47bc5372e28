"""The market of an ASIN in a marketplace: offers of all sellers, competitors that react, and the featured offer.

offers       every offer of an ASIN, ours and the competitors', in one shape
made_up      competitors and reference prices of the catalogue's ASINs: computed, not stored
buy_box      the rule that chooses the featured offer, and the price at which an offer would be it
summary      what Amazon sums up of the offers
behaviours   what a competitor wants when our price changes
moving       who is told of a change, and who reacts
following    changes of our own offers
notices, pricing_health   what notifications tell of a change
fee_table    what Amazon charges for the sale of an item

Importing this package registers all that listens.
"""

from flask_amazon_channel.simulator.market import following

__all__ = ["following"]
