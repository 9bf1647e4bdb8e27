"""What the desk does with alerts, and what a phone asks on line. All draw the community's numbers
first, note who did it, and change nothing when repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import Actor
from webapp.alerts import settings
from webapp.alerts.announce import tell
from webapp.alerts.change import Change, begin, get_alert, get_person
from webapp.alerts.dispatching import dispatch, hand_over, offer, take, withdraw
from webapp.alerts.fields import (
    PERSONAL,
    AlertFields,
    age_band,
    check,
    present,
    refuse_card,
    settle_place,
    split,
    wrong,
)
from webapp.alerts.models import Alert, AlertChange, AlertPerson, AlertReport
from webapp.alerts.recording import record, record_all
from webapp.alerts.refold import event, refold
from webapp.alerts.repeats import earlier_alerts
from webapp.core.errors import Problem
from webapp.core.ids import new_id
from webapp.operations.batch import Batch
from webapp.operations.push import finish

__all__ = [
    "AlertFields",
    "begin",
    "confirm",
    "create",
    "dispatch",
    "drop",
    "edit",
    "get_alert",
    "hand_over",
    "join_report",
    "note_lateness",
    "offer",
    "record",
    "record_all",
    "take",
    "withdraw",
]

REASON_LENGTH = 200
MOST_TEXT = 20_000
"""Characters of an original with what was added to it; of more the latest are kept."""


def create(
    session: Session,
    community_id: int,
    fields: AlertFields,
    *,
    who: Actor | None,
    now: int,
    source: str,
    reference: str | None = None,
    draft: bool = True,
) -> str:
    """Enter an alert; returns its id. Its clock runs from `received_at`, also while it is a draft.

    `reference`: the sender's own; the same one again from the same source is the same alert.
    Raises what `fields.check` and `fields.settle_place` raise.
    """
    change = begin(session, community_id, now)
    known = _by_reference(session, community_id, source, reference)
    if known is not None:
        return known
    own, person = split(_checked(session, community_id, fields, now))
    chosen = settings.of(session, community_id)
    alert = Alert(
        community_id=community_id,
        id=new_id(),
        number=_next_number(session, community_id),
        source=source,
        reference=reference,
        deadline=fields.received_at + chosen.time_for(fields.level),
        created_at=now,
        created_by=who.member_id if who else None,
        age_band=age_band(fields.age),
        follow_up_days=msgspec.to_builtins(chosen.follow_ups),
        **own,
    )
    alert.repeat = bool(earlier_alerts(session, community_id, own["household_id"], before=alert))
    session.add(alert)
    session.flush()
    session.add(AlertPerson(community_id=community_id, alert_id=alert.id, **person))
    session.flush()
    audit.note(session, community_id, who, "alert_create", alert.id, now=now, source=source)
    tell(session, event(alert, "created"), now)
    if not draft:
        _open(change, alert, who)
    _take_up(change, alert)
    refold(change, [alert.id])
    session.flush()
    return alert.id


def join_report(
    session: Session,
    community_id: int,
    alert_id: str,
    original: str,
    *,
    who: Actor | None,
    now: int,
    source: str,
    reference: str | None = None,
) -> None:
    """Take another message about an open alert (see `repeats.open_alert`): its text stands behind
    the first, and who works the alert gets it. The same reference from the same source is taken
    once.

    Problem `alert_not_open` (409), `text_long`, `card_typed`, `alert_invalid`.
    """
    change = begin(session, community_id, now)
    if reference is not None and _known_report(session, community_id, source, reference):
        return
    alert = get_alert(session, community_id, alert_id)
    if alert.status not in ("draft", "open"):
        raise Problem("alert_not_open", status=409)
    check({"original": original}, now=now)
    person = get_person(session, community_id, alert_id)
    together = f"{person.original}\n\n{original.strip()}".strip()
    person.original = together[-MOST_TEXT:]
    session.add(
        AlertReport(
            community_id=community_id,
            id=new_id(),
            alert_id=alert_id,
            at=now,
            source=source,
            reference=reference,
            member_id=who.member_id if who else None,
        )
    )
    alert.seq = next(change.numbers)
    audit.note(session, community_id, who, "alert_join", alert_id, now=now, source=source)


def confirm(
    session: Session, community_id: int, alert_id: str, *, who: Actor | None, now: int
) -> None:
    """A coordinator has looked: the team sees it. The clock of a resident's own report starts now.

    Problem `alert_dropped` (409) for one that was dropped.
    """
    change = begin(session, community_id, now)
    alert = get_alert(session, community_id, alert_id)
    if alert.status == "dropped":
        raise Problem("alert_dropped", status=409)
    if alert.status != "draft":
        return
    if alert.source == "resident":
        took = alert.deadline - alert.received_at
        alert.received_at, alert.deadline = now, now + took
    _open(change, alert, who)
    refold(change, [alert.id])


def drop(
    session: Session,
    community_id: int,
    alert_id: str,
    *,
    who: Actor | None,
    now: int,
    reason: str = "",
) -> None:
    """Set a draft aside. Problem `alert_not_draft` (409) for what the team works already."""
    change = begin(session, community_id, now)
    alert = get_alert(session, community_id, alert_id)
    if alert.status == "dropped":
        return
    if alert.status != "draft":
        raise Problem("alert_not_draft", status=409)
    alert.status, alert.seq = "dropped", next(change.numbers)
    reason = reason.strip()[:REASON_LENGTH]
    audit.note(session, community_id, who, "alert_drop", alert.id, now=now, reason=reason)


def edit(
    session: Session,
    community_id: int,
    alert_id: str,
    changes: dict[str, Any],
    *,
    who: Actor | None,
    now: int,
) -> list[str]:
    """Change fields of an alert (names of AlertFields, not the original); returns which did change.

    Each is kept with its value before. A new level or moment of receipt moves the deadline. Raises
    what `create` raises, Problem `alert_invalid` for a field that cannot be changed.
    """
    change = begin(session, community_id, now)
    alert = get_alert(session, community_id, alert_id)
    person = get_person(session, community_id, alert_id)
    before = present(alert, person)
    if unknown := sorted(set(changes) - set(before) | {"original"} & set(changes)):
        raise Problem("alert_invalid", field=unknown[0], label=unknown[0])
    check(changes, now=now)
    wanted = before | changes
    if changes.keys() & {"household_id", "building_id"}:
        settle_place(session, community_id, wanted)
    different = [name for name, value in wanted.items() if value != before[name]]
    for name in different:
        setattr(person if name in PERSONAL else alert, name, wanted[name])
        session.add(_changed(alert, name, before[name], wanted[name], who, now))
    if different:
        _follow(session, alert, different, wanted)
        audit.note(
            session, community_id, who, "alert_edit", alert.id, now=now, fields=",".join(different)
        )
        refold(change, [alert.id])
    return different


def note_lateness(
    session: Session, community_id: int, alert_id: str, reason: str, *, who: Actor, now: int
) -> None:
    """Why it was late: stands beside the figure, and changes no clock. Empty takes it back."""
    begun = begin(session, community_id, now)
    alert = get_alert(session, community_id, alert_id)
    reason = reason.strip()
    if len(reason) > REASON_LENGTH:
        raise wrong("text_long", "late_reason", most=REASON_LENGTH)
    refuse_card(reason, "late_reason")
    if (alert.late_reason or "") == reason:
        return
    session.add(_changed(alert, "late_reason", alert.late_reason, reason, who, now))
    alert.late_reason, alert.seq = reason or None, next(begun.numbers)
    audit.note(session, community_id, who, "alert_late", alert.id, now=now)


def _checked(session: Session, community_id: int, fields: AlertFields, now: int) -> AlertFields:
    values = present_fields(fields)
    check(values, now=now)
    settle_place(session, community_id, values)
    return replace(fields, **values)


def present_fields(fields: AlertFields) -> dict[str, Any]:
    """The fields by name."""
    own, person = split(fields)
    return own | person


def _open(change: Change, alert: Alert, who: Actor | None) -> None:
    alert.status, alert.listed = "open", True
    alert.confirmed_at = change.now
    alert.confirmed_by = who.member_id if who else None
    audit.note(change.session, alert.community_id, who, "alert_confirm", alert.id, now=change.now)
    tell(change.session, event(alert, "confirmed"), change.now)


def _take_up(change: Change, alert: Alert) -> None:
    """What phones recorded of it before it was here."""
    batch = Batch(
        change.session, change.community_id, change.timezone, change.numbers, change.now,
        arrived={alert.id},
    )  # fmt: skip
    finish(batch)


def _follow(session: Session, alert: Alert, changed: Sequence[str], fields: dict[str, Any]) -> None:
    """What follows from the fields."""
    if {"level", "received_at"} & set(changed):
        chosen = settings.of(session, alert.community_id)
        alert.deadline = alert.received_at + chosen.time_for(alert.level)
    alert.age_band = age_band(fields["age"])
    alert.repeat = bool(
        earlier_alerts(session, alert.community_id, alert.household_id, before=alert)
    )


def _changed(
    alert: Alert, name: str, before: Any, after: Any, who: Actor | None, now: int
) -> AlertChange:
    return AlertChange(
        community_id=alert.community_id,
        id=new_id(),
        alert_id=alert.id,
        at=now,
        member_id=who.member_id if who else None,
        what=name,
        before=before,
        after=after,
        personal=name in PERSONAL,
    )


def _next_number(session: Session, community_id: int) -> int:
    """Under the community's lock: no number is given twice."""
    last = session.scalar(select(func.max(Alert.number)).where(Alert.community_id == community_id))
    return (last or 0) + 1


def _known_report(session: Session, community_id: int, source: str, reference: str) -> bool:
    statement = select(AlertReport.id).where(
        AlertReport.community_id == community_id,
        AlertReport.source == source,
        AlertReport.reference == reference,
    )
    return session.scalar(statement) is not None


def _by_reference(
    session: Session, community_id: int, source: str, reference: str | None
) -> str | None:
    if reference is None:
        return None
    return session.scalar(
        select(Alert.id).where(
            Alert.community_id == community_id,
            Alert.source == source,
            Alert.reference == reference,
        )
    )
