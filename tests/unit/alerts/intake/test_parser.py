"""A message taken apart: every part, where it stands, and nothing that is not written."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webapp.alerts.intake.parser import LONGEST, parse
from webapp.alerts.intake.parts import FIELDS, Known, Parsed, highlights
from webapp.alerts.intake.splitting import split

VECTORS = json.loads(
    (Path(__file__).parents[3] / "vectors" / "alert_messages.json").read_text(encoding="utf-8")
)
TODAY = date.fromisoformat(VECTORS["today"])
KNOWN = Known(communities=((VECTORS["community"]["name"], VECTORS["community"]["region"]),))
MARKS = (
    "甲苑幢栋号楼单元室层座#-—－/,，。：:()（）【】"
    "0123456789一二三何女士张某*岁年月日万元￥电话1380 \n"
)


def read(text: str, known: Known = KNOWN) -> Parsed:
    return parse(text, known, today=TODAY)


def said(parsed: Parsed) -> dict[str, str]:
    return {
        name: f"{part.value}{'~' if part.about else ''}"
        for name, part in parsed.parts.items()
        if name != "sent"
    }


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["text"])[:40])
def test_a_message_says_what_a_careful_person_reads_in_it_and_no_more(case: dict[str, Any]) -> None:
    assert said(read(case["text"])) == case["expect"]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["text"])[:40])
def test_what_was_taken_stands_where_it_was_taken_from(case: dict[str, Any]) -> None:
    parsed = read(case["text"])
    assert "".join(piece for piece, _name in highlights(parsed)) == case["text"]
    for part in parsed.parts.values():
        assert part.spans
        assert all(0 <= start < end <= len(case["text"]) for start, end in part.spans)


def test_the_signs_of_a_part_are_the_writers_own() -> None:
    parsed = read("紫荊園社區 金色年華 2號樓１單元1503室 陳先生 ４５歲")
    assert parsed.written("community") == "紫荊園社區"
    assert parsed.written("building") == "2號樓"
    assert parsed.written("room") == "1503室"
    assert parsed.written("age") == "45歲"
    assert (parsed.value("unit"), parsed.number("age")) == ("1", 45)


def test_spans_hold_behind_signs_that_fold_to_several() -> None:
    text = "①㎡…甲苑3幢2单元1204何女士"
    parsed = read(text)
    assert [text[a:b] for a, b in parsed.parts["name"].spans] == ["何女士"]
    assert [text[a:b] for a, b in parsed.parts["building"].spans] == ["3幢"]


def test_the_sex_is_taken_from_the_title() -> None:
    text = "何女士，58岁"
    assert [text[a:b] for a, b in read(text).parts["sex"].spans] == ["女士"]


def test_a_name_in_two_pieces_has_two_spans() -> None:
    text = "有位姓何的女士被骗"
    assert [text[a:b] for a, b in read(text).parts["name"].spans] == ["何", "女士"]


def test_a_name_that_is_known_is_told_apart_from_its_region() -> None:
    text = "合川凉亭子社区3幢何女士"
    known = Known(communities=(("凉亭子社区居民委员会", "重庆市/合川区/合阳城街道"),))
    assert said(read(text, known))["region"] == "合川"
    assert said(read(text, known))["community"] == "凉亭子社区"
    assert said(read(text, Known()))["community"] == "合川凉亭子社区"


def test_a_compound_that_is_known_is_found_without_a_door() -> None:
    known = Known(compounds=("在水一方", "甲苑"))
    assert said(read("家住在水一方3幢的何女士", known))["compound"] == "在水一方"
    assert said(read("何女士是甲苑的住户", known))["compound"] == "甲苑"
    assert "compound" not in said(read("何女士是甲苑的住户", Known()))


def test_a_number_behind_a_known_compound_is_the_room() -> None:
    parsed = said(read("甲苑1204何女士", Known(compounds=("甲苑",))))
    assert (parsed["compound"], parsed["room"], parsed["name"]) == ("甲苑", "1204", "何女士")


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("陈警官 10:21: 甲苑3幢何女士", "10:21"),
        ("2026/11/22 09:58 甲苑3幢何女士", "09:58"),
        ("11月22日9时58分甲苑3幢何女士", "9时58分"),
        ("何女士 10:21接到诈骗电话", "10:21"),
    ],
)
def test_the_time_of_a_message_is_read_and_is_no_door(text: str, when: str) -> None:
    parsed = read(text)
    assert parsed.value("sent") == when
    assert parsed.value("name") == "何女士"
    assert parsed.value("room") == ""


def test_only_the_beginning_of_an_endless_text_is_read_and_all_of_it_kept() -> None:
    text = "啊" * LONGEST + "甲苑3幢何女士"
    parsed = read(text)
    assert parsed.text == text
    assert not parsed.parts


@given(st.text(max_size=200))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    parsed = read(text)
    assert set(parsed.parts) <= set(FIELDS)
    assert "".join(piece for piece, _name in highlights(parsed)) == text


@given(st.text(alphabet=MARKS, max_size=60))
def test_no_text_made_of_marks_makes_the_parser_fail(text: str) -> None:
    parsed = read(text)
    assert "".join(piece for piece, _name in highlights(parsed)) == text


@given(st.integers(1, 199), st.integers(1, 9), st.integers(101, 3399), st.integers(18, 99))
@example(110, 1, 110, 18)  # the police's number is somebody's door
def test_what_is_written_in_full_is_read_back(
    building: int, unit: int, room: int, age: int
) -> None:
    expected = {"building": str(building), "unit": str(unit), "room": str(room), "age": str(age)}
    for form in (
        "紫荆园社区甲苑{}幢{}单元{}何女士，{}岁，疑似被骗",
        "何女士住{}号楼{}单元{}室，今年{}岁",
        "紫荆园社区 {}-{}-{} 何女士 {}岁",
        "姓名：何女士\n地址：甲苑{}栋{}单元{}\n年龄：{}",
    ):
        if "-" in form and room < 100:
            continue
        parsed = said(read(form.format(building, unit, room, age)))
        assert {name: parsed.get(name) for name in expected} == expected


@pytest.mark.parametrize("name", ["何女士", "周女士", "米某", "单阿姨", "年大爷"])
def test_a_surname_that_counts_something_elsewhere_hides_no_room(name: str) -> None:
    parsed = said(read(f"应门坊1号楼1单元101{name}，67岁，疑似被骗"))
    assert (parsed.get("room"), parsed.get("unit")) == ("101", "1")
    assert said(read("应门坊1号楼1单元，101万元")).get("room") is None
    assert said(read("应门坊1号楼1单元101周后")).get("room") is None


@given(st.sampled_from(VECTORS["cases"]), st.integers(0, 60), st.integers(0, 60))
def test_a_torn_message_never_makes_the_parser_fail(
    case: dict[str, Any], start: int, size: int
) -> None:
    read(str(case["text"])[start : start + size])


@pytest.mark.parametrize("sign", [" ", "何某", "3幢", "1-", "社区", "（甲", "的", "1.\n", "，"])
def test_a_hostile_text_is_read_like_any_other(sign: str) -> None:
    """Texts without end once cost the cube of their length; this would not come to an end."""
    text = sign * 4_000
    assert read(text[:4_000]).text == text[:4_000]
    split(text)


@pytest.mark.parametrize(
    ("text", "contacts", "own"),
    [
        (
            "3幢2单元1204何女士,58岁,电话13800001111,女儿李女士13911112222,疑似被骗",
            ["family 女儿 李女士 13911112222"],
            "13800001111",
        ),
        (
            "何女士13800001111(其子张伟 139 1111 2222)",
            ["family 儿子 张先生 13911112222"],
            "13800001111",
        ),
        ("何女士,13912345678(女儿)", ["family 女儿 13912345678"], ""),
        ("家属电话:13912345678", ["family 13912345678"], ""),
        ("监护人:父亲王大明,42岁,电话13712345678", ["guardian 父亲 王先生 13712345678"], ""),
        ("网格员小王13912345678", ["grid_worker 小王 13912345678"], ""),
        ("民警李警官023-42821234", ["police 李警官 023-42821234"], ""),
        (
            "本人电话13800001111,邻居张阿姨电话13800002222,丈夫 刘某 13800003333",
            ["neighbour 张阿姨 13800002222", "family 丈夫 刘某 13800003333"],
            "13800001111",
        ),
        ("李女士反映其母亲何女士13912345678被骗", [], ""),
        ("对方自称女儿13912345678要求转账", [], ""),
        ("女儿周末在家,电话13800001111", [], "13800001111"),
    ],
)
def test_whom_one_may_call_is_read_with_what_they_are(
    text: str, contacts: list[str], own: str
) -> None:
    parsed = read(text)
    found = [" ".join(filter(None, (c.role, c.name, c.phone))) for c in parsed.contacts]
    assert (found, parsed.value("phone")) == (contacts, own)
    for contact in parsed.contacts:
        signs = "".join(text[a:b] for a, b in contact.spans)
        assert contact.phone.replace("-", "") in signs.replace(" ", "").replace("-", "")
