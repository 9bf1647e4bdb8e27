"""Each element is decoded on its own: what is wrong in one is answered, and stops no other."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.field import DAY, NOW, Op, op, visit, wish
from webapp.core import clock as product_clock
from webapp.core.ids import new_id
from webapp.operations.batch import Item
from webapp.operations.decode import MAX_AHEAD, MAX_BYTES, decode_one
from webapp.wiring import wire

DOOR = "0199d0c4-7a30-7c11-9d3e-0a5b8c2f4e61"


@pytest.fixture(autouse=True, scope="module")
def _types() -> None:
    wire()


def read(operation: Op | bytes, now: int = NOW) -> Item:
    raw = operation.raw if isinstance(operation, Op) else operation
    return decode_one(raw, "member", "device", now)


def changed(operation: Op, **fields: Any) -> bytes:
    """The operation with other fields."""
    return json.dumps({**json.loads(operation.raw), **fields}).encode()


def verdict(operation: Op | bytes) -> tuple[str, str | None, str | None]:
    item = read(operation)
    return item.status, item.code, item.field


def test_a_good_visit_has_no_verdict_yet_and_the_hash_of_its_bytes() -> None:
    sent = visit(DOOR, "informed", app="helped", leaflets={"general": 1}, note="周末在家")
    item = read(sent)
    assert (item.status, item.id, item.type) == ("", sent.id, "visit")
    assert item.hash == sha256(sent.raw).digest()
    assert (item.subject_id, item.note, item.moment, item.capped) == (DOOR, "周末在家", NOW, False)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"outcome": "no_answer", "app": "installed"}, "app"),
        ({"outcome": "vacant", "app": "declined"}, "app"),
        ({"outcome": "vacant", "follow_up_on": "2026-12-01"}, "follow_up_on"),
        ({"flags": ["elderly"]}, "flags"),
        ({"flags": ["elderly"], "agreed": False}, "flags"),
        ({"flags": ["rich"], "agreed": True}, "flags"),
        ({"flags": "elderly", "agreed": True}, "flags"),
        ({"leaflets": {"general": 100}}, "leaflets"),
        ({"leaflets": {"general": -1}}, "leaflets"),
        ({"leaflets": {"general": 1.5}}, "leaflets"),
        ({"leaflets": {"a kind": 1}}, "leaflets"),
        ({"leaflets": {"k" * 41: 1}}, "leaflets"),
        ({"leaflets": 3}, "leaflets"),
        ({"leaflets": {f"k{n}": 1 for n in range(21)}}, "leaflets"),
        ({"note": "长" * 501}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"note": 7}, "note"),
        ({"follow_up_on": "2026-02-30"}, "follow_up_on"),
        ({"follow_up_on": "tomorrow"}, "follow_up_on"),
        ({"outcome": "moved"}, "outcome"),
        ({"outcome": "unknown field"}, "outcome"),
        ({"outcome": None}, "outcome"),
        ({"app": "broken"}, "app"),
        ({"household": "7"}, "household"),
        ({"household": f"{DOOR}\n"}, "household"),
        ({"household": None}, "household"),
        ({"by": f"{DOOR} "}, "by"),
        ({"distance_m": -1}, "distance_m"),
        ({"accuracy_m": "near"}, "accuracy_m"),
        ({"skew_ms": "1"}, "skew_ms"),
        ({"skew_ms": 10**40}, "skew_ms"),
        ({"skew_ms": True}, "skew_ms"),
        ({"skew_ms": -(10**13)}, "skew_ms"),
    ],
)
def test_a_field_that_breaks_a_rule_is_held_with_its_name(
    fields: dict[str, Any], field: str
) -> None:
    assert verdict(changed(visit(DOOR), **fields)) == ("held", "invalid", field)


@pytest.mark.parametrize(
    "fields",
    [
        {"leaflets": {"general": 0, "bank": 99}},
        {"note": "长" * 500},
        {"note": "a\tb\nc"},
        {"note": ""},
        {"flags": [], "agreed": False},
        {"flags": ["elderly", "no_smartphone"], "agreed": True},
        {"outcome": "no_answer", "follow_up_on": "2026-12-01", "leaflets": {"general": 1}},
        {"outcome": "come_back", "app": "no_smartphone"},
        {"distance_m": 12, "accuracy_m": 18.5},
        {"app": None, "flags": None, "note": None, "follow_up_on": None},
        {"household": DOOR.upper()},
    ],
)
def test_what_the_rules_allow_is_taken(fields: dict[str, Any]) -> None:
    item = read(changed(visit(DOOR), **fields))
    assert (item.status, item.subject_id) == ("", DOOR)


@pytest.mark.parametrize(
    "at",
    [
        "2026-11-22T09:58:12.004",
        "22.11.2026",
        "",
        None,
        5,
        "1969-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "2026-13-01T00:00:00Z",
    ],
)
def test_a_moment_that_is_none_is_held(at: Any) -> None:
    assert verdict(changed(visit(DOOR), at=at)) == ("held", "invalid", "at")


def test_what_is_missing_is_named() -> None:
    assert verdict(op("visit", household=DOOR)) == ("held", "invalid", "outcome")
    assert verdict(op("void")) == ("held", "invalid", "operation")


@pytest.mark.parametrize(
    "operation",
    [
        visit(DOOR, mood="good"),
        op("song", title="x"),
        wish(DOOR, outcome="informed"),
        op("household_add", household=DOOR, building=DOOR, room="1", colour="red"),
    ],
)
def test_unknown_types_and_fields_wait_for_an_upgrade(operation: Op) -> None:
    assert verdict(operation) == ("held", "not_understood", None)


def test_a_void_cannot_cancel_itself() -> None:
    sent = op("void", id=new_id(), operation="")
    raw = sent.raw.replace(b'"operation": ""', f'"operation": "{sent.id.upper()}"'.encode())
    assert verdict(raw) == ("held", "invalid", "operation")


@pytest.mark.parametrize("room", ["", " ", "　", "x" * 41, "1\x0001", None, 101])
def test_a_new_door_needs_a_number(room: Any) -> None:
    sent = op("household_add", household=DOOR, building=DOOR, unit="1", room=room)
    assert verdict(sent) == ("held", "invalid", "room")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"7", "not_an_operation"),
        (b"null", "not_an_operation"),
        (b'"visit"', "not_an_operation"),
        (b"[]", "not_an_operation"),
        (b"{}", "no_id"),
        (b'{"id": 7, "type": "visit"}', "no_id"),
        (b'{"id": "x", "type": "visit"}', "no_id"),
        (f'{{"id": "{DOOR}\\n", "type": "visit"}}'.encode(), "no_id"),
        (f'{{"id": "{DOOR}"}}'.encode(), "no_type"),
        (f'{{"id": "{DOOR}", "type": "Visit!"}}'.encode(), "no_type"),
        (f'{{"id": "{DOOR}", "type": "{"v" * 41}"}}'.encode(), "no_type"),
        (f'{{"id": "{DOOR}", "type": ["visit"]}}'.encode(), "no_type"),
        (b'{"id": "\xff\xfe"}', "not_an_operation"),
        (b'{"id": "\xed\xa0\x80"}', "not_an_operation"),
        (b'{"a":' * 8000 + b"1" + b"}" * 8000, "not_an_operation"),
        (b"[" * 100_000, "not_an_operation"),
        (b'{"id": 1' + b"0" * 5000 + b"}", "not_an_operation"),
        (b"", "not_an_operation"),
    ],
)
def test_what_has_no_usable_id_or_type_is_refused(raw: bytes, code: str) -> None:
    item = read(raw)
    assert (item.status, item.code, item.operation) == ("refused", code, None)


def test_sixteen_kilobytes_are_taken_and_a_byte_more_is_refused() -> None:
    head = visit(DOOR).raw[:-1] + b', "x": "'
    largest = head + b"x" * (MAX_BYTES - len(head) - 2) + b'"}'
    assert len(largest) == MAX_BYTES
    assert verdict(largest) == ("held", "not_understood", None)
    item = read(largest.replace(b'"}', b'x"}'))
    assert (item.status, item.code) == ("refused", "too_large")
    assert item.id


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        (rb"\ud83d", "�"),
        (rb"a\uDE00b", "a�b"),
        (rb"\ud83d\ud83d\ude00", "�😀"),
        (rb"\\ud83d", r"\ud83d"),
        (rb"\\\ud83d!", "\\�!"),
        (rb"\ud83d\n", "�\n"),
    ],
)
def test_half_an_emoji_costs_no_visit(note: bytes, kept: str) -> None:
    raw = visit(DOOR, note="NOTE").raw.replace(b"NOTE", note)
    item = read(raw)
    assert (item.status, item.note) == ("", kept)
    assert item.hash == sha256(raw).digest()


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400"])
def test_a_number_that_is_none_is_kept_and_held(number: bytes) -> None:
    raw = visit(DOOR, distance_m=0).raw.replace(b'"distance_m": 0', b'"distance_m": ' + number)
    item = read(raw)
    assert (item.status, item.code) == ("held", "invalid")
    assert item.text == raw.decode()


def test_of_a_repeated_key_the_last_counts() -> None:
    raw = visit(DOOR, "informed").raw[:-1] + b', "outcome": "vacant"}'
    assert read(raw).operation.outcome == "vacant"


def test_an_id_in_capitals_is_the_same_id() -> None:
    sent = visit(DOOR)
    assert read(sent.raw.replace(sent.id.encode(), sent.id.upper().encode())).id == sent.id


def test_the_moment_is_the_phones_clock_set_right_by_its_skew() -> None:
    item = read(visit(DOOR, at=NOW - DAY, skew_ms=-1200))
    assert (item.moment, item.capped) == (NOW - DAY - 1200, False)
    item = read(visit(DOOR, at=NOW + 3 * DAY, skew_ms=-3 * DAY - 5))
    assert (item.moment, item.capped) == (NOW - 5, False)


@pytest.mark.parametrize("offset", ["Z", "+00:00", "+08:00", "-11:30"])
def test_the_offset_says_which_moment_it_is(offset: str) -> None:
    at = f"2026-11-22T09:58:12.004{offset}"
    assert read(changed(visit(DOOR), at=at)).moment == product_clock.parse(
        at.replace("Z", "+00:00")
    )


def test_a_moment_over_five_minutes_ahead_becomes_that_of_the_receipt() -> None:
    assert read(visit(DOOR, at=NOW + MAX_AHEAD)).moment == NOW + MAX_AHEAD
    item = read(visit(DOOR, at=NOW + MAX_AHEAD + 1))
    assert (item.moment, item.capped) == (NOW, True)


texts = st.text('a7:-\x00"\\门😀\ud83d\n', max_size=8)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
quick = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
FIELDS = (
    "id", "type", "at", "skew_ms", "household", "outcome", "leaflets", "app", "flags", "agreed",
    "note", "follow_up_on", "distance_m", "by", "x",
)  # fmt: skip


@quick
@given(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=4))
def test_whatever_a_field_holds_the_answer_is_a_verdict(fields: dict[str, Any]) -> None:
    item = read(changed(visit(DOOR), **fields))
    assert item.status in {"", "held", "refused"}
    assert (item.status == "refused") == ({"id", "type"} & fields.keys() != set())


@quick
@given(st.binary(max_size=60))
def test_whatever_bytes_come_the_answer_is_a_verdict(raw: bytes) -> None:
    assert read(raw).status in {"refused", "held"}
