"""The list of earlier walks at the desk: looked at first, then recorded by the worker, once."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from tests.factories.field import differences
from tests.factories.places import Estate
from webapp.core import db, jobs
from webapp.operations.models import Operation

HEAD = "楼栋,单元,房号,走访日期,走访结果,是否安装,宣传单,备注,网格员\n"
ROWS = "3幢,1,101,2026-03-15,已宣传,已安装,2,,\n3幢,1,102,2026-03-15,不在家,,,,\n"


@pytest.fixture
def street(place: Estate) -> Estate:
    place.doors(place.building("3号楼"), [101, 102, 201])
    return place


def send(place: Estate, content: bytes | str, name: str = "walks.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return place.desk.submit("/import/visits", file=(io.BytesIO(data), name))


def work(place: Estate) -> None:
    with place.context():
        while jobs.run_one():
            pass


def visits(place: Estate) -> list[Operation]:
    with place.context(), db.reading() as session:
        found = session.query(Operation).filter_by(type="visit").all()
        session.expunge_all()
    return found


@pytest.mark.both_engines
def test_a_list_is_looked_at_and_then_recorded_once(street: Estate) -> None:
    bad = "3幢,1,999,2026-03-15,已宣传,,,,\n3幢,1,201,明年,已宣传,,,,\n"
    sent = send(street, HEAD + ROWS + bad)
    assert sent.status_code == 303
    page = street.desk.get(sent.location).text
    assert "可以记入 2 条" in page
    assert "2 行不能记入" in page
    assert visits(street) == []
    begun = street.desk.submit(sent.location + "/start")
    figures = street.desk.get(begun.location + ".json").json
    assert figures["status"] == "queued"
    assert "data-import" in street.desk.get(begun.location).text
    work(street)
    page = street.desk.get(begun.location).text
    assert "记入了 2 条" in page
    assert "2 行不能记入" in page
    assert [one.status for one in visits(street)] == ["accepted", "accepted"]
    with street.context():
        assert not differences(street.hood)
    assert street.desk.get(sent.location).status_code == 404  # the file is erased
    again = send(street, HEAD + ROWS)
    page = street.desk.get(again.location).text
    assert "可以记入 0 条，另有 2 条已经在了" in page
    assert "/start" not in page
    work(street)
    assert len(visits(street)) == 2


def test_a_workbook_does_as_well(street: Estate) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in (HEAD + ROWS).splitlines():
        book.active.append(line.split(","))
    content = io.BytesIO()
    book.save(content)
    sent = send(street, content.getvalue(), "walks.xlsx")
    assert "可以记入 2 条" in street.desk.get(sent.location).text


def test_what_is_no_such_list_is_refused_with_a_sentence(street: Estate) -> None:
    assert send(street, "a,b\n1,2\n").status_code == 422
    assert "房号" in send(street, "楼栋,日期\n3,2026-01-01\n").text
    assert send(street, b"\x00\xff" * 50).status_code == 422
    assert street.desk.submit("/import/visits").status_code == 422


def test_files_and_jobs_of_others_are_not_there(street: Estate) -> None:
    sent = send(street, HEAD + ROWS)
    assert street.desk.get("/import/visits/" + "0" * 32).status_code == 404
    assert street.desk.get(
        "/import/visits/jobs/00000000-0000-7000-8000-000000000000"
    ).status_code == 404  # fmt: skip
    street.desk.submit(sent.location + "/forget")
    assert street.desk.get(sent.location).status_code == 404


def test_stopped_is_stopped_and_can_be_done_again(street: Estate) -> None:
    sent = send(street, HEAD + ROWS)
    begun = street.desk.submit(sent.location + "/start")
    street.desk.submit(begun.location + "/stop")
    work(street)
    assert "停下了" in street.desk.get(begun.location).text
    assert visits(street) == []
