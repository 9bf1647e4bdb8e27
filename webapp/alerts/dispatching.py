"""Who gets an alert: sent to people, offered to the team, taken, handed over, taken away."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import ActingMember, Actor
from webapp.accounts.models import Member, Person
from webapp.alerts import leases
from webapp.alerts.announce import tell
from webapp.alerts.change import Change, begin, check_members, get_alert
from webapp.alerts.fields import wrong
from webapp.alerts.models import Alert, AlertWorker
from webapp.alerts.recording import record_all
from webapp.alerts.refold import event
from webapp.core import clock
from webapp.core.errors import NotFound, Problem


def dispatch(
    session: Session,
    community_id: int,
    alert_id: str,
    member_ids: Sequence[str],
    *,
    who: Actor | None,
    now: int,
) -> None:
    """Give an open alert to these members; who has it already keeps it.

    NotFound `member_unknown`, Problem `nothing_chosen`, `member_not_active`, `alert_not_open`.
    """
    change, alert = _begin(session, community_id, alert_id, now)
    members = list(dict.fromkeys(member_ids))
    if not members:
        raise Problem("nothing_chosen")
    check_members(session, community_id, members)
    rows = leases.workers(session, community_id, alert_id)
    before = leases.held(change, alert)
    new = [member_id for member_id in members if member_id not in before]
    for member_id in new:
        leases.give(change, alert, rows, member_id, "dispatched", who.member_id if who else None)
        audit.note(session, community_id, who, "alert_dispatch", alert_id, now=now, to=member_id)
    _moved(change, alert, rows, before)
    if new:
        tell(session, event(alert, "dispatched", new), now)


def offer(
    session: Session, community_id: int, alert_id: str, *, who: Actor | None, now: int
) -> None:
    """Let anybody of the team take it, whoever works it already."""
    change, alert = _begin(session, community_id, alert_id, now)
    if alert.offered:
        return
    alert.offered, alert.seq = True, next(change.numbers)
    audit.note(session, community_id, who, "alert_offer", alert_id, now=now)
    tell(session, event(alert, "offered"), now)


def take(
    session: Session, community_id: int, alert_id: str, *, who: ActingMember, now: int
) -> None:
    """Take an alert that is offered, that nobody has, or whose workers called for help.

    Problem `taken` (409, `members` who have it) when somebody was quicker; `alert_not_open`.
    """
    change, alert = _begin(session, community_id, alert_id, now)
    rows = leases.workers(session, community_id, alert_id)
    having = leases.held(change, alert)
    if who.member_id not in having:
        if having and not alert.offered and not alert.help:
            raise Problem(
                "taken",
                status=409,
                who=_names(session, community_id, having),
                members=sorted(having),
            )
        leases.give(change, alert, rows, who.member_id, "taken", who.member_id)
        audit.note(session, community_id, who, "alert_take", alert_id, now=now)
        _moved(change, alert, rows, having)
    if who.member_id not in alert.working:
        _join(change, alert, who.member_id, "on")


def hand_over(
    session: Session,
    community_id: int,
    alert_id: str,
    member_id: str,
    *,
    who: ActingMember,
    now: int,
) -> None:
    """Give one's own alert to another member: from now on it is theirs, and no longer one's own.

    NotFound `alert_unknown` for who does not have it; Problem `member_not_active`,
    `alert_invalid` for oneself.
    """
    change, alert = _begin(session, community_id, alert_id, now)
    rows = leases.workers(session, community_id, alert_id)
    before = leases.held(change, alert)
    if who.member_id not in before:
        raise NotFound("alert_unknown")
    if member_id == who.member_id:
        raise wrong("alert_invalid", "member")
    check_members(session, community_id, [member_id])
    leases.take_away(rows, who.member_id, now)
    if who.member_id in alert.working:
        _join(change, alert, who.member_id, "off")
    leases.give(change, alert, rows, member_id, "handed", who.member_id)
    audit.note(session, community_id, who, "alert_hand_over", alert_id, now=now, to=member_id)
    _moved(change, alert, rows, before)
    tell(session, event(alert, "dispatched", [member_id]), now)


def withdraw(
    session: Session,
    community_id: int,
    alert_id: str,
    member_id: str,
    *,
    who: Actor | None,
    now: int,
) -> None:
    """Take an alert away from a member; what they recorded stays."""
    change, alert = _begin(session, community_id, alert_id, now)
    rows = leases.workers(session, community_id, alert_id)
    before = leases.held(change, alert)
    if member_id not in before:
        return
    leases.take_away(rows, member_id, now)
    if member_id in alert.working:
        _join(change, alert, member_id, "off")
    audit.note(session, community_id, who, "alert_withdraw", alert_id, now=now, member=member_id)
    _moved(change, alert, rows, before)


def _begin(session: Session, community_id: int, alert_id: str, now: int) -> tuple[Change, Alert]:
    """Lock the community; NotFound for what the team does not see."""
    change = begin(session, community_id, now)
    alert = get_alert(session, community_id, alert_id)
    if alert.status in ("draft", "dropped"):
        raise NotFound("alert_unknown")
    if alert.status != "open":
        raise Problem("alert_not_open", status=409)
    return change, alert


def _moved(change: Change, alert: Alert, rows: list[AlertWorker], before: set[str]) -> None:
    leases.settle(change, alert, rows, before)
    if leases.live(rows):
        alert.offered = False
    alert.seq = next(change.numbers)
    change.session.flush()


def _join(change: Change, alert: Alert, member_id: str, action: str) -> None:
    """What a member does on line is recorded as if on the phone."""
    moment = change.now
    for row in leases.workers(change.session, alert.community_id, alert.id):
        if row.member_id == member_id and row.left_at is not None and row.left_at >= moment:
            moment = row.left_at + 1  # their phone's clock is ahead
    operation = {
        "type": "alert_join",
        "alert": alert.id,
        "action": action,
        "at": clock.iso(moment),
    }
    record_all(change.session, alert.community_id, [operation], member_id=member_id, now=change.now)


def _names(session: Session, community_id: int, member_ids: set[str]) -> str:
    statement = (
        select(Person.name)
        .join(Member, Member.person_id == Person.id)
        .where(Member.community_id == community_id, Member.id.in_(member_ids))
        .order_by(Person.name)
    )
    return " · ".join(session.scalars(statement))
