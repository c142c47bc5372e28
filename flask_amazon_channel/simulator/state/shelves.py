"""The shelf of a seller: a catalogue that is made up on demand, and the listings that somebody touched."""

from dataclasses import dataclass, field

from flask_amazon_channel.simulator.state.listings import Listing


@dataclass
class Catalogue:
    """From these facts every made-up listing can be computed, whenever it is asked for."""

    seed: str = ""
    size: int = 0
    made: float = 0.0
    marketplaces: list[str] = field(default_factory=list)


@dataclass
class Shelf:
    """`kept` holds listings by SKU: those made by somebody, and those of the catalogue that were touched.

    `dropped` holds the SKUs of the catalogue that were removed, with the moments of that.
    """

    catalogue: Catalogue = field(default_factory=Catalogue)
    kept: dict[str, Listing] = field(default_factory=dict)
    dropped: dict[str, float] = field(default_factory=dict)
