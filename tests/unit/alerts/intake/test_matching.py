"""Which doors a message may mean."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, update

from tests.conftest import Statements
from tests.factories.field import NOW, Neighbourhood, neighbourhood
from webapp.alerts.intake import grounds, matching
from webapp.alerts.intake.elsewhere import elsewhere, fits
from webapp.alerts.intake.matching import Candidate, Said
from webapp.alerts.intake.parser import parse
from webapp.alerts.intake.parts import Known
from webapp.core import db
from webapp.places.models import Building, Gazetteer


def block(hood: Neighbourhood, name: str, compound: str = "", *, address: str = "") -> str:
    """A building of a compound, as an import names it."""
    building = hood.building(f"{compound}{name}")
    values = {"name": name, "compound": compound, "address": address}
    with db.writing() as session:
        session.execute(update(Building).where(Building.id == building).values(**values))
    return building


def found(hood: Neighbourhood, said: Said | str) -> list[Candidate]:
    with db.reading() as session:
        ours = grounds.read(session, hood.community_id)
        if isinstance(said, str):
            said = read(ours.known(session, [said]), said)
        return matching.candidates(session, ours, said)


def read(known: Known, text: str) -> Said:
    parsed = parse(text, known, today=date(2026, 11, 22))
    return Said(**{name: parsed.value(name) for name in Said.__dataclass_fields__})


def shown(candidates: list[Candidate]) -> list[str]:
    return [f"{one.building} {one.door}".strip() for one in candidates]


@pytest.fixture
def town(hood: Neighbourhood) -> Neighbourhood:
    """甲苑 and 乙苑 with buildings 1 to 4 each, a house at a street, two units with doors."""
    for compound in ("甲苑", "乙苑小区"):
        for number in range(1, 5):
            building = block(hood, f"{number}号楼", compound)
            for unit in ("1", "2"):
                hood.doors(building, ["1203", "1204", "302"], unit=unit)
    hood.doors(block(hood, "和平路88号", address="和平路88号"), ["4-2", "101"], unit="")
    return hood


@pytest.mark.both_engines
@pytest.mark.parametrize(
    "text",
    [
        "甲苑3幢2单元1204何女士",
        "甲苑三号楼二单元一二零四何女士",
        "甲苑3-2-1204何女士",
        "甲苑小区3栋2单元12楼4号何女士",
        "甲苑3#2单元１２０４室何女士",
    ],
)
def test_the_same_door_is_found_however_it_is_written(town: Neighbourhood, text: str) -> None:
    first, *others = found(town, text)
    assert (first.building, first.door) == ("甲苑 3号楼", "2-1204")
    assert first.likeness == "very"
    assert all(other.score < first.score for other in others)


def test_a_unit_that_is_not_said_leaves_both_doors(town: Neighbourhood) -> None:
    candidates = found(town, "甲苑3幢1204何女士")
    assert shown(candidates)[:2] == ["甲苑 3号楼 1-1204", "甲苑 3号楼 2-1204"]
    assert {one.likeness for one in candidates[:2]} == {"perhaps"}
    assert all("unit_not_said" in one.reasons for one in candidates[:2])


def test_a_compound_that_is_not_said_leaves_every_building_of_the_number(
    town: Neighbourhood,
) -> None:
    candidates = found(town, "3幢2单元1204何女士")
    assert shown(candidates)[:2] == ["乙苑小区 3号楼 2-1204", "甲苑 3号楼 2-1204"]
    assert {one.likeness for one in candidates[:2]} == {"perhaps"}


def test_the_only_building_of_a_number_is_very_like(hood: Neighbourhood) -> None:
    hood.doors(block(hood, "7号楼", "甲苑"), ["1204"], unit="2")
    (one,) = found(hood, "7幢2单元1204何女士")
    assert (one.likeness, one.door) == ("very", "2-1204")
    assert "only_one" in one.reasons


def test_a_compound_written_with_a_slip_is_similar(hood: Neighbourhood) -> None:
    hood.doors(block(hood, "3号楼", "金色年华小区"), ["1204"], unit="2")
    hood.doors(block(hood, "3号楼", "滨江花园"), ["1204"], unit="2")
    (one,) = found(hood, "金色年花3幢2单元1204何女士")
    assert shown([one]) == ["金色年华小区 3号楼 2-1204"]
    assert "similar_compound" in one.reasons


def test_a_compound_that_is_not_here_makes_every_door_hardly_it(town: Neighbourhood) -> None:
    candidates = found(town, "龙湖春江3幢2单元1204何女士")
    assert shown(candidates)[:2] == ["乙苑小区 3号楼 2-1204", "甲苑 3号楼 2-1204"]
    assert all("other_compound" in one.reasons for one in candidates)
    assert {one.likeness for one in candidates} == {"hardly"}


def test_a_compound_alone_is_a_question_and_no_candidate(hood: Neighbourhood) -> None:
    for number in range(1, 8):
        block(hood, f"{number}号楼", "甲苑")
    assert found(hood, "甲苑小区何女士") == []


def test_a_compound_that_sounds_alike_is_similar(hood: Neighbourhood) -> None:
    hood.doors(block(hood, "3号楼", "金花园"), ["1204"], unit="2")
    hood.doors(block(hood, "3号楼", "银杏苑"), ["1204"], unit="2")
    first = found(hood, "金华圆3幢2单元1204何女士")[0]
    assert (first.building, first.likeness) == ("金花园 3号楼", "very")
    assert "similar_compound" in first.reasons


def test_traditional_signs_and_a_phase_make_no_other_compound(hood: Neighbourhood) -> None:
    hood.doors(block(hood, "3号楼", "金色年华"), ["1204"], unit="2")
    for text in ("金色年華3號樓2單元1204室", "金色年华二期3幢2单元1204"):
        assert found(hood, text)[0].likeness == "very"


@pytest.mark.both_engines
def test_a_building_without_the_room_is_offered_itself(town: Neighbourhood) -> None:
    first = found(town, "甲苑3幢2单元9904何女士")[0]
    assert (first.building, first.household_id) == ("甲苑 3号楼", None)
    assert "room_unknown" in first.reasons
    assert first.likeness != "very"


def test_a_message_without_a_room_offers_the_building(town: Neighbourhood) -> None:
    first = found(town, "甲苑3幢2单元何女士")[0]
    assert (first.building, first.door, first.value[:9]) == ("甲苑 3号楼", "", "building:")
    assert "no_room" in first.reasons


def test_a_street_and_number_find_their_house(town: Neighbourhood) -> None:
    first = found(town, "和平路88号4-2傅先生")[0]
    assert (first.building, first.door) == ("和平路88号", "4-2")
    assert "same_address" in first.reasons
    assert shown(found(town, "和平路8号4-2傅先生")) == []


def test_a_door_of_another_unit_is_hardly_it(town: Neighbourhood) -> None:
    candidates = found(town, "甲苑3幢3单元1204何女士")
    assert all("other_unit" in one.reasons for one in candidates if one.household_id)
    assert all(one.likeness != "very" for one in candidates)


def test_the_same_digits_with_a_letter_are_a_similar_number(hood: Neighbourhood) -> None:
    hood.doors(block(hood, "B3栋", "甲苑"), ["1204"], unit="2")
    first = found(hood, "甲苑3幢2单元1204何女士")[0]
    assert "similar_number" in first.reasons
    assert first.likeness == "perhaps"


def test_nothing_said_finds_nothing(town: Neighbourhood) -> None:
    assert found(town, "某小区某单元何女士，58岁，疑似被骗") == []
    assert found(town, Said()) == []


@pytest.mark.both_engines
def test_there_are_five_at_most(town: Neighbourhood) -> None:
    for number in range(20):
        town.doors(block(town, "3号楼", f"第{number}小区"), ["1204"], unit="2")
    assert len(found(town, "3幢2单元1204何女士")) == matching.MOST


def test_retired_and_practice_doors_are_not_offered(hood: Neighbourhood) -> None:
    building = block(hood, "3号楼", "甲苑")
    hood.doors(building, ["1204"], unit="2")
    practice = hood.building("9号楼", practice=True)
    hood.doors(practice, ["101"], unit="1")
    assert shown(found(hood, "9号楼1单元101")) == []


def test_other_communities_doors_are_never_offered(town: Neighbourhood) -> None:

    other = neighbourhood("Other")
    assert found(other, "甲苑3幢2单元1204何女士") == []


@pytest.mark.both_engines
def test_looking_costs_three_statements_however_many_buildings(
    town: Neighbourhood, query_count: Callable[[], AbstractContextManager[Statements]]
) -> None:
    """One for the community, one for its buildings, one for the doors of those that are left."""
    rows = [
        {
            "community_id": town.community_id, "id": f"00000000-0000-7000-8000-{n:012}",
            "key": f"第{n // 20}苑|{n % 20}", "name": f"{n % 20}号楼", "compound": f"第{n // 20}苑",
            "created_at": NOW, "seq": 1,
        }
        for n in range(400)
    ]  # fmt: skip
    with db.writing() as session:
        session.execute(insert(Building), rows)
    with query_count() as statements:
        assert found(town, replace(Said(), compound="甲苑", building="3", unit="2", room="1204"))
    assert statements.count <= 4


@pytest.mark.parametrize(
    ("region", "ours"),
    [
        ("合川", True), ("合川区", True), ("重庆", True), ("重庆市合川区", True),
        ("合川区南津街街道", True), ("南津街", True), ("重庆市合川区合阳城街道", False),
        ("渝北区", False), ("成都", False), ("四川省成都市武侯区", False), ("北京市", False),
    ],
)  # fmt: skip
def test_a_region_fits_unless_a_level_of_the_same_kind_has_another_name(
    region: str, *, ours: bool
) -> None:
    assert fits("重庆市/合川区/南津街街道", region) is ours


def doubt(hood: Neighbourhood, text: str) -> tuple[str, list[str]] | None:
    with db.reading() as session:
        ours = grounds.read(session, hood.community_id)
        ours = replace(ours, name="紫荆园社区", region="重庆市/合川区/南津街街道")
        parsed = parse(text, ours.known(session, [text]), today=date(2026, 11, 22))
        found = elsewhere(session, ours, parsed)
    return (found.why, [place.name for place in found.places]) if found else None


@pytest.mark.both_engines
def test_another_community_is_noticed_and_looked_up(hood: Neighbourhood) -> None:
    with db.writing() as session:
        region = "重庆市/合川区/合阳城街道"
        session.add(Gazetteer(region=region, name="凉亭子社区居民委员会", code=None))
    assert doubt(hood, "合川凉亭子社区3幢何女士") == ("other_community", ["凉亭子社区居民委员会"])
    assert doubt(hood, "合川凉水子社区3幢何女士") == ("other_community", [])
    assert doubt(hood, "渝北区3幢何女士") == ("other_region", [])


def test_our_own_community_is_never_doubted(hood: Neighbourhood) -> None:
    for text in (
        "合川紫荆园社区，某小区某单元何女士，58岁，疑似被骗",
        "重庆市合川区南津街街道紫荆园社区居民委员会3幢何女士",
        "紫荆园居委会3幢何女士",
        "紫荊園社區3幢何女士",
        "甲苑3幢何女士",
        "某小区何女士",
    ):
        assert doubt(hood, text) is None
