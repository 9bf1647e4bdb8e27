"""What becomes of a draft: an alert with people on it, part of one that is open, or not ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from webapp.accounts.actor import ActingMember
from webapp.alerts import actions
from webapp.alerts.change import get_alert
from webapp.core.errors import Problem
from webapp.core.i18n import _


@dataclass(frozen=True, slots=True)
class Decision:
    """`choice` is `door:<id>`, `building:<id>` or `none`; `changes` are fields of the alert that
    were corrected; `members` are to go."""

    choice: str = "none"
    changes: dict[str, Any] = field(default_factory=dict)
    members: Sequence[str] = ()


def accept(
    session: Session, who: ActingMember, alert_id: str, decision: Decision, *, now: int
) -> None:
    """The draft becomes an alert with this door and these people.

    Repeating it changes nothing. Raises what `actions.edit`, `confirm` and `dispatch` raise.
    """
    _confirm(session, who, alert_id, decision, now)
    if decision.members:
        actions.dispatch(session, who.community_id, alert_id, decision.members, who=who, now=now)


def join(
    session: Session,
    who: ActingMember,
    alert_id: str,
    open_id: str,
    decision: Decision,
    *,
    now: int,
) -> None:
    """The draft was a repeat of an open alert: kept, and closed as a duplicate of it.

    Problem `alert_not_open` when that one is closed by now.
    """
    actions.begin(session, who.community_id, now)
    other = get_alert(session, who.community_id, open_id)
    if other.status != "open":
        raise Problem("alert_not_open", status=409)
    _confirm(session, who, alert_id, decision, now)
    note = _("alerts.intake.joined_note", number=other.number)
    _close(session, who, alert_id, "duplicate", note, now)


def pass_on(
    session: Session, who: ActingMember, alert_id: str, decision: Decision, *, now: int
) -> None:
    """Not ours: the team sees it, and its clock runs until somebody has signed for it."""
    _confirm(session, who, alert_id, Decision(changes=decision.changes), now)
    _close(session, who, alert_id, "not_ours", "", now)


def _confirm(
    session: Session, who: ActingMember, alert_id: str, decision: Decision, now: int
) -> None:
    changes = dict(decision.changes)
    kind, _colon, place = decision.choice.partition(":")
    if kind == "door":
        changes["household_id"] = place
    elif kind == "building":
        changes["building_id"] = place
    if changes:
        actions.edit(session, who.community_id, alert_id, changes, who=who, now=now)
    actions.confirm(session, who.community_id, alert_id, who=who, now=now)


def _close(
    session: Session, who: ActingMember, alert_id: str, outcome: str, note: str, now: int
) -> None:
    if get_alert(session, who.community_id, alert_id).outcome == outcome:
        return
    operation = {"type": "alert_outcome", "alert": alert_id, "outcome": outcome}
    if note:
        operation["note"] = note
    actions.record(session, who.community_id, operation, who=who, now=now)
