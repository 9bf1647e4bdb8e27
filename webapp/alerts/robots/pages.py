"""`/settings/robots`, and `/settings/duty` beside it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.accounts.queries import team_of
from webapp.alerts import codes, rota
from webapp.alerts.desk.said import said
from webapp.alerts.robots import desk
from webapp.core import clock, db
from webapp.core.errors import Problem
from webapp.core.forms import whole
from webapp.core.settings import Settings

bp = Blueprint("robots", __name__, url_prefix="/settings")
ROBOTS, DUTY = "/settings/robots", "/settings/duty"


@bp.get("/robots")
@allow("coordinator")
def show() -> str:
    """The robots, and what they were told."""
    who = access.member()
    with db.reading() as session:
        robots = desk.robots(session, who.community_id)
        told = desk.deliveries(session, who.community_id)
    return render_template(
        "alerts/robots.html",
        robots=robots,
        deliveries=told,
        names={robot.id: robot.name for robot in robots},
        events=desk.EVENTS,
        levels=codes.LEVELS,
        timezone=who.timezone,
    )


@bp.post("/robots")
@allow("coordinator")
def add() -> BaseResponse:
    """A new one."""
    return _save(None)


@bp.post("/robots/<uuid:robot_id>")
@allow("coordinator")
def change(robot_id: UUID) -> BaseResponse:
    """Another name, address, choice."""
    return _save(str(robot_id))


@bp.post("/robots/<uuid:robot_id>/test")
@allow("coordinator")
def try_out(robot_id: UUID) -> BaseResponse:
    """Have it told something harmless."""
    who = access.member()
    with said("robot_tried") as session:
        desk.try_out(session, who.community_id, str(robot_id), who=who, now=clock.now())
    return redirect(ROBOTS)


@bp.post("/robots/<uuid:robot_id>/end")
@allow("coordinator")
def end(robot_id: UUID) -> BaseResponse:
    """Take it away."""
    who = access.member()
    with said("robot_ended") as session:
        desk.end(session, who.community_id, str(robot_id), who=who, now=clock.now())
    return redirect(ROBOTS)


@bp.get("/duty")
@allow("coordinator")
def duty() -> str:
    """The rota, and who is on duty now."""
    who = access.member()
    now = clock.now()
    with db.reading() as session:
        lines = rota.lines(session, who.community_id)
        return render_template(
            "alerts/duty.html",
            lines=lines,
            here=rota.on_duty(session, who.community_id, now),
            team=team_of(session, who.community_id),
            written=rota.written,
            today=clock.day_of(now, who.timezone),
        )


@bp.post("/duty")
@allow("coordinator")
def add_duty() -> BaseResponse:
    """Enter somebody."""
    who = access.member()
    form = request.form
    with said("duty_added") as session:
        rota.add(
            session,
            who.community_id,
            form.get("member", ""),
            weekdays=[int(day) for day in form.getlist("weekday") if day in "0123456" and day],
            day=_day(form.get("day", "")),
            start=form.get("start", ""),
            end=form.get("end", ""),
            who=who,
            now=clock.now(),
        )
    return redirect(DUTY)


@bp.post("/duty/<uuid:duty_id>/remove")
@allow("coordinator")
def remove_duty(duty_id: UUID) -> BaseResponse:
    """Take a line out."""
    who = access.member()
    with said("duty_removed") as session:
        rota.remove(session, who.community_id, str(duty_id), who=who, now=clock.now())
    return redirect(DUTY)


def _save(robot_id: str | None) -> BaseResponse:
    who, settings = access.member(), _settings()
    with said("robot_saved") as session:
        desk.save(
            session,
            who.community_id,
            robot_id,
            _fields(),
            secret_key=settings.secret_key,
            local=settings.loopback,
            who=who,
            now=clock.now(),
        )
    return redirect(ROBOTS)


def _fields() -> desk.RobotFields:
    form = request.form
    rate = form.get("per_minute", "").strip()
    if rate and whole(rate, 5) is None:
        raise Problem("robot_rate", field="per_minute", most=desk.MOST_PER_MINUTE)
    return desk.RobotFields(
        name=form.get("name", ""),
        address=form.get("address", "").strip(),
        secret=form.get("secret", ""),
        events=form.getlist("event"),
        levels=form.getlist("level"),
        per_minute=int(rate) if rate else None,
        enabled=bool(form.get("enabled")),
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Problem("invalid", field="day") from None


def _settings() -> Settings:
    settings: Settings = current_app.extensions["qiaomen.settings"]
    return settings
