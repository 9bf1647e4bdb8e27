"""What a community decides about its alerts: `community.settings["alerts"]`, with defaults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import Actor
from webapp.accounts.models import Community
from webapp.alerts import codes
from webapp.alerts.wire import AlertSettingsRow, ContactPolicy
from webapp.core.clock import DAY, MINUTE
from webapp.core.errors import NotFound
from webapp.operations.registry import Reader, Row

ROW_ID = "00000000-0000-7000-8000-000000000002"
"""The id of the row that phones get: one a community, the same everywhere."""

Minutes = Annotated[int, Meta(ge=1, le=14 * 24 * 60)]
Wait = Annotated[int, Meta(ge=0, le=24 * 60)]
Days = Annotated[list[Annotated[int, Meta(ge=1, le=365)]], Meta(max_length=12)]
Kept = Annotated[int, Meta(ge=30, le=3650)]
AuditKept = Annotated[int, Meta(ge=183, le=3650)]


class LevelMinutes(Struct, frozen=True):
    """How long there is from the alert to contact (design 5.2)."""

    very_high: Minutes = 30
    high: Minutes = 60
    medium: Minutes = 240
    low: Minutes = 1440


class Policies(Struct, frozen=True):
    """How to go on when nobody answers (design 5.4)."""

    very_high: ContactPolicy = field(default_factory=lambda: ContactPolicy(retry=5))
    high: ContactPolicy = field(default_factory=lambda: ContactPolicy(retry=10))
    medium: ContactPolicy = field(default_factory=lambda: ContactPolicy(retry=30))
    low: ContactPolicy = field(default_factory=lambda: ContactPolicy(retry=120))


class FollowUpDays(Struct, frozen=True):
    """How many days after closing to ask again, by the risk that is left (design 5.8)."""

    high: Days = field(default_factory=lambda: [1, 3, 7, 30])
    medium: Days = field(default_factory=lambda: [3, 30])
    low: Days = field(default_factory=lambda: [7])

    def of(self, risk: str | None) -> list[int]:
        """The days for a risk; nothing for none."""
        return list(getattr(self, risk, ())) if risk in ("high", "medium", "low") else []


class Escalation(Struct, frozen=True):
    """How many minutes after the deadline somebody else is called."""

    lead: Wait = 0
    deputy: Wait = 10
    coordinator: Wait = 20


class AlertSettings(Struct, frozen=True):
    """All of it. What is not set has the default.

    `follow_ups_by`: who worked the alert, or the team leader for all. Persons and messages of
    alerts are erased `kept_days` after closing, lines of the audit log after `audit_days`.
    """

    minutes: LevelMinutes = field(default_factory=LevelMinutes)
    policies: Policies = field(default_factory=Policies)
    escalation: Escalation = field(default_factory=Escalation)
    follow_ups: FollowUpDays = field(default_factory=FollowUpDays)
    follow_ups_by: Literal["worker", "lead"] = "worker"
    kept_days: Kept = 180
    audit_days: AuditKept = 365

    def time_for(self, level: str) -> int:
        """The level's time in milliseconds."""
        minutes: int = getattr(self.minutes, level)
        return minutes * MINUTE

    @property
    def kept(self) -> int:
        """How long persons are kept after closing, in milliseconds."""
        return self.kept_days * DAY


def of(session: Session, community_id: int) -> AlertSettings:
    """The community's settings. Raises NotFound when there is no such community."""
    statement = select(Community.settings).where(Community.id == community_id)
    found = session.execute(statement).one_or_none()
    if found is None:
        raise NotFound("community_unknown")
    return read(found[0])


def read(settings: dict[str, Any]) -> AlertSettings:
    """From the community's JSON; what cannot be read any more falls back to the default."""
    try:
        return msgspec.convert(settings.get("alerts") or {}, AlertSettings)
    except msgspec.ValidationError:
        return AlertSettings()


def save(
    session: Session, community_id: int, chosen: AlertSettings, *, who: Actor | None, now: int
) -> None:
    """Set them. Alerts that are there keep their deadline and their days; phones learn the rest."""
    seq = next(sequence.draw(session, community_id))
    community = session.get_one(Community, community_id)
    before, after = read(community.settings), msgspec.to_builtins(chosen)
    if before == chosen:
        return
    community.settings = {**community.settings, "alerts": after}
    community.seq = seq
    audit.note(session, community_id, who, "alert_settings", now=now)


def settings_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """What phones need of them; it shares the number of the community's row."""
    statement = select(Community.settings, Community.seq).where(
        Community.id == reader.community_id, Community.seq > since
    )
    for settings, seq in session.execute(statement):
        chosen = read(settings)
        row = AlertSettingsRow(
            id=ROW_ID,
            minutes={level: getattr(chosen.minutes, level) for level in codes.LEVELS},
            policies={level: getattr(chosen.policies, level) for level in codes.LEVELS},
        )
        yield seq, msgspec.json.encode(row)
