"""The wizard: file → columns → check → import, for coordinators only."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.accounts import SignedIn, make_community, make_member, sign_in
from tests.factories.osm import Drawn
from webapp.core import db, jobs
from webapp.places.imports import uploads
from webapp.places.models import Building, Household

ROOMS = """小区,楼号,单元,房号,业主姓名
甲苑,3,2,1403,某人甲
甲苑,3,2,14O4,某人乙
甲苑,3,2,=1+1,某人丙
"""


@pytest.fixture
def desk(app: Flask) -> SignedIn:
    """A coordinator at the desk."""
    return sign_in(app, make_member(app, make_community(app), "coordinator", name="何静"))


def send(desk: SignedIn, content: str | bytes, name: str = "名册.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return desk.submit("/import", file=(io.BytesIO(data), name))


def upload(desk: SignedIn, content: str | bytes = ROOMS) -> str:
    """Upload, take the columns as recognised; returns the upload's address."""
    answer = send(desk, content)
    assert answer.status_code == 303, answer.text
    address = str(answer.headers["Location"]).removesuffix("/columns")
    return address


def checked(desk: SignedIn, content: str | bytes = ROOMS, **fields: str) -> str:
    address = upload(desk, content)
    page = desk.get(f"{address}/columns").text
    form = dict(re.findall(r'name="(c\d+-\d+)".*?<option value="(\w+)" selected', page, re.DOTALL))
    answer = desk.submit(f"{address}/columns", **{**form, **fields})
    assert answer.status_code == 303, answer.text
    return address


def imported(app: Flask, desk: SignedIn, address: str) -> str:
    answer = desk.submit(f"{address}/start")
    with app.app_context():
        while jobs.run_one():
            pass
    return str(answer.headers["Location"])


def total(app: Flask, table: type[Building | Household]) -> int:
    with app.app_context(), db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def cells(content: bytes) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def files(app: Flask) -> list[Path]:
    folder = Path(app.instance_path) / "uploads"
    return list(folder.iterdir()) if folder.is_dir() else []


def test_a_file_goes_all_the_way(app: Flask, desk: SignedIn) -> None:
    address = checked(desk)
    page = imported(app, desk, address)
    text = desk.get(page).text
    assert (total(app, Building), total(app, Household)) == (1, 1)
    assert "导好了" in text
    assert "14O4" in text


def test_columns_are_shown_as_recognised_and_people_are_locked(desk: SignedIn) -> None:
    page = desk.get(f"{upload(desk)}/columns").text
    assert page.count("自动认出") == 4
    assert "敏感列，不存" in page
    assert "某人甲" not in page
    assert 'name="c0-4"' not in page


def test_the_check_names_every_problem_by_row_and_column(app: Flask, desk: SignedIn) -> None:
    page = desk.get(f"{checked(desk)}/check").text
    assert "应为数字：1404" in page
    assert re.search(r"<th[^>]*>3</th>", page)
    assert "某人" not in page
    assert total(app, Building) == 0


def test_the_columns_can_be_corrected(app: Flask, desk: SignedIn) -> None:
    choice = {"c0-0": "building", "c0-1": "unit", "c0-2": "room"}
    address = checked(desk, "Haus,Tor,Nr\n3,2,1403\n", **choice)
    imported(app, desk, address)
    assert total(app, Household) == 1


def test_a_column_can_be_left_out(app: Flask, desk: SignedIn) -> None:
    address = checked(desk, "楼号,网格\n3,一格\n", **{"c0-1": ""})
    imported(app, desk, address)
    with app.app_context(), db.reading() as session:
        assert session.scalar(select(Building.grid)) == ""


def test_a_choice_without_a_building_is_answered_on_the_page(desk: SignedIn) -> None:
    answer = desk.submit(f"{upload(desk)}/columns", **{f"c0-{n}": "" for n in range(4)})
    assert answer.status_code == 422
    assert "没认出楼栋" in answer.text


