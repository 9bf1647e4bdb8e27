"""Asking for all buildings without a place, in the background.

Each answer is written down together with how far the job is, so a job that was stopped, or a worker
that died, goes on where it was and asks nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.accounts.models import Community
from webapp.core import clock, db, jobs
from webapp.core.errors import NotFound, Problem
from webapp.core.geocoder_settings import GeocoderSettings
from webapp.core.jobs import Job
from webapp.core.settings import Settings
from webapp.places import claims
from webapp.places.claims import LOCATION, Claim
from webapp.places.geocoding.asking import Asker, Refused, asker
from webapp.places.models import STANDS, Building, BuildingClaim

KIND = "geocode"
SOURCE = "geocoder"
RUNNING = ("queued", "running")
PREFIX = 120


def geocoder() -> GeocoderSettings | None:
    """The installation's, if it has one."""
    settings: Settings = current_app.extensions["qiaomen.settings"]
    return settings.geocoder


def question(session: Session, building: Building, prefix: str) -> str:
    """What is asked: the address, with compound and name where there is none or several buildings
    have the same one (it is their estate's). Of a building only, never of a door."""
    own = building.address
    same = select(func.count()).where(
        Building.community_id == building.community_id, Building.address == own, STANDS
    )
    if not own or (session.scalar(same) or 0) > 1:
        own += "".join(part for part in (building.compound, building.name) if part not in own)
    return own if own.startswith(prefix) else f"{prefix}{own}"


def usual_prefix(session: Session, community_id: int) -> str:
    """The region, as an address begins with it. Raises NotFound without such a community."""
    community = session.get(Community, community_id)
    if community is None:
        raise NotFound("community_unknown")
    return community.region.replace("/", "")


def open_buildings(community_id: int) -> Any:
    """Buildings that have no place and nobody has said one, in the order in which they are asked
    for."""
    said = select(BuildingClaim.building_id).where(
        BuildingClaim.community_id == community_id,
        BuildingClaim.field == LOCATION,
        BuildingClaim.source == SOURCE,
    )
    return (
        select(Building)
        .where(
            Building.community_id == community_id,
            Building.lat.is_(None),
            Building.practice.is_(False),
            Building.provisional.is_(False),
            STANDS,
            Building.id.not_in(said),
        )
        .order_by(Building.id)
    )


def count_open(session: Session, community_id: int) -> int:
    """How many there are to ask for."""
    every = open_buildings(community_id).subquery()
    return session.scalar(select(func.count()).select_from(every)) or 0


def start(
    session: Session, community_id: int, prefix: str, *, person_id: int | None, now: int
) -> str:
    """Queue the work; returns the job's id. Problems: `no_geocoder`, `geocoding_runs`,
    `nothing_to_geocode`."""
    sequence.draw(session, community_id)  # the lock: two clicks start one job
    if geocoder() is None:
        raise Problem("no_geocoder")
    if len(prefix) > PREFIX or not prefix.isprintable():
        raise Problem("geocode_prefix", most=PREFIX)
    job = last(session, community_id)
    if job is not None and job.status in RUNNING:
        raise Problem("geocoding_runs")
    total = count_open(session, community_id)
    if not total:
        raise Problem("nothing_to_geocode")
    return jobs.enqueue(
        session,
        KIND,
        {"prefix": prefix, "at": "", "found": 0, "unknown": 0, "expected": total},
        now=now,
        community_id=community_id,
        person_id=person_id,
    )


def last(session: Session, community_id: int) -> Job | None:
    """The community's latest job."""
    statement = (
        select(Job)
        .where(Job.kind == KIND, Job.community_id == community_id)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def find(session: Session, community_id: int, job_id: str) -> Job:
    """A job of this community. Raises NotFound."""
    return jobs.find(session, KIND, community_id, job_id)


@jobs.handler(KIND)
def run(job_id: str) -> None:
    """Ask for each building in turn; end, with a code in `state`, when the geocoder refuses."""
    settings = geocoder()
    if settings is None:
        _end(job_id, "none")
        return
    ask = asker(settings)
    more = True
    while more:
        try:
            more = _step(job_id, ask)
        except Refused as refused:
            _end(job_id, refused.code)
            return


def _step(job_id: str, ask: Asker) -> bool:
    """One building. The question itself is asked outside of any transaction."""
    with db.reading() as session:
        job = session.get_one(Job, job_id)
        state, done, community_id = dict(job.state), job.done, job.community_id or 0
        left = open_buildings(community_id)
        if state["at"]:
            left = left.where(Building.id > state["at"])
        building = session.scalar(left.limit(1))
        if building is None or job.status == "stopped":
            return False
        building_id, text = building.id, question(session, building, state["prefix"])
    answer = ask.ask(text)
    with db.writing() as session:
        sequence.draw(session, community_id)
        if answer is not None:
            value = {"lat": answer.lat, "lon": answer.lon, "called": answer.called, "asked": text}
            said = Claim(LOCATION, SOURCE, value)
            claims.keep(session, community_id, building_id, [said], now=clock.now())
        counted = "unknown" if answer is None else "found"
        more = {"at": building_id, counted: state[counted] + 1}
        total = max(int(state["expected"]), done + 1)
        jobs.progress(session, job_id, done=done + 1, total=total, **more)
    return True


def _end(job_id: str, code: str) -> None:
    with db.writing() as session:
        job = session.get_one(Job, job_id)
        jobs.progress(session, job_id, done=job.done, total=job.total, refused=code)


def waiting(session: Session, community_id: int) -> Sequence[tuple[BuildingClaim, Building]]:
    """Answers that nobody has looked at, with their buildings."""
    statement = (
        select(BuildingClaim, Building)
        .join(
            Building,
            (Building.community_id == BuildingClaim.community_id)
            & (Building.id == BuildingClaim.building_id),
        )
        .where(
            BuildingClaim.community_id == community_id,
            BuildingClaim.field == LOCATION,
            BuildingClaim.source == SOURCE,
            BuildingClaim.settled_at.is_(None),
            STANDS,
        )
        .order_by(Building.compound, Building.name, Building.id)
    )
    return [(claim, building) for claim, building in session.execute(statement)]
