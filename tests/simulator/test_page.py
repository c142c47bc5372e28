"""The page at `/`, without a browser; tests/browser looks at it with one."""

import re
from html import unescape

import requests

from flask_amazon_channel.simulator import Amazon

from .conftest import DE, Client


def look(amazon: Amazon, **query: str) -> str:
    """The text of the page."""
    answer = requests.get(f"{amazon.url}/", params=query, timeout=10)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return " ".join(unescape(re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", answer.text)).split())


def press(amazon: Amazon, origin: str | None = None, **form: str) -> str:
    """Press a button, and return the text of the page that comes next."""
    headers = {"Origin": origin or amazon.url}
    answer = requests.post(f"{amazon.url}/", data=form, headers=headers, timeout=10)
    return " ".join(unescape(re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", answer.text)).split())


def test_the_page_shows_sellers_listings_orders_calls_and_faults(amazon: Amazon, client: Client) -> None:
    order_id = amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 2}])
    client.item("LAMP", "summaries")
    amazon.fault("getOrder", "5xx_json")
    text = look(amazon)
    for expected in (client.seller, "MUG/1 ä%", "DE: 49.00 EUR, for sale", order_id, "2 × LAMP"):
        assert expected in text
    assert "getListingsItem" in text
    assert "getOrder 5xx_json 1 more" in text
    assert client.account["refresh_token"] in text


def test_an_empty_simulator_says_so(amazon: Amazon) -> None:
    text = look(amazon)
    assert "There is no seller yet." in text
    assert "Nobody has ordered yet." in text
    assert "Nobody has called yet." in text


def test_a_listing_is_found_by_sku_asin_and_ean(amazon: Amazon, client: Client) -> None:
    for wanted in ("LAMP", "B000000002", "036000291452"):
        text = look(amazon, seller=client.seller, listing=wanted)
        assert "LAMP" in text
        assert "MUG/1" not in text
    assert "no listing NOTHING" in look(amazon, seller=client.seller, listing="NOTHING")


def test_the_first_of_many_listings_are_shown(amazon: Amazon) -> None:
    amazon.add_seller([DE], catalogue=100_000)
    assert "100,000" in look(amazon)


def test_a_button_places_an_order_that_takes_from_the_live_quantity(amazon: Amazon, client: Client) -> None:
    text = press(amazon, do="order", seller=client.seller, marketplace=DE, sku="LAMP", quantity="2")
    assert "was placed" in text
    assert amazon.listing(client.seller, DE, "LAMP")["quantity"] == 1


def test_what_cannot_be_done_is_said_and_nothing_happens(amazon: Amazon, client: Client) -> None:
    text = press(amazon, do="order", seller=client.seller, marketplace=DE, sku="LAMP", quantity="9")
    assert "LAMP has only 3 in stock." in text
    assert amazon.listing(client.seller, DE, "LAMP")["quantity"] == 3


def test_buttons_change_an_order(amazon: Amazon, client: Client) -> None:
    order_id = amazon.place_order(client.seller, DE, [{"sku": "LAMP", "quantity": 1}])
    press(amazon, do="ask_to_cancel", order=order_id)
    item = client.order(order_id, "CANCELLATION")["orderItems"][0]
    assert item["cancellation"]["cancellationRequest"]["requester"] == "BUYER"
    press(amazon, do="order_status", order=order_id, status="CANCELLED")
    assert amazon.order(order_id)["status"] == "CANCELLED"


def test_a_button_sets_a_competitor(amazon: Amazon, client: Client) -> None:
    text = press(amazon, do="compete", seller=client.seller, marketplace=DE, asin="B000000002", price="41.50")
    assert "A competitor asks 41.50 EUR for B000000002." in text
    others = [each for each in amazon.offers("B000000002", DE)["offers"] if each["seller"] != client.seller]
    assert [each["price"] for each in others] == ["41.50"]


def test_buttons_advance_the_clock_and_set_its_speed(amazon: Amazon) -> None:
    before = amazon.world.now()
    press(amazon, do="advance", seconds="28800")
    assert amazon.world.now() - before == 28800
    press(amazon, do="speed", speed="60")
    assert amazon.state()["clock"]["speed"] == 60


def test_buttons_add_and_heal_faults_and_forget_calls(amazon: Amazon, client: Client) -> None:
    press(amazon, do="fault", operation="getListingsItem", kind="5xx_html", times="2")
    assert client.get(client.item_path("LAMP"), marketplaceIds=DE).status_code == 503
    press(amazon, do="heal")
    assert client.get(client.item_path("LAMP"), marketplaceIds=DE).status_code == 200
    press(amazon, do="forget")
    assert amazon.requests() == []


def test_another_site_cannot_press_the_buttons(amazon: Amazon) -> None:
    before = amazon.world.now()
    assert "own buttons" in press(amazon, origin="http://elsewhere.example", do="advance", seconds="300")
    assert amazon.world.now() == before


def test_what_sellers_wrote_is_text_on_the_page(amazon: Amazon) -> None:
    listing = {"sku": "<b>X</b>", "title": "<script>alert(1)</script>", "price": "1", "quantity": 1}
    amazon.add_seller([DE], listings=[listing], store_name="<i>Shop</i>")
    text = requests.get(f"{amazon.url}/", timeout=10).text
    for markup in ("<script>", "<b>X", "<i>Shop"):
        assert markup not in text
