"""Lists of any length: one declaration gives filters, sorting, pages, columns, views, bulk actions and exports.

    ERRORS = Grid(
        name="errors",
        row=CallError,
        columns=(
            moment("at", marked("When"), CallError.at),
            text("sku", marked("SKU"), Sku.sku, find="prefix"),
            choice("state", marked("Status"), Listing.state, choices=STATES),
        ),
        shown=("at", "sku"),
        sort="-at",
        empty=(marked("Nothing has failed"), marked("Failed calls are kept here for some weeks.")),
    )

    def errors(channel, store):
        query = sa.select(CallError).join(CallError.sku).where(CallError.store_id == store.id)
        return ERRORS.answer(channel, query=query, store=store, title=say("Errors"))

What a person sees is all in the address: filters, sort, columns and position.

columns.py    what a column is, and its kinds
filters.py    what the address asks of a column
declared.py   what a grid is declared with
state.py      what the address asks of the whole grid, and the addresses of its links
finding.py    which rows match, how many, and which are on a page
walking.py    where the rows of a page are, in the order of any column
looking.py    rows as people read them
exporting.py  rows as files
views.py      views that people keep
actions.py    what can be done with many rows, as a grid declares it
bulk.py       the pages of that: preview and progress
grid.py       a grid, and its answer to a request
"""

from flask_amazon_channel.admin.grid.actions import Action, Option
from flask_amazon_channel.admin.grid.columns import (
    Column,
    choice,
    code,
    moment,
    money,
    number,
    text,
    yes_no,
)
from flask_amazon_channel.admin.grid.grid import Grid

__all__ = ["Action", "Column", "Grid", "Option", "choice", "code", "moment", "money", "number", "text", "yes_no"]
