"""When are two identifiers the same?

A UPC is an EAN with a zero before it, and both are a GTIN-14 with zeros before it; an ISBN-10 is an ISBN-13
that begins with 978.  So GTINs are compared with fourteen digits, ISBNs with thirteen, ASINs and GCIDs as
upper-case text.  A seller SKU is compared as it is written: Amazon tells upper from lower case.

A shop may have stored any of these forms, so it is asked for all of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from stdnum import ean, isbn

_ASIN = re.compile(r"[A-Z0-9]{10}")
_SEPARATORS = str.maketrans("", "", " -\u2010\u2011\u2013")

GTIN_KINDS = frozenset({"ean", "upc"})


def normal_form(kind: str, value: str) -> str | None:
    """Return the form in which two identifiers of this kind are compared, or None if it is not a valid one.

    Kinds: sku, asin, ean, upc, isbn, gcid.  An ISBN that does not begin with 978 or 979 is none.
    """
    if kind == "sku":
        return value or None
    text = value.translate(_SEPARATORS).upper()
    if kind in GTIN_KINDS:
        return _gtin_14(text)
    if kind == "isbn":
        return _isbn_13(text)
    if kind == "asin":
        return text if _ASIN.fullmatch(text) else None
    return text or None


def stored_forms(kind: str, value: str) -> tuple[str, ...]:
    """Return every form in which a shop may have stored this identifier, the likeliest first.

    What is not valid is looked for as it is written, because the shop may have copied it so.
    """
    written = value if kind == "sku" else value.strip()
    if not written:
        return ()
    normal = normal_form(kind, value)
    if normal is None:
        return (written,)
    if kind in GTIN_KINDS:
        forms = gtin_forms(normal)
    elif kind == "isbn":
        forms = _isbn_forms(normal)
    else:
        forms = (normal,)
    return forms if written in forms else (*forms, written)


def is_book(gtin_14: str) -> bool:
    """Return whether a GTIN-14 is an ISBN-13 as well."""
    return gtin_14.startswith(("0978", "0979")) and isbn.is_valid(gtin_14[1:])


def _gtin_14(text: str) -> str | None:
    digits = _isbn_13(text) or text if len(text) == 10 else text
    is_number = digits.isascii() and digits.strip("0") != ""
    return digits.zfill(14) if is_number and ean.is_valid(digits) else None


def _isbn_13(text: str) -> str | None:
    digits = text[1:] if len(text) == 14 and text.startswith("0") else text
    return isbn.to_isbn13(digits) if digits.isascii() and isbn.is_valid(digits) else None


def gtin_forms(gtin_14: str) -> tuple[str, ...]:
    """Return every form of a valid GTIN-14: GTIN-13, -12, -14, -8, as far as its leading zeros allow."""
    forms = [gtin_14[14 - length :] for length in (13, 12) if gtin_14.startswith("0" * (14 - length))]
    forms.append(gtin_14)
    if gtin_14.startswith("000000"):
        forms.append(gtin_14[6:])
    return tuple(forms)


@lru_cache(maxsize=4096)
def _isbn_forms(isbn_13: str) -> tuple[str, ...]:
    """Return ISBN-13 and, for 978, ISBN-10: plain and with hyphens."""
    forms = [isbn_13, isbn.format(isbn_13), f"{isbn_13[:3]}-{isbn_13[3:]}", isbn_13.zfill(14)]
    if isbn_13.startswith("978"):
        isbn_10 = isbn.to_isbn10(isbn_13)
        forms[1:1] = [isbn_10, isbn.format(isbn_10)]
    return tuple(dict.fromkeys(forms))