def test_an_unknown_table_can_be_matched_by_hand(desk: SignedIn) -> None:
    page = desk.get(f"{upload(desk, 'Year,Jan' + chr(10) + '1880,-43' + chr(10))}/columns").text
    assert "Year" in page


def test_bad_rows_can_be_taken_away_to_mend_and_are_no_formulas(desk: SignedIn) -> None:
    content = desk.get(f"{checked(desk)}/mend.xlsx").data
    rows = cells(content)
    assert rows[0] == ("小区", "楼号", "单元", "房号", "问题")
    assert [row[3] for row in rows[1:]] == ["14O4", "'=1+1"]
    assert "某人".encode() not in content


@pytest.mark.parametrize(
    ("language", "name"),
    [("zh", "%E6%A5%BC%E6%A0%8B%E5%90%8D%E5%86%8C%E6%A8%A1%E6%9D%BF.xlsx"), ("en", ".xlsx")],
)
def test_a_file_to_take_away_has_a_name_that_every_server_sends(
    desk: SignedIn, language: str, name: str
) -> None:
    answer = desk.get(f"/import/template.xlsx?lang={language}")
    assert answer.headers["Content-Disposition"].isascii()
    assert answer.headers["Content-Disposition"].endswith(name)


def test_mended_rows_can_be_imported(app: Flask, desk: SignedIn) -> None:
    mended = [["小区", "楼号", "单元", "房号", "问题"], ["甲苑", "3", "2", "1404", "房号不对"]]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in mended:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    imported(app, desk, checked(desk, file.getvalue()))
    assert total(app, Household) == 1


def test_the_file_is_erased_when_it_is_imported(app: Flask, desk: SignedIn) -> None:
    address = checked(desk)
    assert files(app)
    imported(app, desk, address)
    assert files(app) == []


def test_the_file_is_erased_when_nobody_wants_it(app: Flask, desk: SignedIn) -> None:
    desk.submit(f"{checked(desk)}/forget")
    assert files(app) == []


def test_files_that_nobody_finished_are_erased_after_a_day(app: Flask, desk: SignedIn) -> None:
    upload(desk)
    with app.app_context():
        uploads.sweep(now=int(files(app)[0].stat().st_mtime * 1000) + uploads.KEPT + 5_000)
    assert files(app) == []


def test_files_lie_under_random_names(app: Flask, desk: SignedIn) -> None:
    send(desk, ROOMS, "../../etc/passwd.csv")
    assert all(re.fullmatch(r"[0-9a-f]{32}\.\w+", path.name) for path in files(app))


def test_another_communitys_file_and_import_are_not_there(app: Flask, desk: SignedIn) -> None:
    address = checked(desk)
    page = imported(app, desk, checked(desk))
    other = sign_in(app, make_member(app, make_community(app), "coordinator"))
    for path in (f"{address}/columns", f"{address}/check", f"{address}/mend.xlsx", page,
                 f"{page}/progress"):  # fmt: skip
        assert other.get(path).status_code == 404
    assert other.submit(f"{address}/start").status_code == 404
    assert other.submit(f"{page}/stop").status_code == 404


def test_volunteers_import_nothing(app: Flask, desk: SignedIn) -> None:
    community = int(desk.answer["community"]["id"])
    volunteer = sign_in(app, make_member(app, community, "volunteer"))
    assert volunteer.get("/import").status_code == 403
    assert send(volunteer, ROOMS).status_code == 403


@pytest.mark.parametrize(
    ("content", "name", "wanted"),
    [(b"", "a.csv", "空"), (b"%PDF", "a.pdf", "PDF"), (b"PK\x03\x04x", "a.xlsx", "打不开")],
)
def test_what_is_no_table_is_answered_with_a_sentence(
    desk: SignedIn, content: bytes, name: str, wanted: str
) -> None:
    answer = send(desk, content, name)
    assert answer.status_code == 422
    assert wanted in answer.text


