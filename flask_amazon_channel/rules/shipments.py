"""What may the shop report as shipped?

Only units that were ordered, not cancelled, and are in no other package of the order; every package names its
carrier and its tracking number.  Amazon knows carriers by its own codes; one that it does not know is
reported as "Other" with its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

OTHER = "Other"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier as `confirmShipment` takes it: `carrierCode`, and `carrierName` where the code is Other."""

    code: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class LineProgress:
    """How far one order line is: units ordered, cancelled, and in other packages than this one."""

    ordered: int
    cancelled: int = 0
    in_other_packages: int = 0

    @property
    def left(self) -> int:
        return max(0, self.ordered - self.cancelled - self.in_other_packages)


_CODES = {
    "USPS": ("USPS", "United States Postal Service", "US Postal Service"),
    "UPS": ("UPS", "United Parcel Service"),
    "UPS Mail Innovations": ("UPS Mail Innovations",),
    "FedEx": ("FedEx", "Federal Express", "FedEx Express", "FedEx Ground"),
    "FedEx SmartPost": ("FedEx SmartPost",),
    "DHL": ("DHL", "DHL Express", "DHL Paket"),
    "DHL Global Mail": ("DHL Global Mail",),
    "OnTrac": ("OnTrac",),
    "Canada Post": ("Canada Post", "Postes Canada"),
    "Royal Mail": ("Royal Mail",),
    "Parcelforce": ("Parcelforce", "Parcelforce Worldwide"),
    "DPD": ("DPD",),
    "GLS": ("GLS", "General Logistics Systems"),
    "Hermes Logistik Gruppe": ("Hermes Logistik Gruppe", "Hermes", "Hermes Germany", "myHermes"),
    "Deutsche Post": ("Deutsche Post",),
    "TNT": ("TNT", "TNT Express"),
    "Chronopost": ("Chronopost",),
    "La Poste": ("La Poste", "Colissimo"),
    "Poste Italiane": ("Poste Italiane",),
    "SDA": ("SDA", "SDA Express Courier"),
    "YamatoTransport": ("Yamato", "Yamato Transport", "Kuroneko Yamato", "ヤマト運輸"),
    "SagawaExpress": ("Sagawa", "Sagawa Express", "佐川急便"),
    "NipponExpress": ("Nippon Express", "日本通運"),
    "Aramex": ("Aramex",),
    "India Post": ("India Post",),
    "DTDC": ("DTDC",),
}
"""Amazon's carrier codes (order fulfilment feed, `CarrierCode`) and the names that shops use for them."""

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


def _key(name: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", name).casefold()


_CODE_BY_NAME = {_key(name): code for code, names in _CODES.items() for name in (code, *names)}


def carrier_for(name: str) -> Carrier:
    """Return Amazon's carrier for a name as the shop writes it.  An empty name raises ValueError."""
    spaced = " ".join(name.split())
    if not _key(spaced):
        raise ValueError("A shipment needs the name of its carrier.")
    code = _CODE_BY_NAME.get(_key(spaced))
    return Carrier(OTHER, spaced) if code is None else Carrier(code)


def tracking_number(text: str) -> str:
    """Return the tracking number without spaces.  An empty one raises ValueError: Amazon demands it."""
    number = "".join(text.split())
    if not number:
        raise ValueError("A shipment needs a tracking number.")
    return number


def package_key(carrier: str, number: str, package: str | None = None) -> str:
    """Return what makes two reports one package: the shop's own key, else carrier and number."""
    if package is not None and package.strip():
        return package.strip()
    known = carrier_for(carrier)
    return f"{known.name or known.code} {tracking_number(number)}"


def package_items(items: Mapping[str, int] | None, lines: Mapping[str, LineProgress]) -> dict[str, int]:
    """Return what is in the package, by order item id.  None means all that is left, which may be nothing.

    Raises ValueError with a sentence for each mistake, before anything is written.
    """
    if items is None:
        return {line_id: line.left for line_id, line in lines.items() if line.left}
    mistakes = [_mistake(line_id, quantity, lines.get(line_id)) for line_id, quantity in items.items()]
    if not items:
        mistakes = ["A shipment needs at least one line; leave items out to ship all that is left."]
    sentences = [mistake for mistake in mistakes if mistake]
    if sentences:
        raise ValueError(" ".join(sentences))
    return dict(items)


def _mistake(line_id: str, quantity: int, line: LineProgress | None) -> str | None:
    if line is None:
        return f"The order has no line {line_id}."
    if quantity < 1:
        return f"Line {line_id}: {quantity} cannot be shipped."
    if quantity > line.left:
        return (
            f"Line {line_id}: {quantity} cannot be shipped, {line.left} are left ({line.ordered} ordered, "
            f"{line.cancelled} cancelled, {line.in_other_packages} in other packages)."
        )
    return None
