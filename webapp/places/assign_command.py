"""`flask assign LOGIN --community ID (--all | --building ID…)`."""

from __future__ import annotations

from dataclasses import asdict

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member
from webapp.accounts.queries import find_person
from webapp.core import clock, db, ids
from webapp.core.cli import as_json, emit, explained
from webapp.core.errors import NotFound, Problem
from webapp.places.assignments import Assigned, assign
from webapp.places.building_queries import building_ids


@click.command("assign")
@click.argument("login")
@click.option("--community", "community_id", type=int, required=True)
@click.option("--all", "everything", is_flag=True, help="All buildings of the community.")
@click.option("--building", "chosen", multiple=True, help="A building's id; may be repeated.")
@as_json
@with_appcontext
@explained
def assign_command(
    login: str, community_id: int, everything: bool, chosen: tuple[str, ...], as_json: bool
) -> None:
    """Ask a member to walk buildings. Repeats change nothing."""
    if everything == bool(chosen):
        raise click.UsageError("Give either --all or at least one --building.")
    wanted = [building_id.lower() for building_id in chosen]
    if not all(ids.is_id(building_id) for building_id in wanted):
        raise NotFound("building_unknown")
    with db.reading() as session:
        member_id = _member_id(session, community_id, login)
        if everything:
            wanted = building_ids(session, community_id)
    if not wanted:  # all of none
        emit(asdict(Assigned()), as_json)
        return
    with db.writing() as session:
        done = assign(session, community_id, wanted, [member_id], who=None, now=clock.now())
    emit(asdict(done), as_json)


def _member_id(session: Session, community_id: int, login: str) -> str:
    person = find_person(session, login)
    found = person and session.scalar(
        select(Member.id).where(Member.community_id == community_id, Member.person_id == person.id)
    )
    if not found:
        raise Problem("assign_login_unknown", login=login)
    return found


COMMANDS: list[click.Command] = [assign_command]
