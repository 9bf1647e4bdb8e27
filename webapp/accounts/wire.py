"""What the accounts API takes and gives, declared once."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

PLAIN = r"^[^\x00-\x1f\x7f]*\Z"
UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"

Line = Annotated[str, Meta(max_length=200, pattern=PLAIN)]
"""One line of text: databases take no NUL character, screens no line ends."""

Password = Annotated[str, Meta(max_length=200)]
Uuid = Annotated[str, Meta(pattern=UUID)]
DeviceName = Annotated[str, Meta(max_length=120, pattern=PLAIN)]
CommunityId = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class DeviceRequest(Struct):
    """A phone; with an id when its database exists already."""

    name: DeviceName = ""
    id: Uuid | None = None


class SignInRequest(Struct):
    """`POST /api/v1/session`. Without a device it is a browser's session."""

    login: Line
    password: Password
    community: CommunityId | None = None
    device: DeviceRequest | None = None


class InviteCodeRequest(Struct):
    """`POST /api/v1/invite/code`."""

    code: Line


class JoinRequest(Struct):
    """`POST /api/v1/join`; for a reset, name and phone do not matter."""

    token: Line
    password: Password
    name: Line = ""
    phone: Line = ""
    device: DeviceRequest | None = None


class InviteRequest(Struct):
    """`POST /api/v1/invites`; with a member it is a reset of the password."""

    role: Line = "volunteer"
    name: Line | None = None
    phone: Line | None = None
    member: Uuid | None = None


class SessionDevice(Struct, omit_defaults=True):
    """The phone of a session; `key` (base64) only in the answer to a sign-in."""

    id: str
    name: str
    key: str | UnsetType = UNSET


class SessionPerson(Struct):
    """Who is signed in."""

    id: int
    name: str


class SessionMember(Struct):
    """The membership that a session acts for."""

    id: str
    role: str
    status: str
    lead: bool
    deputy: bool


class SessionCommunity(Struct):
    """The community that a session acts for."""

    id: int
    name: str
    region: str
    timezone: str


class SessionAnswer(Struct):
    """The answer of `POST` and `GET /api/v1/session` and of joining."""

    device: SessionDevice | None
    person: SessionPerson
    member: SessionMember | None
    community: SessionCommunity | None
    csrf_token: str
    server_time: str
    epoch: str


class InviteCommunity(Struct):
    """Something of which only the name matters."""

    name: str


class InviteAnswer(Struct, omit_defaults=True):
    """An invite as the invited person sees it."""

    token: str
    community: InviteCommunity
    invited_by: str
    role: str
    purpose: str
    name: str | None = None
    phone: str | None = None


class InviteLinkAnswer(Struct):
    """An invite as its maker sees it; moments are ISO 8601."""

    id: str
    link: str
    code: str
    code_expires_at: str
    expires_at: str


class OwnDevice(Struct):
    """One of the member's phones; moments in milliseconds since 1970 UTC."""

    id: str
    name: str
    seen_at: int
    waiting: int
    current: bool
    revoked: bool


class DevicesAnswer(Struct):
    """`GET /api/v1/devices`: in use first, the latest first."""

    devices: list[OwnDevice]


def bodies() -> dict[str, type[Struct]]:
    """The bodies that the API document describes."""
    kinds: list[type[Struct]] = [
        DeviceRequest,
        DevicesAnswer,
        InviteAnswer,
        InviteCodeRequest,
        InviteLinkAnswer,
        InviteRequest,
        JoinRequest,
        SessionAnswer,
        SignInRequest,
    ]
    return {kind.__name__: kind for kind in kinds}
