"""A resident asks who is at the door: limits, comparison, log (design 6).

An attempt is counted and written down as wrong before anything is compared; only a right one is
taken back. A number that nobody has does the same work, statement by statement, as one with a
wrong code: neither answers nor their time tell which numbers exist.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import update

from webapp.accounts import sequence
from webapp.core import clock, db, limits, sealing, tries
from webapp.core.errors import Problem
from webapp.core.tries import Bound, Rule
from webapp.places.models import Building
from webapp.trust import bearers, duty, totp
from webapp.trust.badges import PURPOSE
from webapp.trust.bearers import Bearer, Candidate
from webapp.trust.duty import OnDuty
from webapp.trust.log import Counted, Entry
from webapp.trust.models import NOBODYS, Badge
from webapp.trust.numbers import Typed

CONFIRMED, OFF_DUTY, SUSPENDED, EXPIRED, WRONG, CLOSED = (
    "confirmed",
    "off_duty",
    "suspended",
    "expired",
    "wrong",
    "closed",
)
PER_SUBJECT = Rule("badge", (Bound(5, clock.HOUR), Bound(20, clock.DAY)))
PER_ADDRESS = Rule("badge_address", (Bound(10, clock.HOUR),))
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """What came of a check. `bearer` only when the code was right; `blocked`: too many wrong ones
    from this address."""

    result: str
    bearer: Bearer | None = None
    duty: OnDuty | None = None
    blocked: bool = False


BLOCKED = Verdict(CLOSED, blocked=True)


class AskNumber(Exception):
    """More badges belong to the building than a code alone may stand for."""


class Checker:
    """Checks that come from one address."""

    def __init__(self, secret_key: str, address: str | None) -> None:
        self._secret_key = secret_key
        self._address = PER_ADDRESS, limits.neighbourhood(address)

    def typed(self, typed: Typed, code: str, *, now: int) -> Verdict:
        """Number and code."""
        subject = PER_SUBJECT, f"number {typed.number}"
        with db.writing() as session:
            if not tries.take(session, *self._address, now=now):
                return BLOCKED
            open_ = tries.take(session, *subject, now=now)
            found = bearers.by_number(session, typed, self._secret_key)
            counted = (self._address, subject)
            entry = _entry("typed", now, found.bearer, typed.number, counted)
            entry.write(session, WRONG if open_ else CLOSED)
        return self._compare([found], code, entry) if open_ else Verdict(CLOSED)

    def at_building(self, building: Building, code: str, *, now: int) -> Verdict:
        """The six digits alone, at the address of a stairwell's poster. Raises AskNumber."""
        subject = PER_SUBJECT, f"building {building.id}"
        with db.writing() as session:
            found = bearers.at_building(session, building, self._secret_key)
            if found is None:
                raise AskNumber
            if not tries.take(session, *self._address, now=now):
                return BLOCKED
            open_ = tries.take(session, *subject, now=now)
            entry = Entry(
                way="building",
                now=now,
                counted=(self._address, subject),
                community_id=building.community_id,
                building_id=building.id,
            )
            entry.write(session, WRONG if open_ else CLOSED)
        return self._compare(found, code, entry) if open_ else Verdict(CLOSED)

    def scanned(self, number: int, step: int, mark: str, *, now: int) -> Verdict:
        """A QR code. 80 bits cannot be guessed, so a right one counts whatever was tried before;
        wrong ones count against their address."""
        with db.writing() as session:
            open_ = tries.take(session, *self._address, now=now)
            found = bearers.by_number(session, Typed(number, ""), self._secret_key)
            counted = (self._address,) if open_ else ()
            entry = _entry("qr", now, found.bearer, number, counted)
            if open_:  # who is shut out leaves no more rows
                entry.write(session, WRONG)
        right = hmac.compare_digest(totp.mark(self._key(found), number, step), mark)
        if found.bearer and right:
            fresh = abs(totp.step_of(now) - step) <= totp.DRIFT
            return self._right(found.bearer, entry, expired=not fresh, kept=open_)
        return Verdict(WRONG) if open_ else BLOCKED

    def _compare(self, candidates: Sequence[Candidate], code: str, entry: Entry) -> Verdict:
        keys = [self._key(candidate) for candidate in candidates]
        matches = totp.any_matches(keys, code, totp.step_of(entry.now))
        right = [
            one.bearer for one, fits in zip(candidates, matches, strict=True) if fits and one.bearer
        ]
        if len(right) != 1:  # of two with the same code nobody knows which is at the door
            return Verdict(WRONG)
        return self._right(right[0], entry)

    def _right(
        self, bearer: Bearer, entry: Entry, *, expired: bool = False, kept: bool = True
    ) -> Verdict:
        """Say what it is, and let the volunteer's phone know."""
        with db.writing() as session:
            seq = next(sequence.draw(session, bearer.community_id))
            on_duty = duty.of(session, bearer.community_id, bearer.member_id, now=entry.now)
            result = _result(bearer, on_duty, expired=expired)
            if not kept:
                entry.write(session, result)
            entry.settle(session, bearer, result)
            session.execute(
                update(Badge)
                .where(Badge.community_id == bearer.community_id, Badge.id == bearer.badge_id)
                .values(seq=seq)
            )
        return Verdict(result, bearer, on_duty)

    def _key(self, candidate: Candidate) -> bytes:
        try:
            return sealing.unseal(self._secret_key, PURPOSE, candidate.sealed)
        except Problem:
            log.error("a badge was issued under another SECRET_KEY: its phone has to fetch a key")
            return secrets.token_bytes(totp.KEY_BYTES)


def _result(bearer: Bearer, on_duty: OnDuty | None, *, expired: bool) -> str:
    if not bearer.valid:
        return SUSPENDED
    if expired:
        return EXPIRED
    return CONFIRMED if on_duty else OFF_DUTY


def _entry(
    way: str, now: int, bearer: Bearer | None, number: int, counted: tuple[Counted, ...]
) -> Entry:
    return Entry(
        way=way,
        now=now,
        counted=counted,
        community_id=bearer.community_id if bearer else NOBODYS,
        number=number,
        badge_id=bearer.badge_id if bearer else None,
    )
