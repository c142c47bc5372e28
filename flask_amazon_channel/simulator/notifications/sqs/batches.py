"""Calls of the queue protocol for up to ten entries: each succeeds or fails for itself."""

import re
from collections.abc import Callable
from typing import Any

from flask_amazon_channel.simulator.notifications.sqs.errors import QueueError
from flask_amazon_channel.simulator.world import World

MOST = 10
Facts = dict[str, Any]
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


def in_batches(action: Callable[[World, Facts], Facts | None]) -> Callable[[World, Facts], Facts]:
    """The batch form of a call."""

    def perform(world: World, facts: Facts) -> Facts:
        answer: Facts = {"Successful": [], "Failed": []}
        entries = _entries(facts)
        shared: Facts = {name: facts[name] for name in ("QueueUrl", "_region") if name in facts}
        for entry in entries:
            try:
                answer["Successful"].append({"Id": entry["Id"], **(action(world, {**entry, **shared}) or {})})
            except QueueError as error:
                if error.kind == "QueueDoesNotExist":
                    raise
                failure = {"Id": entry["Id"], "SenderFault": True, "Code": error.query_code, "Message": str(error)}
                answer["Failed"].append(failure)
        return answer

    return perform


def _entries(facts: Facts) -> list[Facts]:
    entries = facts.get("Entries") or []
    if not entries:
        raise QueueError("EmptyBatchRequest", "There should be at least one entry in the request.")
    if len(entries) > MOST:
        raise QueueError("TooManyEntriesInBatchRequest", f"Maximum number of entries per request are {MOST}.")
    ids = [str(each.get("Id", "")) for each in entries]
    if bad := [each for each in ids if not _ID.fullmatch(each)]:
        raise QueueError("InvalidBatchEntryId", f"The id {bad[0]!r} of a batch entry is not valid.")
    if len(set(ids)) < len(ids):
        raise QueueError("BatchEntryIdsNotDistinct", "Two or more batch entries have the same id.")
    return list(entries)
