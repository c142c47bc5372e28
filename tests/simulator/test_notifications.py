"""Notifications v1: destinations, subscriptions, and what they do to deliveries."""

from collections.abc import Iterator
from typing import Any

import pytest

from flask_amazon_channel.simulator import Amazon
from flask_amazon_channel.simulator.notifications.types import TYPES
from tests.contract import schemas

from .conftest import DE, FR, Client
from .subscriber import ACCOUNT, REGION, Subscriber, arn

LAMP = [{"sku": "LAMP", "quantity": 1}]


@pytest.fixture
def subscriber(client: Client) -> Iterator[Subscriber]:
    subscriber = Subscriber(client)
    yield subscriber
    subscriber.close()


def destination(resource: Any, name: Any = "mine") -> Any:
    return {"name": name, "resourceSpecification": resource}


def error(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.text
    [found] = answer.json()["errors"]
    return found


def test_destinations_are_made_shown_and_deleted(subscriber: Subscriber) -> None:
    answer = subscriber.grantless("POST", "/destinations", destination({"sqs": {"arn": arn("other")}}, "Other"))
    made = answer.json()["payload"]
    assert made == {
        "destinationId": made["destinationId"],
        "name": "Other",
        "resource": {"sqs": {"arn": arn("other")}},
    }
    assert made in subscriber.grantless("GET", "/destinations").json()["payload"]
    path = f"/destinations/{made['destinationId']}"
    assert subscriber.grantless("GET", path).json()["payload"] == made
    assert subscriber.grantless("DELETE", path).json() == {}
    assert error(subscriber.grantless("GET", path), 404)["code"] == "NotFound"
    assert error(subscriber.grantless("DELETE", path), 404)["code"] == "NotFound"


def test_a_destination_of_eventbridge_names_its_source(subscriber: Subscriber) -> None:
    shown = subscriber.grantless("GET", f"/destinations/{subscriber.bus}").json()["payload"]
    source = f"aws.partner/sellingpartnerapi.amazon.com/{ACCOUNT}/{subscriber.client.account['application_id']}"
    assert shown["resource"] == {"eventBridge": {"name": source, "accountId": ACCOUNT, "region": REGION}}


@pytest.mark.parametrize(
    "resource",
    [{"sqs": {"arn": arn("notifications")}}, {"eventBridge": {"accountId": ACCOUNT, "region": "us-east-1"}}],
)
def test_a_queue_or_an_account_is_a_destination_once(subscriber: Subscriber, resource: Any) -> None:
    found = error(subscriber.grantless("POST", "/destinations", destination(resource)), 409)
    assert found["code"] == "Conflict"
    assert "already exists for the application" in found["details"]


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ({"sqs": {"arn": "arn:aws:sns:eu-west-1:1:x"}}, "mine"),
        ({"sqs": {"arn": f"{arn('orders')}.fifo"}}, "mine"),
        ({"sqs": {"arn": arn("x")}, "eventBridge": {"accountId": ACCOUNT, "region": REGION}}, "mine"),
        ({"eventBridge": {"accountId": "me", "region": REGION}}, "mine"),
        ({"eventBridge": {"accountId": ACCOUNT, "region": "Ireland"}}, "mine"),
        ({"eventBridge": "all"}, "mine"),
        ({}, "mine"),
        ("queue", "mine"),
        ({"sqs": {"arn": arn("x")}}, ""),
        ({"sqs": {"arn": arn("x")}}, "x" * 257),
    ],
)
def test_a_wrong_destination_is_refused(subscriber: Subscriber, resource: Any, name: str) -> None:
    answer = subscriber.grantless("POST", "/destinations", destination(resource, name))
    assert error(answer, 400)["code"] == "InvalidInput"


def test_destinations_need_the_token_of_the_application_and_subscriptions_that_of_a_seller(
    client: Client, subscriber: Subscriber
) -> None:
    assert client.get("/notifications/v1/destinations").status_code == 403
    body = {"payloadVersion": "1.0", "destinationId": subscriber.destination}
    assert subscriber.grantless("POST", "/subscriptions/ORDER_CHANGE", body).status_code == 403


