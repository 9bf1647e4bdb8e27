"""Not ours, but another community's of this installation: offered, and theirs when they accept.

Who offers stays responsible until then: the clock runs. The person travels sealed and is gone from
the offer as soon as it is decided. Both communities are locked in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Community, Member
from webapp.alerts import settings
from webapp.alerts.actions import create
from webapp.alerts.announce import AlertEvent, tell
from webapp.alerts.change import begin, get_alert
from webapp.alerts.fields import LENGTHS, AlertFields, refuse_card, wrong
from webapp.alerts.models import Alert, AlertPerson, Handover
from webapp.alerts.privacy import Shown, mask_phone, mask_text
from webapp.alerts.recording import record, record_all
from webapp.core import clock
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.core.sealing import seal, unseal
from webapp.operations.batch import ACCEPTED
from webapp.places.models import Building

REASON_LENGTH = 200
SHOWN = 50
TRAVELS = (
    "resident_name", "sex", "age", "minor", "phone", "unit", "room", "place_text", "original",
    "contacts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer with the names of both communities; `person` is masked, none where it is decided
    or cannot be opened."""

    row: Handover
    sender: str
    receiver: str
    region: str
    person: Shown | None = None


def offer(
    session: Session,
    alert_id: str,
    to_community: int,
    *,
    who: ActingMember,
    now: int,
    secret_key: str,
) -> str:
    """Offer an open alert to another community; recorded as not ours, which nobody has signed yet.

    Problem `alert_not_open`, `handover_offered` (409), `community_unknown`.
    """
    change = begin(session, who.community_id, now)
    alert = get_alert(session, who.community_id, alert_id)
    if alert.status != "open":
        raise Problem("alert_not_open", status=409)
    _check_receiver(session, who.community_id, to_community)
    if _open_offer(session, who.community_id, alert_id) is not None:
        raise Problem("handover_offered", status=409)
    if alert.outcome != "not_ours":
        said = {"type": "alert_outcome", "alert": alert_id, "outcome": "not_ours"}
        record(session, who.community_id, said, who=who, now=now)
    row = _offered(session, alert, to_community, who, now)
    row.sealed = seal(secret_key, _purpose(row.id), _person(session, alert))
    session.add(row)
    audit.note(session, who.community_id, who, "handover_offer", alert_id, now=now, to=to_community)
    tell(session, _event(session, row), change.now)
    return row.id


def accept(
    session: Session, handover_id: str, *, who: ActingMember, now: int, secret_key: str
) -> str:
    """Take an offered alert over, with the moment of its receipt; returns its id here. With that
    the sender's is signed for and closed.

    NotFound `handover_unknown`; Problem `handover_decided` when it is no longer offered,
    `handover_gone` (409) when the sender has closed the alert otherwise.
    """
    row = _lock(session, handover_id, who, now)
    alert = get_alert(session, row.from_community, row.alert_id)
    if alert.status != "open":
        raise Problem("handover_gone", status=409)
    fields = _fields(row, secret_key)
    _decide(row, "accepted", who, now)
    session.flush()  # closing the sender's alert withdraws what is still offered
    row.taken_as = create(
        session,
        who.community_id,
        fields,
        who=who,
        now=now,
        source="handover",
        reference=row.id,
        draft=False,
    )
    _sign(session, row, who, now)
    audit.note(session, who.community_id, who, "handover_accept", row.taken_as, now=now)
    audit.note(session, row.from_community, who, "handover_accept", row.alert_id, now=now)
    return row.taken_as


def decline(
    session: Session, handover_id: str, reason: str, *, who: ActingMember, now: int
) -> None:
    """Not theirs either: the sender goes on. Problem `reason_missing`, `card_typed`."""
    reason = reason.strip()
    if not reason:
        raise Problem("reason_missing", field="reason")
    if len(reason) > REASON_LENGTH:
        raise wrong("text_long", "reason", most=REASON_LENGTH)
    refuse_card(reason, "reason")
    row = _lock(session, handover_id, who, now)
    _decide(row, "declined", who, now)
    row.reason = reason
    audit.note(session, who.community_id, who, "handover_decline", row.id, now=now)
    audit.note(session, row.from_community, who, "handover_decline", row.alert_id, now=now)


