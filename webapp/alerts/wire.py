"""What phones get of alerts and ask on line. OpenAPI and the client's types are generated from
these: the rows of the pull are described here too, so that they are declared once."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Raw, Struct, field

from webapp.accounts.wire import Uuid
from webapp.alerts import codes
from webapp.playbook.scam_types import ScamType


class LastAttempt(Struct):
    """The latest attempt of an alert; `at` in ms, `by` a member."""

    channel: codes.Channel
    result: codes.Result
    at: int
    by: str


class AlertBasis(Struct, kw_only=True, omit_defaults=True):
    """What the whole team may know: no person, no room. Moments in ms.

    `building` is its id, `place` its name; `assigned`: who was given it, `working`: who is on it;
    `offered`: anybody may take it; `attempts`: how many.
    """

    id: str
    number: int
    level: codes.Level
    status: codes.Status
    step: codes.Step
    received_at: int
    deadline: int
    building: str | None = None
    place: str = ""
    scam_type: ScamType | None = None
    channel: codes.AlertChannel | None = None
    assigned: list[str] = field(default_factory=list)
    working: list[str] = field(default_factory=list)
    help: bool = False
    offered: bool = False
    attempts: int = 0
    last: LastAttempt | None = None
    in_contact_at: int | None = None
    outcome: codes.Outcome | None = None
    closed_at: int | None = None
    reopened: bool = False
    look_again: bool = False
    late_reason: str | None = None
    escalated: str | None = None


class AlertRow(AlertBasis, tag_field="kind", tag="alert", kw_only=True):
    """A row of the bucket `community`: open, or closed in the last 30 days."""


class AlertCaretaker(Struct):
    """Whom the residents of the building know."""

    name: str
    role: str


class AlertContact(Struct, omit_defaults=True):
    """Somebody whom the message names beside the person."""

    role: codes.Role
    name: str = ""
    phone: str = ""


class AlertPersonal(Struct, kw_only=True, omit_defaults=True):
    """Whom it is about. `original` is the message as it came, `place_text` what it says of the
    place; `resident_name` is surname and title; `amount` in fen is what the message said;
    `repeat`: not the first alert of this door."""

    household: str | None = None
    unit: str = ""
    room: str = ""
    place_text: str = ""
    resident_name: str = ""
    sex: codes.Sex | None = None
    age: int | None = None
    minor: bool = False
    phone: str = ""
    original: str = ""
    contacts: list[AlertContact] = field(default_factory=list)
    caretaker: AlertCaretaker | None = None
    access_note: str = ""
    lat: float | None = None
    lon: float | None = None
    amount: int | None = None
    repeat: bool = False


class MyAlertRow(AlertBasis, tag_field="kind", tag="my_alert", kw_only=True):
    """A row of the bucket `me`, for those who work the alert, while it is open: with all of
    AlertPersonal (a structure has one base only).

    `operations` are all live ones, in order: id, type, moment (ms), by (a member), coordinator
    (recorded with a coordinator's right) and the type's own fields. `follow_up_days`: after how
    many days to ask again, by the risk that is left.
    """

    household: str | None = None
    unit: str = ""
    room: str = ""
    place_text: str = ""
    resident_name: str = ""
    sex: codes.Sex | None = None
    age: int | None = None
    minor: bool = False
    phone: str = ""
    original: str = ""
    contacts: list[AlertContact] = field(default_factory=list)
    caretaker: AlertCaretaker | None = None
    access_note: str = ""
    lat: float | None = None
    lon: float | None = None
    amount: int | None = None
    repeat: bool = False
    operations: list[Raw] = field(default_factory=list)
    follow_up_days: dict[str, list[int]] = field(default_factory=dict)


class MyFollowUpRow(AlertPersonal, tag_field="kind", tag="my_follow_up", kw_only=True):
    """A row of the bucket `me`: a day on which to ask again, the `step`-th; the person's data is
    there from the morning on which it is due (`opened`)."""

    id: str
    alert: str
    number: int
    due_on: date
    step: int
    risk: codes.Risk
    scam_type: ScamType | None = None
    outcome: codes.Outcome | None = None
    building: str | None = None
    place: str = ""
    opened: bool = False


class ContactPolicy(Struct, frozen=True):
    """How to go on when nobody answers: after `calls` unanswered calls within `within` minutes all
    of `then` at once, and another round after `retry` minutes. `family`: a busy line means to
    reach the family in parallel."""

    calls: Annotated[int, Meta(ge=1, le=9)] = 2
    within: Annotated[int, Meta(ge=1, le=240)] = 5
    then: Annotated[list[codes.Channel], Meta(max_length=7)] = field(
        default_factory=lambda: ["message", "door"]
    )
    retry: Annotated[int, Meta(ge=1, le=1440)] = 10
    family: bool = True


class AlertSettingsRow(Struct, tag_field="kind", tag="alert_settings", kw_only=True):
    """A row of the bucket `community`, one only: minutes and contact policy by level."""

    id: str
    minutes: dict[codes.Level, int]
    policies: dict[codes.Level, ContactPolicy]


class HandOverRequest(Struct):
    """`POST /api/v1/alerts/<id>/hand-over`: to whom."""

    member: Uuid


class RevealAnswer(Struct, kw_only=True):
    """`POST /api/v1/alerts/<id>/reveal`: what pages mask, and until when (ms) it is shown."""

    resident_name: str
    phone: str
    original: str
    place_text: str
    contacts: list[AlertContact]
    until: int


def bodies() -> dict[str, type[Struct]]:
    """The structures by the name that they have in the generated documents."""
    kinds: tuple[type[Struct], ...] = (
        AlertRow,
        AlertSettingsRow,
        HandOverRequest,
        MyAlertRow,
        MyFollowUpRow,
        RevealAnswer,
    )
    return {kind.__name__: kind for kind in kinds}
