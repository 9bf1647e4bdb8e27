"""Questions that the desk's pages ask about cards; each answers with plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community, Member, Person
from webapp.core.errors import NotFound
from webapp.playbook import content, rows
from webapp.playbook.content import CardText, Content
from webapp.playbook.models import FieldNote, PlaybookCard, PlaybookVersion, Training
from webapp.playbook.versions import OPEN, decode

CURRENT = 3
"""So many tricks are told to residents: who reads more remembers none."""


@dataclass(frozen=True, slots=True)
class Line:
    """A card in the list. `origin`: builtin, changed or own; `version` none: not on the phones.

    `draft` is the status of the version that is being worked on; `readers` of `team` have read the
    version in force (only for versions of the community).
    """

    id: str
    content: Content
    origin: str
    version: int | None
    published_at: int | None
    draft: str | None
    readers: int = 0
    team: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One version in a card's history, with the names of who did what."""

    number: int
    status: str
    note: str
    base: int | None
    changed_at: int
    changed_by: str
    reviewed_at: int | None
    reviewed_by: str
    published_at: int | None
    published_by: str


@dataclass(frozen=True, slots=True)
class Reader:
    """An active member, and when they first read the version in force."""

    name: str
    read_at: int | None


@dataclass(frozen=True, slots=True)
class CardView:
    """One card with its history, newest first, and its readers, who has not read it first."""

    line: Line
    steps: Sequence[Step]
    readers: Sequence[Reader]


def text_in(card: Content, language: str) -> CardText:
    """The card in that language; in Chinese where it has no other."""
    return card.en if language == "en" and card.en is not None else card.zh


def cards(session: Session, community_id: int) -> list[Line]:
    """The product's cards and the community's own ones, in the order of the phones' list."""
    own = {
        card.id: card
        for card in session.scalars(
            select(PlaybookCard)
            .where(PlaybookCard.community_id == community_id)
            .order_by(PlaybookCard.created_at, PlaybookCard.id)
        )
    }
    versions = _versions(session, community_id)
    read = _read_counts(session, community_id)
    team = len(members(session, community_id))
    ids = [*content.builtin(), *(card_id for card_id in own if card_id not in content.builtin())]
    lines = [
        _line(card_id, own.get(card_id), versions.get(card_id, []), read, team) for card_id in ids
    ]
    return [line for line in lines if line is not None]


def card(session: Session, community_id: int, card_id: str) -> CardView:
    """One card. Raises NotFound."""
    own = session.get(PlaybookCard, (community_id, card_id))
    versions = _versions(session, community_id, card_id).get(card_id, [])
    team = members(session, community_id)
    readers = _readers(session, community_id, card_id, own, team)
    line = _line(card_id, own, versions, {}, len(team))
    if line is None:
        raise NotFound("card_unknown")
    names = everybody(session, community_id)
    steps = [_step(version, names) for version in reversed(versions)]
    return CardView(line, steps, readers)


def community(session: Session, community_id: int) -> Community:
    """Name and phone number for what is printed; NotFound for a community that is not there."""
    found = session.get(Community, community_id)
    if found is None:
        raise NotFound("community_unknown")
    return found


def current_tricks(session: Session, community_id: int, limit: int = CURRENT) -> list[Content]:
    """The cards that residents should know now: the community's newest first, then the product's
    in their order."""
    statement = (
        select(PlaybookVersion)
        .where(PlaybookVersion.community_id == community_id, PlaybookVersion.status == "published")
        .order_by(PlaybookVersion.published_at.desc())
        .limit(limit)
    )
    newest = session.scalars(statement).all()
    known = {version.card_id for version in newest}
    others = (one.content for key, one in content.builtin().items() if key not in known)
    return [*map(decode, newest), *others][:limit]


def members(session: Session, community_id: int) -> dict[str, str]:
    """Names of the active members by id."""
    return _names(session, community_id, active=True)


def everybody(session: Session, community_id: int) -> dict[str, str]:
    """Names of all who ever were members."""
    return _names(session, community_id, active=False)


