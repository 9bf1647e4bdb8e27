"""Push and pull: the only way between phone and server."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, current_app
from msgspec import Raw
from sqlalchemy import update

from webapp.accounts import access, community_keys, epoch
from webapp.accounts.access import ActingMember, allow
from webapp.accounts.models import Device
from webapp.core import clock, db, http
from webapp.core.errors import Problem
from webapp.core.i18n import _
from webapp.core.settings import Settings
from webapp.operations import feeds, receipt, revoked
from webapp.operations.boxes import PrivateKey, unsealed
from webapp.operations.decode import decode
from webapp.operations.push import REVOKED, Result, push
from webapp.operations.registry import Reader
from webapp.operations.split import split
from webapp.sync.wire import (
    MAX_OPERATIONS,
    MIN_CLIENT,
    BucketChanges,
    DifferencesAnswer,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    ReceiptAnswer,
    ReceiptRequest,
)

bp = Blueprint("sync", __name__, url_prefix="/api/v1/sync")


@bp.post("/push")
@allow("volunteer", "coordinator", pending=True, revoked_ok=True)
def push_operations() -> Response:
    """Take what a phone recorded; who recorded it comes from the cookie."""
    member, elements = _with_device(), _elements()
    elements = unsealed(elements, lambda: _private_key(member))
    now = clock.now()
    items = decode(elements, member_id=member.member_id, device_id=member.device_id, now=now)
    if member.device_revoked:
        with db.reading() as session:
            revoked.bound(session, member.community_id, str(member.device_id), items)
    with db.writing() as session:
        results = push(
            session,
            member.community_id,
            member.timezone,
            items,
            now=now,
            hold=REVOKED if member.device_revoked else None,
        )
        current = epoch.read(session)
    answer = PushAnswer(
        server_time=clock.iso(clock.now()),
        epoch=current or epoch.ensure(),
        min_client=MIN_CLIENT,
        results=_explained(results),
    )
    return http.answer_json(answer)


@bp.post("/pull")
@allow("volunteer", "coordinator", pending=True)
def pull_changes() -> Response:
    """What is new for this member, from one snapshot; then note how the phone stands."""
    member, body = _with_device(), http.read_json(PullRequest)
    reader = Reader(member.community_id, member.member_id, member.person_id)
    current = epoch.ensure()
    _ensure_key(member.community_id)
    with db.reading() as session:
        page = feeds.pull(session, reader, body.cursors, epoch=current, only=body.only)
    if body.only is None:  # a look at the news every 20 s is no contact worth a write
        _note_contact(member, body.waiting, complete=not page.more)
    answer = PullAnswer(
        scope=page.scope,
        changes={
            bucket: BucketChanges(
                cursor=changes.cursor,
                rows=[Raw(row) for row in changes.rows],
                gone=changes.gone,
                reset=changes.reset,
            )
            for bucket, changes in page.changes.items()
        },
        more=page.more,
        server_time=clock.iso(clock.now()),
        epoch=current,
    )
    return http.answer_json(answer)


@bp.get("/receipt")
@allow("volunteer", "coordinator", pending=True, revoked_ok=True)
def get_receipt() -> Response:
    """How much of this device the server has."""
    member = _with_device()
    with db.reading() as session:
        found = receipt.of_device(session, member.community_id, str(member.device_id))
    return http.answer_json(ReceiptAnswer(count=found.count, digest=found.digest))


@bp.post("/receipt")
@allow("volunteer", "coordinator", pending=True, revoked_ok=True)
def compare_receipt() -> Response:
    """What the server lacks of a phone's log, and what it has otherwise."""
    member, body = _with_device(), http.read_json(ReceiptRequest)
    pairs = [
        (operation_id.lower(), bytes.fromhex(digest)) for operation_id, digest in body.operations
    ]
    with db.reading() as session:
        missing, different = receipt.compare(session, member.community_id, pairs)
    return http.answer_json(DifferencesAnswer(missing=missing, different=different))


def _elements() -> Sequence[Raw | bytes]:
    """The push's operations as they came, also beside one that is no JSON."""
    body = http.json_body()
    try:
        return http.parse_json(body, PushRequest).operations
    except Problem as problem:
        elements = split(body, MAX_OPERATIONS) if problem.params.get("field") == "" else None
        if elements is None:
            raise
        return elements


def _private_key(member: ActingMember) -> PrivateKey:
    settings: Settings = current_app.extensions["qiaomen.settings"]
    with db.reading() as session:
        return community_keys.private(session, member.community_id, settings.secret_key)


def _with_device() -> ActingMember:
    """Who is asking; only a phone that signed in with its device may sync."""
    member = access.member()
    if member.device_id is None:
        raise Problem("device_required", status=401)
    return member


def _ensure_key(community_id: int) -> None:
    """The community's key pair is made when its first phone asks; later this is one look."""
    with db.reading() as session:
        known = community_keys.public(session, community_id)
    if known is None:
        settings: Settings = current_app.extensions["qiaomen.settings"]
        with db.writing() as session:
            community_keys.ensure(session, community_id, settings.secret_key)


def _note_contact(member: ActingMember, waiting: int, *, complete: bool) -> None:
    """In a short transaction of its own, after the snapshot is closed."""
    now = clock.now()
    values: dict[str, int] = {"seen_at": now, "waiting": waiting}
    if complete:
        values["synced_at"] = now
    with db.writing() as session:
        session.execute(
            update(Device)
            .where(Device.community_id == member.community_id, Device.id == member.device_id)
            .values(**values)
        )


def _explained(results: list[Result]) -> list[Result]:
    """Say in the person's language why something is held or refused."""
    for result in results:
        if result.code is not None:
            result.message = _(f"operation.{result.code}", field=result.field or "")
        elif result.warning is not None:
            result.message = _(f"operation.{result.warning}")
    return results
