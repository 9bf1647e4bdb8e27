"""Background work: may run twice, takes effect once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.conftest import Clock
from webapp.core import db, jobs
from webapp.core.jobs import Job

pytestmark = pytest.mark.both_engines


@pytest.fixture
def done() -> Iterator[list[str]]:
    """What the handler of kind `test` was called for; its behaviour can be set by `state`."""
    called: list[str] = []

    def work(job_id: str) -> None:
        called.append(job_id)
        state = read(job_id).state
        for step in range(state.get("from", 0), 3):
            if step == state.get("fails_at"):
                raise RuntimeError("broken")
            with db.writing() as session:
                jobs.progress(session, job_id, done=step + 1, total=3, **{"from": step + 1})
            if step == state.get("stopped_at"):
                with db.writing() as session:
                    jobs.stop(session, job_id, now=5)

    jobs.handler("test")(work)
    yield called
    del jobs._handlers["test"]


def queue(now: int = 1, **state: Any) -> str:
    with db.writing() as session:
        return jobs.enqueue(session, "test", state, now=now)


def read(job_id: str) -> Job:
    with db.reading() as session:
        return session.scalars(select(Job).where(Job.id == job_id)).one()


def test_a_job_is_done_once(context: Flask, done: list[str]) -> None:
    job_id = queue()
    assert jobs.run_one()
    assert not jobs.run_one()
    job = read(job_id)
    assert (job.status, job.done, job.total, done) == ("done", 3, 3, [job_id])
    assert job.finished_at is not None


def test_the_oldest_comes_first(context: Flask, done: list[str]) -> None:
    second, first = queue(now=2), queue(now=1)
    while jobs.run_one():
        pass
    assert done == [first, second]


def test_what_was_never_committed_is_no_job(context: Flask, done: list[str]) -> None:
    def break_off() -> None:
        with db.writing() as session:
            jobs.enqueue(session, "test", {}, now=1)
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert not jobs.run_one()


def test_a_job_that_breaks_is_tried_again_where_it_stood_and_then_given_up(
    context: Flask, done: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    job_id = queue(fails_at=1)
    assert [jobs.run_one() for _ in range(jobs.TRIES + 1)] == [True] * jobs.TRIES + [False]
    job = read(job_id)
    assert (job.status, job.error, job.done, job.state["from"]) == ("failed", "failed", 1, 1)
    assert len(done) == jobs.TRIES


def test_a_job_of_a_worker_that_died_is_taken_over_after_its_lease(
    context: Flask, done: list[str], clock: Clock
) -> None:
    job_id = queue(**{"from": 2})
    with db.writing() as session:
        session.execute(update(Job).values(status="running", leased_until=clock.now() + jobs.LEASE))
    assert not jobs.run_one()
    clock.advance(jobs.LEASE + 1)
    assert jobs.run_one()
    assert read(job_id).status == "done"


def test_a_stopped_job_keeps_what_it_did(context: Flask, done: list[str]) -> None:
    job_id = queue(stopped_at=0)
    assert jobs.run_one()
    job = read(job_id)
    assert (job.status, job.done, job.finished_at) == ("stopped", 1, 5)
    assert not jobs.run_one()


def test_a_worker_works_until_told_to_stop(context: Flask, done: list[str]) -> None:
    queue()
    queue()
    jobs.work(idle=0, until=lambda: len(done) == 2)
    assert len(done) == 2


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What regular steps did; those of the product are left out."""
    monkeypatch.setattr(jobs, "_steps", {})
    return []


def test_regular_steps_run_when_they_are_due(context: Flask, steps: list[str]) -> None:
    jobs.regularly("often", lambda now: steps.append(f"often {now}"), every=10)
    jobs.regularly("seldom", lambda now: steps.append(f"seldom {now}"), every=100)
    for now in (0, 5, 10, 20, 100):
        jobs.run_steps(now)
    assert steps == ["often 0", "seldom 0", "often 10", "often 20", "often 100", "seldom 100"]


def test_a_step_that_fails_keeps_nobody_else_from_working(context: Flask, steps: list[str]) -> None:
    def fail(now: int) -> None:
        raise RuntimeError(str(now))

    jobs.regularly("broken", fail, every=10)
    jobs.regularly("whole", lambda now: steps.append(str(now)), every=10)
    jobs.run_steps(0)
    jobs.run_steps(10)
    assert steps == ["0", "10"]


def test_a_worker_that_ends_at_once_leaves_out_what_is_for_the_long_run(
    context: Flask, steps: list[str]
) -> None:
    jobs.regularly("backup", lambda now: steps.append("backup"), every=10, at_once=False)
    jobs.regularly("alerts", lambda now: steps.append("alerts"), every=10)
    jobs.run_steps(0, ending=True)
    assert steps == ["alerts"]


def test_regular_steps_go_on_until_told(context: Flask, steps: list[str]) -> None:
    jobs.regularly("count", lambda now: steps.append(str(now)), every=0)
    jobs.keep_time(idle=0, until=lambda: len(steps) == 3)
    assert len(steps) == 3
