"""The import in the background: resumable, its progress in the transactions that do the work."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core import clock, db, jobs
from webapp.core.jobs import Job
from webapp.places.imports import checking, engine, mend, uploads
from webapp.places.imports.engine import Count, Outcome, Step
from webapp.places.imports.findings import gathered
from webapp.places.imports.planning import size
from webapp.places.imports.uploads import Upload

KIND = "import"
MOST_FINDINGS = 1_000
MOST_STRIP = 48


def enqueue(upload: Upload, *, person_id: int, by: str, now: int) -> str:
    """Queue the import of a checked upload; returns the job's id."""
    found = (upload.checked or {}).get("list", [])
    state: dict[str, Any] = {
        "token": upload.token,
        "filename": upload.filename,
        "by": by,
        "expected": (upload.checked or {}).get("expected", 0),
        "strip": found if len(found) <= MOST_STRIP else [],
    }
    with db.writing() as session:
        return jobs.enqueue(
            session, KIND, state, now=now, community_id=upload.community_id, person_id=person_id
        )


def again(job: Job, *, now: int) -> str:
    """Queue what is left of a stopped or failed import. Raises NotFound when its file is gone."""
    uploads.find(str(job.state["token"]), job.community_id or 0)
    with db.writing() as session:
        return jobs.enqueue(
            session, KIND, dict(job.state), now=now,
            community_id=job.community_id, person_id=job.person_id,
        )  # fmt: skip


def find(job_id: str, community_id: int) -> Job:
    """The import, if it is this community's. Raises NotFound."""
    with db.reading() as session:
        job = jobs.find(session, KIND, community_id, job_id)
        session.expunge(job)
        return job


def last_done(community_id: int) -> Job | None:
    """The community's last finished import."""
    with db.reading() as session:
        query = (
            select(Job)
            .where(Job.community_id == community_id, Job.kind == KIND, Job.status == "done")
            .order_by(Job.finished_at.desc())
            .limit(1)
        )
        job = session.scalar(query)
        if job is not None:
            session.expunge(job)
        return job


@jobs.handler(KIND)
def run(job_id: str) -> None:
    """Do an import, or what a crash has left of it."""
    with db.reading() as session:
        job = session.get_one(Job, job_id)
        state, community_id = dict(job.state), job.community_id or 0
    if state.get("finished"):
        return
    upload = uploads.find(str(state["token"]), community_id)
    reading = checking.read(upload)
    generate = upload.options.generate
    sizes = [size(record, generate=generate) for record in reading.buildings]
    fixed: dict[str, Any] = {"strip": _strip(reading.buildings, sizes)}

    def on_step(session: Session, step: Step) -> None:
        jobs.progress(
            session, job_id, done=step.doors, total=step.total, at=step.at,
            buildings=step.outcome.buildings.as_data(),
            households=step.outcome.households.as_data(), **fixed,
        )  # fmt: skip

    outcome = Outcome(
        Count(**state.get("buildings", {})),
        Count(**state.get("households", {})),
        list(reading.problems),
        list(reading.notices),
    )
    engine.run(
        reading,
        community_id=community_id,
        now=clock.now(),
        generate=generate,
        start=int(state.get("at", 0)),
        outcome=outcome,
        on_step=on_step,
    )
    total = sum(sizes)
    with db.writing() as session:
        jobs.progress(
            session, job_id, done=total, total=total, finished=True,
            buildings=outcome.buildings.as_data(), households=outcome.households.as_data(),
            problem_count=len(outcome.problems),
            problems=[f.as_data() for f in outcome.problems[:MOST_FINDINGS]],
            notices=[f.as_data() for f in gathered(outcome.notices)],
            mend=mend.bad_rows(reading, outcome.problems),
        )  # fmt: skip
    uploads.erase(upload.token)


def _strip(records: list[Any], sizes: list[int]) -> list[dict[str, Any]]:
    """The buildings as a row of little doors on the page, where they are few enough."""
    if len(records) > MOST_STRIP:
        return []
    return [
        {"name": record.name or record.compound, "doors": len(record.doors) or count}
        for record, count in zip(records, sizes, strict=True)
    ]
