"""Simulated buyers: a name, an anonymised address for mail, and a postal address of the right country."""

import random
from typing import NamedTuple

from flask_amazon_channel.simulator.marketplaces import Marketplace


class Country(NamedTuple):
    first: tuple[str, ...]
    last: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[tuple[str, str, str], ...]  # city, state or region, postal code
    phone: str
    number_first: bool = False


_COUNTRIES = {
    "US": Country(("Maria", "James", "Olivia"), ("Hernandez", "Walker", "O'Neil"),
                  ("Maple Ave", "W 42nd St Apt 5B"),
                  (("Portland", "OR", "97205"), ("Austin", "TX", "78701-2213"), ("San Juan", "PR", "00907")),
                  "+1 503 555 01", True),
    "CA": Country(("Chloé", "Liam"), ("Tremblay", "Singh"), ("Rue Sainte-Catherine", "Queen St W"),
                  (("Montréal", "QC", "H2X 1K6"), ("Toronto", "ON", "M5V 2A1")), "+1 514 555 01", True),
    "MX": Country(("José", "Lucía"), ("García Pérez", "Muñoz"), ("Av. Insurgentes Sur", "Calle 5 de Mayo"),
                  (("Ciudad de México", "CDMX", "03100"), ("Mérida", "Yucatán", "97000")), "+52 55 5555 01"),
    "BR": Country(("João", "Beatriz"), ("da Silva", "Araújo"), ("Rua das Flores", "Av. Paulista"),
                  (("São Paulo", "SP", "01310-100"), ("Recife", "PE", "50030-230")), "+55 11 95555-01"),
    "GB": Country(("Harry", "Aisha"), ("Whittaker", "Patel"), ("High Street", "Station Road"),
                  (("Leeds", "West Yorkshire", "LS1 4DY"), ("London", "", "SW1A 1AA")),
                  "+44 20 7946 01", True),
    "DE": Country(("Jörg", "Anna", "Müzeyyen"), ("Müller", "Weiß", "von der Heide"),
                  ("Lindenstraße", "Am Bächle"),
                  (("Freiburg im Breisgau", "Baden-Württemberg", "79098"), ("Dresden", "", "01067"),
                   ("Köln", "Nordrhein-Westfalen", "50667")), "+49 30 2312501"),
    "FR": Country(("Zoé", "François"), ("Lefèvre", "D'Aubigné"), ("Rue de l'Église", "Boulevard Voltaire"),
                  (("Lyon", "Rhône", "69002"), ("Paris", "", "75011")), "+33 1 99 00 01", True),
    "IT": Country(("Niccolò", "Giulia"), ("Rossi", "Dell'Acqua"), ("Via Garibaldi", "Corso Umberto I"),
                  (("Milano", "MI", "20121"), ("Forlì", "FC", "47121")), "+39 06 5555 01"),
    "ES": Country(("Íñigo", "Lucía"), ("Núñez", "Ortega"), ("Calle Mayor", "Avenida de la Constitución"),
                  (("Sevilla", "Sevilla", "41001"), ("A Coruña", "A Coruña", "15001")), "+34 91 555 01"),
    "JP": Country(("太郎", "花子"), ("佐藤", "渡邊"), ("神宮前1-2-3", "本町4丁目5-6 メゾン青葉201"),
                  (("渋谷区", "東京都", "150-0001"), ("大阪市中央区", "大阪府", "541-0053")), "03-5555-01"),
}  # fmt: skip


_COMPANY_FORMS = {"US": "LLC", "CA": "Inc.", "DE": "GmbH", "FR": "SARL", "IT": "S.r.l.", "ES": "S.L.", "JP": "株式会社"}


def make_buyer(
    chance: random.Random, marketplace: Marketplace, business: bool = False
) -> tuple[dict[str, str], dict[str, str]]:
    """A buyer and a delivery address, in the words of Orders 2026-01-01."""
    country = _COUNTRIES.get(marketplace.country, _COUNTRIES["GB"])
    name = _name(chance, country, marketplace.country)
    mailbox = "".join(chance.choices("abcdefghjkmnpqrstvwxyz0123456789", k=16))
    domain = marketplace.domain.removeprefix("www.")
    buyer = {"buyerName": name, "buyerEmail": f"{mailbox}@marketplace.{domain}"}
    address = _address(chance, country, marketplace.country, name)
    if business:
        company = f"{name.split()[-1]} {_COMPANY_FORMS.get(marketplace.country, 'Ltd')}"
        buyer |= {"buyerCompanyName": company, "buyerPurchaseOrderNumber": f"PO-{chance.randrange(10**5):05d}"}
        address |= {"companyName": company, "addressType": "COMMERCIAL"}
    return buyer, address


def _name(chance: random.Random, country: Country, code: str) -> str:
    first, last = chance.choice(country.first), chance.choice(country.last)
    return f"{last} {first}" if code == "JP" else f"{first} {last}"


def _address(chance: random.Random, country: Country, code: str, name: str) -> dict[str, str]:
    city, state, postal_code = chance.choice(country.places)
    address = {
        "name": name,
        "addressLine1": _street(chance, country, code),
        "city": city,
        "stateOrRegion": state,
    }
    address |= {"postalCode": postal_code, "countryCode": "PR" if state == "PR" else code}
    address |= {"phone": f"{country.phone}{chance.randrange(100):02d}", "addressType": "RESIDENTIAL"}
    return {key: value for key, value in address.items() if value}


def _street(chance: random.Random, country: Country, code: str) -> str:
    street, number = chance.choice(country.streets), chance.randrange(1, 180)
    if code == "JP":
        return street
    return f"{number} {street}" if country.number_first else f"{street} {number}"
