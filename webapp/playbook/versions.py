"""A community's cards: made, changed, reviewed, published, taken back. Every step is written down.

A version that is published never changes; what comes next is a new one, made from it. Drafts are
rows that no bucket carries, publishing and withdrawing are not: these draw their number first.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Member
from webapp.core import db
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.operations.feeds import COMMUNITY, bury
from webapp.playbook import content, differ, rows
from webapp.playbook.content import Content
from webapp.playbook.models import PlaybookCard, PlaybookVersion
from webapp.playbook.rules import check

OPEN = ("draft", "reviewed")
NOTE_LENGTH = 200


def decode(version: PlaybookVersion) -> Content:
    """What a version says."""
    return msgspec.json.decode(version.content, type=Content)


def add_card(session: Session, who: ActingMember, card: Content, *, now: int) -> str:
    """A new card with a first draft; its id."""
    card_id = new_id()
    _add_card(session, who.community_id, card_id, card.type, now)
    _add_draft(session, who, card_id, card, base=None, now=now)
    return card_id


def open_draft(session: Session, who: ActingMember, card_id: str, *, now: int) -> PlaybookVersion:
    """The card's draft, made from what is in force if there is none. Raises NotFound."""
    _lock(session, who.community_id, card_id)
    version = find_open(session, who.community_id, card_id)
    if version is not None:
        return version
    card = session.get(PlaybookCard, (who.community_id, card_id))
    if card is None:
        builtin = content.builtin().get(card_id)
        if builtin is None:
            raise NotFound("card_unknown")
        _add_card(session, who.community_id, card_id, builtin.content.type, now)
    base, text = in_force(session, who.community_id, card_id)
    return _add_draft(session, who, card_id, text, base=base, now=now)


def save(
    session: Session,
    who: ActingMember,
    version: PlaybookVersion,
    card: Content,
    note: str,
    *,
    now: int,
) -> None:
    """Write a draft's new text; what was reviewed has to be reviewed again.

    Raises Problem `card_text` for a text that no card may hold.
    """
    check(card)
    changed = differ.changed_parts(decode(version), card)
    note = note.strip()[:NOTE_LENGTH]
    if not changed and note == version.note:
        return
    version.content, version.note = msgspec.json.encode(card).decode(), note
    version.status = "draft"
    version.reviewed_at = version.reviewed_by = None
    version.changed_at, version.changed_by = now, who.member_id
    _note(session, who, "playbook_changed", version, now=now, parts=" ".join(changed)[:200])


def review(session: Session, who: ActingMember, version: PlaybookVersion, *, now: int) -> None:
    """A second pair of eyes has read the draft.

    Raises Problem `card_incomplete`, and `review_own` when there is somebody else who could.
    """
    if version.status != "draft":
        raise Problem("card_not_open", status=409)
    check(decode(version), whole=True)
    if version.changed_by == who.member_id and _others(session, who):
        raise Problem("review_own", status=409)
    version.status, version.reviewed_at, version.reviewed_by = "reviewed", now, who.member_id
    _note(session, who, "playbook_reviewed", version, now=now)


def publish(who: ActingMember, card_id: str, *, now: int) -> int:
    """Put what was reviewed into force; returns the number of the version.

    Its pinyin is worked out before the community is locked. Raises Problem `card_not_reviewed`, and
    `met_another` when somebody changed the text meanwhile.
    """
    with db.reading() as session:
        draft = _reviewed(session, who.community_id, card_id)
    row = rows.card_row(card_id, decode(draft), version=draft.number, published_at=now)
    with db.writing() as session:
        put_in_force(session, who, draft, row, now=now)
    return draft.number


def put_in_force(
    session: Session, who: ActingMember, draft: PlaybookVersion, row: bytes, *, now: int
) -> None:
    """Publish a reviewed draft, of which `row` was made. Raises Problem as `publish` does."""
    numbers = sequence.draw(session, who.community_id)
    version = _reviewed(session, who.community_id, draft.card_id)
    if (version.number, version.content) != (draft.number, draft.content):
        raise Problem("met_another", status=409)
    card = session.get_one(PlaybookCard, (who.community_id, draft.card_id))
    _replace(session, card, "replaced")
    version.status, version.row = "published", row.decode()
    version.published_at, version.published_by = now, who.member_id
    card.published, card.scam_type = version.number, decode(version).type
    card.seq = next(numbers)
    _note(session, who, "playbook_published", version, now=now)


def withdraw(session: Session, who: ActingMember, card_id: str, *, now: int) -> None:
    """Take a published card back: the product's card holds again, an own one leaves the phones.

    Raises NotFound, Problem `card_not_published`.
    """
    numbers = sequence.draw(session, who.community_id, 2)
    card = _own(session, who.community_id, card_id)
    if card.published is None:
        raise Problem("card_not_published", status=409)
    version = session.get_one(PlaybookVersion, (who.community_id, card_id, card.published))
    _replace(session, card, "withdrawn")
    card.published, card.seq = None, next(numbers)
    if card_id not in content.builtin():
        bury(session, numbers, who.community_id, COMMUNITY, card_id, now)
    _note(session, who, "playbook_withdrawn", version, now=now)


