"""Public pages: a resident checks who is at the door. They work without script."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts import answers
from webapp.accounts.access import public
from webapp.core import clock, db
from webapp.trust import known, numbers, photos, setting
from webapp.trust.bearers import asks_number
from webapp.trust.checking import AskNumber, Checker, Verdict
from webapp.trust.known import Caretaker
from webapp.trust.setting import Setting

bp = Blueprint("verify", __name__)
SCANNED = re.compile(r"(?P<number>[0-9]{1,9})\.(?P<step>[0-9]{1,12})\.(?P<mark>[a-z2-7]{16})")


@bp.get("/verify")
@public
def check() -> ResponseReturnValue:
    """The form; with number and code, what is known of who shows them."""
    with db.reading() as session:
        here = setting.of_community(session, _community())
    if not _asked():
        return _form(here)
    return _check_number(here)


@bp.get("/verify/<uuid:building_id>")
@public
def check_at(building_id: UUID) -> ResponseReturnValue:
    """The address on a stairwell's poster: the code alone is enough, unless many walk there."""
    with db.reading() as session:
        here = setting.of_building(session, str(building_id))
        if here is None or here.building is None:
            return _form(setting.of_community(session, None), status=404)
        needs_number = asks_number(session, here.building)
        caretaker = known.of_building(session, here.building)
    if not _asked():
        return _form(here, needs_number=needs_number, caretaker=caretaker)
    if needs_number or request.args.get("number", "").strip():
        return _check_number(here)
    code = numbers.read_code(request.args.get("code", ""))
    if code is None:
        return _form(here, wrong="code", needs_number=False)
    try:
        verdict = _checker().at_building(here.building, code, now=clock.now())
    except AskNumber:
        return _form(here, wrong="number")
    return _told(here, verdict)


@bp.get("/v/<token>")
@public
def scanned(token: str) -> ResponseReturnValue:
    """The address in a badge's QR code."""
    with db.reading() as session:
        here = setting.of_community(session, None)
    found = SCANNED.fullmatch(token)
    if found is None:
        return _form(here, wrong="scanned")
    verdict = _checker().scanned(
        int(found["number"]), int(found["step"]), found["mark"], now=clock.now()
    )
    return _told(here, verdict)


def _check_number(here: Setting) -> Response:
    typed = numbers.read(request.args.get("number", ""))
    code = numbers.read_code(request.args.get("code", ""))
    if typed is None or code is None:
        return _form(here, wrong="number" if typed is None else "code")
    return _told(here, _checker().typed(typed, code, now=clock.now()))


def _community() -> int | None:
    """The community whose page led here; it only says whom to call."""
    given = request.args.get("c", "")
    return int(given) if re.fullmatch(r"[0-9]{1,9}", given) else None


def _asked() -> bool:
    """Whether a check is asked for; whoever only looks whether the page is there asks nothing."""
    return request.method == "GET" and bool({"number", "code"} & set(request.args))


def _checker() -> Checker:
    return Checker(answers.settings().secret_key, request.remote_addr)


def _form(
    here: Setting,
    *,
    wrong: str = "",
    needs_number: bool = True,
    caretaker: Caretaker | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "trust/verify.html",
        here=here,
        wrong=wrong,
        needs_number=needs_number,
        caretaker=caretaker,
        typed=_typed(),
    )
    return make_response(page, 400 if wrong else status)


def _typed() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:20] for name in ("number", "code")}


def _told(here: Setting, verdict: Verdict) -> Response:
    """What came of the check. Only a right code names anybody, and their community's phone."""
    photo = None
    if verdict.bearer is not None:
        with db.reading() as session:
            here_now = setting.of_bearer(session, verdict.bearer)
            photo = photos.inline(session, verdict.bearer.community_id, verdict.bearer.badge_id)
        here = here if here.community_id == here_now.community_id else here_now
    page = render_template(
        "trust/verdict.html",
        here=here,
        verdict=verdict,
        photo=photo,
        typed=_typed(),
        now=clock.now(),
        host=urlsplit(answers.settings().public_url).netloc,
        again=request.path if here.building else "/verify",
    )
    return make_response(page, 429 if verdict.blocked else 200)
