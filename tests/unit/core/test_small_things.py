"""Ids, the clock, settings."""

from __future__ import annotations

import re
import threading
import uuid
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core import clock
from webapp.core.ids import is_id, new_id
from webapp.core.settings import Settings, SettingsError, from_environment

# --- ids ------------------------------------------------------------------------------------


def test_an_id_is_a_uuid_of_version_7_that_tells_its_time() -> None:
    made = uuid.UUID(new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) - clock.now()) < 60_000


def test_ids_only_grow_and_never_repeat() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))


def test_threads_never_get_the_same_id() -> None:
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.extend(new_id() for _ in range(2_000)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0199d0c4-7a30-7c11-9d3e-0a5b8c2f4e61", True),
        ("0199D0C4-7A30-7C11-9D3E-0A5B8C2F4E61", False),
        ("0199d0c4-7a30-7c11-9d3e-0a5b8c2f4e61\n", False),
        ("0199d0c47a307c119d3e0a5b8c2f4e61", False),
        ("", False),
        (7, False),
        (None, False),
    ],
)
def test_only_canonical_lower_case_is_an_id(value: object, expected: bool) -> None:
    assert is_id(value) is expected


# --- clock ----------------------------------------------------------------------------------


@given(st.integers(0, 4_102_444_800_000))
def test_a_moment_survives_being_written_and_read(moment: int) -> None:
    assert clock.parse(clock.iso(moment)) == moment


def test_moments_are_written_in_utc_with_milliseconds() -> None:
    assert clock.iso(1_795_314_665_120) == "2026-11-22T02:31:05.120+00:00"
    assert clock.parse("2026-11-22T10:31:05.120+08:00") == 1_795_314_665_120


@pytest.mark.parametrize("text", ["2026-11-22T10:31:05", "yesterday", "", "2026-11-22"])
def test_a_moment_without_offset_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        clock.parse(text)


def test_a_day_is_the_communitys_own() -> None:
    late = clock.parse("2026-11-22T23:30:00+08:00")
    assert clock.day_of(late, "Asia/Shanghai") == date(2026, 11, 22)
    assert clock.day_of(late, "Asia/Tokyo") == date(2026, 11, 23)
    assert clock.day_of(late, "America/New_York") == date(2026, 11, 22)


def test_a_zone_that_there_is_not_is_said() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        clock.zone("Asia/Atlantis")


def test_the_clock_can_be_moved_and_comes_back() -> None:
    before = clock.now()
    with clock.moved_to(5):
        assert clock.now() == 5
        with clock.moved_to(lambda: 7):
            assert clock.now() == 7
        assert clock.now() == 5
    assert clock.now() >= before


# --- settings -------------------------------------------------------------------------------


def read(tmp_path: Path, **environ: str) -> Settings:
    return from_environment({"QIAOMEN_INSTANCE": str(tmp_path / "instance"), **environ})


def test_without_any_setting_the_database_is_embedded(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/qiaomen.sqlite"
    assert (settings.public_url, settings.loopback, settings.secure_cookies) == (
        "http://127.0.0.1:8000", True, False,
    )  # fmt: skip


def test_the_secret_key_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    assert re.fullmatch("[0-9a-f]{64}", first)
    assert read(tmp_path).secret_key == first
    assert (tmp_path / "instance" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert read(tmp_path, SECRET_KEY="own").secret_key == "own"


def test_an_outside_address_needs_https(tmp_path: Path) -> None:
    settings = read(tmp_path, PUBLIC_URL="https://qm.example.org/")
    assert (settings.public_url, settings.secure_cookies, settings.loopback) == (
        "https://qm.example.org", True, False,
    )  # fmt: skip
    for address in (
        "http://qm.example.org",
        "http://192.168.1.5:8000",
        "ftp://x",
        "qm",
        "https://",
    ):
        with pytest.raises(SettingsError):
            read(tmp_path, PUBLIC_URL=address)


@pytest.mark.parametrize("address", ["http://localhost:9000", "http://[::1]:8000"])
def test_this_machine_needs_none(tmp_path: Path, address: str) -> None:
    assert read(tmp_path, PUBLIC_URL=address).loopback


def test_proxies_are_read_one_by_one(tmp_path: Path) -> None:
    assert read(tmp_path, TRUSTED_PROXIES="10.0.0.1, 10.1.0.0/16,").trusted_proxies == (
        "10.0.0.1", "10.1.0.0/16",
    )  # fmt: skip
