"""Numbers that do not belong into a note."""

from __future__ import annotations

import pytest

from webapp.visits.notes import personal_number


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
