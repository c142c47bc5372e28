"""How is an address written so that shop and carrier understand it?

Amazon passes on what buyers typed.  Next to that we keep a tidy copy: single spaces, no shouting, two-letter
states, postal codes in their country's form.  Puerto Rico and the other territories that the United States
Postal Service serves are states of the US in it.  Whatever we do not recognise stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from flask_amazon_channel.rules.values import Address

_STATES = {
    "US": (
        "Alabama AL,Alaska AK,Arizona AZ,Arkansas AR,California CA,Colorado CO,Connecticut CT,"
        "Delaware DE,District of Columbia DC,Florida FL,Georgia GA,Hawaii HI,Idaho ID,Illinois IL,"
        "Indiana IN,Iowa IA,Kansas KS,Kentucky KY,Louisiana LA,Maine ME,Maryland MD,Massachusetts MA,"
        "Michigan MI,Minnesota MN,Mississippi MS,Missouri MO,Montana MT,Nebraska NE,Nevada NV,"
        "New Hampshire NH,New Jersey NJ,New Mexico NM,New York NY,North Carolina NC,North Dakota ND,"
        "Ohio OH,Oklahoma OK,Oregon OR,Pennsylvania PA,Rhode Island RI,South Carolina SC,"
        "South Dakota SD,Tennessee TN,Texas TX,Utah UT,Vermont VT,Virginia VA,Washington WA,"
        "West Virginia WV,Wisconsin WI,Wyoming WY,Puerto Rico PR,Guam GU,Virgin Islands VI,"
        "American Samoa AS,Northern Mariana Islands MP"
    ),
    "CA": (
        "Alberta AB,British Columbia BC,Manitoba MB,New Brunswick NB,Newfoundland and Labrador NL,"
        "Nova Scotia NS,Northwest Territories NT,Nunavut NU,Ontario ON,Prince Edward Island PE,"
        "Quebec QC,Québec QC,Saskatchewan SK,Yukon YT"
    ),
}
_STATE_CODES = {
    country: {name.casefold(): code for name, code in (entry.rsplit(" ", 1) for entry in states.split(","))}
    for country, states in _STATES.items()
}
_STATE_FIRST = frozenset({"US", "CA", "AU"})
"""Where the postal code follows the state: Seattle, WA 98101."""
_US_TERRITORIES = frozenset({"PR", "GU", "VI", "AS", "MP"})

_POSTAL_FORMS = {
    "US": (re.compile(r"(\d{5})(\d{4})"), r"\1-\2"),
    "CA": (re.compile(r"([A-Z]\d[A-Z])(\d[A-Z]\d)"), r"\1 \2"),
    "GB": (re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})"), r"\1 \2"),
    "JP": (re.compile(r"(\d{3})(\d{4})"), r"\1-\2"),
    "NL": (re.compile(r"(\d{4})([A-Z]{2})"), r"\1 \2"),
    "PL": (re.compile(r"(\d{2})(\d{3})"), r"\1-\2"),
    "SE": (re.compile(r"(\d{3})(\d{2})"), r"\1 \2"),
}
_WORD = re.compile(r"[^\W\d_]+")
_STAYS_UPPER = frozenset(
    (
        "PO",
        "APO",
        "FPO",
        "DPO",
        "N",
        "S",
        "E",
        "W",
        "NE",
        "NW",
        "SE",
        "SW",
        "II",
        "III",
        "IV",
        "LLC",
        "UK",
        "USA",
    )
)


def normalise_address(address: Address) -> Address:
    """Return the tidy copy of an address.  Doing it twice changes nothing more."""
    country, state = _country_and_state(address)
    return replace(
        address,
        name=_tidy(address.name),
        company=_spaced(address.company),
        lines=tuple(line for line in map(_tidy, address.lines) if line),
        city=_tidy(address.city),
        district=_tidy(address.district),
        state=state,
        postal_code=_postal_code(address.postal_code, country),
        country_code=country,
        phone=_spaced(address.phone),
    )


def address_lines(address: Address) -> list[str]:
    """Return the tidy copy as it is written on a parcel, line by line, without the country."""
    tidy = normalise_address(address)
    if tidy.country_code in _STATE_FIRST:
        state = " ".join(filter(None, [tidy.state, tidy.postal_code]))
        places = [tidy.district, ", ".join(filter(None, [tidy.city, state]))]
    else:
        places = [tidy.district, " ".join(filter(None, [tidy.postal_code, tidy.city])), tidy.state]
    return [line for line in (tidy.name, tidy.company, *tidy.lines, *places) if line]


def _country_and_state(address: Address) -> tuple[str | None, str | None]:
    country = (_spaced(address.country_code) or "").upper() or None
    if country in _US_TERRITORIES:
        return "US", country
    state = _spaced(address.state)
    codes = _STATE_CODES.get(country or "")
    if codes is None or state is None:
        return country, state
    bare = state.replace(".", "")
    if bare.upper() in codes.values():
        return country, bare.upper()
    return country, codes.get(bare.casefold(), state)


def _postal_code(code: str | None, country: str | None) -> str | None:
    spaced = _spaced(code)
    if spaced is None:
        return None
    upper = spaced.upper()
    pattern, form = _POSTAL_FORMS.get(country or "", (None, ""))
    found = pattern.fullmatch(re.sub(r"[\s-]", "", upper)) if pattern else None
    return found.expand(form) if found else upper


def _tidy(text: str | None) -> str | None:
    spaced = _spaced(text)
    return _WORD.sub(_calmed, spaced) if spaced and spaced.isupper() and len(spaced) > 3 else spaced


def _calmed(word: re.Match[str]) -> str:
    """Write one shouted word with a capital only; the S of JOHN'S gets none."""
    text, before = word[0], word.string[: word.start()]
    if text in _STAYS_UPPER and not before.endswith(("'", "’")):
        return text
    if before[-1:].isdigit() or (len(text) == 1 and before.endswith(("'", "’"))):
        return text.lower() if before.endswith(("'", "’")) else text
    return text.capitalize()


def _spaced(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