def test_a_form_without_a_file_is_answered(desk: SignedIn) -> None:
    assert desk.submit("/import").status_code == 422


def test_a_stopped_import_keeps_its_buildings_and_can_go_on(app: Flask, desk: SignedIn) -> None:
    address = checked(desk)
    page = str(desk.submit(f"{address}/start").headers["Location"])
    desk.submit(f"{page}/stop")
    with app.app_context():
        assert not jobs.run_one()
    assert "已停下" in desk.get(page).text
    again = str(desk.submit(f"{page}/again").headers["Location"])
    with app.app_context():
        assert jobs.run_one()
    assert "导好了" in desk.get(again).text
    assert total(app, Household) == 1


def test_importing_the_same_file_again_says_that_nothing_changed(
    app: Flask, desk: SignedIn
) -> None:
    imported(app, desk, checked(desk))
    assert "没有变化" in desk.get(imported(app, desk, checked(desk))).text


def test_progress_is_answered_for_the_pages_script(app: Flask, desk: SignedIn) -> None:
    page = imported(app, desk, checked(desk))
    assert desk.get(f"{page}/progress").json == {"status": "done", "done": 1, "total": 1, "at": 1}


def test_the_template_is_understood(app: Flask, desk: SignedIn) -> None:
    content = desk.get("/import/template.xlsx").data
    assert cells(content)[0][:3] == ("小区", "楼栋", "单元")
    imported(app, desk, checked(desk, content))
    assert total(app, Household) == 3


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_has_its_words_in_both_languages(
    app: Flask, desk: SignedIn, language: str
) -> None:
    address = checked(desk)
    pages = ["/import", f"{address}/columns", f"{address}/check"]
    texts = [desk.get(f"{page}?lang={language}").text for page in pages]
    texts.append(desk.get(f"{imported(app, desk, address)}?lang={language}").text)
    for text in texts:
        assert "import." not in re.sub(r'(?:href|src|action)="[^"]*"', "", text)


def test_a_problem_can_be_mended_on_the_page(app: Flask, desk: SignedIn) -> None:
    address = checked(desk)
    page = desk.get(f"{address}/check").text
    assert "改成 1404" in page
    desk.submit(f"{address}/mend", sheet="", row="3", index="3", value="1404")
    desk.submit(f"{address}/mend", sheet="", row="4", index="3", value="1405")
    assert "都没问题" in desk.get(f"{address}/check").text
    imported(app, desk, address)
    assert total(app, Household) == 3


def test_mending_a_cell_that_is_not_there_changes_nothing(desk: SignedIn) -> None:
    address = checked(desk)
    answer = desk.submit(f"{address}/mend", sheet="x", row="abc", index="99", value="1")
    assert answer.status_code == 303
    assert "14O4" in desk.get(f"{address}/check").text


def test_a_map_is_a_table_of_buildings_like_any_other(app: Flask, desk: SignedIn) -> None:
    drawn = Drawn()
    for n in (1, 2, 3):
        drawn.square(3 * n, 0, building="apartments", name=f"{n}号楼", building__levels="6")
    drawn.node(3, 0, entrance="staircase", ref="2")
    answer = send(desk, drawn.bzip2(), "地图.osm.bz2")
    address = str(answer.headers["Location"]).removesuffix("/columns")
    page = desk.get(f"{address}/columns").text
    assert "building:levels" in page
    assert "entrance:units" in page
    desk.submit(f"{address}/columns")
    found = desk.get(f"{address}/check").text
    assert "OpenStreetMap" in found
    imported(app, desk, address)
    assert total(app, Building) == 3


def test_a_map_without_buildings_is_refused_on_the_page(desk: SignedIn) -> None:
    drawn = Drawn()
    drawn.square(0, 0, landuse="grass")
    answer = send(desk, drawn.xml(), "地图.osm")
    assert answer.status_code == 422
    assert "building" in answer.text
