"""What people type, made comparable."""

from __future__ import annotations

import pytest

from webapp.accounts import identity, passwords
from webapp.accounts.invites import ALPHABET, Maker, fold_code
from webapp.core.errors import Problem
from webapp.core.ids import new_id


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800000002", "13800000002"),
        ("138 0000 0002", "13800000002"),
        ("138-0000-0002", "13800000002"),
        ("+86 138 0000 0002", "13800000002"),
        ("008613800000002", "13800000002"),
        ("8613800000002", "13800000002"),
        ("１３８００００００２２", "13800000022"),
        ("+852 6123 4567", "+85261234567"),
        ("(023) 4280-0000", "02342800000"),
    ],
)
def test_a_phone_number_is_the_same_however_it_is_written(typed: str, kept: str) -> None:
    assert identity.read_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "12345", "abc", "1380000000x", "1" * 16, "++123456"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(Problem) as refused:
        identity.read_phone(typed)
    assert refused.value.params["field"] == "phone"


def test_only_mobile_and_international_numbers_count_as_logins() -> None:
    assert identity.as_phone("138 0000 0002") == "13800000002"
    assert identity.as_phone("+85261234567") == "+85261234567"
    assert identity.as_phone("10086") is None
    assert identity.as_phone("volunteer") is None


def test_a_login_has_no_case_no_width_and_no_spaces() -> None:
    assert identity.read_login("  HeJing ") == "hejing"
    assert identity.read_login("ＨｅＪｉｎｇ") == "hejing"
    assert identity.read_login("何静") == "何静"
    for wrong in ("", "a", "he jing", "x" * 81):
        with pytest.raises(Problem):
            identity.read_login(wrong)


def test_names_lose_control_characters_and_spare_spaces() -> None:
    assert identity.read_name(" 周\x00小\n甲 ") == "周 小 甲"
    for wrong in ("", "\x00", " " * 9, "名" * 81):
        with pytest.raises(Problem):
            identity.read_name(wrong)


def test_a_region_is_a_clean_path() -> None:
    assert identity.read_region(" 重庆市 / 合川区//南津街街道/ ") == "重庆市/合川区/南津街街道"
    with pytest.raises(Problem):
        identity.read_region(" / / ")


@pytest.mark.parametrize("easy", ["", "short", "        ", "aaaaaaaa", "abababab", "13800000002"])
def test_easy_passwords_are_refused(easy: str) -> None:
    with pytest.raises(Problem):
        passwords.check_new(easy, "13800000002", None)


def test_a_password_is_kept_as_argon2id_at_the_agreed_cost() -> None:
    kept = passwords.hash_password("door by door")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(kept, "door by door")
    assert not passwords.matches(kept, "door by doors")
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("not a hash", "x")


def test_links_have_128_bits_and_codes_eight_signs() -> None:
    maker, made = Maker("secret"), new_id()
    assert len(maker.token(made)) == 22
    assert maker.token(made) == Maker("secret").token(made)
    assert maker.token(made) != Maker("other").token(made)
    code = maker.code(made, 1)
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)
    assert code != maker.code(made, 2)
    assert len(set(ALPHABET)) == 32
    assert not set("01IO") & set(ALPHABET)


def test_a_code_is_read_however_it_is_typed() -> None:
    assert fold_code(" m4k7-p2q9 ") == "M4K7P2Q9"
    assert fold_code("ｍ４ｋ７ p2 q9") == "M4K7P2Q9"
