"""Values that depend on the marketplace: units, currency, fulfilment channels."""

from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.product_types.declaration import Options, options

_IMPERIAL = ("US", "CA", "GB")  # countries where both systems of units are offered
_METRIC_UNITS = {
    "length": "Centimeters, Millimeters, Meters",
    "weight": "Kilograms, Grams, Milligrams",
    "volume": "Liters, Milliliters, Centiliters",
    "temperature": "Degrees Celsius",
}
_IMPERIAL_UNITS = {
    "length": "Inches, Feet, Yards",
    "weight": "Pounds, Ounces",
    "volume": "Fluid Ounces, Cups, Gallons",
    "temperature": "Degrees Fahrenheit",
}
_OTHER_UNITS = {
    "duration": "Months, Years, Days, Weeks",
    "time": "Minutes, Seconds, Hours",
    "power": "Watts, Kilowatts",
    "voltage": "Volts",
    "current": "Amps, Milliamps",
    "frequency": "Hertz",
    "pressure": "Bars, Pascal, Pounds Per Square Inch",
    "noise": "Decibels",
    "energy": "Kilowatt Hours, Watt Hours",
    "battery_energy": "Watt Hours, Milliamp Hours",
    "amount": "Count, Pieces, Sets",
    "angle": "Degrees",
    "density": "Grams Per Square Meter",
}
_CHANNELS = {"na": "AMAZON_NA", "eu": "AMAZON_EU", "fe": "AMAZON_JP"}


def options_in(name: str, marketplace: str, seller: str = "") -> Options:
    """A list by its name; what is a seller's own is empty without a seller.

    Assumed: Metric units are valid everywhere, imperial ones only in the United States, Canada and the United Kingdom.
    """
    where = MARKETPLACES[marketplace]
    if name in ("brands", "shipping"):
        return _of_seller(name, seller)
    if name == "currency":
        return ((where.currency, where.currency),)
    if name == "channel":
        return (("DEFAULT", "Fulfilled by Merchant"), (_CHANNELS[where.region], "Fulfilled by Amazon"))
    if name in _OTHER_UNITS:
        return options(_OTHER_UNITS[name])
    metric = options(_METRIC_UNITS[name])
    if where.country not in _IMPERIAL:
        return metric
    imperial = options(_IMPERIAL_UNITS[name])
    return imperial + metric if where.country == "US" else metric + imperial


def _of_seller(name: str, seller: str) -> Options:
    """Assumed: Every seller has two shipping templates and a brand, whose names are made from the seller's id."""
    if not seller:
        return ()
    if name == "brands":
        return ((f"Brand {seller[-4:]}", f"Brand {seller[-4:]}"),)
    return (("legacy-template-id", "Standard Shipping"), (f"{seller.lower()}-express", "Express Shipping"))