def withdraw(session: Session, handover_id: str, *, who: ActingMember, now: int) -> None:
    """The sender takes an offer back."""
    begin(session, who.community_id, now)
    row = session.get(Handover, handover_id, populate_existing=True)
    if row is None or row.from_community != who.community_id:
        raise NotFound("handover_unknown")
    _must_be_offered(row)
    _decide(row, "withdrawn", who, now)
    audit.note(session, who.community_id, who, "handover_withdraw", row.alert_id, now=now)


def alert_closed(session: Session, event: AlertEvent, now: int) -> None:
    """What is closed otherwise is no longer offered."""
    if event.what == "closed":
        session.execute(
            update(Handover)
            .where(
                Handover.from_community == event.community_id,
                Handover.alert_id == event.alert_id,
                Handover.status == "offered",
            )
            .values(status="withdrawn", sealed=None, decided_at=now)
        )


def offers(session: Session, community_id: int, secret_key: str) -> tuple[list[Offer], list[Offer]]:
    """What others offer to this community and is to be decided; the latest that it offered."""
    incoming = select(Handover).where(
        Handover.to_community == community_id, Handover.status == "offered"
    )
    outgoing = select(Handover).where(Handover.from_community == community_id)
    waiting = session.scalars(incoming.order_by(Handover.received_at)).all()
    sent = session.scalars(outgoing.order_by(Handover.offered_at.desc()).limit(SHOWN)).all()
    return _named(session, waiting, secret_key), _named(session, sent)


def incoming_count(session: Session, community_id: int) -> int:
    """How many offers wait for this community's decision."""
    statement = select(Handover.id).where(
        Handover.to_community == community_id, Handover.status == "offered"
    )
    return len(session.scalars(statement).all())


def receivers(session: Session, community_id: int) -> Sequence[Community]:
    """All other communities of the installation, those of the same region first."""
    region = session.scalars(select(Community.region).where(Community.id == community_id)).one()
    others = session.scalars(select(Community).where(Community.id != community_id)).all()
    return sorted(others, key=lambda one: (one.region != region, one.region, one.name))


def _check_receiver(session: Session, community_id: int, to_community: int) -> None:
    known = session.get(Community, to_community)
    if known is None or to_community == community_id:
        raise NotFound("community_unknown")


def _open_offer(session: Session, community_id: int, alert_id: str) -> Handover | None:
    statement = select(Handover).where(
        Handover.from_community == community_id,
        Handover.alert_id == alert_id,
        Handover.status == "offered",
    )
    return session.scalars(statement).first()


def _offered(
    session: Session, alert: Alert, to_community: int, who: ActingMember, now: int
) -> Handover:
    return Handover(
        id=new_id(),
        from_community=who.community_id,
        to_community=to_community,
        alert_id=alert.id,
        number=alert.number,
        level=alert.level,
        received_at=alert.received_at,
        scam_type=alert.confirmed or alert.scam_type,
        channel=alert.channel,
        amount=alert.amount,
        offered_at=now,
        offered_by=who.member_id,
        by=who.name,
    )


def _person(session: Session, alert: Alert) -> bytes:
    """The person and where they are to be found, as JSON."""
    person = session.get(AlertPerson, (alert.community_id, alert.id))
    building = None
    if alert.building_id is not None:
        building = session.get(Building, (alert.community_id, alert.building_id))
    fields: dict[str, Any] = {}
    if person is not None:
        fields = {name: getattr(person, name) for name in TRAVELS}
    where = [building.compound, building.name] if building else []
    words = [*where, fields.get("place_text", "")]
    fields["place_text"] = " ".join(filter(None, words))[: LENGTHS["place_text"]]
    fields["original"] = fields.get("original", "")[: LENGTHS["original"]]
    return msgspec.json.encode(fields)


