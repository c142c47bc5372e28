"""What a shop lives through: workers killed, brokers flushed and stopped.  Nothing is lost, nothing comes twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

from example_store.channel import amazon as channel
from example_store.database import db
from flask_amazon_channel import jobs
from flask_amazon_channel.sync import cycles
from tests.journeys.world import US
from tests.processes.conftest import Shop, until

Over = Callable[[], None]


def test_a_saved_price_reaches_amazon_through_broker_and_worker(shop: Shop) -> None:
    shop.run("worker")
    shop.world.save(price=Decimal("22.00"))
    until(lambda: shop.world.shown()[0] == Decimal("22.00"), "the price is live")


def test_f91_a_job_that_only_a_newer_version_knows_stops_nothing(shop: Shop) -> None:
    """It is left alone with a failure that ends by itself; what is due is in the database."""
    bell = jobs.queue(shop.world.channel)
    for name in ("flask_amazon_channel.jobs.of_next_year", "flask_amazon_channel.of_next_year.work"):
        bell.enqueue(name, **jobs.KEEP)
    shop.run("worker")
    shop.world.save(price=Decimal("22.00"))
    until(lambda: shop.world.shown()[0] == Decimal("22.00"), "the price is live")
    bell.connection.close()


def test_a_worker_killed_between_the_call_to_amazon_and_its_commit_sends_nothing_twice(
    shop: Shop, lease_over: Over
) -> None:
    shop.world.amazon.fault("patchListingsItem", "apply_then_timeout", times=1, seconds=20)
    worker = shop.run("worker")
    shop.world.save(price=Decimal("22.00"))
    until(shop.world.patches, "the patch has arrived")
    shop.kill(worker)
    assert [one.state for one in shop.world.submissions()] == ["intent"]
    lease_over()
    shop.run("worker")
    shop.run("timetable")
    until(lambda: [one.state for one in shop.world.submissions()] == ["live"], "it was read back")
    assert len(shop.world.patches()) == 1
    assert shop.world.shown()[0] == Decimal("22.00")


def test_a_worker_killed_before_the_patch_was_applied_sends_the_newest_price(shop: Shop, lease_over: Over) -> None:
    shop.world.amazon.fault("patchListingsItem", "timeout_before", times=1, seconds=20)
    worker = shop.run("worker")
    shop.world.save(price=Decimal("22.00"))
    until(shop.world.patches, "the patch has arrived")
    shop.kill(worker)
    shop.world.save(price=Decimal("23.00"))
    lease_over()
    shop.run("worker")
    shop.run("timetable")
    until(lambda: shop.world.shown()[0] == Decimal("23.00"), "the newest price is live")
    prices = [patch[0]["value"][0]["our_price"][0]["schedule"][0]["value_with_tax"] for patch in shop.world.patches()]
    assert prices == [22, 23]


def test_a_worker_killed_while_it_confirms_a_shipment_adds_no_second_package(shop: Shop, lease_over: Over) -> None:
    order_id = shop.world.buy(quantity=2)
    worker = shop.run("worker")
    shop.run("timetable")
    shop_order = until(lambda: shop.world.shop_orders(), "the shop order was made")[0]
    shop.world.amazon.fault("confirmShipment", "apply_then_timeout", times=1, seconds=20)
    channel.order_shipped(shop_order.id, carrier="DHL", tracking_number="0034")
    db.session.commit()
    until(lambda: shop.world.amazon.requests("confirmShipment"), "the confirmation has arrived")
    shop.kill(worker)
    lease_over()
    shop.run("worker")
    until(lambda: shop.world.packages()[0].confirmed_at, "Amazon's order was read back")
    assert len(shop.world.amazon.order(order_id)["packages"]) == 1
    assert len(shop.world.amazon.requests("confirmShipment")) == 1


def test_workers_killed_again_and_again_import_every_order_once(shop: Shop, lease_over: Over) -> None:
    shop.world.save(stock=500)
    shop.world.amazon.put_listing(shop.world.seller["seller_id"], US, "LAMP", quantity=500)
    ordered = {shop.world.buy(quantity=2) for _ in range(60)}
    shop.run("timetable")
    for killed_at in (5, 20, 40):
        worker = shop.run("worker")
        until(lambda least=killed_at: len(shop.world.shop_orders()) >= least, f"{killed_at} orders came")
        shop.kill(worker)
        lease_over()
    shop.run("worker")
    until(lambda: len(shop.world.shop_orders()) >= 60, "all orders came")
    assert {order.external_number for order in shop.world.shop_orders()} == ordered
    assert len(shop.world.shop_orders()) == 60
    assert shop.world.product().stock == 500 - 2 * 60
    assert sum(entry.delta for entry in shop.world.ledger()) == -120


def jobs_done(shop: Shop) -> dict[int, int]:
    """How many jobs each worker has done that has done any, by the number of its process."""
    from redis import Redis
    from rq import Worker

    with Redis.from_url(shop.broker.url) as connection:
        return {each.pid: each.successful_job_count for each in Worker.all(connection) if each.successful_job_count}


def test_two_workers_share_the_work_from_working_directories_of_their_own(shop: Shop, tmp_path: Path) -> None:
    """As on two machines: what they share is the database and the broker, no file."""
    folders = [tmp_path / "one machine", tmp_path / "another machine"]
    for folder in folders:
        folder.mkdir()
    workers = [shop.run("worker", working_directory=folder) for folder in folders]
    shop.run("timetable")
    ordered = {shop.world.buy() for _ in range(3)}
    until(lambda: len(shop.world.shop_orders()) == 3, "all orders came")
    shop.world.save(price=Decimal("22.00"), stock=6)
    until(lambda: shop.world.shown() == (Decimal("22.00"), 6), "price and quantity are live")
    until(lambda: jobs_done(shop).keys() == {each.pid for each in workers}, "both have done jobs")
    shop.kill(workers[0])
    shop.world.save(price=Decimal("23.00"))
    until(lambda: shop.world.shown()[0] == Decimal("23.00"), "the other goes on alone")
    assert {order.external_number for order in shop.world.shop_orders()} == ordered
    assert [list(folder.iterdir()) for folder in folders] == [[], []]


def test_a_flushed_broker_loses_nothing(shop: Shop) -> None:
    shop.world.save(price=Decimal("22.00"), stock=6)
    shop.broker.flush()
    shop.run("worker")
    shop.run("timetable")
    until(lambda: shop.world.shown() == (Decimal("22.00"), 6), "price and quantity are live")


def test_a_broker_that_is_down_when_the_shop_saves_costs_no_exception_and_loses_nothing(shop: Shop) -> None:
    shop.run("worker")
    shop.run("timetable")
    until(lambda: shop.world.amazon.requests("searchOrders"), "the timetable runs")
    shop.broker.stop()
    shop.world.channel.rang_at = float("-inf")
    shop.world.save(price=Decimal("22.00"))
    shop.broker.start()
    until(lambda: shop.world.shown()[0] == Decimal("22.00"), "worker and timetable outlived the broker")


def test_of_two_timetables_one_runs_the_cycle(shop: Shop) -> None:
    """The slot is taken in the database: of many who try at once, one wins."""
    app = shop.world.app

    def begin(number: int) -> bool:
        with app.app_context():
            try:
                return cycles.begin(shop.world.channel)
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(begin, range(8))) == 1


def test_a_broker_cannot_make_the_worker_run_pickled_code(shop: Shop) -> None:
    """Jobs travel as JSON: whoever reaches the broker cannot run code of his own through a pickle."""
    import pickle

    from redis import Redis

    from flask_amazon_channel import jobs

    mark = shop.folder / "pickled-code-ran"

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (open, (str(mark), "w"))

    with Redis.from_url(shop.broker.url) as client:
        queue = jobs.queue(shop.world.channel, client)
        job = queue.enqueue(jobs.work)
        client.hset(job.key, "data", pickle.dumps((Evil(), None, (), {})))
    shop.run("worker")
    shop.world.channel.rang_at = float("-inf")
    shop.world.save(price=Decimal("22.00"))
    until(lambda: shop.world.shown()[0] == Decimal("22.00"), "the worker goes on")
    assert not mark.exists()


def test_no_token_and_no_buyer_stands_in_a_log_or_in_the_broker(shop: Shop) -> None:
    from redis import Redis

    shop.world.buy(quantity=1, buyer={"buyerName": "Zacharias Canary"})
    shop.run("worker")
    shop.run("timetable")
    until(lambda: shop.world.shop_orders(), "the order came")
    with Redis.from_url(shop.broker.url) as client:
        kept = repr([client.dump(key) for key in client.scan_iter()])
    told = shop.logs() + kept
    assert [secret for secret in ("Atzr|", "Atza|", "amzn1.oa2-cs", "Canary") if secret in told] == []
