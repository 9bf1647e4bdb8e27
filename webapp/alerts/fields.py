"""What the desk fills in of an alert, and what may stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.alerts import codes
from webapp.alerts.models import Alert, AlertPerson
from webapp.core.clock import MINUTE
from webapp.core.errors import NotFound, Problem
from webapp.core.i18n import _
from webapp.core.personal import account_number
from webapp.operations.decode import plain
from webapp.places.doors import doors_by_id
from webapp.places.models import Building, Household
from webapp.playbook.scam_types import SCAM_TYPES

AHEAD: Final = 5 * MINUTE
"""By how much a clock that the desk read may be ahead."""

MOST: Final = 10**13
"""Fen."""

LENGTHS: Final = {
    "resident_name": 40,
    "phone": 32,
    "unit": 20,
    "room": 40,
    "place_text": 240,
    "original": 4000,
}
CODES: Final[Mapping[str, Sequence[str]]] = {
    "level": codes.LEVELS,
    "channel": codes.CHANNELS,
    "scam_type": SCAM_TYPES,
    "sex": get_args(codes.Sex),
}
PERSONAL: Final = frozenset(LENGTHS) | {"sex", "age", "minor", "contacts"}
"""Fields of AlertPerson; all others are the alert's own."""

CONTACT_LENGTHS: Final = {"role": 20, "name": 40, "phone": 32}
BANDS: Final = ((0, "under_18"), (18, "18_29"), (30, "30_39"), (40, "40_49"), (50, "50_59"),
                (60, "60_69"), (70, "70_up"))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFields:
    """An alert as it is entered. `received_at` in ms, `amount` in fen; `sex` f or m; `contacts`
    with role, name and phone each. A household says its building, unit and room itself."""

    level: str
    received_at: int
    channel: str | None = None
    scam_type: str | None = None
    building_id: str | None = None
    household_id: str | None = None
    unit: str = ""
    room: str = ""
    place_text: str = ""
    resident_name: str = ""
    sex: str | None = None
    age: int | None = None
    minor: bool = False
    phone: str = ""
    original: str = ""
    contacts: list[dict[str, str]] = field(default_factory=list)
    amount: int | None = None


def check(fields: Mapping[str, Any], *, now: int) -> None:
    """Raise Problem for the first field that cannot be taken: `alert_invalid`, `text_long`,
    `card_typed`, `received_in_future`, each with the `field`."""
    for name, known in CODES.items():
        value = fields.get(name)
        if value is not None and value not in known:
            raise wrong("alert_invalid", name)
    for name, most in LENGTHS.items():
        _check_text(name, fields.get(name) or "", most)
    for contact in fields.get("contacts") or ():
        _check_contact(contact)
    _check_number("age", fields.get("age"), 130)
    _check_number("amount", fields.get("amount"), MOST)
    if "received_at" in fields:
        _check_number("received_at", fields["received_at"], now + AHEAD, "received_in_future")


def settle_place(session: Session, community_id: int, fields: dict[str, Any]) -> None:
    """Take building, unit and room from the door, if one is given. NotFound `household_unknown`,
    `building_unknown`."""
    if fields.get("household_id"):
        door_id = fields["household_id"]
        door = doors_by_id(session, community_id, [door_id]).get(door_id)
        if door is None:
            raise NotFound("household_unknown")
        row = session.get_one(Household, (community_id, door.id))
        fields |= {"building_id": door.building_id, "unit": row.unit, "room": row.room}
    elif fields.get("building_id"):
        known = select(Building.id).where(
            Building.community_id == community_id, Building.id == fields["building_id"]
        )
        if session.scalar(known) is None:
            raise NotFound("building_unknown")


def age_band(age: int | None) -> str | None:
    """Under which age a person is counted, also when the age itself is erased."""
    if age is None:
        return None
    return next(band for least, band in reversed(BANDS) if age >= least)


def split(fields: AlertFields) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns of the alert, and those of its person."""
    values = asdict(fields)
    own = {name: value for name, value in values.items() if name not in PERSONAL}
    return own, {name: value for name, value in values.items() if name in PERSONAL}


def present(alert: Alert, person: AlertPerson) -> dict[str, Any]:
    """The fields as they stand."""
    return {
        name: getattr(person if name in PERSONAL else alert, name)
        for name in AlertFields.__dataclass_fields__
    }


def refuse_card(text: str, name: str) -> None:
    """Nobody has to type the number of a bank card or an ID card here."""
    if account_number(text):
        raise wrong("card_typed", name)


def wrong(code: str, name: str, **params: Any) -> Problem:
    """A problem that names the field as the page does."""
    return Problem(code, field=name, label=_(f"alerts.field.{name}"), **params)


def _check_text(name: str, text: str, most: int) -> None:
    if len(text) > most:
        raise wrong("text_long", name, most=most)
    if not plain(text):
        raise wrong("alert_invalid", name)
    refuse_card(text, name)


def _check_contact(contact: Mapping[str, str]) -> None:
    if set(contact) - set(CONTACT_LENGTHS) or contact.get("role") not in get_args(codes.Role):
        raise wrong("alert_invalid", "contacts")
    for name, most in CONTACT_LENGTHS.items():
        _check_text("contacts", contact.get(name, ""), most)


def _check_number(name: str, value: Any, most: int, code: str = "alert_invalid") -> None:
    if value is not None and not 0 <= value <= most:
        raise wrong(code, name)
