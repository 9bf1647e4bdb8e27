"""What other systems say and hear: `POST /api/v1/alerts`, `GET /api/v1/alerts?reference=…`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from webapp.alerts import codes
from webapp.playbook.scam_types import ScamType

Reference = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[!-~]+$")]
Line = Annotated[str, Meta(max_length=120)]
Short = Annotated[str, Meta(max_length=40)]
Text = Annotated[str, Meta(max_length=4000)]


class AlertPostRequest(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An alert of another system: the message as it is (`text`), or its fields, or both.

    `reference`: the sender's own; the same one with the same body is the same alert. A field goes
    before what the text says. `received_at`: ISO 8601 with offset, not in the future; now by
    default. `amount` in fen. `name`: surname and title. Without a level it is high.
    """

    reference: Reference
    text: Text = ""
    received_at: Annotated[str, Meta(max_length=40)] | None = None
    level: codes.Level | None = None
    channel: codes.AlertChannel | None = None
    scam_type: ScamType | None = None
    name: Short = ""
    sex: codes.Sex | None = None
    age: Annotated[int, Meta(ge=0, le=130)] | None = None
    phone: Annotated[str, Meta(max_length=32)] = ""
    community: Line = ""
    compound: Line = ""
    street: Line = ""
    number: Short = ""
    building: Short = ""
    unit: Annotated[str, Meta(max_length=20)] = ""
    floor: Annotated[str, Meta(max_length=20)] = ""
    room: Short = ""
    place_text: Annotated[str, Meta(max_length=240)] = ""
    amount: Annotated[int, Meta(ge=0, le=10**13)] | None = None


class AlertPart(Struct, omit_defaults=True):
    """What was read in the text: its value, where it stands (from, to; in signs), and whether it
    is only about right."""

    value: str | int
    spans: list[tuple[int, int]]
    about: bool = False


class AlertPostAnswer(Struct, kw_only=True):
    """The draft that waits for a coordinator. Moments in ms. `created` is false for a repeat."""

    id: str
    number: int
    status: codes.Status
    level: codes.Level
    received_at: int
    deadline: int
    created: bool
    parts: dict[str, AlertPart] = field(default_factory=dict)


class AlertStatusAnswer(Struct, kw_only=True, omit_defaults=True):
    """How far it is; no person. Moments in ms."""

    id: str
    number: int
    reference: str
    status: codes.Status
    step: codes.Step
    level: codes.Level
    received_at: int
    deadline: int
    in_contact_at: int | None = None
    outcome: codes.Outcome | None = None
    closed_at: int | None = None


def bodies() -> dict[str, type[Struct]]:
    """The structures by the name that they have in the generated documents."""
    kinds: tuple[type[Struct], ...] = (AlertPostRequest, AlertPostAnswer, AlertStatusAnswer)
    return {kind.__name__: kind for kind in kinds}