def drop(session: Session, who: ActingMember, version: PlaybookVersion, *, now: int) -> None:
    """Give a draft up; it stays in the history."""
    version.status = "dropped"
    _note(session, who, "playbook_dropped", version, now=now)


def find_open(session: Session, community_id: int, card_id: str) -> PlaybookVersion | None:
    """The card's draft or reviewed version, if there is one."""
    return session.scalars(
        select(PlaybookVersion).where(
            PlaybookVersion.community_id == community_id,
            PlaybookVersion.card_id == card_id,
            PlaybookVersion.status.in_(OPEN),
        )
    ).first()


def get_open(session: Session, community_id: int, card_id: str) -> PlaybookVersion:
    """The same; NotFound when there is none."""
    version = find_open(session, community_id, card_id)
    if version is None:
        raise NotFound("card_no_draft")
    return version


def in_force(session: Session, community_id: int, card_id: str) -> tuple[int | None, Content]:
    """The text that phones have and its number, else the last one that was written."""
    card = session.get(PlaybookCard, (community_id, card_id))
    if card is not None and card.published is not None:
        version = session.get_one(PlaybookVersion, (community_id, card_id, card.published))
        return version.number, decode(version)
    if card_id in content.builtin():
        return rows.BUILTIN_VERSION, content.builtin()[card_id].content
    last = session.scalars(
        select(PlaybookVersion)
        .where(PlaybookVersion.community_id == community_id, PlaybookVersion.card_id == card_id)
        .order_by(PlaybookVersion.number.desc())
        .limit(1)
    ).first()
    if last is None:
        raise NotFound("card_unknown")
    return last.number, decode(last)


def text_of(session: Session, community_id: int, card_id: str, number: int) -> Content:
    """What a version says; 0 is the product's own card. Raises NotFound."""
    if number == rows.BUILTIN_VERSION and card_id in content.builtin():
        return content.builtin()[card_id].content
    version = session.get(PlaybookVersion, (community_id, card_id, number))
    if version is None:
        raise NotFound("card_unknown")
    return decode(version)


def _add_card(session: Session, community_id: int, card_id: str, kind: str, now: int) -> None:
    row = {"community_id": community_id, "id": card_id, "scam_type": kind}
    row |= {"published": None, "created_at": now, "seq": 0}
    db.upsert(session, PlaybookCard, [row], keys=["community_id", "id"], columns=["scam_type"])


def _add_draft(
    session: Session,
    who: ActingMember,
    card_id: str,
    card: Content,
    *,
    base: int | None,
    now: int,
) -> PlaybookVersion:
    highest = session.scalar(
        select(func.max(PlaybookVersion.number)).where(
            PlaybookVersion.community_id == who.community_id, PlaybookVersion.card_id == card_id
        )
    )
    version = PlaybookVersion(
        community_id=who.community_id,
        card_id=card_id,
        number=(highest or 0) + 1,
        status="draft",
        content=msgspec.json.encode(card).decode(),
        base=base,
        note="",
        created_at=now,
        created_by=who.member_id,
        changed_at=now,
        changed_by=who.member_id,
    )
    session.add(version)
    _note(session, who, "playbook_drafted", version, now=now)
    session.flush()
    return version


def _lock(session: Session, community_id: int, card_id: str) -> None:
    """Two people who begin at once get one draft, not two (SQLite locks with the transaction)."""
    session.execute(
        update(PlaybookCard)
        .where(PlaybookCard.community_id == community_id, PlaybookCard.id == card_id)
        .values(scam_type=PlaybookCard.scam_type)
    )


def _replace(session: Session, card: PlaybookCard, status: str) -> None:
    """The version in force no longer is."""
    session.execute(
        update(PlaybookVersion)
        .where(
            PlaybookVersion.community_id == card.community_id,
            PlaybookVersion.card_id == card.id,
            PlaybookVersion.status == "published",
        )
        .values(status=status)
    )


def _reviewed(session: Session, community_id: int, card_id: str) -> PlaybookVersion:
    version = get_open(session, community_id, card_id)
    if version.status != "reviewed":
        raise Problem("card_not_reviewed", status=409)
    return version


def _own(session: Session, community_id: int, card_id: str) -> PlaybookCard:
    card = session.get(PlaybookCard, (community_id, card_id))
    if card is None:
        raise NotFound("card_unknown")
    return card


def _others(session: Session, who: ActingMember) -> bool:
    """Whether another coordinator could do it."""
    statement = select(Member.id).where(
        Member.community_id == who.community_id,
        Member.role == "coordinator",
        Member.status == "active",
        Member.id != who.member_id,
    )
    return session.scalar(statement.limit(1)) is not None


def _note(
    session: Session,
    who: ActingMember,
    action: str,
    version: PlaybookVersion,
    *,
    now: int,
    **detail: str,
) -> None:
    audit.note(
        session,
        who.community_id,
        who,
        action,
        version.card_id,
        now=now,
        version=version.number,
        **detail,
    )