def _names(session: Session, community_id: int, *, active: bool) -> dict[str, str]:
    statement = (
        select(Member.id, Person.name)
        .join(Person, Person.id == Member.person_id)
        .where(Member.community_id == community_id)
        .order_by(Person.name, Member.id)
    )
    if active:
        statement = statement.where(Member.status == "active")
    return {row.id: row.name for row in session.execute(statement)}


def open_notes(session: Session, community_id: int) -> int:
    """How many field notes wait for somebody."""
    return (
        session.scalar(
            select(func.count())
            .select_from(FieldNote)
            .where(FieldNote.community_id == community_id, FieldNote.status == "open")
        )
        or 0
    )


def _versions(
    session: Session, community_id: int, card_id: str | None = None
) -> dict[str, list[PlaybookVersion]]:
    """Versions by card, in order; for the list only those in force or in work."""
    statement = (
        select(PlaybookVersion)
        .where(PlaybookVersion.community_id == community_id)
        .order_by(PlaybookVersion.card_id, PlaybookVersion.number)
    )
    if card_id is None:
        statement = statement.where(PlaybookVersion.status.in_([*OPEN, "published", "withdrawn"]))
    else:
        statement = statement.where(PlaybookVersion.card_id == card_id)
    found: dict[str, list[PlaybookVersion]] = {}
    for version in session.scalars(statement):
        found.setdefault(version.card_id, []).append(version)
    return found


def _line(
    card_id: str,
    own: PlaybookCard | None,
    versions: Sequence[PlaybookVersion],
    read: Mapping[str, int],
    team: int,
) -> Line | None:
    """None for a card that neither the product nor the community has."""
    builtin = content.builtin().get(card_id)
    published = next((one for one in versions if one.status == "published"), None)
    draft = next((one for one in versions if one.status in OPEN), None)
    if published is not None:
        origin, text = "changed" if builtin else "own", decode(published)
    elif builtin is not None:
        origin, text = "builtin", builtin.content
    elif versions:
        origin, text = "own", decode(versions[-1])
    else:
        return None
    came = rows.BUILTIN_VERSION if builtin is not None else None
    return Line(
        id=card_id,
        content=text,
        origin=origin,
        version=published.number if published else came,
        published_at=published.published_at if published else None,
        draft=draft.status if draft else None,
        readers=read.get(card_id, 0),
        team=team,
    )


def _step(version: PlaybookVersion, names: Mapping[str, str]) -> Step:
    return Step(
        number=version.number,
        status=version.status,
        note=version.note,
        base=version.base,
        changed_at=version.changed_at,
        changed_by=names.get(version.changed_by, ""),
        reviewed_at=version.reviewed_at,
        reviewed_by=names.get(version.reviewed_by or "", ""),
        published_at=version.published_at,
        published_by=names.get(version.published_by or "", ""),
    )


def _read_counts(session: Session, community_id: int) -> dict[str, int]:
    """How many active members have read the version in force, by card."""
    statement = (
        select(Training.card_id, func.count())
        .join(
            PlaybookCard,
            (PlaybookCard.community_id == Training.community_id)
            & (PlaybookCard.id == Training.card_id),
        )
        .join(
            Member,
            (Member.community_id == Training.community_id) & (Member.id == Training.member_id),
        )
        .where(
            Training.community_id == community_id,
            Training.read_version >= PlaybookCard.published,
            Member.status == "active",
        )
        .group_by(Training.card_id)
    )
    return {card_id: count for card_id, count in session.execute(statement)}


def _readers(
    session: Session,
    community_id: int,
    card_id: str,
    own: PlaybookCard | None,
    team: Mapping[str, str],
) -> list[Reader]:
    if own is None or own.published is None:
        return []
    statement = select(Training.member_id, Training.read_at).where(
        Training.community_id == community_id,
        Training.card_id == card_id,
        Training.read_version >= own.published,
    )
    read = {member_id: read_at for member_id, read_at in session.execute(statement)}
    found = [Reader(name, read.get(member_id)) for member_id, name in team.items()]
    return sorted(found, key=lambda reader: reader.read_at is not None)
