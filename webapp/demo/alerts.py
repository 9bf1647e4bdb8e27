"""Replays the article's alerts through the same actions and operations as real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import members, sequence
from webapp.accounts.models import Community, Person
from webapp.alerts import actions
from webapp.alerts.models import Alert
from webapp.core import clock
from webapp.demo import names
from webapp.demo.made import rng_of
from webapp.demo.warnings import Warned, make_warnings
from webapp.operations.batch import ACCEPTED
from webapp.places.models import Building, Household

SEED = 631
MOST_DOORS = 2_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many alerts there are now, and how many of them are new."""

    alerts: int
    added: int


class Unexpected(Exception):
    """The product did not take what the demo recorded: one of the two is wrong."""


def replay(
    session: Session,
    community_id: int,
    *,
    now: int,
    seed: int = SEED,
    progress: Progress = lambda _done, _total: None,
) -> Replayed:
    """Enter all 631 in the caller's transaction; those that are there are left as they are.

    Needs neither members nor buildings. Invented persons without a sign-in record, whose membership
    is over: nobody's own figures change. NotFound `community_unknown`.
    """
    sequence.draw(session, community_id)  # also says whether there is such a community
    timezone = session.scalars(select(Community.timezone).where(Community.id == community_id)).one()
    rng = rng_of(seed)
    warnings = make_warnings(rng, now, timezone)
    there = _there(session, community_id)
    missing = [one for one in warnings if _reference(one) not in there]
    team = _team(session, community_id, now) if missing else []
    doors = _doors(session, community_id) if missing else []
    for done, warned in enumerate(missing):
        progress(done, len(missing))
        door = rng.choice(doors) if doors else None
        _enter(session, community_id, warned, door, rng.choice(team))
        session.flush()
        session.expunge_all()
    progress(len(missing), len(missing))
    return Replayed(len(warnings), len(missing))


def _enter(
    session: Session, community_id: int, warned: Warned, door: str | None, member: str
) -> None:
    """One alert from the message to the last follow-up, each at its moment."""
    alert_id = actions.create(
        session,
        community_id,
        actions.AlertFields(
            level=warned.level,
            received_at=warned.received_at,
            scam_type=warned.scam_type,
            channel=warned.channel,
            household_id=door,
            **warned.person,
        ),
        who=None,
        now=warned.received_at,
        source="demo",
        reference=_reference(warned),
        draft=False,
    )
    results = actions.record_all(
        session,
        community_id,
        [_operation(alert_id, fields) for fields in warned.operations],
        member_id=member,
        now=warned.ended_at,
    )
    if strange := [one for one in results if one.status != ACCEPTED or one.capped]:
        raise Unexpected(strange)


def _operation(alert_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    said = dict(fields)
    moment = said.pop("moment")
    if said.get("outcome") == "not_ours":
        office = {"name": names.OFFICER, "office": names.OFFICE, "at": clock.iso(moment)}
        said["signed"] = office
    return said | {"alert": alert_id, "at": clock.iso(moment)}


def _reference(warned: Warned) -> str:
    return f"article-{warned.number}"


def _there(session: Session, community_id: int) -> set[str | None]:
    return set(
        session.scalars(
            select(Alert.reference).where(
                Alert.community_id == community_id, Alert.source == "demo"
            )
        )
    )


def _doors(session: Session, community_id: int) -> list[str]:
    """Some of the community's doors, so that alerts have a grid; practice doors are none."""
    statement = (
        select(Household.id)
        .join(
            Building,
            (Building.community_id == Household.community_id)
            & (Building.id == Household.building_id),
        )
        .where(
            Household.community_id == community_id,
            Household.retired_at.is_(None),
            Building.practice.is_(False),
        )
        .order_by(Household.id)
        .limit(MOST_DOORS)
    )
    return list(session.scalars(statement))


def _team(session: Session, community_id: int, now: int) -> list[str]:
    """Members that nobody can sign in as, and whose time is over."""
    found = []
    for name in names.DISSUADERS:
        person = Person(name=name, created_at=now)
        session.add(person)
        session.flush()
        seq = next(sequence.draw(session, community_id))
        member = members.admit(
            session, seq, community_id, person.id, "coordinator", now=now, confirmed=True
        )
        member.status, member.ended_at = "ended", now
        found.append(member.id)
    session.flush()
    return found
