"""Which product of Amazon's catalogue a new listing means: a known ASIN, or one that is still to be made."""

from typing import NamedTuple

from flask_amazon_channel.simulator.api.listings.attributes import Attributes, value_in, values_in
from flask_amazon_channel.simulator.product_types.issues import Issue, make_issue
from flask_amazon_channel.simulator.shelves.numbering import check_digit
from flask_amazon_channel.simulator.shelves.products import is_known, known_asins
from flask_amazon_channel.simulator.state.listings import Listing
from flask_amazon_channel.simulator.world import World

SUGGESTED, EXTERNAL = "merchant_suggested_asin", "externally_assigned_product_identifier"
EXEMPTION = "supplier_declared_has_product_identifier_exemption"
_GTINS = ("ean", "upc", "gtin", "jan")


class Identity(NamedTuple):
    """`asin` is None for a product that Amazon does not know yet."""

    asin: str | None
    issues: list[Issue]


def identify(
    world: World, listing: Listing | None, attributes: Attributes, marketplace: str, offer_only: bool
) -> Identity:
    """The product of a full submission.

    Assumed: the ASIN of a listing cannot be changed by a submission (issue 8005).
    Assumed: a suggested ASIN that does not exist, and an offer whose identifier is unknown, give issue 8560.
    Assumed: an identifier of several ASINs gives an issue that asks for merchant_suggested_asin.
    Assumed: a product without an identifier needs a declared exemption, unless it is a variation parent.
    """
    suggested = value_in(attributes, SUGGESTED, marketplace)
    if listing is not None and listing.asin:
        other = suggested is not None and suggested != listing.asin
        return Identity(listing.asin, [_changed(listing.asin)] if other else [])
    if suggested is not None:
        asin = str(suggested)
        return Identity(asin, [] if is_known(world, asin) else [_unknown(SUGGESTED, asin)])
    identifiers = [each for each in values_in(attributes, EXTERNAL, marketplace) if each.get("value")]
    if not identifiers:
        return Identity(None, _unidentified(attributes, marketplace, offer_only))
    issues = [_bad_digits(str(each["value"])) for each in identifiers if not _is_identifier(each)]
    asins = sorted({asin for each in identifiers for asin in known_asins(world, str(each["value"]))})
    if len(asins) > 1:
        return Identity(None, [*issues, _ambiguous(asins)])
    if not asins and offer_only:
        return Identity(None, [*issues, _unknown(EXTERNAL, str(identifiers[0]["value"]))])
    return Identity(asins[0] if asins else None, issues)


def _unidentified(attributes: Attributes, marketplace: str, offer_only: bool) -> list[Issue]:
    if offer_only:
        return [required(SUGGESTED)]
    free = value_in(attributes, EXEMPTION, marketplace) is True
    parent = value_in(attributes, "parentage_level", marketplace) == "parent"
    return [] if free or parent else [required(EXTERNAL)]


def _is_identifier(identifier: dict[str, object]) -> bool:
    digits = str(identifier["value"])
    if identifier.get("type") not in _GTINS:
        return True
    return digits.isdigit() and len(digits) in (8, 12, 13, 14) and check_digit(digits[:-1]) == digits[-1]


def required(attribute: str) -> Issue:
    return make_issue("90220", f"'{attribute}' is required but not supplied.", attribute, "MISSING_ATTRIBUTE")


def _bad_digits(value: str) -> Issue:
    message = f"The provided value '{value}' for '{EXTERNAL}' is invalid: its check digit is wrong."
    return make_issue("90000900", message, EXTERNAL, "INVALID_ATTRIBUTE")


def _changed(asin: str) -> Issue:
    message = f"The SKU belongs to the ASIN {asin}. The ASIN of a listing cannot be changed: use a new SKU."
    return make_issue("8005", message, SUGGESTED, "INVALID_ATTRIBUTE")


def _unknown(attribute: str, value: str) -> Issue:
    message = f"The SKU does not match any ASIN: '{value}' is not known in the Amazon catalogue."
    return make_issue("8560", message, attribute, "INVALID_ATTRIBUTE")


def _ambiguous(asins: list[str]) -> Issue:
    message = (
        f"The product identifier matches several ASINs: {', '.join(asins)}. Say which one is meant by '{SUGGESTED}'."
    )
    return make_issue("8541", message, SUGGESTED, "MISSING_ATTRIBUTE")
