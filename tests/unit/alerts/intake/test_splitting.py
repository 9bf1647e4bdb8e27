"""One paste, several messages: where one ends and the next begins."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.alerts.intake.parser import parse
from webapp.alerts.intake.splitting import MOST, split

VECTORS = json.loads(
    (Path(__file__).parents[3] / "vectors" / "alert_pastes.json").read_text(encoding="utf-8")
)
PEOPLE = (
    "甲苑3幢2单元1204何女士，58岁，疑似被骗",
    "甲苑5幢1单元302张先生，67岁，刷单",
    "乙苑1幢1单元101王阿姨，70岁，公检法",
    "乙苑9号楼303李某，男，34岁，网贷",
)


def names(messages: list[str]) -> list[str]:
    return [parse(text, today=date(2026, 11, 22)).value("name") for text in messages]


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["text"])[:40])
def test_a_paste_holds_as_many_messages_as_a_person_counts(case: dict[str, Any]) -> None:
    assert len(split(case["text"]).messages) == case["messages"]


@pytest.mark.parametrize(
    "form", ["{n}. {m}", "{n}、{m}", "（{n}）{m}", "第{n}条：{m}", "【{n}】{m}", "- {m}",
             "【预警】{m}", "陈警官 10:2{n}: {m}", "2026/11/22 09:5{n}\n{m}", "{m}\n", "{m}"]
)  # fmt: skip
def test_every_kind_of_list_is_cut(form: str) -> None:
    text = "\n".join(form.format(n=n + 1, m=m) for n, m in enumerate(PEOPLE))
    assert names(split(text).messages) == ["何女士", "张先生", "王阿姨", "李某"]


def test_ten_messages_become_ten() -> None:
    text = "\n\n".join(
        f"甲苑{n}幢1单元101{name}女士，{50 + n}岁"
        for n, name in enumerate("何张王李赵钱孙周吴郑", 1)
    )
    assert len(split(text).messages) == 10


def test_the_same_door_twice_with_two_people_is_two() -> None:
    assert len(split("甲苑3幢1204何女士被骗\n甲苑3幢1204张先生被骗").messages) == 2


def test_the_heading_of_a_list_belongs_to_each_of_its_messages() -> None:
    paste = split("紫荆园社区高危预警：\n1. 甲苑3幢何女士\n2. 甲苑5幢张先生")
    parsed = [parse(text, today=date(2026, 11, 22)) for text in paste.messages]
    assert [p.value("community") for p in parsed] == ["紫荆园社区"] * 2
    assert [p.value("level") for p in parsed] == ["high"] * 2


def test_what_says_nothing_is_kept_apart_and_not_lost() -> None:
    paste = split("今日情况如下：\n1. 甲苑3幢何女士\n2. 甲苑5幢张先生\n陈警官 10:30: 收到")
    assert len(paste.messages) == 2
    assert "".join(paste.rest) == "今日情况如下：陈警官 10:30: 收到"


def test_a_text_that_says_nothing_is_one_message() -> None:
    assert split("你好").messages == ["你好"]
    assert split(" \n ").messages == []


def test_there_is_a_limit() -> None:
    text = (
        "\n".join(f"{n}. 甲苑{n}幢何女士{n}号" for n in range(1, 99))
        + "\n"
        + "\n".join(f"甲苑{n}幢{n}01室" for n in range(100, 200))
    )
    assert len(split(text).messages) <= MOST


@given(st.text(max_size=300))
def test_no_text_makes_splitting_fail(text: str) -> None:
    paste = split(text)
    assert all(message.strip() for message in paste.messages)


@given(
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=6),
    st.sampled_from(["\n", "\n\n", "。\n"]),
)
def test_nothing_of_a_paste_is_lost(people: list[str], between: str) -> None:
    text = between.join(people)
    paste = split(text)
    kept = "".join(paste.messages + paste.rest)
    assert all(sign in kept for sign in text if sign.strip())
