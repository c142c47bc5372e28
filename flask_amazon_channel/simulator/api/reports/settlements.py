"""Settlement reports: Amazon makes one when money is transferred to the seller's bank."""

from typing import Any

from flask_amazon_channel.simulator.api.finances.posting import PERIOD, TRANSFER
from flask_amazon_channel.simulator.api.reports.making import end_report, new_report_id
from flask_amazon_channel.simulator.documents.reports import make_document
from flask_amazon_channel.simulator.documents.storing import forget_old
from flask_amazon_channel.simulator.documents.types import SETTLEMENT
from flask_amazon_channel.simulator.state.documents import Report
from flask_amazon_channel.simulator.world import World, listens


@listens("transaction_posted")
def make_settlement_report(world: World, seller_id: str, facts: dict[str, Any]) -> None:
    """Assumed: a settlement report is made at the moment of the transfer and never waits in the queue."""
    transfer = world.state.finances.transactions[facts["transaction"]]
    if transfer.type != TRANSFER:
        return
    forget_old(world)
    opened = world.state.finances.opened[f"{seller_id}/{transfer.marketplace}"]
    start = opened + (transfer.posted - opened) // PERIOD * PERIOD
    report = Report(
        id=new_report_id(world),
        seller_id=seller_id,
        type=SETTLEMENT,
        marketplaces=[transfer.marketplace],
        created=transfer.posted,
        data_start=start,
        data_end=start + PERIOD,
        options={"transfer": transfer.id},
        started=transfer.posted,
    )
    world.state.reports[report.id] = report
    end_report(world, report, "DONE", transfer.posted, make_document(world, report))
