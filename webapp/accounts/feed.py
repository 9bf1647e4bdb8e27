"""What phones get of accounts: the community and its team, and one's own membership.

Rows of the bucket `community` and of `me`, each with the number under which it last changed.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from webapp.accounts import community_keys
from webapp.accounts.models import Community, Member, Person

Row = tuple[int, dict[str, Any]]
"""A row's seq and its fields."""


def community_rows(session: Session, community_id: int, since: int) -> Iterator[Row]:
    """What changed after `since`: community, team."""
    community = session.get_one(Community, community_id)
    if community.seq > since:
        yield community.seq, _community(community, community_keys.public(session, community_id))
    for row in _members(session, community_id, since):
        yield row.seq, _member(row)


def own_member_rows(
    session: Session, community_id: int, member_id: str, since: int
) -> Iterator[Row]:
    """The member's own row, with its status, if it changed after `since`."""
    row = session.execute(
        _STATEMENT.where(
            Member.community_id == community_id, Member.id == member_id, Member.seq > since
        )
    ).one_or_none()
    if row is not None:
        yield row.seq, {**_member(row), "status": row.status}


def _member(row: Any) -> dict[str, Any]:
    """A member as phones see them: no phone number, no login."""
    answer: dict[str, Any] = {"kind": "member", "id": row.id, "name": row.name, "role": row.role}
    if row.lead:
        answer["lead"] = True
    if row.deputy:
        answer["deputy"] = True
    if row.status == "ended":  # kept, because older visits name who made them
        answer["status"] = "ended"
    return answer


def _members(session: Session, community_id: int, since: int) -> list[SqlRow[Any]]:
    """Who was confirmed at some time; a pending stranger's name is nobody's business yet."""
    confirmed = or_(
        Member.status == "active",
        and_(Member.status == "ended", Member.confirmed_at.is_not(None)),
    )
    return list(
        session.execute(
            _STATEMENT.where(
                Member.community_id == community_id, Member.seq > since, confirmed
            ).order_by(Member.seq)
        )
    )


def _community(community: Community, key: bytes | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": "community",
        "id": community.id,
        "name": community.name,
        "region": community.region,
        "timezone": community.timezone,
        "publicity_target": community.publicity_target,
        "app_target": community.app_target,
        "headline": community.headline,
        "phone": community.phone,
        "leaflet_default": community.leaflet_default,
    }
    if key is not None:  # rescue files are encrypted to it
        row["public_key"] = b64encode(key).decode()
    return row


_STATEMENT = select(
    Member.id,
    Person.name,
    Member.role,
    Member.status,
    Member.lead,
    Member.deputy,
    Member.seq,
).join(Person, Person.id == Member.person_id)
