"""Errors of the queue protocol, with the codes that its older form had and that clients still compare."""

_QUERY_CODES = {
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "QueueNameExists": "QueueAlreadyExists",
    "UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation",
    "MessageNotInflight": "AWS.SimpleQueueService.MessageNotInflight",
    "EmptyBatchRequest": "AWS.SimpleQueueService.EmptyBatchRequest",
    "TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
    "BatchEntryIdsNotDistinct": "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
    "InvalidBatchEntryId": "AWS.SimpleQueueService.InvalidBatchEntryId",
}


class QueueError(Exception):
    """Answered with 400: `kind` is the name of the error in the JSON protocol."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    @property
    def query_code(self) -> str:
        return _QUERY_CODES.get(self.kind, self.kind)


def missing(name: str) -> QueueError:
    return QueueError("MissingParameter", f"The request must contain the parameter {name}.")


def invalid(message: str) -> QueueError:
    return QueueError("InvalidParameterValue", message)
