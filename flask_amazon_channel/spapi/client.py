"""The Amazon client: one method per operation, under Amazon's names.

Every method raises the errors of `flask_amazon_channel.errors`, as `answers.py` sorts them; none retries,
except once with a new access token where Amazon refused the old one.  Times are aware UTC, money is
`Decimal`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_amazon_channel.rules.amazon import (
    ListingsPage,
    ObservedListing,
    OrderSnapshot,
    OrdersPage,
    Participation,
    Receipt,
    Report,
    Subscription,
)
from flask_amazon_channel.spapi import answers, operations, transport
from flask_amazon_channel.spapi.calls import CallMade, Calls, iso_time
from flask_amazon_channel.spapi.documents import MAX_BYTES, Document, address_in, download
from flask_amazon_channel.spapi.feed_calls import FeedCalls
from flask_amazon_channel.spapi.parse import (
    JSON,
    Unreadable,
    key,
    needed,
    parse_participations,
    parse_report,
)
from flask_amazon_channel.spapi.parse_listings import parse_listing, parse_listings_page, parse_receipt
from flask_amazon_channel.spapi.parse_notifications import parse_subscription
from flask_amazon_channel.spapi.parse_orders import parse_order, parse_orders_page
from flask_amazon_channel.spapi.quotas import Allowance
from flask_amazon_channel.spapi.tokens import TokenSource

DOCUMENT_TIMEOUT = 900.0
"""Seconds that the download of a whole report may take."""

LISTING_PARTS = ("summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "productTypes")
ORDER_PARTS = "BUYER,RECIPIENT,PROCEEDS,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX"
MAX_SKUS_PER_SEARCH = 20


class AmazonClient(FeedCalls):
    """Talks to one region's endpoint for one seller.  Safe to share between threads.

    `timeout` is seconds in all per call.  `before_call(operation)` runs right before each request leaves and may raise
    to stop it (lease, freeze); `after_call(made)` is told how it went; `rate_seen(operation, rate)` gets Amazon's rate
    header (text, calls per second); neither may raise.  `allowance` is the account's share of Amazon's quotas: a call
    beyond it raises `AmazonUnavailable`, throttled, with the time to wait, and nothing leaves.  `urgent` calls may use
    the last token.
    """

    def __init__(
        self,
        endpoint: str,
        tokens: TokenSource,
        *,
        seller_id: str,
        timeout: float = 30.0,
        user_agent: str | None = None,
        rate_seen: Callable[[str, str], None] | None = None,
        before_call: Callable[[str], None] | None = None,
        after_call: Callable[[CallMade], None] | None = None,
        allowance: Allowance | None = None,
    ) -> None:
        agent = user_agent or transport.user_agent()
        self._calls = Calls(endpoint, tokens, timeout, agent, rate_seen, before_call, allowance, after_call)
        self._seller_id = seller_id

    def take(self, operation: operations.Operation, *, urgent: bool = False) -> None:
        """Take the token of a call before what must be stored ahead of it; then make the call with `taken`."""
        self._calls.take(operation, urgent=urgent)

    # Sellers v1

    def get_marketplace_participations(self) -> list[Participation]:
        """Return every marketplace of the region that the seller may sell in."""
        return self._calls.ask(operations.GET_MARKETPLACE_PARTICIPATIONS, parse_participations)

    # Reports 2021-06-30

    def create_report(
        self,
        report_type: str,
        marketplace_ids: Sequence[str],
        start: datetime | None = None,
        end: datetime | None = None,
        options: Mapping[str, str] | None = None,
    ) -> str:
        """Ask for a report and return its id.

        A listings report covers one marketplace; Amazon drops the others.
        """
        body: dict[str, Any] = {"reportType": report_type, "marketplaceIds": list(marketplace_ids)}
        if start:
            body["dataStartTime"] = iso_time(start)
        if end:
            body["dataEndTime"] = iso_time(end)
        if options:
            body["reportOptions"] = dict(options)
        return self._calls.ask(operations.CREATE_REPORT, lambda answer: key(answer, "reportId"), body=body)

    def get_report(self, report_id: str) -> Report:
        """Return where a report is."""
        return self._calls.ask(operations.GET_REPORT, parse_report, reportId=report_id)

    def report_document(
        self,
        document_id: str,
        *,
        undeclared: str = "cp1252",
        timeout: float = DOCUMENT_TIMEOUT,
        max_bytes: int = MAX_BYTES,
    ) -> Document:
        """Fetch and check a report's document; use it in a `with` block and iterate over its lines.

        `undeclared` is the codec for text that is neither UTF-8 nor declares its charset (`cp932` for Japan).
        Raises `BadDocument` for one that is damaged, cut short, empty or too large.
        """
        url, gzipped = self._calls.ask(operations.GET_REPORT_DOCUMENT, address_in, reportDocumentId=document_id)
        return download(
            url,
            gzipped=gzipped,
            undeclared=undeclared,
            timeout=timeout,
            near=self._calls.on_loopback,
            max_bytes=max_bytes,
        )

    # Listings Items 2021-08-01

    def get_listings_item(
        self,
        sku: str,
        marketplace_id: str,
        included: Iterable[str] = LISTING_PARTS,
        locale: str | None = None,
    ) -> ObservedListing:
        """Return a SKU as one marketplace shows it; `NotFound` where the seller has no such SKU."""
        query = {"marketplaceIds": marketplace_id, "includedData": ",".join(included), "issueLocale": locale}

        def read(answer: JSON) -> ObservedListing:
            return parse_listing(_about(answer, sku), marketplace_id)

        return self._calls.ask(operations.GET_LISTINGS_ITEM, read, query, sellerId=self._seller_id, sku=sku)

    def search_listings_items(
        self,
        marketplace_id: str,
        *,
        skus: Sequence[str] = (),
        updated_after: datetime | None = None,
        sort_by: str = "lastUpdatedDate",
        ascending: bool = True,
        page_token: str | None = None,
        page_size: int = 20,
        included: Iterable[str] = LISTING_PARTS,
        locale: str | None = None,
    ) -> ListingsPage:
        """Return one page of the seller's SKUs.  Amazon pages through 1,000 at most.

        At most 20 `skus`, none with a comma (Amazon would split it: ask for that one by `get_listings_item`).
        """
        if len(skus) > MAX_SKUS_PER_SEARCH or any("," in sku for sku in skus):
            raise ValueError("At most 20 SKUs can be searched at once, and none with a comma.")
        query = {
            "marketplaceIds": marketplace_id,
            "identifiers": ",".join(skus) or None,
            "identifiersType": "SKU" if skus else None,
            "lastUpdatedAfter": iso_time(updated_after) if updated_after else None,
            "sortBy": sort_by,
            "sortOrder": "ASC" if ascending else "DESC",
            "pageSize": str(page_size),
            "pageToken": page_token,
            "includedData": ",".join(included),
            "issueLocale": locale,
        }

        def read(answer: JSON) -> ListingsPage:
            page = parse_listings_page(answer, marketplace_id)
            _refuse_repeated(page.next_token, page_token)
            return page

        return self._calls.ask(operations.SEARCH_LISTINGS_ITEMS, read, query, sellerId=self._seller_id)

    def patch_listings_item(
        self,
        sku: str,
        marketplace_ids: Sequence[str],
        product_type: str,
        patches: Sequence[Mapping[str, Any]],
        *,
        preview: bool = False,
        locale: str | None = None,
        urgent: bool = False,
        taken: bool = False,
    ) -> Receipt:
        """Send patches (`op`, `path`, `value`).  ACCEPTED is a receipt only; INVALID means that nothing was
        stored.

        `preview` asks Amazon to check without storing anything; a preview that fails is never an unknown
        outcome.
        """
        operation = operations.PATCH_LISTINGS_ITEM._replace(is_write=not preview)
        query = {
            "marketplaceIds": ",".join(marketplace_ids),
            "includedData": "issues",
            "mode": "VALIDATION_PREVIEW" if preview else None,
            "issueLocale": locale,
        }
        body = {"productType": product_type, "patches": list(patches)}

        def read(answer: JSON) -> Receipt:
            return parse_receipt(_about(answer, sku))

        return self._calls.ask(
            operation, read, query, body=body, urgent=urgent, taken=taken, sellerId=self._seller_id, sku=sku
        )

    # Orders 2026-01-01, and confirmShipment of v0

    def search_orders(
        self,
        *,
        updated_after: datetime | None = None,
        updated_before: datetime | None = None,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        marketplace_ids: Sequence[str] = (),
        page_token: str | None = None,
        page_size: int = 100,
    ) -> OrdersPage:
        """Return one page of orders, by last update or by creation: exactly one `..._after` must be given.

        Leave `updated_before` out to read up to now: the page's `read_until` is then the next
        `updated_after`. A next page takes the same arguments and `page_token`.
        """
        if (updated_after is None) == (created_after is None):
            raise ValueError("Give either updated_after or created_after.")
        query = {
            "lastUpdatedAfter": iso_time(updated_after) if updated_after else None,
            "lastUpdatedBefore": iso_time(updated_before) if updated_before else None,
            "createdAfter": iso_time(created_after) if created_after else None,
            "createdBefore": iso_time(created_before) if created_before else None,
            "marketplaceIds": ",".join(marketplace_ids) or None,
            "maxResultsPerPage": str(page_size),
            "paginationToken": page_token,
            "includedData": ORDER_PARTS,
        }

        def read(answer: JSON) -> OrdersPage:
            page = parse_orders_page(answer)
            _refuse_repeated(page.next_token, page_token)
            return page

        return self._calls.ask(operations.SEARCH_ORDERS, read, query)

    def get_order(self, order_id: str, *, urgent: bool = False) -> OrderSnapshot:
        """Return one order, complete; `NotFound` where the seller has no such order."""

        def read(answer: JSON) -> OrderSnapshot:
            order = parse_order(needed(answer, "order"))
            if order.amazon_order_id != order_id:
                raise Unreadable("It is about another order.")
            return order

        query = {"includedData": ORDER_PARTS}
        return self._calls.ask(operations.GET_ORDER, read, query, urgent=urgent, orderId=order_id)

    def confirm_shipment(
        self,
        order_id: str,
        marketplace_id: str,
        package_reference: str,
        carrier_code: str,
        carrier_name: str | None,
        tracking_number: str,
        shipped_at: datetime,
        items: Mapping[str, int],
        shipping_method: str | None = None,
        *,
        urgent: bool = False,
        taken: bool = False,
    ) -> None:
        """Tell Amazon that a package left.  `items` maps order item ids to quantities.

        `package_reference` is a positive whole number as text; the same one again edits the package.
        `carrier_name` is needed where `carrier_code` is `Other`.
        """
        package: dict[str, Any] = {
            "packageReferenceId": package_reference,
            "carrierCode": carrier_code,
            "trackingNumber": tracking_number,
            "shipDate": iso_time(shipped_at),
            "orderItems": [{"orderItemId": item, "quantity": quantity} for item, quantity in items.items()],
        }
        if carrier_name:
            package["carrierName"] = carrier_name
        if shipping_method:
            package["shippingMethod"] = shipping_method
        operation = operations.CONFIRM_SHIPMENT
        body = {"marketplaceId": marketplace_id, "packageDetail": package}
        answer = self._calls.exchange(operation, {}, body, {"orderId": order_id}, urgent=urgent, taken=taken)
        answers.expect_no_content(operation, answer)

    # Notifications v1, as far as a seller's consent is needed; the rest is in `application.py`

    def create_subscription(self, notification_type: str, payload_version: str, destination_id: str) -> Subscription:
        """Let notifications of this type about this seller be sent to a destination.

        `AmazonRejected` with HTTP 409 where there is one for this type and version.
        """
        return self._calls.ask(
            operations.CREATE_SUBSCRIPTION,
            parse_subscription,
            body={"payloadVersion": payload_version, "destinationId": destination_id},
            notificationType=notification_type,
        )

    def get_subscription(self, notification_type: str, payload_version: str) -> Subscription:
        """Return the seller's subscription; `NotFound` where there is none."""
        query = {"payloadVersion": payload_version}
        return self._calls.ask(
            operations.GET_SUBSCRIPTION, parse_subscription, query, notificationType=notification_type
        )


def _about(answer: JSON, sku: str) -> JSON:
    if key(answer, "sku").strip() != sku.strip():
        raise Unreadable("It is about another SKU.")
    return answer


def _refuse_repeated(next_token: str | None, page_token: str | None) -> None:
    if next_token is not None and next_token == page_token:
        raise Unreadable("The next page is this page again.")
