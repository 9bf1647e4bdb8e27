"""A draft as the desk looks at it: what was read from where, which doors, whom to send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.actor import ActingMember
from webapp.alerts import privacy
from webapp.alerts.intake import grounds, matching, suggesting
from webapp.alerts.intake.elsewhere import Elsewhere, elsewhere
from webapp.alerts.intake.entry import PLACE, said_of
from webapp.alerts.intake.grounds import Grounds
from webapp.alerts.intake.matching import Candidate
from webapp.alerts.intake.parser import parse
from webapp.alerts.intake.parts import Parsed, highlights
from webapp.alerts.intake.suggesting import Helper
from webapp.alerts.models import Alert, AlertPerson
from webapp.alerts.privacy import Shown
from webapp.alerts.repeats import open_alert
from webapp.core import clock
from webapp.core.errors import NotFound

GROUPS = {
    **dict.fromkeys(PLACE, "place"),
    **dict.fromkeys(("name", "sex", "age", "phone", "contact"), "person"),
    **dict.fromkeys(("level", "channel", "scam_type", "amount", "sent"), "trick"),
}
"""Which marks belong together."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the message; `group` none for what nothing was taken from."""

    text: str
    group: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """`person` is masked unless the reader entered the draft or looked on purpose; `chosen` is the
    candidate that is proposed, none for "none of these"; `joins` maps candidates to the open
    alert of their door."""

    alert: Alert
    person: Shown
    parsed: Parsed
    pieces: tuple[Piece, ...]
    candidates: tuple[Candidate, ...]
    chosen: str | None
    doubt: Elsewhere | None
    joins: dict[str, Alert]
    helpers: tuple[Helper, ...]
    own: bool

    @property
    def whole(self) -> bool:
        """Whether the person is shown in full."""
        return self.own or self.person.until is not None


def drafts(session: Session, community_id: int) -> Sequence[Alert]:
    """What waits for a coordinator, the most urgent first."""
    statement = (
        select(Alert)
        .where(Alert.community_id == community_id, Alert.status == "draft")
        .order_by(Alert.deadline, Alert.number)
    )
    return session.scalars(statement).all()


def review(session: Session, who: ActingMember, alert: Alert, *, now: int) -> Review:
    """All that helps to decide about one draft."""
    ground = grounds.read(session, who.community_id)
    stored = session.get(AlertPerson, (who.community_id, alert.id))
    own = alert.created_by is not None and alert.created_by == who.member_id
    person = privacy.whole(stored) if own and stored else privacy.shown(
        session, who, alert.id, now=now
    )  # fmt: skip
    parsed = _read(session, ground, person.original, now)
    full = _read(session, ground, stored.original if stored else "", now)
    found = tuple(_candidates(session, ground, stored, full))
    return Review(
        alert=alert,
        person=person,
        parsed=parsed,
        pieces=tuple(pieces(parsed)),
        candidates=found,
        chosen=_chosen(found),
        doubt=elsewhere(session, ground, full),
        joins=_joins(session, who.community_id, found),
        helpers=tuple(_helpers(session, who.community_id, found, now)),
        own=own,
    )


def waiting(session: Session, who: ActingMember, alert_id: str) -> Alert:
    """The draft with this id. NotFound `alert_unknown` for all else."""
    alert = session.get(Alert, (who.community_id, alert_id))
    if alert is None or alert.status != "draft":
        raise NotFound("alert_unknown")
    return alert


def pieces(parsed: Parsed) -> Iterator[Piece]:
    """The message with its marks; neighbours of one group are one mark (`6号楼1单元`)."""
    text, group = "", None
    fields: list[str] = []
    for piece, name in highlights(parsed):
        of = GROUPS.get(name) if name else None
        if text and of != group:
            yield Piece(text, group, tuple(fields))
            text, fields = "", []
        text, group = text + piece, of
        fields += [name] if name else []
    if text:
        yield Piece(text, group, tuple(fields))


def _read(session: Session, ground: Grounds, text: str, now: int) -> Parsed:
    known = ground.known(session, [text])
    return parse(text, known, today=clock.day_of(now, ground.timezone))


def _candidates(
    session: Session, ground: Grounds, person: AlertPerson | None, parsed: Parsed
) -> list[Candidate]:
    """By the message; what was typed beside it (unit, room, the place in words) goes before."""
    if person is None:
        return []
    typed = parse(person.place_text, today=clock.day_of(0, ground.timezone))
    given = {
        name: typed.value(name) for name in ("compound", "street", "number", "building", "floor")
    }
    said = said_of(parsed, given | {"unit": person.unit, "room": person.room})
    return matching.candidates(session, ground, said)


def _chosen(found: Sequence[Candidate]) -> str | None:
    """The best one, if it is very like and nothing else is as like."""
    if not found or found[0].likeness != "very":
        return None
    if len(found) > 1 and found[1].score >= found[0].score:
        return None
    return found[0].value


def _joins(session: Session, community_id: int, found: Sequence[Candidate]) -> dict[str, Alert]:
    joins = {}
    for one in found:
        if one.household_id and (alert := open_alert(session, community_id, one.household_id)):
            joins[one.value] = alert
    return joins


def _helpers(
    session: Session, community_id: int, found: Sequence[Candidate], now: int
) -> list[Helper]:
    building = found[0].building_id if found else None
    return suggesting.suggest(session, community_id, building, now=now)
