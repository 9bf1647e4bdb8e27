"""What an operation says of persons stands apart from it, and comes together again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from webapp.operations.free_text import put_together, take_apart
from webapp.visits.operations import VisitKind

PATHS = ("note", "participant.name", "participant.phone")


@pytest.mark.parametrize(
    ("fields", "apart"),
    [
        ({"a": 1}, {}),
        ({"a": 1, "note": "x"}, {"note": "x"}),
        ({"note": ""}, {}),
        ({"note": None, "participant": None}, {}),
        ({"participant": {"role": "family"}}, {}),
        ({"participant": {"role": "family", "name": "陈"}}, {"participant": {"name": "陈"}}),
        (
            {"participant": {"name": "陈", "phone": "1"}, "note": "x"},
            {"note": "x", "participant": {"name": "陈", "phone": "1"}},
        ),
    ],
)
def test_personal_fields_are_taken_out_and_put_back(
    fields: dict[str, Any], apart: dict[str, Any]
) -> None:
    before = json.dumps(fields)
    kept, personal = take_apart(fields, PATHS)
    assert personal == apart
    assert "x" not in str(kept)
    assert "陈" not in str(kept)
    assert put_together(kept, json.dumps(personal)) == fields
    assert json.dumps(fields) == before


def test_without_its_text_an_operation_is_what_is_left() -> None:
    assert put_together({"a": 1}, None) == {"a": 1}


def test_a_type_with_a_note_only_keeps_it_as_it_is() -> None:
    kind = VisitKind()
    recorded = '{"type":"visit","note":"女儿周末在家","outcome":"informed"}'
    assert kind.without_text(recorded) == '{"type":"visit","outcome":"informed"}'
