"""What a push works on: its operations one by one, and the transaction they share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct
from sqlalchemy.orm import Session

from webapp.accounts.sequence import Numbers

ACCEPTED, WAITING, HELD, REFUSED, DISMISSED = (
    "accepted",
    "waiting",
    "held",
    "refused",
    "dismissed",
)


class Item(Struct, gc=False):
    """One operation on its way in. `operation` is the decoded structure, none if not understood.

    `moment` in milliseconds UTC; `text` the element's JSON as it came, `hash` of its bytes.
    `fresh`: it comes from outside, with its free text, not from a stored row.
    """

    id: str
    type: str
    text: str
    hash: bytes
    member_id: str
    device_id: str | None
    operation: Any = None
    subject_id: str | None = None
    moment: int = 0
    capped: bool = False
    received_at: int = 0
    status: str = ""
    code: str | None = None
    field: str | None = None
    note: str | None = None
    warning: str | None = None
    voided: bool = False
    fresh: bool = False
    released: bool = False
    """A coordinator let it in: no right is asked for any more."""

    def hold(self, code: str, field: str | None = None) -> None:
        """A person has to look at it."""
        self.status, self.code, self.field = HELD, code, field

    def accept(self) -> None:
        """It is taken and counts."""
        self.status, self.code, self.field = ACCEPTED, None, None

    def wait(self) -> None:
        """Its subject is not there yet."""
        self.status, self.code, self.field = WAITING, None, None


@dataclass(slots=True)
class Batch:
    """The transaction of a push (or of taking up what waited).

    `arrived` collects ids that others may have waited for; `touched` are ids of doors to fold
    again, `added` fresh operations, by the id of the door, that do no more than add to it.
    `doors` are those looked up so far, forgotten when one changes. `again` are ids of other things
    whose state has to be computed anew at the end, by the name of what they are.
    """

    session: Session
    community_id: int
    timezone: str
    numbers: Numbers
    now: int
    arrived: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    added: dict[str, list[Item]] = field(default_factory=dict)
    doors: dict[str, Any] = field(default_factory=dict)
    again: dict[str, set[str]] = field(default_factory=dict)
