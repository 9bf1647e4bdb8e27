"""Badges: numbers, keys, phones, and what becomes of them."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.factories.field import DAY, NOW, Neighbourhood, neighbourhood
from tests.factories.trust import SECRET_KEY, Resident, acting, fetch_key, issue
from webapp.accounts import devices, members
from webapp.accounts.models import Audit
from webapp.core import clock, db
from webapp.core.errors import NotFound, Problem
from webapp.trust import badges, numbers
from webapp.trust import models as rows
from webapp.trust.numbers import Typed


def numbers_given() -> list[int]:
    """All numbers that were ever given out."""
    with db.reading() as session:
        return list(session.scalars(select(rows.BadgeNumber.number)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("甲-0218", Typed(218, "甲")),
        ("甲0218", Typed(218, "甲")),
        ("0218", Typed(218, "")),
        ("218", Typed(218, "")),
        (" 甲 — ０２１８ ", Typed(218, "甲")),
        ("q－20180", Typed(20180, "Q")),
        ("甲", None),
        ("", None),
        ("0218甲", None),
        ("02a18", None),
        ("1234567890", None),
        ("甲-0218; drop table", None),
        ("٠٢١٨", None),
        ("²", Typed(2, "")),
        ("9" * 5000, None),
    ],
)
def test_numbers_are_understood_however_they_are_typed(typed: str, meant: Typed | None) -> None:
    assert numbers.read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("482913", "482913"),
        ("482 913", "482913"),
        ("482-913", "482913"),
        ("４８２９１３", "482913"),
        ("48291", None),
        ("4829133", None),
        ("48291x", None),
        ("", None),
    ],
)
def test_codes_are_understood_however_they_are_grouped(typed: str, code: str | None) -> None:
    assert numbers.read_code(typed) == code


def test_a_number_shows_its_communitys_letter() -> None:
    assert numbers.shown(numbers.mark_of("紫荆园社区"), 218) == "紫-0218"
    assert numbers.mark_of("3号院 Ziyuan") == "号"
    assert numbers.mark_of("88") == "Q"


@pytest.mark.both_engines
def test_numbers_are_unique_in_the_installation(hood: Neighbourhood) -> None:
    other = neighbourhood("Other")
    made = [issue(community).number for community in (hood, other) for _ in range(10)]
    assert len(set(made)) == 20
    assert sorted(numbers_given()) == sorted(made)


def test_numbers_grow_longer_before_they_run_out(hood: Neighbourhood) -> None:
    with db.writing() as session:
        session.add_all(
            rows.BadgeNumber(number=n, community_id=hood.community_id) for n in range(1, 5_001)
        )
        drawn = [numbers.draw(session, hood.community_id) for _ in range(50)]
    assert len(set(drawn)) == 50
    assert max(drawn) > 9_999


def test_giving_out_twice_gives_one_badge(hood: Neighbourhood) -> None:
    badge = issue(hood)
    boss = acting(hood.member("coordinator"))
    with db.writing() as session:
        again = badges.issue(session, boss, hood.community_id, badge.phone.member_id, now=NOW)
    assert again.id == badge.id
    assert len(numbers_given()) == 1


@pytest.mark.both_engines
def test_everybody_who_has_none_gets_one(hood: Neighbourhood) -> None:
    issue(hood)
    boss = acting(hood.member("coordinator"))
    hood.member(status="pending")
    for _ in range(40):
        hood.member()
    with db.writing() as session:
        assert badges.issue_to_all(session, boss, hood.community_id, now=NOW) == 41
    with db.writing() as session:
        assert badges.issue_to_all(session, boss, hood.community_id, now=NOW) == 0
    assert len(set(numbers_given())) == 42


def test_who_is_pending_gets_none(hood: Neighbourhood) -> None:
    boss, pending = acting(hood.member("coordinator")), hood.member(status="pending")
    with pytest.raises(Problem, match="member_not_active"), db.writing() as session:
        badges.issue(session, boss, hood.community_id, pending.member_id, now=NOW)


def test_a_key_is_kept_sealed(hood: Neighbourhood) -> None:
    badge = issue(hood)
    with db.reading() as session:
        row = session.get_one(rows.Badge, (hood.community_id, badge.id))
        assert row.sealed is not None
        assert badge.key not in row.sealed
        assert len(badge.key) == 20


def test_a_phone_without_a_badge_gets_no_key(hood: Neighbourhood) -> None:
    with pytest.raises(NotFound, match="badge_none"):
        fetch_key(hood.volunteer())


@pytest.mark.both_engines
def test_asking_again_gives_another_key_and_ends_the_first(hood: Neighbourhood) -> None:
    first = issue(hood)
    second = fetch_key(first.phone)
    assert second.key != first.key
    assert Resident().types(first.number, first.code()).result == "wrong"
    assert Resident().types(second.number, second.code()).bearer


def test_another_phone_takes_the_badge_only_when_told_to(hood: Neighbourhood) -> None:
    badge = issue(hood)
    other = hood.second_phone(badge.phone)
    with pytest.raises(Problem, match="badge_elsewhere"):
        fetch_key(other)
    assert Resident().types(badge.number, badge.code()).bearer
    moved = fetch_key(other, move=True)
    assert Resident().types(badge.number, badge.code()).result == "wrong"
    assert Resident().types(badge.number, moved.code()).bearer


def test_a_lost_phones_badge_warns_and_may_be_fetched_by_the_next_phone(
    hood: Neighbourhood,
) -> None:
    badge = issue(hood)
    badge.start()
    boss = acting(hood.member("coordinator"))
    with db.writing() as session:
        assert badge.phone.device_id
        devices.revoke(session, boss, hood.community_id, badge.phone.device_id, now=NOW)
    assert Resident().types(badge.number, badge.code()).result == "suspended"
    fresh = fetch_key(hood.second_phone(badge.phone))
    assert Resident().types(badge.number, fresh.code()).result == "confirmed"
    assert Resident().types(badge.number, badge.code()).result == "wrong"


@pytest.mark.both_engines
def test_a_suspended_badge_warns_and_a_revoked_one_is_nobodys(hood: Neighbourhood) -> None:
    badge, boss = issue(hood), acting(hood.member("coordinator"))
    badge.start()
    community = hood.community_id
    with db.writing() as session:
        badges.suspend(session, boss, community, badge.id, now=NOW)
        badges.suspend(session, boss, community, badge.id, now=NOW)
    assert Resident().types(badge.number, badge.code()).result == "suspended"
    with pytest.raises(Problem, match="badge_suspended"):
        fetch_key(badge.phone)
    with db.writing() as session:
        badges.resume(session, boss, community, badge.id, now=NOW)
    assert Resident().types(badge.number, badge.code()).result == "confirmed"
    with db.writing() as session:
        badges.revoke(session, boss, community, badge.id, now=NOW)
    assert Resident().types(badge.number, badge.code()).result == "wrong"
    with pytest.raises(Problem, match="badge_ended"), db.writing() as session:
        badges.suspend(session, boss, community, badge.id, now=NOW)
    assert issue(hood, badge.phone).number != badge.number
    with db.reading() as session:
        acts = session.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert [act for act in acts if act.startswith("badge_")] == [
        "badge_issue",
        "badge_key",
        "badge_suspended",
        "badge_active",
        "badge_revoke",
        "badge_issue",
        "badge_key",
    ]


def test_who_has_left_the_community_is_warned_of(hood: Neighbourhood) -> None:
    badge, boss = issue(hood), acting(hood.member("coordinator"))
    badge.start()
    with db.writing() as session:
        members.end(session, boss, hood.community_id, badge.phone.member_id, now=NOW)
    assert Resident().types(badge.number, badge.code()).result == "suspended"


def test_ids_of_another_community_are_not_there(hood: Neighbourhood) -> None:
    badge, stranger = issue(hood), acting(neighbourhood("Other").member("coordinator"))
    with pytest.raises(NotFound), db.writing() as session:
        badges.revoke(session, stranger, stranger.community_id, badge.id, now=NOW)


def test_a_key_sealed_under_another_secret_fits_nothing(hood: Neighbourhood) -> None:
    """Not even the key that a careless stand-in would be."""
    badge = issue(hood)
    resident = Resident()
    resident.checker._secret_key = SECRET_KEY + "?"
    zeros = badge.__class__(badge.phone, badge.id, badge.number, badge.shown, bytes(20))
    assert resident.types(badge.number, badge.code()).result == "wrong"
    assert resident.types(badge.number, zeros.code()).result == "wrong"


def test_the_phone_learns_of_its_badge_and_of_checks(hood: Neighbourhood) -> None:
    badge, boss = issue(hood), acting(hood.member("coordinator"))
    phone = badge.phone
    phone.pull()
    row = phone.rows["me"]["badge", badge.id]
    assert (row["number"], row["digits"], row["device"]) == (
        badge.shown,
        badge.number,
        phone.device_id,
    )
    assert row["checks"] == []
    Resident().types(badge.number, badge.code(NOW + 5), now=NOW + 5)
    Resident().types(badge.number, "000000", now=NOW + 6)
    phone.pull()
    assert phone.rows["me"]["badge", badge.id]["checks"] == [NOW + 5]
    with db.writing() as session:
        badges.revoke(session, boss, hood.community_id, badge.id, now=NOW)
    phone.pull()
    assert phone.rows["me"]["badge", badge.id]["status"] == "revoked"
    phone.cursors.clear()
    phone.rows.clear()
    phone.pull()
    assert ("badge", badge.id) not in phone.rows["me"]


def test_nobody_else_gets_the_row(hood: Neighbourhood) -> None:
    badge, other = issue(hood), hood.member("coordinator")
    other.pull()
    assert not [key for key in other.rows["me"] if key[0] in ("badge", "shift")]
    assert badge.phone.member_id != other.member_id


def test_old_checks_are_not_shown_for_ever(hood: Neighbourhood) -> None:
    badge = issue(hood)
    Resident().types(badge.number, badge.code())
    with clock.moved_to(NOW + 8 * DAY):
        badge.phone.pull()
    assert badge.phone.rows["me"]["badge", badge.id]["checks"] == []
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(rows.BadgeCheck)) == 1
