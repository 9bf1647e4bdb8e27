"""The counts of design 3.3 by the shared vectors, through real operations and real counters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.factories.field import NOW, Neighbourhood, Op, add_door, differences, visit, void
from webapp.core import db
from webapp.coverage import verify
from webapp.coverage.models import (
    COUNTS,
    BuildingCount,
    BuildingDay,
    CommunityDay,
    KnockDay,
    MemberDay,
)
from webapp.places.models import Household
from webapp.places.numbers import room_key, unit_key
from webapp.visits.models import DoorState

VECTORS = Path(__file__).parents[2] / "vectors"
VISIT = ("outcome", "app", "flags", "leaflets", "follow_up_on")


def cases(name: str) -> list[Any]:
    loaded = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in loaded["cases"]]


@pytest.mark.parametrize("case", cases("door_key"))
def test_a_doors_key_agrees_with_the_shared_vectors(case: dict[str, Any]) -> None:
    assert unit_key(case["unit"]) == case["expect"]["unit"]
    assert room_key(case["room"]) == case["expect"]["room"]


def recorded(door: str, index: int, fields: dict[str, Any]) -> Op:
    """A vector's visit as an operation; ids keep their order."""
    kept = {k: v for k, v in fields.items() if k in VISIT and v is not None}
    if "leaflets" in kept:
        kept["leaflets"] = {"general": kept["leaflets"]}
    number = int.from_bytes(fields["id"].encode(), "big")
    return visit(
        door,
        id=f"{index:08x}-0000-7000-8000-{number:012x}",
        at=NOW - 1_000_000_000 + fields["moment"],
        agreed=True,
        **kept,
    )


of_visits_alone = [
    case
    for case in cases("coverage")
    if not any("carried" in door for door in case.values[0]["doors"])
]


@pytest.mark.both_engines
@pytest.mark.parametrize("case", of_visits_alone)
def test_the_counters_agree_with_the_shared_vectors(
    hood: Neighbourhood, case: dict[str, Any]
) -> None:
    building = hood.building()
    phone = hood.volunteer(building)
    sent: list[Op] = []
    for index, fields in enumerate(case["doors"]):
        door, add = add_door(building, str(index + 1))
        visits = {v["id"]: recorded(door, index, v) for v in fields["visits"]}
        sent += [add, *visits.values(), *([void(add)] if fields.get("retired") else [])]
    assert {r.status for r in phone.push(*sent)} <= {"accepted"}
    with db.reading() as session:
        row = session.scalars(select(BuildingCount)).one_or_none()
        total = session.scalars(select(CommunityDay)).one_or_none()
        day = session.scalars(select(BuildingDay)).one_or_none()
    for kept in (row, total, day):
        counts = {name: getattr(kept, name) if kept else 0 for name in COUNTS}
        counts["occupied"] = counts["households"] - counts.pop("vacant")
        assert counts == case["expect"]


# --- verify and rebuild ---------------------------------------------------------------------


def busy(hood: Neighbourhood) -> tuple[str, list[str]]:
    building = hood.building()
    doors = hood.doors(building, range(101, 107))
    phone = hood.volunteer(building)
    phone.push(
        *(visit(door, "informed", leaflets={"general": 1}, note="x") for door in doors[:3]),
        visit(doors[3], "vacant"),
        visit(doors[4], "refused", app="declined"),
    )
    return building, doors


DAMAGE = [
    update(DoorState).values(knocks=7),
    update(DoorState).values(packed="{}"),
    update(DoorState).values(display="untouched"),
    update(DoorState).values(vacant=True),
    update(DoorState).values(outcome_only=True),
    update(DoorState).values(flags="elderly"),
    DoorState.__table__.delete(),  # type: ignore[attr-defined]
    update(BuildingCount).values(reached=5),
    update(BuildingCount).values(last_at=None),
    BuildingCount.__table__.delete(),  # type: ignore[attr-defined]
    update(KnockDay).values(visits=9),
    KnockDay.__table__.delete(),  # type: ignore[attr-defined]
    update(MemberDay).values(doors=1),
    update(KnockDay).values(helped=9),
    update(MemberDay).values(helped=9),
    MemberDay.__table__.delete(),  # type: ignore[attr-defined]
    update(CommunityDay).values(households=1),
    CommunityDay.__table__.delete(),  # type: ignore[attr-defined]
]


@pytest.mark.both_engines
@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
def test_any_damage_is_found_and_repaired(hood: Neighbourhood, damage: Any) -> None:
    busy(hood)
    assert differences(hood) == []
    with db.writing() as session:
        session.execute(damage)
    found = differences(hood)
    assert found
    with db.writing() as session:
        assert verify.rebuild(session, hood.community_id, now=NOW) == found
    assert differences(hood) == []


@pytest.mark.both_engines
def test_a_repaired_door_reaches_phones_and_the_others_stay(hood: Neighbourhood) -> None:
    building, doors = busy(hood)
    phone = hood.volunteer(building)
    phone.pull()
    before = dict(phone.rows[f"building:{building}"])
    with db.writing() as session:
        session.execute(
            update(DoorState).where(DoorState.household_id == doors[0]).values(packed="{}")
        )
        seqs = {h.id: h.seq for h in session.scalars(select(Household))}
    with db.writing() as session:
        verify.rebuild(session, hood.community_id, now=NOW)
        after = {h.id: h.seq for h in session.scalars(select(Household))}
    assert {door for door in doors if after[door] != seqs[door]} == {doors[0]}
    page = phone.page()
    assert [json.loads(r)["id"] for r in page.changes[f"building:{building}"].rows] == [doors[0]]
    phone.take(page)
    assert phone.rows[f"building:{building}"] == before


@pytest.mark.both_engines
def test_a_rebuild_without_need_changes_nothing(hood: Neighbourhood) -> None:
    busy(hood)
    phone = hood.volunteer(*hood.buildings.values())
    phone.pull()
    with db.writing() as session:
        assert verify.rebuild(session, hood.community_id, now=NOW) == []
    assert not any(changes.rows for changes in phone.page().changes.values())


@pytest.mark.both_engines
def test_the_trend_of_earlier_days_stays_as_it_was_known(hood: Neighbourhood) -> None:
    building, doors = busy(hood)
    phone = hood.volunteer(building)
    tomorrow = NOW + 86_400_000
    phone.push(visit(doors[5], "informed", at=NOW), now=tomorrow)
    with db.writing() as session:
        session.execute(update(BuildingCount).values(reached=0))
    with db.writing() as session:
        verify.rebuild(session, hood.community_id, now=tomorrow)
    with db.reading() as session:
        days = session.scalars(select(BuildingDay).order_by(BuildingDay.day)).all()
        totals = session.scalars(select(CommunityDay).order_by(CommunityDay.day)).all()
    assert [(day.day.day, day.reached) for day in days] == [(23, 3), (24, 4)]
    assert [(day.day.day, day.reached) for day in totals] == [(23, 3), (24, 4)]
