"""The phone's search over the product's own cards: its TypeScript, run by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.factories.playbook import new_trick
from webapp.playbook import rows
from webapp.playbook.content import builtin

ROOT = Path(__file__).parents[3]
VECTORS = ROOT / "tests" / "vectors"
SAID = json.loads((VECTORS / "first_sentences.json").read_text(encoding="utf-8"))
MORE = json.loads((VECTORS / "more_sentences.json").read_text(encoding="utf-8"))
TYPED = json.loads((VECTORS / "how_cards_are_searched.json").read_text(encoding="utf-8"))
GOOD, BEST = 0.95, 3
KINDS = {card_id: card.content.type for card_id, card in builtin().items()}


def found(queries: Sequence[str], *more: bytes) -> list[list[str]]:
    """For each query the kinds of the cards found (ids of others), best first."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node: run `make setup`")
    raw = [*rows.builtin_rows().values(), *more, rows.words_row()]
    given = json.dumps({"rows": [json.loads(row) for row in raw], "queries": list(queries)})
    done = subprocess.run(
        [node, "tests/support/search.mjs"],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: list[list[str]] = json.loads(done.stdout)
    return [[KINDS.get(one, one) for one in ids] for ids in answer]


@lru_cache(maxsize=1)
def answers() -> dict[str, list[str]]:
    """All queries of the vectors, asked at once."""
    queries = [row["said"] for row in (*SAID, *MORE)]
    queries += [typed for row in TYPED for typed in row["typed"]]
    return dict(zip(queries, found(queries), strict=True))


def misses(vectors: Sequence[dict[str, Any]]) -> list[str]:
    """Sentences whose kind is not among the first three."""
    return [
        f"{row['type']}: {row['said']} → {answers()[row['said']][:BEST]}"
        for row in vectors
        if row["type"] not in answers()[row["said"]][:BEST]
    ]


def test_there_are_enough_sentences_of_every_kind() -> None:
    assert len(SAID) == 120
    for kind in KINDS.values():
        assert sum(row["type"] == kind for row in SAID) >= 10


def test_what_was_said_first_leads_to_the_right_card() -> None:
    missed = misses(SAID)
    assert len(missed) <= len(SAID) * (1 - GOOD), "\n".join(missed)


def test_other_people_say_it_otherwise_and_find_it_too() -> None:
    missed = misses(MORE)
    assert len(missed) <= len(MORE) * (1 - GOOD), "\n".join(missed)


@pytest.mark.parametrize("row", TYPED, ids=lambda row: row["type"])
def test_names_pinyin_initials_and_slips_lead_there(row: dict[str, Any]) -> None:
    wrong = [typed for typed in row["typed"] if row["type"] not in answers()[typed][:BEST]]
    assert wrong == [], {typed: answers()[typed][:BEST] for typed in wrong}


def test_a_communitys_own_trick_is_found_by_what_is_said_in_it() -> None:
    own = rows.card_row("own", new_trick(), version=1)
    queries = ["您的件在路上烧了", "jiakuaidi", "jkd", "假快递", "说丢了件要赔三百"]
    for query, ids in zip(queries, found(queries, own), strict=True):
        assert "own" in ids[:BEST], query


def test_nonsense_finds_nothing_and_harms_nothing() -> None:
    nothing = ["", "   ", "。。。", "🙂", "\x00", "qqqqq xxxxx"]
    answer = found([*nothing, "a" * 5_000, "'; drop table", "骗" * 500])
    assert answer[: len(nothing)] == [[]] * len(nothing)
    assert all(len(ids) <= len(KINDS) for ids in answer)
