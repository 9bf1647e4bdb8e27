"""What residents tell the community: somebody may be in danger; we have installed the app.

Neither needs a name. Both are bounded by address and by community, and carry a proof of work.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.identity import plain, read_phone
from webapp.alerts import actions
from webapp.alerts.actions import AlertFields
from webapp.alerts.fields import check
from webapp.core import clock, db, limits, tries
from webapp.core.errors import Problem
from webapp.core.tries import Bound, Rule
from webapp.coverage import self_reported
from webapp.places.models import STANDS, Building
from webapp.trust import proof

SOURCE = "resident"
LEVEL = "high"
"""Until a coordinator, who accepts it, says otherwise."""

REFERRALS = Rule("referral", (Bound(3, clock.HOUR), Bound(6, clock.DAY)))
ALL_REFERRALS = Rule("referrals", (Bound(20, clock.HOUR), Bound(60, clock.DAY)))
REPORTS = Rule("installed", (Bound(2, clock.HOUR), Bound(4, clock.DAY)))
ALL_REPORTS = Rule("all_installed", (Bound(60, clock.HOUR), Bound(300, clock.DAY)))
MOST_NAMES = 600
NOTE = 200


@dataclass(frozen=True)
class Sent:
    """A form as it came. `trap` is a field that people do not see; `task`, `answer` the proof."""

    building: str = ""
    unit: str = ""
    phone: str = ""
    note: str = ""
    trap: str = ""
    task: str = ""
    answer: str = ""


class Counter:
    """Where residents' forms come in: programs are kept out by proof, address and community."""

    def __init__(self, secret_key: str, address: str | None) -> None:
        self._secret_key = secret_key
        self._near = limits.neighbourhood(address)

    def refer(self, community_id: int, sent: Sent, *, now: int) -> None:
        """Leave a draft: its clock starts when a coordinator accepts it.

        Problem `phone_invalid`, `referral_place`, `card_number` for a note with one,
        `proof_missing`, `too_many` (429).
        """
        fields = self._fields(community_id, sent, now)
        check(asdict(fields), now=now)
        if self._let_in(community_id, sent, REFERRALS, ALL_REFERRALS, now):
            with db.writing() as session:
                actions.create(
                    session, community_id, fields, who=None, now=now, source=SOURCE, draft=True
                )

    def report_installed(self, community_id: int, sent: Sent, *, now: int) -> None:
        """Count a household's word. Problem `building_not_listed`, `proof_missing`, `too_many`."""
        with db.reading() as session:
            building = find_building(session, community_id, _line(sent.building))
        if building is None:
            raise Problem("building_not_listed", field="building")
        if self._let_in(community_id, sent, REPORTS, ALL_REPORTS, now):
            with db.writing() as session:
                unit = _line(sent.unit, 20)
                self_reported.add(session, community_id, building.id, unit, now=now)

    def _fields(self, community_id: int, sent: Sent, now: int) -> AlertFields:
        phone, place = read_phone(sent.phone), _line(sent.building)
        if not place:
            raise Problem("referral_place", field="building")
        with db.reading() as session:
            building = find_building(session, community_id, place)
        return AlertFields(
            level=LEVEL,
            received_at=now,
            building_id=building.id if building else None,
            place_text="" if building else place,
            original=_line(sent.note, NOTE),
            contacts=[{"role": "neighbour", "phone": phone}],
        )

    def _let_in(self, community_id: int, sent: Sent, own: Rule, everybody: Rule, now: int) -> bool:
        """False for who filled the trap: they are told that all is well."""
        if sent.trap:
            return False
        with db.writing() as session:
            if not proof.is_solved(
                session, self._secret_key, own.name, sent.task, sent.answer, now=now
            ):
                raise Problem("proof_missing")
            here = tries.take(session, own, self._near, now=now)
            if not here or not tries.take(session, everybody, str(community_id), now=now):
                raise Problem("too_many", status=429)
        return True


def full_name(building: Building) -> str:
    """As it stands in the list that residents choose from."""
    return f"{building.compound} {building.name}".strip()


def names(session: Session, community_id: int) -> list[str]:
    """The buildings, as they are called on every door plate; too many are typed instead."""
    rows = session.scalars(
        select(Building)
        .where(Building.community_id == community_id, Building.practice.is_(False), STANDS)
        .order_by(Building.compound, Building.name)
        .limit(MOST_NAMES + 1)
    ).all()
    return [] if len(rows) > MOST_NAMES else [full_name(row) for row in rows]


def find_building(session: Session, community_id: int, text: str) -> Building | None:
    """The building that is called so, with or without its compound; none if that may be several."""
    wanted = _folded(text)
    if not wanted:
        return None
    found = [
        row
        for row in session.scalars(
            select(Building).where(
                Building.community_id == community_id, Building.practice.is_(False), STANDS
            )
        )
        if wanted in (_folded(full_name(row)), _folded(row.name))
    ]
    exact = [row for row in found if _folded(full_name(row)) == wanted]
    return (exact or found)[0] if len(exact or found) == 1 else None


def _folded(text: str) -> str:
    return "".join(plain(text).casefold().split())


def _line(text: str, most: int = 80) -> str:
    return plain(text)[:most]
