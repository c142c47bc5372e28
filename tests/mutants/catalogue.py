"""What is broken, and which tests must notice.  Each text stands exactly once in its file."""

from __future__ import annotations

from dataclasses import dataclass

ORDERS = "tests/journeys/test_orders.py"
CONSTRAINTS = "tests/journeys/test_constraints.py"
CRASHES = "tests/crash/test_crash_points.py::test_f86_a_crash_at_any_boundary_loses_nothing_and_doubles_nothing"


@dataclass(frozen=True)
class Mutant:
    """In `file` of the package `old` becomes `new`; one of `tests` must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "two rows for one order",
        "models/orders.py",
        '        sa.UniqueConstraint("account_id", "amazon_order_id"),\n',
        "",
        (f"{CONSTRAINTS}::test_f67_the_database_refuses_a_second_row_of_the_same_thing",),
    ),
    Mutant(
        "the cursor moves before the orders are stored",
        "sync/orders/read_orders.py",
        "        keep_page(channel, account_id, page)\n",
        "        early = {'position': page.read_until or position}\n"
        "        in_transaction(session, partial(hold, session, Stream, claimed, channel.clock(), **early))\n"
        "        keep_page(channel, account_id, page)\n",
        (f"{CRASHES}[orders are read]",),
    ),
    Mutant(
        "a worker that was taken over still writes",
        "models/due.py",
        ".where(model.id == claimed.id, model.lease_epoch == claimed.epoch)",
        ".where(model.id == claimed.id)",
        ("tests/models/test_due.py::test_a_worker_that_was_taken_over_changes_nothing",),
    ),
    Mutant(
        "a 503 counts as an empty page",
        "spapi/answers.py",
        '    """Return the JSON object of a success, or raise what the status means."""\n',
        '    """Return the JSON object of a success, or raise what the status means."""\n'
        "    if answer.status == 503:\n"
        '        return {"orders": [], "lastUpdatedBefore": "2030-01-01T00:00:00Z"}\n',
        (f"{ORDERS}::test_a_page_that_cannot_be_relied_on_loses_no_order[5xx_html]",),
    ),
    Mutant(
        "stock is released by the number of events",
        "sync/orders/stock.py",
        "    difference = item.sold - item.posted\n",
        "    difference = item.sold - item.posted if item.sold else -item.quantity_ordered\n",
        (f"{ORDERS}::test_an_order_cancelled_before_it_was_seen_touches_nothing",),
    ),
    Mutant(
        "more stock is shown though a sale may be unseen",
        "rules/quantity.py",
        "    if not ever_live or wanted <= (observed or 0):\n",
        "    if True:\n",
        ("tests/journeys/test_publishing.py::test_more_stock_waits_until_orders_were_read_after_the_last_look",),
    ),
    Mutant(
        "an order that fails is forgotten",
        "sync/orders/read_orders.py",
        "        keep_unreadable(channel, account_id, seen.amazon_order_id, INTERNAL_ERROR)",
        "        str(INTERNAL_ERROR)",
        (f"{CONSTRAINTS}::test_f55_a_fault_of_ours_with_one_order_is_kept_on_it_and_the_others_go_on",),
    ),
    Mutant(
        "the quantity that was wanted earlier is sent",
        "sync/publishing/wanting.py",
        "        decision.to_send,\n",
        "        listing.sku.wanted_quantity,\n",
        ("tests/journeys/test_publishing.py::test_a_saved_price_and_a_lower_stock_reach_amazon_and_are_read_back",),
    ),
    Mutant(
        "the access token is logged",
        "spapi/calls.py",
        "        if content is not None:\n",
        '        __import__("logging").getLogger(__name__).warning("%s", headers)\n        if content is not None:\n',
        ("tests/spapi/test_secrecy.py",),
    ),
    Mutant(
        "a patch leaves before its intent is stored",
        "sync/publishing/submit.py",
        "    submission_id = _intend(channel, work, wish, patch, decisions, channel.clock())\n",
        "    client.patch_listings_item(\n"
        '        listing.sku.sku, [listing.store.marketplace_id], listing.sku.product_type or "PRODUCT", [patch]\n'
        "    )\n"
        "    submission_id = _intend(channel, work, wish, patch, decisions, channel.clock())\n",
        (f"{CRASHES}[a product change is sent]",),
    ),
    Mutant(
        "of two snapshots of one second the older one wins",
        "rules/orders/status.py",
        "    return is_same and (applied_fetched_at is None or fetched_at > applied_fetched_at)\n",
        "    return False\n",
        ("tests/rules/test_order_status.py",),
    ),
    Mutant(
        "a package is settled without being seen",
        "sync/orders/shipments.py",
        "        if package.sent_at is None or package.confirmed_at is not None or there is None:\n",
        "        if package.sent_at is None or package.confirmed_at is not None:\n",
        ("tests/journeys/test_shipments.py::test_an_unknown_outcome_is_read_back_and_adds_no_second_package",),
    ),
    Mutant(
        "money goes through a float",
        "rules/money.py",
        "    return int(rounded(amount, currency).scaleb(exponent(currency)))\n",
        "    return int(float(amount) * 10 ** exponent(currency))\n",
        ("tests/rules/test_money.py",),
    ),
    Mutant(
        "the worker is rung before the change is committed",
        "sync/product_changes.py",
        "    session.info[_RANG] = True\n",
        "    (channel := installed()) and channel.ring()\n",
        ("tests/sync/test_product_changes.py::test_the_worker_is_rung_when_the_change_is_committed_and_not_before",),
    ),
    Mutant(
        "looking again and again puts off what waits for orders",
        "sync/publishing/read_back.py",
        " and not _waits_for_orders(work, answered_at, now)\n",
        "\n",
        (
            "tests/faults/test_more_faults.py::"
            "test_more_stock_is_sent_though_a_unit_was_sold_before_the_last_quantity_was_read_back",
        ),
    ),
    Mutant(
        "what only the daily report shows is not decided on",
        "sync/publishing/settle_by_report.py",
        "    in_transaction(session, lambda: _decide_anew(session, store, channel.clock()))\n",
        "",
        ("tests/faults/test_listings.py::test_what_no_search_showed_is_found_by_the_daily_report_and_set_back",),
    ),
)
