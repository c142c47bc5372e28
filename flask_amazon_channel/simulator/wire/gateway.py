"""From a request to an answer: route, faults, access, quota, operation, record."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from flask_amazon_channel.simulator.api import ANSWERS, Call, uploads
from flask_amazon_channel.simulator.api.call import Answer, forbidden
from flask_amazon_channel.simulator.documents.downloads import download
from flask_amazon_channel.simulator.documents.uploads import upload
from flask_amazon_channel.simulator.login import appstore, consent
from flask_amazon_channel.simulator.login import grants as login
from flask_amazon_channel.simulator.login.lives import authorised
from flask_amazon_channel.simulator.login.restricted import check_resource
from flask_amazon_channel.simulator.notifications.sqs import protocol as queue_protocol
from flask_amazon_channel.simulator.operations import Operation, find_operation
from flask_amazon_channel.simulator.state.application import AccessToken
from flask_amazon_channel.simulator.state.sellers import Seller
from flask_amazon_channel.simulator.wire.faults import INSTEAD, Fault, Faults
from flask_amazon_channel.simulator.wire.instead import instead
from flask_amazon_channel.simulator.wire.meddling import meddled, renew, seller_of
from flask_amazon_channel.simulator.wire.messages import ApiError, Request, Response, json_response, path_value
from flask_amazon_channel.simulator.wire.quotas import take
from flask_amazon_channel.simulator.wire.recording import Record, Recording
from flask_amazon_channel.simulator.wire.spoiling import spoil
from flask_amazon_channel.simulator.world import World

LONGEST_USER_AGENT = 500


class Exchange(NamedTuple):
    """A call and its answer; `operation` and `fault` as in the record of requests."""

    operation: str
    request: Request
    response: Response
    fault: str | None


WATCHERS: list[Callable[[Exchange], None]] = []
"""Hear of every exchange of every simulator in this process, as it is sent."""


@dataclass
class Gateway:
    world: World
    faults: Faults
    recording: Recording = field(default_factory=Recording)
    stopping: threading.Event = field(default_factory=threading.Event)  # whoever waits shall end

    def answer(self, request: Request) -> Response:
        """Answer one request.  The lock is held while state is read or changed, not while bytes are sent."""
        if action := queue_protocol.action_of(request):
            return self._answer_queue(action, request)
        with self.world.lock:
            self.world.settle()
            request_id = self.world.request_id()
            response, record = self._answer(request)
            response.headers["x-amzn-RequestId"] = request_id
            record.status, record.request_id = response.status, request_id
            self.recording.add(record)
        for watcher in WATCHERS:
            watcher(Exchange(record.operation, request, response, record.fault))
        return response

    def _answer_queue(self, action: str, request: Request) -> Response:
        """A call of a queue: none of the Selling Partner API's, so it is not recorded; faults may strike it."""
        with self.world.lock:
            fault = self.faults.next(action, "", request, self.world.now())
            request_id = self.world.request_id()
        if fault and fault.kind in INSTEAD:
            return instead(fault, request, self.world.url)
        response = queue_protocol.answer(self.world, request, self.stopping)
        response.headers["x-amzn-RequestId"] = request_id
        return spoil(fault, self.faults.chance(fault, fault.kind), response) if fault else response

    def _answer(self, request: Request) -> tuple[Response, Record]:
        name, route = _route(request)
        seller = seller_of(self.world, request)
        seller_id = seller.id if seller else ""
        record = Record.of(request, name, seller_id, self.world.now())
        fault = self.faults.next(name, seller_id, request, self.world.now())
        record.fault = fault.kind if fault else None
        if fault and fault.kind in INSTEAD:
            return instead(fault, request, self.world.url), record
        with meddled(self.world, self.faults, fault, request) as meant:
            response = self._perform(meant, name, route)
        if self.faults.expired_pages:
            renew(self.faults, response)
        answer = self._spoil(fault, name, seller_id, request, response) if fault else response
        if route is not None:
            self.faults.earlier.remember(name, seller_id, request, response)
        return answer, record

    def _spoil(self, fault: Fault, name: str, seller_id: str, request: Request, response: Response) -> Response:
        earlier = None
        if fault.kind == "dup_page":
            earlier = self.faults.earlier.page_before(name, seller_id)
        elif fault.kind == "stale_read":
            earlier = self.faults.earlier.before_change(seller_id, request, response)
        if earlier is not None:
            return replace(response, body=earlier)
        return spoil(fault, self.faults.chance(fault, fault.kind), response)

    def _perform(self, request: Request, name: str, route: tuple[Operation, dict[str, str]] | None) -> Response:
        if name == "token":
            return login.token(self.world, request)
        if name == "consent":
            return consent.consent(self.world, request)
        if name == "appstore":
            page = appstore.store if request.path.startswith(appstore.STORE_PATH) else appstore.confirm
            return page(self.world, request)
        if name == "document":
            return download(self.world, request)
        if name == "upload":
            take = uploads.receive if request.path.startswith(uploads.PATH) else upload
            return take(self.world, request)
        try:
            if route is None:
                raise forbidden("")
            return self._call(request, *route)
        except ApiError as error:
            bare = route is not None and ANSWERS[route[0].name].bare_errors
            response = json_response(error.body["errors"] if bare else error.body, error.status)
            if route is not None:
                self._add_rate(response, route[0])
            return response

    def _call(self, request: Request, operation: Operation, path: dict[str, str]) -> Response:
        """Access, quota, operation.

        Documented: A User-Agent of more than 500 characters is refused.
        Assumed: It is refused with 400, and a request without any User-Agent or with one of another form is taken.
        """
        answer = ANSWERS[operation.name]
        if len(request.headers.get("user-agent", "")) > LONGEST_USER_AGENT:
            raise ApiError(400, answer.bad, "The User-Agent header is longer than 500 characters.")
        token = self._authorise(request, operation)
        elements = check_resource(self.world, request, operation, path, token)
        caller = self.world.state.sellers.get(token.seller_id)
        self._take_quota(operation, caller)
        response = answer.function(self._make_call(request, operation, caller, path, answer, elements))
        self._add_rate(response, operation)
        return response

    def _make_call(
        self,
        request: Request,
        operation: Operation,
        caller: Seller | None,
        path: dict[str, str],
        answer: Answer,
        elements: list[str] | None,
    ) -> Call:
        decoded = {name: path_value(value) for name, value in path.items()}
        return Call(self.world, request, operation, caller, decoded, answer.bad, answer.missing, elements)

    def _authorise(self, request: Request, operation: Operation) -> AccessToken:
        """The token of the call, if it opens the operation.

        Documented: A token that is missing, unknown or expired, that lacks the role or the scope of the
        operation, or whose seller took the consent back, is answered with 403.
        """
        value = request.headers.get("x-amz-access-token")
        if not value:
            raise forbidden("Access token is missing in the request header.")
        token = self.world.state.tokens.get(value)
        if token is None:
            raise forbidden("The access token you provided is revoked, malformed or invalid.")
        if token.expires_at <= self.world.now():
            raise forbidden("The access token you provided has expired.")
        if operation.scope != token.scope:
            raise forbidden("The access token is not of the kind that this operation takes.")
        if token.scope is None:
            self._check_seller(token.seller_id, operation)
        return token

    def _check_seller(self, seller_id: str, operation: Operation) -> None:
        seller = self.world.state.sellers.get(seller_id)
        if seller is None or not authorised(self.world, seller):
            raise forbidden("The access token you provided is revoked, malformed or invalid.")
        if operation.role is not None and operation.role not in seller.roles:
            raise forbidden(f"The application lacks the role {operation.role}.")

    def _take_quota(self, operation: Operation, caller: Seller | None) -> None:
        """Documented: A call beyond the quota is answered with 429 QuotaExceeded.

        Seen in public: No Retry-After comes with it.
        """
        scale = self._scale()
        buckets, seller_id = self.world.state.buckets, caller.id if caller else ""
        if scale is not None and not take(buckets, operation, seller_id, scale, self.world.now()):
            raise ApiError(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")

    def _scale(self) -> float | None:
        quotas: Any = self.world.settings.quotas
        return None if quotas == "off" else float(quotas["scale"])

    def _add_rate(self, response: Response, operation: Operation) -> None:
        """Documented: The header with the rate comes on 2xx, 400 and 404, and never tells the burst."""
        scale = self._scale()
        told = response.status < 300 or response.status in (400, 404)
        if scale is not None and self.world.settings.rate_header and told:
            response.headers["x-amzn-RateLimit-Limit"] = f"{operation.rate * scale:.6g}"


def _route(request: Request) -> tuple[str, tuple[Operation, dict[str, str]] | None]:
    """The name of what is asked for, and the operation with its raw path parts if it is one.

    Seen in public: A path or a method that does not exist is answered with 403, as if access were denied.
    """
    if request.path == "/auth/o2/token" and request.method == "POST":
        return "token", None
    if (request.path, request.method) in consent.PAGES:
        return "consent", None
    if request.path.startswith((appstore.STORE_PATH, appstore.CONFIRM_PATH)) and request.method in ("GET", "POST"):
        return "appstore", None
    if request.path.startswith("/documents/") and request.method == "GET":
        return "document", None
    if request.path.startswith(("/documents/", uploads.PATH)) and request.method == "PUT":
        return "upload", None
    found = find_operation(request.method, request.path)
    return (found[0].name if found else "unknown"), found
