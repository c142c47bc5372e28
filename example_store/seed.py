"""Fill an empty shop: the goods, three people, the exchange rates."""

from __future__ import annotations

from decimal import Decimal

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from example_store.catalogue import goods
from example_store.database import db, utc_now
from example_store.models import ExchangeRate, Product, Role, User

# For trying the shop out.  A shop that is open to the world gives every person a password of their own.
DEMO_PASSWORD = "fjellstad-demo"  # noqa: S105  # the one that everybody may know
PEOPLE = [("Ida Fjellstad", Role.OWNER), ("Nils Berg", Role.CLERK), ("Sara Lund", Role.PACKER)]
RATES = {"MXN": "18.60", "GBP": "0.755", "EUR": "0.865", "JPY": "154.50"}


def seed(session: Session) -> bool:
    """Fill an empty shop and return True; leave another alone and return False.  It does not commit."""
    if session.scalar(select(Product.id).limit(1)) is not None:
        return False
    session.add_all(goods())
    today = utc_now().date()
    session.add_all(ExchangeRate(currency=name, day=today, rate=Decimal(rate)) for name, rate in RATES.items())
    for name, role in PEOPLE:
        user = User(name=name, email=f"{role}@example.com", role=role)
        user.set_password(DEMO_PASSWORD)
        session.add(user)
    session.flush()
    return True


def logins() -> str:
    """Say who can log in to the back office of a seeded shop."""
    people = ", ".join(f"{role}@example.com" for _, role in PEOPLE)
    return f"Log in as {people}; the password is {DEMO_PASSWORD}"


@click.command("seed")
@with_appcontext
def seed_command() -> None:
    """Fill an empty shop with goods and people."""
    if seed(db.session()):
        db.session.commit()
        click.echo(f"The shop is filled. {logins()}")
    else:
        click.echo("The shop has products already; nothing was changed.")