def test_a_destination_with_subscriptions_cannot_be_deleted(subscriber: Subscriber) -> None:
    subscription = subscriber.subscribe("ORDER_CHANGE")
    path = f"/destinations/{subscriber.destination}"
    assert error(subscriber.grantless("DELETE", path), 403)["details"] == "Destination has subscriptions"
    assert subscriber.grantless("DELETE", f"/subscriptions/ORDER_CHANGE/{subscription}").status_code == 200
    assert subscriber.grantless("DELETE", path).status_code == 200


def test_a_subscription_lives_and_ends(client: Client, subscriber: Subscriber) -> None:
    path = "/notifications/v1/subscriptions/ORDER_CHANGE"
    assert error(client.get(path), 404)["code"] == "NotFound"
    made = subscriber.try_to_subscribe("ORDER_CHANGE").json()["payload"]
    assert set(made) == {"subscriptionId", "payloadVersion", "destinationId"}
    assert client.get(path).json()["payload"] == made
    assert client.get("/notifications/v1/subscriptions", notificationTypes="ORDER_CHANGE").json() == {
        "payload": {"subscriptions": [made]}
    }
    by_id = f"/subscriptions/ORDER_CHANGE/{made['subscriptionId']}"
    assert subscriber.grantless("GET", by_id).json()["payload"] == made
    other = by_id.replace("ORDER_CHANGE", "PRICING_HEALTH")
    assert subscriber.grantless("GET", other).status_code == 404
    assert subscriber.grantless("DELETE", by_id).json() == {}
    assert error(subscriber.grantless("DELETE", by_id), 404)["code"] == "NotFound"
    assert client.get(path).status_code == 404


def test_a_type_is_subscribed_to_once_for_each_payload_version(client: Client, subscriber: Subscriber) -> None:
    kind = "LISTINGS_ITEM_ISSUES_CHANGE"
    first = subscriber.subscribe(kind)
    assert error(subscriber.try_to_subscribe(kind, destinationId=subscriber.bus), 409)["code"] == "StateConflict"
    second = subscriber.subscribe(kind, "2023-12-13")
    path = f"/notifications/v1/subscriptions/{kind}"
    assert client.get(path).json()["payload"]["subscriptionId"] == second
    assert client.get(path, payloadVersion="1.0").json()["payload"]["subscriptionId"] == first
    assert client.get(path, payloadVersion="3.0").status_code == 404


def test_subscriptions_come_in_pages(client: Client, subscriber: Subscriber) -> None:
    for number in range(40):
        directive = {"filterExpression": f"OrderChangeNotification.Summary.MarketplaceId == '{number}'"}
        subscriber.subscribe("ORDER_CHANGE", processingDirective=directive)
    path, query = "/notifications/v1/subscriptions", {"notificationTypes": "ORDER_CHANGE", "pageSize": 35}
    first = client.get(path, **query).json()["payload"]
    second = client.get(path, **query, nextToken=first["nextToken"]).json()["payload"]
    assert (len(first["subscriptions"]), len(second["subscriptions"])) == (35, 5)
    assert "nextToken" not in second
    for wrong in ({"pageSize": 29}, {"pageSize": 101}, {"nextToken": "x"}, {"notificationTypes": "A,B"}):
        assert error(client.get(path, **{**query, **wrong}), 400)["code"] == "InvalidInput"


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_goes_either_to_queues_or_to_eventbridge(subscriber: Subscriber, kind: str) -> None:
    version, by_queue = TYPES[kind].versions[0], TYPES[kind].workflow == "sqs"
    right, wrong = (subscriber.destination, subscriber.bus) if by_queue else (subscriber.bus, subscriber.destination)
    refused = error(subscriber.try_to_subscribe(kind, version, destinationId=wrong), 400)
    assert refused["message"] == "Request has missing or invalid parameters and cannot be parsed."
    assert subscriber.try_to_subscribe(kind, version, destinationId=right).status_code == 200


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("NOTHING_CHANGED", {}),
        ("APPLICATION_OAUTH_CLIENT_NEW_SECRET", {}),
        ("ORDER_CHANGE", {"payloadVersion": "2.0"}),
        ("ORDER_CHANGE", {"destinationId": "unknown"}),
        ("ORDER_CHANGE", {"processingDirective": {}}),
        ("ORDER_CHANGE", {"processingDirective": {"eventFilter": {}}}),
        ("ORDER_CHANGE", {"processingDirective": {"eventFilter": {"eventFilterType": "ANY_OFFER_CHANGED"}}}),
        ("PRICING_HEALTH", {"processingDirective": {"eventFilter": {"eventFilterType": "PRICING_HEALTH"}}}),
        ("ORDER_CHANGE", {"processingDirective": {"filterExpression": "a == 'b'", "eventFilter": {}}}),
        ("ORDER_CHANGE", {"processingDirective": {"filterExpression": ""}}),
        ("ORDER_CHANGE", {"processingDirective": {"filterExpression": "x" * 257}}),
        ("ORDER_CHANGE", {"processingDirective": {"filterExpression": "a + b == 2"}}),
    ],
)
def test_a_wrong_subscription_is_refused(subscriber: Subscriber, kind: str, body: Any) -> None:
    assert error(subscriber.try_to_subscribe(kind, **{"version": "1.0", **body}), 400)["code"] == "InvalidInput"


