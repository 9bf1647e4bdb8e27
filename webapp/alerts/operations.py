"""What is recorded of an alert: who works it, every attempt, the outcome, the follow-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from webapp.alerts import codes
from webapp.alerts.models import Alert
from webapp.alerts.rights import Rights, known_alerts, note_rulings
from webapp.core.personal import account_number
from webapp.operations.batch import Batch, Item
from webapp.operations.decode import Moment, Recorded, Uuid, plain
from webapp.operations.free_text import PersonalKind
from webapp.operations.registry import Described
from webapp.places.labels import building_label
from webapp.playbook.scam_types import ScamType

Note = Annotated[str, Meta(max_length=500)]
Line = Annotated[str, Meta(max_length=120)]
Name = Annotated[str, Meta(max_length=40)]
Phone = Annotated[str, Meta(max_length=32, pattern=r"^[0-9+*() -]*$")]
Fen = Annotated[int, Meta(ge=0, le=10**13)]
Metres = Annotated[float, Meta(ge=0, le=100_000_000)]
Helpers = Annotated[list[codes.Role], Meta(max_length=20)]


class AlertPart(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of an operation."""


class AlertPlace(AlertPart, kw_only=True):
    """Where the person was looked for."""

    kind: codes.PlaceKind
    text: Line | None = None


class AlertParticipant(AlertPart, kw_only=True):
    """Somebody who helps to reach or to convince the person."""

    role: codes.Role
    name: Name | None = None
    phone: Phone | None = None


class AlertStopPayment(AlertPart, kw_only=True):
    """Whether the bank or the police were asked to stop the payment; `amount` in fen."""

    decision: codes.Decision
    via: codes.Via | None = None
    bank: Name | None = None
    amount: Fen | None = None
    at: Moment | None = None
    confirmed_by: Name | None = None


class AlertSigned(AlertPart, kw_only=True):
    """Who took over an alert that is not ours."""

    name: Name | None = None
    office: Line
    at: Moment


class AlertJoin(Recorded, kw_only=True):
    """On it, off it, or in need of help."""

    alert: Uuid
    action: codes.Action
    note: Note | None = None


class AlertAttempt(Recorded, kw_only=True):
    """One step on the ladder and what came of it. Amounts in fen, distances in metres; `separate`:
    spoken to apart from the others; `frozen`: by the person's own bank."""

    alert: Uuid
    channel: codes.Channel
    result: codes.Result
    place: AlertPlace | None = None
    with_whom: Helpers | None = None
    participant: AlertParticipant | None = None
    separate: bool | None = None
    suspected: ScamType | None = None
    confirmed: ScamType | None = None
    reaction: Annotated[list[codes.Reaction], Meta(max_length=20)] | None = None
    at_risk: Fen | None = None
    remaining: Fen | None = None
    frozen: bool | None = None
    stop_payment: AlertStopPayment | None = None
    residency: codes.Residency | None = None
    distance_m: Metres | None = None
    accuracy_m: Metres | None = None
    note: Note | None = None


class AlertOutcome(Recorded, kw_only=True):
    """How it ended. Amounts in fen; `case`: it helped to solve one; `stop_payment`: decided only
    now, for it is asked of every alert before it is closed."""

    alert: Uuid
    outcome: codes.Outcome
    avoided: Fen | None = None
    recovered: Fen | None = None
    stopped: Fen | None = None
    lost: Fen | None = None
    grade: codes.Grade | None = None
    helped_by: Helpers | None = None
    risk: codes.Risk | None = None
    case: bool = False
    stop_payment: AlertStopPayment | None = None
    signed: AlertSigned | None = None
    gift_declined: bool = False
    thanked: bool = False
    note: Note | None = None


class FollowUp(Recorded, kw_only=True):
    """Asked again. `follow_up` is the day that was due, `next_on` replaces the next one; `again`:
    cheated again."""

    alert: Uuid
    follow_up: Uuid | None = None
    how: codes.How
    reached: bool
    risk: codes.Risk | None = None
    next_on: date | None = None
    again: bool = False
    note: Note | None = None


