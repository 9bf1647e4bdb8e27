"""A list of earlier walks, recorded in the background. Ids follow from what rows say: a job that is
begun again, after a stop or a crash, finds what is there and goes on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.core import clock, db, jobs
from webapp.core.jobs import Job
from webapp.places.imports import tables, uploads
from webapp.places.imports.uploads import Upload
from webapp.visits import past

KIND = "past visits"
MOST_FINDINGS = 200


def enqueue(
    session: Session, upload: Upload, *, member_id: str, person_id: int, by: str, now: int
) -> str:
    """Queue it; `member_id` is the coordinator who types them in. Returns the job's id."""
    state = {"token": upload.token, "filename": upload.filename, "member": member_id, "by": by}
    return jobs.enqueue(
        session, KIND, state, now=now, community_id=upload.community_id, person_id=person_id
    )


def find(session: Session, community_id: int, job_id: str) -> Job:
    """A job of this community. Raises NotFound."""
    return jobs.find(session, KIND, community_id, job_id)


@jobs.handler(KIND)
def run(job_id: str) -> None:
    """Record the list; at the end its file is erased."""
    with db.reading() as session:
        job = session.get_one(Job, job_id)
        state, community_id = dict(job.state), job.community_id or 0
    if state.get("finished"):
        return

    def on_step(done: int, total: int) -> None:
        with db.writing() as session:
            jobs.progress(session, job_id, done=done, total=total)

    found = past.bring_in(
        tables.read(uploads.find(state["token"], community_id).data()),
        community_id=community_id,
        now=clock.now(),
        member_id=state["member"],
        on_step=on_step,
    )
    with db.writing() as session:
        job = session.get_one(Job, job_id)
        jobs.progress(
            session,
            job_id,
            done=job.total,
            total=job.total,
            finished=True,
            new=found.new,
            same=found.same,
            problem_count=len(found.problems),
            problems=[one.as_data() for one in found.problems[:MOST_FINDINGS]],
        )
    uploads.erase(state["token"])
