"""The pages about buildings and doors: list, naming, assigning, doors by hand and by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TypeVar

from flask import Blueprint, Response, flash, redirect, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import clock, db, ids
from webapp.core.errors import NotFound, Problem
from webapp.core.i18n import _
from webapp.places import assignments, claims, desk, plan_form
from webapp.places.building_queries import (
    SHOWN,
    Wanted,
    building_desk,
    building_ids,
    building_list,
    colleagues,
)
from webapp.places.desk import DoorName
from webapp.places.generator import RuleError
from webapp.places.generator import generate as make_doors
from webapp.places.merge_queries import merging_of, shown_building
from webapp.places.preview import Preview, preview

bp = Blueprint("buildings", __name__)
PLAN = ("units", "floors", "rooms", "first_floor", "example", "skipped", "other", "missing")
T = TypeVar("T")


@bp.get("/buildings")
@allow("coordinator")
def show() -> str:
    """All buildings: find, name, assign."""
    who = access.member()
    with db.reading() as session:
        view = building_list(session, who.community_id, _wanted(request.args))
        people = colleagues(session, who.community_id)
    return render_template("places/buildings.html", view=view, people=people)


@bp.post("/buildings")
@allow("coordinator")
def add() -> Response:
    """A building by hand."""
    who = access.member()
    made = _try(
        lambda session: desk.add_building(
            session, who.community_id, _fields(), who=who, now=clock.now()
        )
    )
    if made is None:
        return _back("/buildings")
    flash(_("building.added"), "ok")
    return _go(f"/buildings/{made}")


@bp.post("/buildings/assign")
@allow("coordinator")
def assign() -> Response:
    """Ask one or many members to walk one or many buildings."""
    who = access.member()
    members = [_id(text) for text in request.form.getlist("member")]
    units = request.form.getlist("unit")
    chosen = _chosen(who.community_id)

    def act(session: Session) -> assignments.Assigned:
        return assignments.assign(
            session, who.community_id, chosen, members, units=units, who=who, now=clock.now()
        )

    done = _try(act)
    if done is not None:
        flash(_("building.assigned", new=done.new, changed=done.changed), "ok")
    return _back("/buildings")


@bp.post("/buildings/unassign")
@allow("coordinator")
def unassign() -> Response:
    """End assignments."""
    who = access.member()
    chosen = [_id(text) for text in request.form.getlist("assignment")]
    ended = _try(
        lambda session: assignments.end(session, who.community_id, chosen, who=who, now=clock.now())
    )
    if ended is not None:
        flash(_("building.unassigned"), "ok")
    return _back("/buildings")


@bp.get("/buildings/<building_id>")
@allow("coordinator")
def edit(building_id: str) -> Response | str:
    """One building: what is known of it, its doors, the rule that makes doors, what is merged."""
    who = access.member()
    asked = request.args.get("floors") is not None
    same = request.args.get("same", "").strip()[:100]
    with db.reading() as session:
        shown = shown_building(session, who.community_id, _id(building_id))
        if shown is not None:
            return _go(f"/buildings/{shown}#merge-building")
        view = building_desk(session, who.community_id, building_id)
        merged = merging_of(session, who.community_id, building_id, same)
    plan: Preview | None = None
    error: RuleError | None = None
    if asked:
        try:
            plan = preview(view, plan_form.read_plan(request.args))
        except RuleError as problem:
            error = problem
    return render_template(
        "places/building.html",
        view=view,
        plan=plan,
        error=error,
        fields=PLAN,
        merged=merged,
        timezone=who.timezone,
    )


@bp.post("/buildings/<building_id>")
@allow("coordinator")
def change(building_id: str) -> Response:
    """Name it, or set what else is known of it."""
    who = access.member()

    def act(session: Session) -> bool:
        desk.change_building(
            session, who.community_id, _id(building_id), _fields(), who=who, now=clock.now()
        )
        return True

    if _try(act):
        flash(_("building.saved"), "ok")
    return _back(f"/buildings/{building_id}")


@bp.post("/buildings/<building_id>/claims/<claim_id>")
@allow("coordinator")
def settle(building_id: str, claim_id: str) -> Response:
    """Take what a source says of the building, or keep what is there."""
    who, take = access.member(), request.form.get("take") == "yes"
    done = _try(
        lambda session: claims.settle(
            session, who.community_id, _id(claim_id), take=take, who=who, now=clock.now()
        )
    )
    if done is not None:
        flash(_("claim.taken" if take else "claim.kept"), "ok")
    return _back(f"/buildings/{_id(building_id)}")


@bp.post("/buildings/<building_id>/generate")
@allow("coordinator")
def generate(building_id: str) -> Response:
    """Make the doors that the preview showed."""
    try:
        doors = [
            DoorName(door.unit, door.room, door.floor)
            for door in make_doors(plan_form.read_plan(request.form))
        ]
    except RuleError as error:
        flash(_(f"building.rule.{error.code}", **error.params), "error")
        return _go(f"/buildings/{_id(building_id)}#generate")
    return _add(building_id, doors, revive=False)


@bp.post("/buildings/<building_id>/doors")
@allow("coordinator")
def add_doors(building_id: str) -> Response:
    """Doors by hand, one or several of a unit."""
    form = request.form
    try:
        doors = plan_form.read_doors(
            form.get("unit", ""), form.get("rooms", ""), form.get("floor", "")
        )
    except RuleError as error:
        flash(_(f"building.rule.{error.code}", **error.params), "error")
        return _go(f"/buildings/{_id(building_id)}#doors")
    return _add(building_id, doors, revive=True)


@bp.post("/buildings/<building_id>/doors/<household_id>/rename")
@allow("coordinator")
def rename_door(building_id: str, household_id: str) -> Response:
    """Another unit, room or floor for a door."""
    who, form = access.member(), request.form

    def act(session: Session) -> bool:
        door = plan_form.read_door(
            form.get("unit", ""), form.get("room", ""), form.get("floor", "")
        )
        desk.rename_door(
            session, who.community_id, _id(household_id), door, who=who, now=clock.now()
        )
        return True

    if _try(act):
        flash(_("building.door_saved"), "ok")
    return _back(f"/buildings/{building_id}")


@bp.post("/buildings/<building_id>/doors/<household_id>/retire")
@allow("coordinator")
def retire_door(building_id: str, household_id: str) -> Response:
    """Take a door out of use."""
    return _set_retired(building_id, household_id, retired=True)


@bp.post("/buildings/<building_id>/doors/<household_id>/unretire")
@allow("coordinator")
def unretire_door(building_id: str, household_id: str) -> Response:
    """Bring a door back."""
    return _set_retired(building_id, household_id, retired=False)


def _set_retired(building_id: str, household_id: str, *, retired: bool) -> Response:
    who = access.member()

    def act(session: Session) -> bool:
        desk.set_retired(
            session, who.community_id, _id(household_id), retired=retired, who=who, now=clock.now()
        )
        return True

    if _try(act):
        flash(_("building.door_retired" if retired else "building.door_back"), "ok")
    return _back(f"/buildings/{building_id}")


def _add(building_id: str, doors: list[DoorName], *, revive: bool) -> Response:
    who = access.member()
    done = _try(
        lambda session: desk.add_doors(
            session,
            who.community_id,
            _id(building_id),
            doors,
            who=who,
            now=clock.now(),
            revive=revive,
        )
    )
    if done is not None:
        flash(_("building.doors_added", **asdict(done)), "ok")
    return _back(f"/buildings/{building_id}")


def _try(act: Callable[[Session], T]) -> T | None:
    """Run an action in a transaction of its own; what a person can mend is told on the page."""
    try:
        with db.writing() as session:
            return act(session)
    except NotFound:
        raise
    except RuleError as error:
        flash(_(f"building.rule.{error.code}", **error.params), "error")
    except Problem as problem:
        flash(_(problem.message, **problem.params), "error")
    return None


def _chosen(community_id: int) -> list[str]:
    """The ticked buildings, or all that the list's filter finds."""
    if request.form.get("all") != "yes":
        return [_id(text) for text in request.form.getlist("building")]
    with db.reading() as session:
        return building_ids(session, community_id, _wanted(request.form))


def _wanted(args: MultiDict[str, str]) -> Wanted:
    show_, page = args.get("show", ""), args.get("page", "")
    return Wanted(
        text=args.get("q", "").strip()[:100],
        compound=args.get("compound") or None,
        grid=args.get("grid") or None,
        show=show_ if show_ in SHOWN else "all",
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
    )


def _fields() -> dict[str, str]:
    return {name: request.form[name] for name in desk.LENGTHS if name in request.form}


def _id(text: str) -> str:
    if not ids.is_id(text):
        raise NotFound
    return text


def _back(default: str) -> Response:
    """To the page that the form names, if it is one of ours, else to the default."""
    wanted = request.form.get("next", "")
    local = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return _go(wanted if local else default)


def _go(address: str) -> Response:
    return redirect(address, 303)  # type: ignore[return-value]  # werkzeug's base class