def _fields(row: Handover, secret_key: str) -> AlertFields:
    person = _open(row, secret_key)
    return AlertFields(
        level=row.level,
        received_at=row.received_at,
        channel=row.channel,
        scam_type=row.scam_type,
        amount=row.amount,
        **person,
    )


def _open(row: Handover, secret_key: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(
        unseal(secret_key, _purpose(row.id), row.sealed or b"")
    )
    return found


def _purpose(handover_id: str) -> str:
    return f"handover {handover_id}"


def _event(session: Session, row: Handover) -> AlertEvent:
    """For the receiver's robots: the sender's number, the receiver's time."""
    deadline = row.received_at + settings.of(session, row.to_community).time_for(row.level)
    return AlertEvent("handover", row.to_community, row.alert_id, row.number, row.level, deadline)


def _lock(session: Session, handover_id: str, who: ActingMember, now: int) -> Handover:
    """Lock both communities, always in the same order, so that two who hand over to each other do
    not wait for each other; then see how the offer stands."""
    row = session.get(Handover, handover_id)
    if row is None or row.to_community != who.community_id:
        raise NotFound("handover_unknown")
    for community_id in sorted((row.from_community, row.to_community)):
        begin(session, community_id, now)
    session.refresh(row)
    _must_be_offered(row)
    return row


def _must_be_offered(row: Handover) -> None:
    if row.status != "offered":
        raise Problem("handover_decided", status=409)


def _decide(row: Handover, status: str, who: ActingMember, now: int) -> None:
    row.status, row.sealed = status, None
    row.decided_at, row.to_by = now, who.name


def _sign(session: Session, row: Handover, who: ActingMember, now: int) -> None:
    """Record for the sender who took it over, as the coordinator who offered it (or, if they are
    none any more, another one)."""
    operation = {
        "type": "alert_outcome",
        "alert": row.alert_id,
        "outcome": "not_ours",
        "signed": {"name": who.name[:40], "office": who.community_name, "at": clock.iso(now)},
    }
    member_id = _coordinator(session, row.from_community, row.offered_by)
    (result,) = record_all(session, row.from_community, [operation], member_id=member_id, now=now)
    if result.status != ACCEPTED:
        raise Problem("handover_gone", status=409)


def _coordinator(session: Session, community_id: int, first: str) -> str:
    statement = select(Member.id).where(
        Member.community_id == community_id,
        Member.role == "coordinator",
        Member.status == "active",
    )
    active = list(session.scalars(statement.order_by(Member.joined_at)))
    if not active:
        raise Problem("handover_gone", status=409)
    return first if first in active else active[0]


def _named(session: Session, rows: Sequence[Handover], secret_key: str = "") -> list[Offer]:
    ids = {row.from_community for row in rows} | {row.to_community for row in rows}
    statement = select(Community).where(Community.id.in_(ids))
    known = {community.id: community for community in session.scalars(statement)}
    return [
        Offer(
            row,
            known[row.from_community].name,
            known[row.to_community].name,
            known[row.from_community].region,
            _masked(row, secret_key) if secret_key else None,
        )
        for row in rows
    ]


def _masked(row: Handover, secret_key: str) -> Shown | None:
    """What somebody needs to say whether it is theirs: where, and a masked name."""
    try:
        person = _open(row, secret_key)
    except Problem:
        return None
    name = person.get("resident_name", "")
    return Shown(
        resident_name=mask_text(name, name),
        phone=mask_phone(person.get("phone", "")),
        sex=person.get("sex"),
        age=person.get("age"),
        unit=person.get("unit", ""),
        room=person.get("room", ""),
        place_text=mask_text(person.get("place_text", ""), name),
    )
