"""Who is asking, and who may: every endpoint says so, and what says nothing is closed.

A view stands under `@bp.get("/coverage")` and `@allow("coordinator")`, and asks
`access.member()` who is calling.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, Request, Response, current_app, g, redirect, request
from flask_login import LoginManager, current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts import sessions
from webapp.accounts.actor import ActingMember, Actor
from webapp.core import clock, http
from webapp.core.errors import Problem
from webapp.core.settings import Settings

__all__ = [
    "ActingMember",
    "Actor",
    "allow",
    "allow_leaving",
    "allow_signed_in",
    "current_user",
    "init_app",
    "member",
    "public",
    "signed_in",
]

COOKIE = "qm_session"
ROLES = {"volunteer", "coordinator", "supervisor", "admin"}
log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """Who may use an endpoint. Without roles: everybody, or everybody who is `signed_in`."""

    roles: frozenset[str] = frozenset()
    signed_in: bool = False
    pending: bool = False
    revoked_ok: bool = False


def public(view: View) -> View:
    """Open an endpoint to everybody."""
    view.__dict__["qm_access"] = Rule()
    return view


def allow_signed_in(view: View) -> View:
    """Open an endpoint to everybody who is signed in, whatever their role."""
    view.__dict__["qm_access"] = Rule(signed_in=True)
    return view


def allow_leaving(view: View) -> View:
    """The same, also on a revoked device: everybody may sign out."""
    view.__dict__["qm_access"] = Rule(signed_in=True, revoked_ok=True)
    return view


def allow(*roles: str, pending: bool = False, revoked_ok: bool = False) -> Callable[[View], View]:
    """Open an endpoint to these roles.

    `pending` lets in members whom nobody has confirmed yet; `revoked_ok` lets in a revoked device
    (it may still hand over what it recorded).
    """
    if not roles or set(roles) - ROLES:
        raise ValueError(roles)

    def declare(view: View) -> View:
        view.__dict__["qm_access"] = Rule(frozenset(roles), True, pending, revoked_ok)
        return view

    return declare


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """What an endpoint declares; none means closed."""
    if endpoint == "static":
        return Rule()
    rule = getattr(app.view_functions.get(endpoint), "qm_access", None)
    return rule if isinstance(rule, Rule) else None


def signed_in() -> Actor:
    """Who is asking; Problem 401 if nobody is signed in."""
    if not isinstance(current_user._get_current_object(), Actor):  # noqa: SLF001
        raise Problem("not_signed_in", status=401)
    actor: Actor = current_user._get_current_object()  # noqa: SLF001
    return actor


def member() -> ActingMember:
    """Who is asking, as a member of a community; Problem 403 if they act for none."""
    actor = signed_in()
    if not isinstance(actor, ActingMember):
        raise Problem("forbidden", status=403)
    return actor


def init_app(app: Flask) -> None:
    """Install the sign-in by cookie and the closed door. Call it before CSRF protection."""
    manager = LoginManager(app)
    manager.session_protection = None  # a phone changes its address at every street corner
    manager.request_loader(_load)
    app.before_request(_door)
    app.after_request(_renew)


def set_cookie(answer: BaseResponse, token: str) -> None:
    """Hand out a session's token; scripts never see it."""
    settings: Settings = current_app.extensions["qiaomen.settings"]
    answer.set_cookie(
        COOKIE,
        token,
        max_age=sessions.LIFETIME // clock.SECOND,
        httponly=True,
        secure=settings.secure_cookies,
        samesite="Lax",
    )


def drop_cookie(answer: BaseResponse) -> None:
    """Take the token back."""
    settings: Settings = current_app.extensions["qiaomen.settings"]
    answer.delete_cookie(COOKIE, httponly=True, secure=settings.secure_cookies, samesite="Lax")


def _load(request_: Request) -> Actor | None:
    token = request_.cookies.get(COOKIE)
    actor = sessions.find(token, now=clock.now()) if token else None
    if actor and actor.locale:
        g.locale = actor.locale
    return actor


def _door() -> BaseResponse | None:
    if request.endpoint is None:  # no such address: 404 for everybody
        return None
    rule = rule_of(current_app, request.endpoint)
    if rule is None:
        log.error("endpoint %s declares nobody who may use it", request.endpoint)
        raise Problem("forbidden", status=403)
    if not rule.signed_in:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    actor = signed_in()
    if rule.roles and actor.undecided and not http.is_api():
        return redirect("/choose-community?" + urlencode({"next": request.path}))
    judge(rule, actor)
    _note_contact(actor)
    return None


def judge(rule: Rule, actor: Actor) -> None:
    """Raise Problem when the rule keeps this person out."""
    if actor.device_revoked and not rule.revoked_ok:
        # The token lets it push what it still has.
        raise Problem("device_revoked", status=410, csrf_token=generate_csrf())
    if not rule.roles or rule.roles & actor.roles:
        return
    if actor.member_role not in rule.roles:
        raise Problem("forbidden", status=403)
    if actor.member_status == "pending":
        if not rule.pending:
            raise Problem("pending", status=403)
    elif not (actor.device_revoked and rule.revoked_ok):
        raise Problem("forbidden", status=403)


def _ask_to_sign_in() -> BaseResponse:
    if http.is_api():
        raise Problem("not_signed_in", status=401)
    query = ""
    if request.method == "GET" and request.path != "/":
        query = "?" + urlencode({"next": request.full_path.rstrip("?")})
    return redirect("/sign-in" + query)


def _note_contact(actor: Actor) -> None:
    """Keep a used session alive; rarely, because it costs a write."""
    now = clock.now()
    if now - actor.seen_at >= sessions.NOTED_EVERY:
        sessions.note_contact(actor, now=now)
        g.qm_renew = True


def _renew(answer: Response) -> Response:
    token = request.cookies.get(COOKIE)
    if token and g.get("qm_renew") and "qm_session=" not in str(answer.headers.get("Set-Cookie")):
        set_cookie(answer, token)
    return answer
