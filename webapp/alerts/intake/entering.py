"""The one way in: pasted, typed, imported or posted, everything becomes drafts here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.actor import Actor
from webapp.alerts import actions
from webapp.alerts.change import get_alert
from webapp.alerts.fields import wrong
from webapp.alerts.intake.entry import Entry, fields_of
from webapp.alerts.intake.grounds import Grounds
from webapp.alerts.intake.parser import parse
from webapp.alerts.intake.parts import Parsed
from webapp.alerts.models import Alert
from webapp.core import clock
from webapp.core.errors import Problem
from webapp.core.personal import account_number
from webapp.places.writing import fold

MOST = 500
"""Alerts that come in at once."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An entry that has been read."""

    entry: Entry
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of an entry: the alert, what was read, and whether it was there already."""

    alert_id: str
    parsed: Parsed
    known: bool


def prepare(
    session: Session, grounds: Grounds, entries: Sequence[Entry], *, now: int
) -> list[Ready]:
    """Read the messages, before anything is locked. Problem `too_many_alerts`; see also `check`."""
    if len(entries) > MOST:
        raise Problem("too_many_alerts", most=MOST)
    check(entries)
    today = clock.day_of(now, grounds.timezone)
    known = grounds.known(session, [entry.text for entry in entries])
    return [Ready(entry, parse(entry.text, known, today=today)) for entry in entries]


def enter(
    session: Session,
    grounds: Grounds,
    ready: Sequence[Ready],
    *,
    who: Actor | None,
    now: int,
    source: str,
) -> list[Entered]:
    """Make a draft of each, all or none; what came before by the same way is not made again.

    Raises what `actions.create` raises, with the `row` (from 1) in its parameters.
    """
    actions.begin(session, grounds.community_id, now)
    done = []
    for row, one in enumerate(ready, start=1):
        try:
            done.append(_enter(session, grounds, one, who, now, source))
        except Problem as problem:
            problem.params.setdefault("row", row)
            raise
    return done


def check(entries: Sequence[Entry]) -> None:
    """Raise Problem `card_typed` with the `row` for the first that holds such a number."""
    for row, entry in enumerate(entries, start=1):
        if account_number(entry.text):
            problem = wrong("card_typed", "original")
            problem.params["row"] = row
            raise problem


def reference_of(text: str, day: date | None = None) -> str:
    """What a text without a reference of its own is known by: the same text is the same thing.

    With a `day`, only on that day: a person may be warned of in the same words again.
    """
    plain = "".join(fold(text).text.split())
    digest = sha256(plain.encode()).hexdigest()[:40]
    return f"{day.isoformat()}:{digest}" if day else digest


def _enter(
    session: Session, grounds: Grounds, one: Ready, who: Actor | None, now: int, source: str
) -> Entered:
    entry, reference = one.entry, one.entry.reference
    if reference is None and entry.text:
        today = clock.day_of(now, grounds.timezone)
        reference = _free(session, grounds.community_id, source, reference_of(entry.text, today))
    before = _there(session, grounds.community_id, source, reference)
    if before is not None:
        return Entered(before, one.parsed, known=True)
    alert_id = actions.create(
        session,
        grounds.community_id,
        fields_of(entry, one.parsed, now=now),
        who=who,
        now=now,
        source=source,
        reference=reference,
    )
    return Entered(alert_id, one.parsed, known=False)


def _there(session: Session, community_id: int, source: str, reference: str | None) -> str | None:
    if reference is None:
        return None
    return session.scalar(
        select(Alert.id).where(
            Alert.community_id == community_id,
            Alert.source == source,
            Alert.reference == reference,
        )
    )


def _free(session: Session, community_id: int, source: str, reference: str) -> str:
    """The reference, or one beside it when what had it was dropped: pasted again on purpose."""
    number, free = 1, reference
    while (alert_id := _there(session, community_id, source, free)) is not None:
        if get_alert(session, community_id, alert_id).status != "dropped":
            return free
        number += 1
        free = f"{reference}:{number}"
    return free
