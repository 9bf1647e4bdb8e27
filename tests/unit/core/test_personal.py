"""Numbers of persons in texts: which of them warn, and which are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from webapp.core.personal import account_number, personal_number

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors/account_number.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("电话13812345678", "phone"),
        ("138 1234 5678", "phone"),
        ("138-1234-5678，晚上", "phone"),
        ("+86 13812345678", "phone"),
        ("１３８１２３４５６７８", "phone"),
        ("两个号 13812345678 13912345678", "phone"),
        ("身份证11010519491231002X", "id_card"),
        ("11010519491231002x", "id_card"),
        ("110105 19491231 002X", "id_card"),
        ("卡号 4111 1111 1111 1111", "bank_card"),
        ("6222020000000000001", None),
        ("110105194912310021", None),
        ("1203 下午来", None),
        ("3幢2单元1204", None),
        ("2026-11-22 10:30", None),
        ("物业电话 023-42812345", None),
        ("96110", None),
        ("12812345678", None),
        ("", None),
    ],
)
def test_a_number_is_recognised_by_its_own_rules(note: str, expected: str | None) -> None:
    assert personal_number(note) == expected


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["text"])
def test_only_numbers_of_cards_are_refused(case: dict[str, str | None]) -> None:
    assert account_number(case["text"] or "") == case["is"]


def test_no_address_followed_by_a_phone_number_is_taken_for_a_card() -> None:
    texts = [f"{n}-{n % 7}-{n:04} 138{n:04}{n:04}" for n in range(1, 2000)]
    assert [text for text in texts if account_number(text)] == []
