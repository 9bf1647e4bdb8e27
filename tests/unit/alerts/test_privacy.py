"""Masking, and the look that is written down."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.factories.alerts import PERSON, acting, make_alert
from tests.factories.field import MINUTE, NOW, Neighbourhood, Phone, neighbourhood
from webapp.accounts.models import Audit
from webapp.alerts import privacy
from webapp.alerts.models import AlertPerson
from webapp.core import db
from webapp.core.errors import NotFound


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("何女士", "何女士"),
        ("欧阳先生", "欧阳先生"),
        ("何丽娟女士", "何女士"),
        ("欧阳娜娜女士", "欧阳女士"),
        ("老张", "老张"),
        ("老陈先生", "老陈先生"),
        ("张某", "张某"),
        ("张某某", "张某某"),
        ("张*", "张*"),
        ("张丽华", "张*"),
        ("张丽", "张*"),
        ("欧阳娜", "欧阳*"),
        ("王", "王"),
        ("女士", "女*"),
        ("John Smith", "J*"),
        ("  张丽华 ", "张*"),
        ("", ""),
    ],
)
def test_of_a_name_the_surname_and_the_title_stay(name: str, shown: str) -> None:
    assert privacy.mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("+86 13812345678", "+86 1****5678"),
        ("023-42812345", "023****2345"),
        ("42812345", "428****2345"),
        ("96110", "****10"),
        ("110", "****"),
        ("138****1234", "138****1234"),
        ("", ""),
    ],
)
def test_of_a_phone_number_the_middle_goes(phone: str, shown: str) -> None:
    assert privacy.mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("3幢2单元1204张丽华，13812345678", "张丽华", "3幢2单元1204张*，138****5678"),
        ("何女士，58岁", "何女士", "何女士，58岁"),
        ("电话 138-1234-5678 或 13900001111", "", "电话 138****5678 或 139****1111"),
        ("被骗 78000 元", "", "被骗 78000 元"),
    ],
)
def test_a_message_keeps_no_whole_number_and_no_full_name(text: str, name: str, shown: str) -> None:
    assert privacy.mask_text(text, name) == shown


def see(phone: Phone, alert: str, now: int) -> privacy.Shown:
    with db.reading() as session:
        return privacy.shown(session, acting(phone, "coordinator"), alert, now=now)


def look(phone: Phone, alert: str, now: int) -> privacy.Shown:
    with db.writing() as session:
        return privacy.reveal(session, acting(phone, "coordinator"), alert, now=now)


@pytest.mark.both_engines
def test_a_look_is_written_down_and_lasts_ten_minutes(hood: Neighbourhood) -> None:
    ann, bob = hood.member("coordinator"), hood.member("coordinator")
    alert = make_alert(hood, resident_name="张丽华", original="张丽华 13812345678")
    assert see(ann, alert, NOW).phone == "138****5678"
    assert see(ann, alert, NOW).original == "张* 138****5678"

    whole = look(ann, alert, NOW)
    assert (whole.resident_name, whole.phone) == ("张丽华", PERSON["phone"])
    assert whole.until == NOW + 10 * MINUTE
    assert see(ann, alert, NOW + 10 * MINUTE - 1).phone == "13812345678"
    assert see(ann, alert, NOW + 10 * MINUTE).phone == "138****5678"
    assert see(bob, alert, NOW + 1).phone == "138****5678"

    with db.reading() as session:
        noted = session.scalars(select(Audit).where(Audit.action == "alert_reveal")).one()
    assert (noted.subject, noted.member_id, noted.at) == (alert, ann.member_id, NOW)
    assert "张" not in str(noted.detail)


@pytest.mark.both_engines
def test_nobody_looks_into_another_community(hood: Neighbourhood) -> None:
    stranger = neighbourhood("other").member("coordinator")
    alert = make_alert(hood)
    with pytest.raises(NotFound):
        look(stranger, alert, NOW)
    assert see(stranger, alert, NOW).erased
    with db.reading() as session:
        looks = select(func.count()).where(Audit.action == "alert_reveal")
        assert session.scalar(looks) == 0


@pytest.mark.parametrize(
    ("name", "told"),
    [("女儿 李丽华女士", "女儿 李女士"), ("女儿", "女儿"), ("王大明", "王*"), ("", "")],
)
def test_what_a_contact_is_to_the_resident_stays(name: str, told: str) -> None:
    person = AlertPerson(
        resident_name="", phone="", unit="", room="", place_text="", original="",
        contacts=[{"role": "family", "name": name, "phone": "13812345678"}],
    )  # fmt: skip
    (contact,) = privacy.masked(person).contacts
    assert (contact["name"], contact["phone"]) == (told, "138****5678")
