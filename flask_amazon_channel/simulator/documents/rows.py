"""Rows of reports: made as facts by the name of the column, written in the order of the columns."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_amazon_channel.simulator.marketplaces import MARKETPLACES
from flask_amazon_channel.simulator.state.documents import Report
from flask_amazon_channel.simulator.world import World

Row = list[str]
Rows = Iterator[Mapping[str, str]]
Maker = Callable[[World, Report], tuple[Row, Iterator[Row]]]
Makers = dict[str, Maker]


def with_columns(columns: tuple[str, ...], rows: Callable[[World, Report], Rows]) -> Maker:
    """A maker of a header and rows; what a row does not know stays empty."""

    def make(world: World, report: Report) -> tuple[Row, Iterator[Row]]:
        return list(columns), ([row.get(column, "") for column in columns] for row in rows(world, report))

    return make


def day_text(moment: float, marketplace: str) -> str:
    """11/20/2026, in the time zone of the marketplace."""
    return datetime.fromtimestamp(moment, ZoneInfo(MARKETPLACES[marketplace].zone)).strftime("%m/%d/%Y")
