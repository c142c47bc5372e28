"""What order feeds say, in XML and in flat files alike: records with lines; and what was wrong with them."""

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass
class Record:
    """A message of an XML feed or a row of a flat file; it succeeds or fails as a whole.

    `number` is the message's id or the number of the row.  `facts` are about the order, `lines` about its items,
    both by the names of the columns of the flat files; `item-id` is the order item, and missing fields are left out.
    """

    number: int
    order_id: str
    facts: dict[str, str] = field(default_factory=dict)
    lines: list[dict[str, str]] = field(default_factory=list)


class Problem(NamedTuple):
    """One thing that is wrong with a record, for the processing report."""

    number: int
    code: str
    message: str
    order_id: str = ""
    item_id: str = ""
    kind: str = "Error"


class Unreadable(Exception):
    """The whole feed cannot be read; code and sentence of its error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(0, code, message, kind="Fatal")


class Refused(Exception):
    """A record that is not carried out; code, sentence and order item of its error."""

    def __init__(self, code: str, message: str, item_id: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.item_id = code, message, item_id
