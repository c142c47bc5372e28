"""What feeds and reports have in common: what a body asks for, lists with filters and pages, progress in time."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from flask_amazon_channel.simulator.api.call import Call, forbidden
from flask_amazon_channel.simulator.clock import iso, parse_iso
from flask_amazon_channel.simulator.documents.storing import KEPT, presigned_url
from flask_amazon_channel.simulator.login.signing import make_token, read_token

LATEST = 4102444800.0  # 2100-01-01
STATUSES = ("CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE")


class Job(Protocol):
    """A feed or a report."""

    id: str
    seller_id: str
    type: str
    marketplaces: list[str]
    created: float
    status: str
    started: float | None
    ended: float | None


J = TypeVar("J", bound=Job)


class Owned(Protocol):
    """What belongs to one seller."""

    seller_id: str


Mine = TypeVar("Mine", bound=Owned)


def find_own(call: Call, kept: Mapping[str, Mine], identifier: str, what: str) -> Mine:
    """What the seller that calls has under this id; anything else does not exist."""
    found = kept.get(identifier)
    if found is None or found.seller_id != call.seller.id:
        raise call.not_found(f"The {what} does not exist.")
    return found


def check_in_queue(call: Call, job: Job, what: str) -> None:
    """Only what waits can be cancelled."""
    if job.status != "IN_QUEUE":
        raise call.bad_request(f"Only a {what} that is IN_QUEUE can be cancelled.")


def check_role(call: Call, roles: Mapping[str, str], kind: str) -> None:
    """Documented: which role a feed or a report needs depends on its type."""
    role = roles.get(kind)
    if role is not None and role not in call.seller.roles:
        raise forbidden(f"The application lacks the role {role}.")


def body_marketplaces(call: Call, body: dict[str, Any]) -> list[str]:
    ids = body.get("marketplaceIds")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 25 or not all(isinstance(each, str) for each in ids):
        raise call.bad_request("marketplaceIds must hold 1 to 25 ids.")
    return call.marketplaces(list(dict.fromkeys(ids)))


def body_options(call: Call, body: dict[str, Any], name: str) -> dict[str, str]:
    options = body.get(name)
    if options is None:
        return {}
    if not isinstance(options, dict) or not all(isinstance(each, str) for each in options.values()):
        raise call.bad_request(f"{name} must be an object of texts.")
    return options


def body_moment(call: Call, body: dict[str, Any], name: str) -> float | None:
    """Moments before 1970 and after 2100 are refused: no answer could hold them all."""
    try:
        moment = None if body.get(name) is None else parse_iso(str(body[name]))
    except ValueError as error:
        raise call.bad_request(f"Invalid {name}: expected an ISO 8601 date-time.") from error
    if moment is not None and not 0 <= moment < LATEST:
        raise call.bad_request(f"Invalid {name}: {body[name]} is out of range.")
    return moment


def types_asked_for(call: Call, name: str) -> list[str]:
    types = call.request.many(name)
    if not 1 <= len(types) <= 10:
        raise call.bad_request(f"{name} must hold 1 to 10 types.")
    return types


def page(call: Call, jobs: Iterable[J], types_parameter: str) -> tuple[list[J], dict[str, str]]:
    """The jobs that were asked for, newest first, and `nextToken` where there are more."""
    query = _query(call, types_parameter)
    found = sorted((each for each in jobs if _wanted(call, each, query)), key=_key, reverse=True)
    shown = found[: query["size"]]
    if len(found) == len(shown):
        return shown, {}
    facts = {**query, "last": _key(shown[-1]), "seller": call.seller.id, "list": types_parameter}
    return shown, {"nextToken": make_token(call.world, facts)}


def _key(job: Job) -> tuple[float, str]:
    return job.created, job.id


def _wanted(call: Call, job: Job, query: dict[str, Any]) -> bool:
    return (
        job.seller_id == call.seller.id
        and job.type in query["types"]
        and query["since"] <= job.created <= query["until"]
        and (not query["statuses"] or job.status in query["statuses"])
        and (not query["marketplaces"] or bool(set(job.marketplaces) & set(query["marketplaces"])))
        and (not query["last"] or _key(job) < tuple(query["last"]))
    )


def _query(call: Call, types_parameter: str) -> dict[str, Any]:
    """What was asked for, or what the token remembers, which must be the only parameter."""
    if token := call.request.one("nextToken"):
        facts = read_token(call.world, token)
        known = facts is not None and facts.get("seller") == call.seller.id and facts.get("list") == types_parameter
        if len(call.request.parameters) > 1 or facts is None or not known:
            raise call.bad_request("Invalid nextToken, or it is not the only parameter.")
        return facts
    types = types_asked_for(call, types_parameter)
    until, now = call.moment("createdUntil"), call.world.now()
    return {
        "types": types,
        "statuses": call.choices("processingStatuses", STATUSES),
        "marketplaces": call.marketplaces(call.request.many("marketplaceIds"), required=False),
        "since": max(call.moment("createdSince") or 0.0, now - KEPT),
        "until": now if until is None else until,
        "size": call.number("pageSize", 10, 100),
        "last": None,
    }


def progress_shape(job: Job) -> dict[str, Any]:
    """The fields that feeds and reports show alike."""
    moments = {"processingStartTime": job.started, "processingEndTime": job.ended}
    return {
        "marketplaceIds": job.marketplaces,
        "createdTime": iso(job.created),
        "processingStatus": job.status,
        **{name: iso(moment) for name, moment in moments.items() if moment is not None},
    }


def document_shape(call: Call, kind: str, document_id: str) -> dict[str, str]:
    """`{kind}DocumentId` with the address of the document; only the seller whose it is may ask."""
    document = find_own(call, call.world.state.documents, document_id, f"{kind} document")
    encoding = document.gzip and call.flag("enableContentEncodingUrlHeader")
    shape = {f"{kind}DocumentId": document.id, "url": presigned_url(call.world, document.id, encoding)}
    if document.gzip:
        shape["compressionAlgorithm"] = "GZIP"
    return shape