@pytest.mark.parametrize(
    "part",
    [
        {"marketplaceIds": ["NOWHERE"]},
        {"orderChangeTypes": ["OrderStatusChange"]},
        {"aggregationSettings": {"aggregationTimePeriod": "OneMinute"}},
        {"unknown": 1},
    ],
)
def test_a_wrong_filter_is_refused(subscriber: Subscriber, part: Any) -> None:
    directive = {"eventFilter": {"eventFilterType": "ANY_OFFER_CHANGED", **part}}
    assert error(subscriber.try_to_subscribe("ANY_OFFER_CHANGED", processingDirective=directive), 400)


def test_a_seller_subscribes_to_what_the_roles_allow(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    amazon.change_seller(client.seller, roles=["Product Listing"])
    assert subscriber.try_to_subscribe("ORDER_CHANGE").status_code == 403
    assert subscriber.try_to_subscribe("LISTINGS_ITEM_STATUS_CHANGE", destinationId=subscriber.bus).status_code == 200


def test_an_order_is_told_after_the_delay_and_to_this_seller_only(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    other = amazon.add_seller([DE], listings=[{"sku": "LAMP", "price": "1", "quantity": 5}])
    subscriber.subscribe("ORDER_CHANGE")
    amazon.settings(notification_delay=30)
    order = amazon.place_order(client.seller, DE, LAMP)
    amazon.place_order(other["seller_id"], DE, LAMP)
    amazon.advance(29)
    assert amazon.notifications() == []
    [notification] = subscriber.received()
    assert notification["Payload"]["OrderChangeNotification"]["AmazonOrderId"] == order
    [sent] = amazon.notifications("ORDER_CHANGE")
    assert sent["notification"] == notification
    assert (sent["seller"], sent["queue"]) == (client.seller, arn("notifications"))


def test_nothing_is_sent_while_notifications_are_off(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("ORDER_CHANGE")
    amazon.settings(notifications="off")
    amazon.place_order(client.seller, DE, LAMP)
    assert subscriber.received() == []


def test_nothing_is_sent_after_the_seller_revoked_the_consent(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    subscription = subscriber.subscribe("ORDER_CHANGE")
    amazon.place_order(client.seller, DE, LAMP)
    amazon.change_seller(client.seller, revoked=True)
    amazon.place_order(client.seller, DE, LAMP)
    assert subscriber.received() == []
    assert subscriber.grantless("DELETE", f"/subscriptions/ORDER_CHANGE/{subscription}").status_code == 200


def test_nothing_is_sent_after_the_subscription_ended(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscription = subscriber.subscribe("ORDER_CHANGE")
    amazon.place_order(client.seller, DE, LAMP)
    subscriber.grantless("DELETE", f"/subscriptions/ORDER_CHANGE/{subscription}")
    assert subscriber.received() == []


def test_duplicates_have_the_same_notification_id(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("ORDER_CHANGE")
    amazon.settings(notification_duplicates=1)
    amazon.place_order(client.seller, DE, LAMP)
    first, second = subscriber.received()
    assert first == second
    assert len(amazon.notifications()) == 1


def test_a_filter_lets_only_some_marketplaces_and_changes_pass(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    wanted = {"marketplaceIds": [FR], "orderChangeTypes": ["OrderStatusChange"]}
    directive = {"eventFilter": {"eventFilterType": "ORDER_CHANGE", **wanted}}
    subscriber.subscribe("ORDER_CHANGE", processingDirective=directive)
    amazon.place_order(client.seller, DE, LAMP)
    order = amazon.place_order(client.seller, FR, LAMP)
    amazon.change_order(order, buyer_requests_cancel=True)
    [notification] = subscriber.received()
    assert notification["Payload"]["OrderChangeNotification"]["Summary"]["MarketplaceId"] == FR


def test_a_filter_expression_is_kept_and_not_evaluated(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    directive = {"filterExpression": "OrderChangeNotification.Summary.MarketplaceId == 'NOWHERE'"}
    subscriber.subscribe("ORDER_CHANGE", processingDirective=directive)
    path = "/notifications/v1/subscriptions/ORDER_CHANGE"
    assert client.get(path).json()["payload"]["processingDirective"] == directive
    amazon.place_order(client.seller, DE, LAMP)
    assert len(subscriber.received()) == 1


def test_of_many_changes_in_a_period_the_first_and_the_last_are_told(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    settings = {"aggregationSettings": {"aggregationTimePeriod": "FiveMinutes"}}
    directive = {"eventFilter": {"eventFilterType": "ANY_OFFER_CHANGED", **settings}}
    subscriber.subscribe("ANY_OFFER_CHANGED", processingDirective=directive)
    amazon.settings(notification_delay=0)
    for price in ("50.00", "51.00", "52.00"):
        amazon.put_listing(client.seller, DE, "LAMP", price=price)
    assert [_own_price(each, client) for each in subscriber.received()] == [50]
    amazon.advance(299)
    assert subscriber.received() == []
    amazon.advance(1)
    assert [_own_price(each, client) for each in subscriber.received()] == [52]
    amazon.put_listing(client.seller, DE, "LAMP", price="53.00")
    assert subscriber.received() == []
    amazon.advance(300)
    assert [_own_price(each, client) for each in subscriber.received()] == [53]
    amazon.advance(300)
    amazon.put_listing(client.seller, DE, "LAMP", price="54.00")
    assert [_own_price(each, client) for each in subscriber.received()] == [54]


def _own_price(notification: Any, client: Client) -> float:
    offers = notification["Payload"]["AnyOfferChangedNotification"]["Offers"]
    [mine] = [each for each in offers if each["SellerId"] == client.seller]
    return float(mine["ListingPrice"]["Amount"])


def test_eventbridge_wraps_a_notification(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("LISTINGS_ITEM_MFN_QUANTITY_CHANGE")
    amazon.put_listing(client.seller, DE, "LAMP", quantity=44)
    [event] = subscriber.received(subscriber.events)
    kind, application = "LISTINGS_ITEM_MFN_QUANTITY_CHANGE", client.account["application_id"]
    assert event["detail-type"] == event["detail"]["NotificationType"] == kind
    assert event["source"] == f"aws.partner/sellingpartnerapi.amazon.com/{ACCOUNT}/{application}"
    assert (event["version"], event["account"], event["region"], event["resources"]) == ("0", ACCOUNT, REGION, [])
    assert event["time"][-4:-1].isascii()
    assert event["time"].endswith("Z")
    assert event["detail"]["Payload"]["Quantity"] == 44


def test_a_rule_of_eventbridge_takes_the_types_that_it_names(
    amazon: Amazon, client: Client, subscriber: Subscriber
) -> None:
    subscriber.subscribe("LISTINGS_ITEM_MFN_QUANTITY_CHANGE")
    amazon.event_rule(ACCOUNT, REGION, arn("events"), ["LISTINGS_ITEM_STATUS_CHANGE"])
    amazon.put_listing(client.seller, DE, "LAMP", quantity=44)
    assert subscriber.told() == []
    assert [each["queue"] for each in amazon.notifications()] == [""]
    assert amazon.event_rule(ACCOUNT, REGION, None) == {"rules": []}


def test_subscriptions_and_what_waits_are_saved(amazon: Amazon, client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("ORDER_CHANGE")
    order = amazon.place_order(client.seller, DE, LAMP)
    saved = amazon.save()
    amazon.reset()
    amazon.load(saved)
    [notification] = subscriber.received()
    assert notification["Payload"]["OrderChangeNotification"]["AmazonOrderId"] == order


def test_the_same_seed_makes_the_same_ids() -> None:
    ids = []
    for _ in range(2):
        with Amazon(seed=3) as amazon:
            client = Client(amazon, amazon.add_seller([DE], listings=[{"sku": "LAMP", "price": "1", "quantity": 5}]))
            subscriber = Subscriber(client)
            subscription = subscriber.subscribe("ORDER_CHANGE")
            amazon.place_order(client.seller, DE, LAMP)
            [notification] = subscriber.received()
            ids.append((subscription, notification["NotificationMetadata"]["NotificationId"]))
            subscriber.close()
            client.http.close()
    assert ids[0] == ids[1]


SENT = [each for each in TYPES if (each, TYPES[each].versions[0]) in schemas.FILES]


@pytest.mark.parametrize("kind", [*SENT, "ACCOUNT_STATUS_CHANGED"])
def test_a_test_notification_of_each_type_can_be_asked_for(subscriber: Subscriber, kind: str) -> None:
    by_queue = TYPES[kind].workflow == "sqs"
    for version in TYPES[kind].versions:
        test = {"payloadVersion": version, "testScenario": "Example"}
        body = {"destinationId": subscriber.destination if by_queue else subscriber.bus, "testNotification": test}
        answer = subscriber.grantless("POST", f"/subscriptions/{kind}/testNotification", body)
        assert answer.status_code == 200, answer.text
        [notification] = subscriber.received() if by_queue else subscriber.told()
        assert schemas.kind_of(notification) == kind


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"testNotification": {"payloadVersion": "1.0"}},
        {"testNotification": {"payloadVersion": "1.0", "testScenario": ""}},
        {"testNotification": {"payloadVersion": "9.0", "testScenario": "Example"}},
        {"destinationId": "none", "testNotification": {"payloadVersion": "1.0", "testScenario": "Example"}},
    ],
)
def test_a_wrong_test_notification_is_refused(subscriber: Subscriber, body: Any) -> None:
    body = {"destinationId": subscriber.destination, **body}
    answer = subscriber.grantless("POST", "/subscriptions/ORDER_CHANGE/testNotification", body)
    assert error(answer, 400)["code"] == "InvalidInput"


def test_a_type_that_nothing_here_causes_has_no_test_notification(subscriber: Subscriber) -> None:
    test = {"payloadVersion": "1.0", "testScenario": "Example"}
    body = {"destinationId": subscriber.destination, "testNotification": test}
    answer = subscriber.grantless("POST", "/subscriptions/FEE_PROMOTION/testNotification", body)
    assert error(answer, 400)["code"] == "InvalidInput"


@pytest.mark.parametrize(
    "setting",
    [
        {"notification_duplicates": 2},
        {"notification_disorder": "yes"},
        {"notifications": "maybe"},
        {"notification_delay": -1},
        {"sqs_endpoint": "https://sqs.eu-west-1.amazonaws.com"},
        {"sqs_endpoint": "http://127.0.0.1.example.com:80"},
        {"application_queue": "mine"},
    ],
)
def test_a_wrong_setting_is_refused(amazon: Amazon, setting: Any) -> None:
    before = amazon.settings()
    with pytest.raises(ValueError):
        amazon.settings(**setting)
    assert amazon.settings() == before


def test_only_known_occurrences_and_queues_can_be_told_of(amazon: Amazon, client: Client) -> None:
    for body in ({"occurrence": "order_changed"}, {"occurrence": "pricing_health", "seller": "nobody"}, {}):
        answer = client.http.post(f"{amazon.url}/_control/notifications", json=body, timeout=10)
        assert answer.status_code == 400
    rule = {"account": ACCOUNT, "region": REGION, "queue_arn": "x"}
    assert client.http.put(f"{amazon.url}/_control/event_rules", json=rule, timeout=10).status_code == 400
