"""Alerts of other systems, by token: `POST /api/v1/alerts`; how far they are: `GET`."""

from __future__ import annotations

import re
from hashlib import sha256

import msgspec
from flask import Blueprint, Response, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.access import public
from webapp.alerts.change import begin, get_alert
from webapp.alerts.fields import wrong
from webapp.alerts.intake import entering, grounds, tokens
from webapp.alerts.intake.entry import PLACE, Entry
from webapp.alerts.intake.models import ApiDelivery
from webapp.alerts.intake.parts import Parsed
from webapp.alerts.intake.tokens import Bearer
from webapp.alerts.intake.wire import (
    AlertPart,
    AlertPostAnswer,
    AlertPostRequest,
    AlertStatusAnswer,
)
from webapp.core import clock, db, http
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id

bp = Blueprint("alert_posts", __name__, url_prefix="/api/v1/alerts")
LONGEST = 32_000
"""Bytes of a body."""
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")
_SAME = ("level", "channel", "scam_type", "sex", "age", "phone", "amount", "place_text", *PLACE)


@bp.post("")
@http.without_token
@public
def post() -> Response:
    """An alert of another system becomes a draft (201); the same again is the same (200)."""
    now = clock.now()
    bearer = _bearer(tokens.CREATE, now)
    body = _read_body()
    entry = _entry(body, bearer)
    digest = sha256(msgspec.json.encode(body)).digest()
    with db.reading() as session:
        ground = grounds.read(session, bearer.community_id)
        (ready,) = entering.prepare(session, ground, [entry], now=now)
    with db.writing() as session:
        begin(session, bearer.community_id, now)
        before = _before(session, bearer, body.reference)
        if before is not None:
            if before.body_hash != digest:
                raise Problem("reference_taken", status=409, reference=body.reference)
            answer = _answer(session, bearer, before.alert_id, ready.parsed, created=False)
        else:
            (done,) = entering.enter(session, ground, [ready], who=None, now=now, source="api")
            session.add(
                ApiDelivery(
                    community_id=bearer.community_id,
                    id=new_id(),
                    token_id=bearer.token_id,
                    reference=body.reference,
                    body_hash=digest,
                    alert_id=done.alert_id,
                    at=now,
                )
            )
            answer = _answer(session, bearer, done.alert_id, ready.parsed, created=True)
    return http.answer_json(answer, 201 if answer.created else 200)


@bp.get("")
@public
def status() -> Response:
    """How far an alert is that this program has posted; no person. `?reference=` names it."""
    bearer = _bearer(tokens.STATUS, clock.now())
    reference = request.args.get("reference", "")[:64]
    with db.reading() as session:
        delivery = _before(session, bearer, reference)
        if delivery is None:
            raise NotFound("alert_unknown")
        alert = get_alert(session, bearer.community_id, delivery.alert_id)
        answer = AlertStatusAnswer(
            reference=reference,
            **{
                name: getattr(alert, name)
                for name in AlertStatusAnswer.__struct_fields__
                if name != "reference"
            },
        )
    return http.answer_json(answer)


def _bearer(scope: str, now: int) -> Bearer:
    header = request.headers.get("Authorization", "")[:200]
    return tokens.authenticate(header, scope, address=request.remote_addr or "", now=now)


def _read_body() -> AlertPostRequest:
    raw = http.json_body()
    if len(raw) > LONGEST:
        raise Problem("too_large", status=413)
    try:
        return http.parse_json(raw, AlertPostRequest)
    except Problem as problem:
        unknown = _UNKNOWN.search(str(problem.__cause__))
        if unknown:
            raise Problem("field_unknown", field=unknown[1][:60]) from problem
        if field := problem.params.get("field"):
            raise Problem("field_wrong", field=field) from problem
        raise


def _entry(body: AlertPostRequest, bearer: Bearer) -> Entry:
    fields: dict[str, object] = {name: getattr(body, name, None) for name in _SAME}
    fields["resident_name"] = body.name.strip()
    if body.received_at:
        try:
            fields["received_at"] = clock.parse(body.received_at)
        except ValueError:
            raise wrong("alert_invalid", "received_at") from None
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    if not body.text.strip() and not given.keys() - {"level", "received_at"}:
        raise Problem("alert_empty")
    return Entry(
        text=body.text.strip(), fields=given, reference=f"{bearer.token_id[-12:]}:{body.reference}"
    )


def _before(session: Session, bearer: Bearer, reference: str) -> ApiDelivery | None:
    statement = select(ApiDelivery).where(
        ApiDelivery.community_id == bearer.community_id,
        ApiDelivery.token_id == bearer.token_id,
        ApiDelivery.reference == reference,
    )
    return session.scalars(statement).one_or_none()


def _answer(
    session: Session, bearer: Bearer, alert_id: str, parsed: Parsed, *, created: bool
) -> AlertPostAnswer:
    alert = get_alert(session, bearer.community_id, alert_id)
    own = {name: getattr(alert, name) for name in ("id", "number", "status", "level")}
    return AlertPostAnswer(
        **own,
        received_at=alert.received_at,
        deadline=alert.deadline,
        created=created,
        parts={
            name: AlertPart(part.value, list(part.spans), part.about)
            for name, part in parsed.parts.items()
        },
    )
