"""Who might record what: judged again by the design's sentence, from the desk's actions.

A building counts as theirs if it was assigned at any time between 7 days before the moment and the
receipt; a coordinator may everywhere; the practice building is everybody's; of a void the author
of the target or a coordinator; of an alert whoever was given it. Of buildings that were one for a
while either may have counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.storm import alerting, times
from tests.storm.alerting import Leases
from tests.storm.database import Stored
from tests.storm.desk import Desk
from tests.storm.ledger import GOOD, Recorded
from tests.storm.merging import ever_one
from tests.storm.world import Member

GRACE = 7 * times.DAY
HELD = "not_yours"
FREE = ("shift", "scam_note", "card_read", "quiz_result", "session_log", "leaflet_take")
"""What everybody may record."""


def unjust(
    recorded: Sequence[Recorded], stored: Iterable[Stored], desk: Desk, leases: Leases
) -> list[str]:
    """Operations that were let in without a right, or held in spite of one; before the desk lets
    in whatever is held. What the desk decided about is left out, and what cannot be told."""
    decided = {action.args[1] for action in desk.journal if action.what in ("release", "dismiss")}
    rows = list(stored)
    known = {o.digest: o for o in recorded}
    authors = {r.id: known[r.hash].member for r in rows if not r.rival and r.hash in known}
    place = desk.place
    members = {m.id: m for m in (place.coordinator, place.inspector, *place.volunteers)}
    by_digest = {o.digest: o for o in recorded if o.fate == GOOD}
    wrong = []
    for row in rows:
        operation = by_digest.get(row.hash)
        if operation is None or row.rival or row.hash.hex() in decided or row.id != operation.id:
            continue
        if row.status != "accepted" and row.code != HELD:
            continue
        member = members[operation.member]
        right = _right(operation, row, member, authors, desk, leases)
        if right is not None and right != (row.status == "accepted"):
            wrong.append(f"{row.id} {operation.type} by {member.login} is {row.status}")
    return wrong


def _right(
    operation: Recorded,
    row: Stored,
    member: Member,
    authors: dict[str, str],
    desk: Desk,
    leases: Leases,
) -> bool | None:
    """None: it was at the very moment, and may be either."""
    if member.role == "coordinator" or operation.type in FREE:
        return True
    if operation.type in alerting.TYPES:
        return leases.right(operation, row)
    if operation.type == "void":
        return authors.get(operation.fields["operation"]) == member.id
    building = operation.building or ""
    own = _right_in(building, row, member, desk)
    if own is not False:
        return own
    others = ever_one(desk.journal, building) - {building}
    joined = any(_right_in(other, row, member, desk) is not False for other in others)
    return None if joined or member.id in leases.errands else False


def _right_in(building: str, row: Stored, member: Member, desk: Desk) -> bool | None:
    if building == desk.place.practice or building in member.buildings:
        return True
    if building in member.left and member.left_at >= row.moment - GRACE:
        return True
    window = desk.assigned().get((member.id, building))
    if window is None or row.received_at < window[0]:
        return False
    return True if row.received_at > window[1] else None
