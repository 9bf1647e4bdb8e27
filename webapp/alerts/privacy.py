"""Residents' data on pages: masked, unless somebody looks on purpose (design 7).

A look is written down and lasts ten minutes; who works an alert has its data on the phone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import ActingMember
from webapp.alerts.change import get_alert
from webapp.alerts.intake.words import CONTACTS
from webapp.alerts.models import AlertPerson, AlertReveal
from webapp.alerts.titles import DOUBLE_SURNAMES, PREFIXES, TITLES
from webapp.core.clock import MINUTE
from webapp.core.errors import NotFound
from webapp.core.ids import new_id

LASTS = 10 * MINUTE
_LONG_NUMBER = re.compile(r"(?<![0-9])\+?[0-9](?:[ -]?[0-9]){6,}(?![0-9])")
STAR, STARS = "*", "****"


@dataclass(frozen=True, slots=True)
class Shown:
    """Whom an alert is about, as a page may show it. `until` is when the look ends (ms), none for
    what is masked; `erased`: nothing is left."""

    resident_name: str = ""
    phone: str = ""
    sex: str | None = None
    age: int | None = None
    minor: bool = False
    unit: str = ""
    room: str = ""
    place_text: str = ""
    original: str = ""
    contacts: tuple[dict[str, str], ...] = ()
    until: int | None = None
    erased: bool = False


def mask_name(name: str) -> str:
    """`何女士` stays, `何丽娟女士` becomes `何女士`, `张丽华` becomes `张*`, `John Smith` `J*`."""
    name = unicodedata.normalize("NFKC", name).strip()
    if len(name) <= 1 or STAR in name:
        return name
    if name[0] in PREFIXES and len(name) == 2:
        return name
    title = max((t for t in TITLES if name.endswith(t) and name != t), key=len, default="")
    given = name[: len(name) - len(title)]
    surname = _surname(given)
    return surname + title if title else surname + STAR


def mask_phone(phone: str) -> str:
    """`13812345678` becomes `138****5678`; of a shorter number the last two digits stay."""
    digits = [place for place, mark in enumerate(phone) if mark.isdigit()]
    if not digits or STAR in phone:
        return phone
    if len(digits) < 8:
        return STARS + phone[digits[-2] :] if len(digits) > 3 else STARS
    return phone[: digits[2] + 1] + STARS + phone[digits[-4] :]


def mask_text(text: str, name: str = "") -> str:
    """A message with its long numbers and the person's full name masked."""
    masked = _LONG_NUMBER.sub(lambda found: mask_phone(found[0]), text)
    return masked.replace(name, mask_name(name)) if len(name) > 1 else masked


def masked(person: AlertPerson | None) -> Shown:
    """What everybody at the desk sees: no more than is needed to talk about it."""
    if person is None:
        return Shown(erased=True)
    return Shown(
        resident_name=mask_name(person.resident_name),
        phone=mask_phone(person.phone),
        sex=person.sex,
        age=person.age,
        minor=person.minor,
        unit=person.unit,
        room=person.room,
        place_text=mask_text(person.place_text, person.resident_name),
        original=mask_text(person.original, person.resident_name),
        contacts=tuple(_masked_contact(contact) for contact in person.contacts),
    )


def shown(session: Session, who: ActingMember, alert_id: str, *, now: int) -> Shown:
    """The person of an alert as this member may see it now: masked, or whole during a look."""
    person = session.get(AlertPerson, (who.community_id, alert_id))
    until = _revealed_until(session, who, alert_id, now)
    return masked(person) if person is None or until is None else whole(person, until)


def reveal(session: Session, who: ActingMember, alert_id: str, *, now: int) -> Shown:
    """Look at the person for ten minutes; written down with the name of who looks.

    NotFound `alert_unknown` for another community's, `alert_erased` when nothing is left.
    """
    get_alert(session, who.community_id, alert_id)
    person = session.get(AlertPerson, (who.community_id, alert_id))
    if person is None:
        raise NotFound("alert_erased")
    until = now + LASTS
    session.add(
        AlertReveal(
            community_id=who.community_id,
            id=new_id(),
            alert_id=alert_id,
            member_id=who.member_id,
            at=now,
            until=until,
        )
    )
    audit.note(session, who.community_id, who, "alert_reveal", alert_id, now=now)
    return whole(person, until)


def _revealed_until(session: Session, who: ActingMember, alert_id: str, now: int) -> int | None:
    statement = (
        select(AlertReveal.until)
        .where(
            AlertReveal.community_id == who.community_id,
            AlertReveal.alert_id == alert_id,
            AlertReveal.member_id == who.member_id,
            AlertReveal.until > now,
        )
        .order_by(AlertReveal.until.desc())
    )
    return session.scalars(statement).first()


def whole(person: AlertPerson, until: int | None = None) -> Shown:
    """The person in full: for who works the alert, entered it, or looks on purpose."""
    fields: dict[str, Any] = {
        name: getattr(person, name)
        for name in Shown.__dataclass_fields__
        if name not in ("until", "erased", "contacts")
    }
    return Shown(**fields, contacts=tuple(person.contacts), until=until)


def _masked_contact(contact: dict[str, str]) -> dict[str, str]:
    *relation, name = contact.get("name", "").split(" ")
    told = name if name in CONTACTS else mask_name(name)
    return contact | {
        "name": " ".join([*relation, told]),
        "phone": mask_phone(contact.get("phone", "")),
    }


def _surname(given: str) -> str:
    if given[:2] in DOUBLE_SURNAMES:
        return given[:2]
    if given[:1] in PREFIXES and len(given) == 2:
        return given
    return given[:1]
