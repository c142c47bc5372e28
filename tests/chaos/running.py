"""One run: a storm, then healing and waiting, then the checkers."""

from __future__ import annotations

import time
from collections import Counter

from flask_amazon_channel.models import SellerAccount, Stream, StreamName
from tests.chaos import looking
from tests.chaos.checkers import CHECKERS, COME_TO_REST
from tests.chaos.ground import Ground, ground
from tests.chaos.looking import Knowledge
from tests.chaos.nemesis import Nemesis, let_amazon_fail
from tests.chaos.plan import Outcome, Plan
from tests.chaos.traffic import Buyers, Shop


def run(plan: Plan) -> Outcome:
    """Run it, no longer than its plan allows (and a few seconds to begin and to count)."""
    with ground(plan) as here:
        looking.log_the_stock()
        here.start_all()
        let_amazon_fail(here.world.amazon, plan.fault_rate)
        buyers = Buyers(here)
        shop = Shop(here, buyers)
        nemesis = Nemesis(here)
        for thread in (buyers, shop):
            thread.start()
        nemesis.rage()
        for thread in (buyers, shop):
            thread.join()
            if thread.error is not None:
                raise thread.error
        struck = _heal(here)
        shop.put_right()
        waited = _wait(here)
        outcome = Outcome(plan)
        outcome.done = _done(here, buyers, shop, nemesis, struck, waited)
        _check(here, outcome)
        return outcome


def _heal(here: Ground) -> Counter[str]:
    struck = Counter(one["kind"] for one in here.world.amazon.faults()["struck"])
    here.world.amazon.heal()
    here.revive()
    return struck


def _wait(here: Ground) -> float:
    """Wait until everything is in step; return how many seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < here.plan.rest:
        here.revive()
        known = Knowledge(here.world, here.stocked)
        if not any(True for check in COME_TO_REST for _ in check(known)):
            break
        # Looking costs as much as a worker does.
        time.sleep(4)
    return time.monotonic() - began


def _done(
    here: Ground, buyers: Buyers, shop: Shop, nemesis: Nemesis, struck: Counter[str], waited: float
) -> dict[str, object]:
    known = Knowledge(here.world, here.stocked)
    here.world.session.rollback()
    return {
        "orders placed": buyers.done["orders"],
        "orders, what became of them": dict(buyers.done),
        "orders in the shop": len(known.shop_orders),
        "product changes": shop.done.total(),
        "product changes, by way": dict(shop.done),
        "shop's transactions that failed": dict(shop.failed),
        "packages": sum(len(each) for each in known.packages.values()),
        "calls to Amazon": known.calls,
        "patches": len(known.sent),
        "faults": struck.total(),
        "faults, by kind": dict(sorted(struck.items())),
        "nemeses": dict(nemesis.struck),
        "account": here.world.all(SellerAccount)[0].state,
        "seconds until all was in step": round(waited, 1),
        "orders were read until": _age(here),
        "oversold products": sum(product.stock < 0 for product in known.products.values()),
    }


def _age(here: Ground) -> str:
    stream = here.world.all(Stream, Stream.name == StreamName.ORDERS)[0]
    now = here.world.channel.clock()
    return (
        f"{(now - stream.position).total_seconds():.0f} s ago, due in {(stream.due_at - now).total_seconds():.0f} s, "
        f"{stream.failures} failures, {stream.problem}, paging: {bool(stream.paging)}, leased: {stream.leased_until}"
    )


def _check(here: Ground, outcome: Outcome) -> None:
    known = Knowledge(here.world, here.stocked)
    for check in CHECKERS:
        found = list(check(known))
        outcome.found[check.__name__] = len(found)
        outcome.examples[check.__name__] = found[:5]
    plan = outcome.plan
    outcome.found["orders not placed"] = plan.orders - int(outcome.done["orders placed"])
    outcome.found["changes not made"] = plan.changes - int(outcome.done["product changes"])
