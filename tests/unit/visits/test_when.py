"""When to try again: the same as on phones, and never a part that was tried more than another."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core import clock
from webapp.visits.when import ORDER, again, when_to_go

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "when.json").read_text())


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_vectors_hold(case: dict[str, Any]) -> None:
    moments = [clock.parse(text) for text in case["moments"]]
    found = again(moments, VECTORS["timezone"])
    if case["go"] is None:
        assert found is None
        return
    assert found is not None
    assert ([list(pair) for pair in found.tried], found.go) == (case["tried"], case["go"])


@given(st.lists(st.sampled_from(ORDER), min_size=1, max_size=20))
def test_what_is_proposed_was_tried_least(parts: list[str]) -> None:
    found = when_to_go(parts)
    assert found is not None
    counts = Counter(parts)
    assert counts[found.go] == min(counts[part] for part in ORDER)
    assert dict(found.tried) == counts
