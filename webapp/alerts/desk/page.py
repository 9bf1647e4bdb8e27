"""One alert: what the desk says of it, who has it, all that happened, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Audit, Member, Person
from webapp.accounts.queries import team_of
from webapp.alerts import dues, escalation, leases
from webapp.alerts.change import get_alert
from webapp.alerts.desk.board import place_of
from webapp.alerts.fold import timely
from webapp.alerts.intake.suggesting import Helper, suggest
from webapp.alerts.models import (
    Alert,
    AlertChange,
    AlertPerson,
    AlertWorker,
    FollowUpDue,
    Robot,
    RobotDelivery,
)
from webapp.alerts.privacy import Shown, mask_name, mask_phone, mask_text, shown
from webapp.alerts.reading import Noted, read_alerts
from webapp.alerts.repeats import earlier_alerts
from webapp.places.models import Building

TOLD = (
    "alert_create",
    "alert_confirm",
    "alert_drop",
    "alert_join",
    "alert_offer",
    "alert_dispatch",
    "alert_take",
    "alert_hand_over",
    "alert_withdraw",
    "alert_reveal",
)
"""Acts of the audit that stand in the timeline; edits stand there with what they changed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened, at a moment (ms). `kind` is an operation's type, an act of the
    audit, or `change`; `fields` is what it says, `to` whom it is about."""

    at: int
    kind: str
    by: str | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    to: str | None = None


@dataclass(frozen=True, slots=True)
class AlertView:
    """Everything on the page. `person` is masked unless this coordinator looks at it now; while it
    is open, `helpers` are the best to send, and `others` the rest of the team (id, name)."""

    alert: Alert
    person: Shown
    building: Building | None
    place: str
    on_time: bool | None
    timeline: tuple[Entry, ...]
    workers: tuple[tuple[AlertWorker, str], ...]
    helpers: tuple[Helper, ...]
    others: tuple[tuple[str, str], ...]
    follow_ups: tuple[FollowUpDue, ...]
    earlier: tuple[Alert, ...]
    names: Mapping[str, str]


def alert_view(session: Session, who: ActingMember, alert_id: str, now: int) -> AlertView:
    """The page of one alert. NotFound `alert_unknown`, also for another community's."""
    community_id = who.community_id
    alert = get_alert(session, community_id, alert_id)
    row = session.get(AlertPerson, (community_id, alert_id))
    place = alert.building_id
    building = session.get(Building, (community_id, place)) if place else None
    person = shown(session, who, alert_id, now=now)
    names = _names(session, community_id)
    having = leases.live(leases.workers(session, community_id, alert_id))
    closed = alert.status == "closed"
    has = {worker.member_id for worker in having}
    suggested = suggest(session, community_id, place, now=now) if alert.status == "open" else ()
    helpers = [one for one in suggested if one.member_id not in has]
    has |= {one.member_id for one in helpers}
    return AlertView(
        alert=alert,
        person=person,
        building=building,
        place=place_of(alert, row, building),
        on_time=timely(alert.in_contact_at, alert.settled_at, closed, alert.deadline, now),
        timeline=tuple(_timeline(session, alert, names, row, whole=person.until is not None)),
        workers=tuple((worker, names.get(worker.member_id, "")) for worker in having),
        helpers=tuple(helpers),
        others=tuple(one for one in team_of(session, community_id) if one[0] not in has),
        follow_ups=tuple(
            due for due in dues.dues_of(session, community_id, alert_id) if due.gone_at is None
        ),
        earlier=tuple(earlier_alerts(session, community_id, alert.household_id, before=alert)),
        names=names,
    )


def _timeline(
    session: Session,
    alert: Alert,
    names: Mapping[str, str],
    person: AlertPerson | None,
    *,
    whole: bool,
) -> list[Entry]:
    """Newest first."""
    mask = _Mask(person.resident_name if person else "", whole=whole)
    noted = read_alerts(session, alert.community_id, [alert.id])[alert.id]
    entries = _acts(session, alert, names)
    entries += [_operation(one, names, mask) for one in noted]
    entries += _changes(session, alert, names, mask)
    entries += _calls(session, alert, names)
    return sorted(entries, key=lambda entry: entry.at)[::-1]


@dataclass(frozen=True, slots=True)
class _Mask:
    """Hides what was typed of the person, unless this coordinator looks."""

    name: str
    whole: bool

    def text(self, text: str | None) -> str:
        """A free text."""
        return text or "" if self.whole else mask_text(text or "", self.name)

    def value(self, field_name: str, value: Any) -> Any:
        """The value of a field of the person."""
        if self.whole or not isinstance(value, str):
            return value
        if field_name == "resident_name":
            return mask_name(value)
        return mask_phone(value) if field_name == "phone" else self.text(value)


def _operation(noted: Noted, names: Mapping[str, str], mask: _Mask) -> Entry:
    said = dict(noted.fields)
    by = names.get(said.pop("by"))
    kind, at = said.pop("type"), said.pop("moment")
    if said.get("note"):
        said["note"] = mask.text(said["note"])
    if helper := said.get("participant"):
        said["participant"] = {key: mask.value(_person_field(key), helper[key]) for key in helper}
    if place := said.get("place"):
        said["place"] = place | {"text": mask.text(place.get("text"))}
    return Entry(at, kind, by, said)


def _person_field(key: str) -> str:
    return "resident_name" if key == "name" else key


def _acts(session: Session, alert: Alert, names: Mapping[str, str]) -> list[Entry]:
    statement = (
        select(Audit)
        .where(
            Audit.community_id == alert.community_id,
            Audit.subject == alert.id,
            Audit.action.in_(TOLD),
        )
        .order_by(Audit.at, Audit.id)
    )
    return [
        Entry(
            row.at,
            row.action,
            names.get(row.member_id or ""),
            row.detail,
            names.get(str(row.detail.get("to") or row.detail.get("member") or "")),
        )
        for row in session.scalars(statement)
    ]


def _changes(session: Session, alert: Alert, names: Mapping[str, str], mask: _Mask) -> list[Entry]:
    statement = select(AlertChange).where(
        AlertChange.community_id == alert.community_id, AlertChange.alert_id == alert.id
    )
    return [
        Entry(
            row.at,
            "change",
            names.get(row.member_id or ""),
            {
                "field": row.what,
                "before": mask.value(row.what, row.before) if row.personal else row.before,
                "after": mask.value(row.what, row.after) if row.personal else row.after,
            },
        )
        for row in session.scalars(statement)
    ]


def _calls(session: Session, alert: Alert, names: Mapping[str, str]) -> list[Entry]:
    """Who was called because it was overdue, and which robots were told what."""
    called = [
        Entry(row.at, f"call_{row.rung}", None, {}, _listed(row.members, names))
        for row in escalation.of_alert(session, alert.community_id, alert.id)
    ]
    told = select(RobotDelivery, Robot.name).where(
        RobotDelivery.community_id == alert.community_id,
        RobotDelivery.number == alert.number,
        Robot.community_id == RobotDelivery.community_id,
        Robot.id == RobotDelivery.robot_id,
    )
    return called + [
        Entry(row.tried_at or row.created_at, f"robot_{row.status}", None, {}, name)
        for row, name in session.execute(told)
    ]


def _listed(members: Iterable[str], names: Mapping[str, str]) -> str:
    return " · ".join(filter(None, (names.get(member) for member in members)))


def _names(session: Session, community_id: int) -> dict[str, str]:
    statement = (
        select(Member.id, Person.name)
        .join(Person, Person.id == Member.person_id)
        .where(Member.community_id == community_id)
    )
    return {member_id: name for member_id, name in session.execute(statement)}
