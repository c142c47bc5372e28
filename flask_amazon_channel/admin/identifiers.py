"""How the identifiers of products are called, and what to do where a product has none."""

from __future__ import annotations

from flask_amazon_channel.admin.words import marked

NAMES = {"asin": "ASIN", "ean": "EAN", "upc": "UPC", "isbn": "ISBN", "gcid": "GCID"}
HELP = {
    "asin": marked("Add a text attribute with Amazon’s own number: ten letters and digits, for books the ISBN-10."),
    "ean": marked("Add a text attribute with the number under the bar code: 13 digits, with its check digit."),
    "upc": marked("Add a text attribute with the American bar code: 12 digits, with its check digit."),
    "isbn": marked("Books only: add a text attribute with the ISBN, 10 or 13 digits."),
    "gcid": marked("Only for brands registered at Amazon whose products have no UPC or ISBN."),
}
