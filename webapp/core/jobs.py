"""Background work whose state lives in the database.

A job may run twice and takes effect once: its handler keeps its progress in `state`, written in
the same transaction as the rows it makes, which no queue outside the database can promise. The
worker takes a job by a lease; a worker that dies leaves a lease that runs out.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.core import clock, db
from webapp.core.db import Base, Id
from webapp.core.errors import NotFound
from webapp.core.ids import new_id

LEASE = 60 * clock.SECOND
TRIES = 3
log = logging.getLogger(__name__)


class Job(Base):
    """One piece of work. `status`: queued, running, done, failed, stopped.

    `done` of `total` steps are finished; `state` is the handler's own JSON, `error` a code.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_status", "status", "created_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    community_id: Mapped[int | None] = mapped_column(Integer, index=True)
    person_id: Mapped[int | None] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(8), default="queued")
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[int] = mapped_column(BigInteger)
    leased_until: Mapped[int] = mapped_column(BigInteger, default=0)
    finished_at: Mapped[int | None] = mapped_column(BigInteger)


Handler = Callable[[str], None]
"""Gets a job's id, opens its own transactions, calls `progress`, and returns when all is done."""

_handlers: dict[str, Handler] = {}


class Stopped(Exception):
    """Somebody asked the job to stop; raised by `progress` between two transactions."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(
    session: Session,
    kind: str,
    state: dict[str, Any],
    *,
    now: int,
    community_id: int | None = None,
    person_id: int | None = None,
) -> str:
    """Queue work in the caller's transaction; returns the job's id."""
    job = Job(
        id=new_id(),
        kind=kind,
        community_id=community_id,
        person_id=person_id,
        state=state,
        created_at=now,
    )
    session.add(job)
    return job.id


def find(session: Session, kind: str, community_id: int, job_id: str) -> Job:
    """A job of that kind and community. Raises NotFound."""
    job = session.get(Job, job_id)
    if job is None or job.kind != kind or job.community_id != community_id:
        raise NotFound
    return job


def progress(session: Session, job_id: str, *, done: int, total: int, **state: Any) -> None:
    """Write down how far a job is, in the transaction that does the work; renews the lease.

    Raises Stopped when a person has stopped the job.
    """
    job = session.get_one(Job, job_id)
    if job.status == "stopped":
        raise Stopped(job_id)
    job.done, job.total = done, total
    job.leased_until = clock.now() + LEASE
    job.state = {**job.state, **state}


def stop(session: Session, job_id: str, *, now: int) -> None:
    """Ask a job to stop; what is finished stays, running it again goes on from there."""
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.status.in_(["queued", "running"]))
        .values(status="stopped", finished_at=now)
    )


@dataclass(slots=True)
class Step:
    """Something that the worker does again and again. It gets the time (ms), opens transactions of
    its own, and does no harm when it runs twice, also in two workers at once.

    `every` in ms; `at_once`: also when the worker only does what is due and ends.
    """

    name: str
    run: Callable[[int], None]
    every: int
    at_once: bool = True
    due_at: int = 0


_steps: dict[str, Step] = {}


def regularly(name: str, run: Callable[[int], None], *, every: int, at_once: bool = True) -> None:
    """Have the worker do this (once per name)."""
    _steps[name] = Step(name, run, every, at_once)


def run_steps(now: int, *, ending: bool = False) -> None:
    """Do the steps that are due; one that fails is logged, keeps nobody else from working, and is
    tried again when it is due again. `ending`: the worker does this once."""
    for step in list(_steps.values()):
        if step.due_at > now or (ending and not step.at_once):
            continue
        step.due_at = now + step.every
        try:
            step.run(now)
        except Exception:
            log.exception("%s failed", step.name)


def run_one() -> bool:
    """Do the oldest job that nobody holds; says whether there was one."""
    now = clock.now()
    free = or_(Job.status == "queued", (Job.status == "running") & (Job.leased_until < now))
    with db.reading() as session:
        job_id = session.scalar(select(Job.id).where(free).order_by(Job.created_at).limit(1))
    if job_id is None:
        return False
    with db.writing() as session:
        kind = session.scalar(
            update(Job)
            .where(Job.id == job_id, free)
            .values(status="running", leased_until=now + LEASE, tries=Job.tries + 1)
            .returning(Job.kind)
        )
    if kind is not None:
        _run(job_id, kind)
    return True


def work(*, idle: float = 0.5, until: Callable[[], bool] = lambda: False) -> None:
    """Do jobs one after the other, looking for new ones every `idle` seconds."""
    while not until():
        if not run_one():
            time.sleep(idle)


def keep_time(*, idle: float = 0.5, until: Callable[[], bool] = lambda: False) -> None:
    """Do the regular steps when they are due, in a thread of their own: an alert that is overdue
    does not wait for an import of an hour."""
    while not until():
        run_steps(clock.now())
        time.sleep(idle)


def _run(job_id: str, kind: str) -> None:
    try:
        _handlers[kind](job_id)
    except Stopped:
        log.info("job %s stopped", job_id)
        return
    except Exception:
        log.exception("job %s (%s) failed", job_id, kind)
        _failed(job_id)
        return
    with db.writing() as session:
        session.execute(
            update(Job)
            .where(Job.id == job_id, Job.status == "running")
            .values(status="done", finished_at=clock.now())
        )


def _failed(job_id: str) -> None:
    """Try again after the lease; give up after TRIES, with what was done kept."""
    with db.writing() as session:
        job = session.get_one(Job, job_id)
        if job.tries >= TRIES:
            job.status, job.error, job.finished_at = "failed", "failed", clock.now()
        else:
            job.status, job.leased_until = "queued", 0