class AlertKind(PersonalKind):
    """What the four have in common: an alert as subject, and its state as effect."""

    stage = 20
    personal: ClassVar[tuple[str, ...]] = ("note",)

    def subject(self, operation: Any) -> str:
        """The alert's id."""
        alert: str = operation.alert
        return alert.lower()

    def check(self, operation: Any) -> str | None:
        """The field with control characters in its text."""
        return next((name for name, text in _texts(operation) if not plain(text)), None)

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """An alert that is not there yet is waited for; then the right is judged."""
        known = known_alerts(batch, _alerts(items))
        rights = Rights(batch, items)
        for item in items:
            if item.subject_id not in known:
                item.wait()
            elif not rights.allow(item):
                item.hold("not_yours")
            elif field := self.reserved(item, rights):
                item.hold("not_yours", field)
            else:
                item.accept()
            if item.note and account_number(item.note):
                item.warning = "personal_number"

    def reserved(self, item: Item, rights: Rights) -> str | None:
        """The field that only a coordinator may fill, or none."""
        return None

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """Have the alerts folded at the end of the push, each once."""
        note_rulings(batch, items)
        batch.again.setdefault(Alert.__tablename__, set()).update(_alerts(items))

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """The same: the fold leaves out what was voided."""
        batch.again.setdefault(Alert.__tablename__, set()).update(_alerts(items))

    def describe(self, session: Session, community_id: int, operation: Any) -> Described:
        """The alert's number and building, and what was recorded."""
        alert = session.get(Alert, (community_id, self.subject(operation)))
        facts = tuple(_facts(operation))
        if alert is None:
            return Described(facts=facts)
        known = alert.building_id
        building = building_label(session, community_id, known) if known else ""
        place = f"#{alert.number} {building}".strip()
        return Described(place=place, building_id=alert.building_id, facts=facts)


class AlertJoinKind(AlertKind):
    """On, off, help."""

    name = "alert_join"
    schema = AlertJoin


class AlertAttemptKind(AlertKind):
    """The rules across an attempt's fields."""

    name = "alert_attempt"
    schema = AlertAttempt
    personal = (
        "note",
        "place.text",
        "participant.name",
        "participant.phone",
        "stop_payment.confirmed_by",
    )

    def check(self, operation: AlertAttempt) -> str | None:
        """Only a message is just sent: everything else has a result."""
        if operation.result == "sent" and operation.channel != "message":
            return "result"
        return super().check(operation)


class AlertOutcomeKind(AlertKind):
    """The rules across an outcome's fields."""

    name = "alert_outcome"
    schema = AlertOutcome
    personal = ("note", "signed.name", "stop_payment.confirmed_by")

    def check(self, operation: AlertOutcome) -> str | None:
        """Somebody signs only for what is not ours."""
        if operation.signed is not None and operation.outcome != "not_ours":
            return "signed"
        return super().check(operation)

    def reserved(self, item: Item, rights: Rights) -> str | None:
        """A coordinator says who signed."""
        signed = item.operation.signed is not None
        return "signed" if signed and not rights.rules(item) else None


class FollowUpKind(AlertKind):
    """Asking again needs no rule across fields."""

    name = "follow_up"
    schema = FollowUp


KINDS = (AlertJoinKind, AlertAttemptKind, AlertOutcomeKind, FollowUpKind)
NAMES = tuple(kind.name for kind in KINDS)


def _alerts(items: Sequence[Item]) -> set[str]:
    return {item.subject_id for item in items if item.subject_id}


def _texts(part: Struct, outer: str = "") -> Iterator[tuple[str, str]]:
    """All texts of an operation with the name of the field that they stand in."""
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if isinstance(value, AlertPart):
            yield from _texts(value, outer or name)
        elif isinstance(value, str):
            yield outer or name, value


def _facts(operation: Any) -> Iterator[tuple[str, str]]:
    """What an operation says, as (catalogue key, code or text)."""
    for name, said in (
        ("action", "action"),
        ("channel", "way"),
        ("result", "result"),
        ("outcome", "outcome"),
        ("how", "how"),
        ("risk", "risk"),
    ):
        value = getattr(operation, name, None)
        if value:
            yield f"alerts.{said}.{value}", ""
    if note := getattr(operation, "note", None):
        yield "operation.note", note
