"""Tokens 2021-03-01: restricted data tokens.

Seen in public: Who asks for data elements without the role for personal data gets 400 InvalidInput with
"Application does not have access to one or more requested data elements".
Seen in public: A path that needs no restricted data token, and one of getOrders, getOrder or getOrderItems
without data elements, gets 400 InvalidInput with "Application do not have access to some or all requested
resource".
Assumed: The role for personal data opens the buyer's tax information, too.
"""

import re
from typing import Any

from flask_amazon_channel.simulator.api.call import Call, answers
from flask_amazon_channel.simulator.login.lives import TOKEN_LIFETIME, issue_restricted_token
from flask_amazon_channel.simulator.login.restricted import ALWAYS, BY_ELEMENT, ELEMENTS
from flask_amazon_channel.simulator.operations import find_operation
from flask_amazon_channel.simulator.state.application import RestrictedResource
from flask_amazon_channel.simulator.wire.messages import ApiError, Response, json_response

MOST_RESOURCES = 50
_METHODS = ("GET", "PUT", "POST", "DELETE")
_SHIPMENTS = re.compile(r"(POST /mfn/v0/shipments|(GET|DELETE|PUT) /mfn/v0/shipments/[^/]+(/cancel)?)")
_NO_ACCESS = "Application do not have access to some or all requested resource"
_NO_ELEMENTS = "Application does not have access to one or more requested data elements"


@answers("createRestrictedDataToken", bad="InvalidRequest", missing="NotFound")
def create_restricted_data_token(call: Call) -> Response:
    body = call.json()
    wanted = body.get("restrictedResources")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST_RESOURCES:
        raise _invalid(call, f"restrictedResources must hold 1 to {MOST_RESOURCES} resources.")
    if not isinstance(body.get("targetApplication", ""), str):
        raise _invalid(call, "targetApplication is not a text.")
    resources = [_resource(call, each) for each in wanted]
    token = issue_restricted_token(call.world, call.seller.id, resources)
    return json_response({"restrictedDataToken": token, "expiresIn": TOKEN_LIFETIME})


def _invalid(call: Call, details: str) -> ApiError:
    return ApiError(400, call.bad, "Request is missing or has invalid parameters", details)


def _resource(call: Call, wanted: Any) -> RestrictedResource:
    if not isinstance(wanted, dict) or wanted.get("method") not in _METHODS or not isinstance(wanted.get("path"), str):
        raise _invalid(call, "Resource not provided.")
    elements = wanted.get("dataElements") or []
    if not isinstance(elements, list) or any(each not in ELEMENTS for each in elements):
        raise _invalid(call, f"dataElements must be among {', '.join(ELEMENTS)}.")
    resource = RestrictedResource(wanted["method"], wanted["path"].partition("?")[0], list(elements))
    if not _is_restricted(resource):
        raise ApiError(400, "InvalidInput", _NO_ACCESS)
    if not call.seller.sees_personal_data:
        message = f"{_NO_ELEMENTS}: [{', '.join(elements)}]" if elements else _NO_ACCESS
        raise ApiError(400, "InvalidInput", message)
    return resource


def _is_restricted(resource: RestrictedResource) -> bool:
    found = find_operation(resource.method, resource.path)
    if found is None:
        return bool(_SHIPMENTS.fullmatch(f"{resource.method} {resource.path}"))
    name = found[0].name
    return name in ALWAYS or name == "getReportDocument" or (name in BY_ELEMENT and bool(resource.elements))
