"""Merging doors and buildings from the building's page, and taking it back."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.accounts import access
from webapp.accounts.access import ActingMember, allow
from webapp.core import clock, db, ids
from webapp.core.errors import NotFound, Problem
from webapp.core.i18n import _
from webapp.places import merging

bp = Blueprint("merging", __name__, url_prefix="/buildings/<building_id>")
Act = Callable[[Session, ActingMember], None]


@bp.post("/merge-doors")
@allow("coordinator")
def merge_doors(building_id: str) -> Response:
    """Two doors are one."""

    def act(session: Session, who: ActingMember) -> None:
        stays, goes = _chosen("stays"), _chosen("goes")
        merging.merge_doors(session, who.community_id, stays, goes, who=who, now=clock.now())

    return _do(building_id, act, "merge.doors_done", "merge-doors")


@bp.post("/doors/<household_id>/unmerge")
@allow("coordinator")
def unmerge_door(building_id: str, household_id: str) -> Response:
    """They are two after all."""

    def act(session: Session, who: ActingMember) -> None:
        merging.unmerge_door(session, who.community_id, _id(household_id), who=who, now=clock.now())

    return _do(building_id, act, "merge.door_back", "merge-doors")


@bp.post("/merge")
@allow("coordinator")
def merge_building(building_id: str) -> Response:
    """Another building is this one."""

    def act(session: Session, who: ActingMember) -> None:
        stays, goes = _id(building_id), _chosen("goes")
        merging.merge_buildings(session, who.community_id, stays, goes, who=who, now=clock.now())

    return _do(building_id, act, "merge.buildings_done", "merge-building")


@bp.post("/unmerge")
@allow("coordinator")
def unmerge_building(building_id: str) -> Response:
    """This building is one by itself after all; back to its own page."""

    def act(session: Session, who: ActingMember) -> None:
        merging.unmerge_building(
            session, who.community_id, _id(building_id), who=who, now=clock.now()
        )

    return _do(building_id, act, "merge.building_back", "merge-building")


def _do(building_id: str, act: Act, done: str, anchor: str) -> Response:
    """Run an action in a transaction of its own; what a person can mend is told on the page."""
    try:
        with db.writing() as session:
            act(session, access.member())
        flash(_(done), "ok")
    except NotFound:
        raise
    except Problem as problem:
        flash(_(problem.message, **problem.params), "error")
    return redirect(f"/buildings/{_id(building_id)}#{anchor}", 303)


def _chosen(name: str) -> str:
    """An id from the form. Problem `merge_nothing` when nothing was chosen."""
    if not request.form.get(name):
        raise Problem("merge_nothing")
    return _id(request.form[name])


def _id(text: str) -> str:
    if not ids.is_id(text):
        raise NotFound
    return text
