"""From when on something looks odd: `community.settings["quality"]`, with defaults."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Community
from webapp.core.clock import HOUR

Few = Annotated[int, Meta(ge=0, le=100)]


class Thresholds(Struct, frozen=True):
    """All of them; 0 switches a rule off. What is not set has the default.

    `seconds` at least between two informed households; `per_hour` conversations at most; `metres`
    from the building, beyond the fix's own accuracy; `same_notes` doors with one note;
    `unit_doors` from which a whole unit that is all alike is asked about. `hours` the member has to
    explain before the desk sees a flag; `share` percent of informed doors to ask again.
    """

    seconds: Annotated[int, Meta(ge=0, le=600)] = 60
    per_hour: Few = 27
    metres: Annotated[int, Meta(ge=0, le=10_000)] = 100
    same_notes: Few = 3
    unit_doors: Few = 8
    hours: Annotated[int, Meta(ge=0, le=240)] = 24
    share: Annotated[int, Meta(ge=1, le=100)] = 10

    @property
    def patience(self) -> int:
        """The time to explain in milliseconds."""
        return self.hours * HOUR


NAMES = Thresholds.__struct_fields__


def read(settings: dict[str, Any]) -> Thresholds:
    """From the community's JSON; what cannot be read any more falls back to the default."""
    try:
        return msgspec.convert(settings.get("quality") or {}, Thresholds)
    except msgspec.ValidationError:
        return Thresholds()


def of(session: Session, community_id: int) -> Thresholds:
    """The community's thresholds."""
    return read(session.get_one(Community, community_id).settings)


def save(session: Session, who: ActingMember, chosen: Thresholds, *, now: int) -> None:
    """Set them: for the days that are looked at from now on."""
    next(sequence.draw(session, who.community_id))
    community = session.get_one(Community, who.community_id)
    community.settings = {**community.settings, "quality": msgspec.to_builtins(chosen)}
    audit.note(session, who.community_id, who, "quality_settings", now=now)
