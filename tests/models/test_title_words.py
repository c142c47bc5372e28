"""Titles are found by their words, whatever the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from flask_amazon_channel.models import Listing, SellerAccount, Sku, Store
from flask_amazon_channel.models.title_words import INDEX, titled
from tests.databases import Databases, make_tables

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TITLES = {
    "MUG": "Blue Mug (stoneware), 2-pack – Größe L",
    "CUPBOARD": "Cupboard of oak, 100% solid",
    "YUNOMI": "陶器のマグカップ 青",
    "QUOTED": "Author's “first” plate: a/b & c|d",
}


@pytest.fixture
def session(database_server: Databases) -> Iterator[Session]:
    with database_server.fresh(make_tables) as uri:
        engine = sa.create_engine(uri)
        with Session(engine) as session:
            account = SellerAccount(seller_id="A1", region="na", name="A", connected_at=NOW)
            session.add(account)
            session.flush()
            store = Store(
                account_id=account.id, marketplace_id="ATVPDKIKX0DER", name="A", country_code="US", currency="USD",
                language="en_US", domain="amazon.com", created_at=NOW,
            )  # fmt: skip
            session.add(store)
            session.flush()
            for sku, title in TITLES.items():
                of_sku = Sku(account_id=account.id, sku=sku)
                session.add(of_sku)
                session.flush()
                session.add(Listing(store_id=store.id, sku_id=of_sku.id, title=title))
            session.commit()
            yield session
        engine.dispose()


def found(session: Session, words: str) -> set[str]:
    query = sa.select(Listing.seller_sku).where(titled(words, session.get_bind().dialect.name))
    return set(session.scalars(query))


@pytest.mark.parametrize(
    ("words", "skus"),
    [
        ("mug", {"MUG"}),
        ("MUG blue", {"MUG"}),
        ("stone", {"MUG"}),
        ("2-pack", {"MUG"}),
        ("(stoneware),", {"MUG"}),
        ("größe", {"MUG"}),
        ("mug cup", set()),
        ("solid 100%", {"CUPBOARD"}),
        ("100_", set()),
        ("マグ", {"YUNOMI"}),
        ("カップ 青", {"YUNOMI"}),
        ("first", {"QUOTED"}),
        ("“first”", {"QUOTED"}),
        ("author's", {"QUOTED"}),
        ("a/b", {"QUOTED"}),
        ("c|d &", {"QUOTED"}),
        ("!( :* \\", set()),
        ("'", {"QUOTED"}),
    ],
)
def test_every_word_that_is_asked_for_is_in_the_title(session: Session, words: str, skus: set[str]) -> None:
    assert found(session, words) == skus


def test_the_middle_of_a_word_is_found_where_all_titles_are_read(session: Session) -> None:
    by_index = session.get_bind().dialect.name == "postgresql"
    assert found(session, "board") == (set() if by_index else {"CUPBOARD"})


def test_postgresql_asks_its_index(session: Session) -> None:
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("Only PostgreSQL has that index.")
    session.execute(sa.text("SET enable_seqscan = off"))
    session.execute(sa.text("DROP INDEX ix_amazon_listing_title"))
    query = sa.select(Listing.id).where(titled("blue mug", "postgresql"))
    text = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    plan = session.connection().exec_driver_sql(f"EXPLAIN {text}").scalars().all()
    assert any(INDEX in line for line in plan), plan
