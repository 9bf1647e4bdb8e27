"""Who is asking, as an immutable fact: no database row, no open transaction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A signed-in person, perhaps in a community, perhaps on a phone.

    `role` is that of the installation (admin, supervisor or none), `member_role` that in the
    community. The properties at the end are what Flask-Login asks for.
    """

    session_hash: bytes
    seen_at: int
    person_id: int
    name: str
    locale: str | None = None
    role: str | None = None
    region: str | None = None
    community_id: int | None = None
    community_name: str | None = None
    timezone: str | None = None
    member_id: str | None = None
    member_role: str | None = None
    member_status: str | None = None
    lead: bool = False
    deputy: bool = False
    device_id: str | None = None
    device_name: str | None = None
    device_revoked: bool = False

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def roles(self) -> frozenset[str]:
        """The roles in force: a membership gives its role only while it is active."""
        own = {self.role} if self.role else set()
        if self.member_status == "active" and self.member_role:
            own.add(self.member_role)
        return frozenset(own)

    @property
    def undecided(self) -> bool:
        """Whether they have yet to say which of their communities they act for."""
        return self.community_id is None and self.role is None

    def get_id(self) -> str:
        """For Flask-Login; never put into a cookie."""
        return str(self.person_id)


@dataclass(frozen=True, kw_only=True)
class ActingMember(Actor):
    """A signed-in person who acts for a community."""

    community_id: int
    community_name: str
    timezone: str
    member_id: str
    member_role: str
    member_status: str

    @property
    def is_coordinator(self) -> bool:
        """Whether everything in the community is open to them."""
        return "coordinator" in self.roles
