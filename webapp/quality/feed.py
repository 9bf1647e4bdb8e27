"""What phones get, in `me`: the member's own flags, and the doors that they are asked to go to."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from webapp.operations.registry import Reader, Row
from webapp.places.models import Building, Household
from webapp.quality import flagging
from webapp.quality.models import AT_DOOR, OF_DOOR, OF_FLAG, Recheck, VisitFlag
from webapp.quality.wire import FlagRow, RecheckRow


def flag_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """Flags that changed after `since`; a bucket that comes whole has those that are not over."""
    statement = (
        select(VisitFlag, Building.name)
        .outerjoin(Building, OF_FLAG)
        .where(
            VisitFlag.community_id == reader.community_id,
            VisitFlag.member_id == reader.member_id,
            VisitFlag.seq > since,
        )
    )
    if since < 0:
        statement = statement.where(VisitFlag.status.in_([flagging.OPEN, flagging.EXPLAINED]))
    for flag, place in session.execute(statement):
        row = FlagRow(
            id=flag.id,
            rule=flag.rule,
            status=flag.status,
            doors=len(flag.doors),
            value=flag.value,
            moment=flag.moment,
            place=place or "",
            unit=flag.unit,
            floors=flag.floors,
        )
        yield flag.seq, msgspec.json.encode(row)


def recheck_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """Re-checks of this member that changed after `since`. Those passed on to somebody else, done
    or withdrawn come once more, without the door, so that the phone forgets it."""
    statement = (
        select(Recheck, Household, Building)
        .join(Household, AT_DOOR)
        .join(Building, OF_DOOR)
        .where(Recheck.community_id == reader.community_id, Recheck.seq > since)
    )
    if since < 0:
        mine = and_(Recheck.member_id == reader.member_id, Recheck.answer.is_(None))
        statement = statement.where(mine, Recheck.withdrawn.is_(False))
    for row, door, building in session.execute(statement):
        if reader.member_id not in row.asked:
            continue
        mine_now = row.member_id == reader.member_id
        if mine_now and row.answer is None and not row.withdrawn:
            told = RecheckRow(
                id=row.id,
                open=True,
                place=building.name,
                address=building.address or building.compound,
                unit=door.unit,
                floor=door.floor,
                room=door.room,
                tries=row.tries,
            )
        else:
            told = RecheckRow(id=row.id, open=False, place="")
        yield row.seq, msgspec.json.encode(told)
