"""Any file → tables of cells, or a sentence why not."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.places.imports import child, tables, texts, workbooks
from webapp.places.imports.findings import Unreadable

LIST: list[list[str]] = [["楼号", "单元", "房号"], ["3号楼", "2", "1403"], ["3号楼", "2", "1404"]]


def text_of(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    return end.join(delimiter.join(row) for row in rows) + end


def cells(data: bytes) -> list[list[object]]:
    rows = tables.read(data).sheets[0].rows
    return [[None if cell is None else str(cell) for cell in row] for row in rows]


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        tables.read(data)
    return caught.value.finding.code


def workbook(rows: Sequence[Sequence[object]], name: str = "住户") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_ends_make_no_difference(
    encoding: str, delimiter: str, end: str
) -> None:
    assert cells(text_of(LIST, delimiter, end).encode(encoding)) == LIST


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_recognised(encoding: str) -> None:
    assert cells(text_of(LIST).encode(encoding)) == LIST


def test_quoted_fields_keep_commas_and_line_ends() -> None:
    data = '楼号,备注\n3,"甲,乙\n丙"\n'.encode()
    assert cells(data) == [["楼号", "备注"], ["3", "甲,乙\n丙"]]


def test_a_quotation_mark_that_is_never_closed_swallows_nothing() -> None:
    rows = '楼号,房号\n3,"101\n' + "".join(f"3,{n}\n" for n in range(200, 600))
    assert len(cells(rows.encode())) == 402


def test_commas_in_prose_divide_no_single_column() -> None:
    data = "地址\n合川区南津街1号\n合川区, 南津街2号\n合川区南津街3号\n合川区南津街4号\n".encode()
    assert cells(data)[2] == ["合川区, 南津街2号"]


def test_excels_own_separator_line_is_obeyed() -> None:
    assert cells("sep=;\n楼号;房号\n3;101\n".encode())[1:] == [["楼号", "房号"], ["3", "101"]]


def test_a_workbook_is_read_with_numbers_whole() -> None:
    assert cells(workbook([["楼号", "房号"], [3, 1403.0]])) == [["楼号", "房号"], ["3", "1403"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "a_pdf"),
        (b"\x89PNG\r\n\x1a\n....", "a_picture"),
        (b"Rar!\x1a\x07\x00", "an_archive"),
        (b"<!doctype html><html><table></table></html>", "a_web_page"),
        (b"<?xml version='1.0'?><kml></kml>", "an_xml"),
        (b'{"type": "FeatureCollection", "features": [', "damaged_json"),
        (b'{"type": "FeatureCollection", "features": []}', "no_features"),
        (b"BZh9 not bzip2", "an_archive"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (bytes(range(256)) * 8, "no_text"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_word_document_is_told_from_a_workbook() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert refusal(file.getvalue()) == "a_document"


def test_a_large_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 100)
    assert refusal(b"a,b\n" * 100) == "too_large"


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 1_000)
    assert refusal(workbook([["楼号"], *[["3"]] * 500])) == "too_many_cells"


def test_one_cell_in_the_last_corner_does_not_take_all_memory() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "楼号", 1
    file = io.BytesIO()
    book.save(file)
    assert refusal(file.getvalue()) == "too_many_cells"


def test_a_workbook_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MOST_SECONDS", 0.001)
    assert refusal(workbook([["楼号"], ["3"]])) == "too_slow"


def test_a_workbook_opens_whatever_folder_the_server_was_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cells(workbook(LIST))[0] == LIST[0]


def test_hidden_sheets_are_left_alone() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("字典").sheet_state = "hidden"
    sheet = book.active
    assert sheet is not None
    sheet.append(["楼号"])
    file = io.BytesIO()
    book.save(file)
    assert [sheet.name for sheet in tables.read(file.getvalue()).sheets] == ["Sheet"]


def test_geojson_has_a_column_for_each_property_and_a_row_for_each_feature() -> None:
    shape = {"type": "Point", "coordinates": [106.27, 29.97]}
    features = [
        {"type": "Feature", "properties": {"name": "1号楼"}, "geometry": shape},
        {"type": "Feature", "properties": {"levels": 7}, "geometry": None},
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    book = tables.read(data)
    assert book.places
    assert book.sheets[0].rows == [["name", "levels"], ["1号楼", None], [None, 7]]
    assert book.sheets[0].number(1) == 1
    assert book.sheets[0].geometries == [shape, None]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_geojson_may_be_in_other_encodings(encoding: str) -> None:
    feature = {"type": "Feature", "properties": {"名称": "一号楼"}, "geometry": None}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    assert tables.read(text.encode(encoding)).sheets[0].rows[1] == ["一号楼"]


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf")):
        return  # starting a process for each would take minutes
    with suppress(Unreadable):
        tables.read(data)


@given(st.text(max_size=200))
def test_text_survives_its_encoding(text: str) -> None:
    data = text.encode("utf-8-sig", errors="ignore")
    with suppress(Unreadable):
        assert texts.decode(data) == data.decode("utf-8-sig").removeprefix("\ufeff")
