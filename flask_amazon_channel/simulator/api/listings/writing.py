"""Listings Items 2021-08-01: putListingsItem, patchListingsItem, deleteListingsItem."""

from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.api.listings.locales import localized
from flask_amazon_channel.simulator.api.listings.reading import check_seller, issue_locale
from flask_amazon_channel.simulator.api.listings.submitting import Malformed, Submission, submit
from flask_amazon_channel.simulator.wire.messages import Response, json_response


@answers("putListingsItem", bad="BAD_REQUEST", missing="NOT_FOUND")
def put_listings_item(call: Call) -> Response:
    return _submit(call, "PUT", most=1)


@answers("patchListingsItem", bad="BAD_REQUEST", missing="NOT_FOUND")
def patch_listings_item(call: Call) -> Response:
    return _submit(call, "PATCH")


@answers("deleteListingsItem", bad="BAD_REQUEST", missing="NOT_FOUND")
def delete_listings_item(call: Call) -> Response:
    return _submit(call, "DELETE", most=1)


def _submit(call: Call, operation: str, most: int | None = None) -> Response:
    check_seller(call)
    marketplaces = call.marketplaces(call.request.many("marketplaceIds"))
    if most is not None and len(marketplaces) > most:
        raise call.bad_request("'marketplaceIds' must hold exactly one id.")
    parts, preview, body = ["issues"], False, {}
    if operation != "DELETE":
        preview = call.choice("mode", ("VALIDATION_PREVIEW",)) is not None
        parts = call.choices("includedData", ("identifiers", "issues")) or parts
        body = call.json()
    try:
        done = submit(call.world, call.seller.id, call.path["sku"], operation, body, marketplaces, preview=preview)
    except Malformed as error:
        raise call.bad_request(str(error)) from error
    return json_response(_shape(done, parts, issue_locale(call, marketplaces)))


def _shape(done: Submission, parts: list[str], locale: str) -> dict[str, Any]:
    """`ListingsItemSubmissionResponse` of Amazon's model."""
    answer: dict[str, Any] = {"sku": done.sku, "status": done.status, "submissionId": done.submission_id}
    answer["issues"] = localized(done.issues, locale)
    if "identifiers" in parts:
        answer["identifiers"] = done.identifiers
    return answer
