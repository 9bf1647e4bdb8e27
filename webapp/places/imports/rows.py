"""Rows of recognised tables → buildings and doors, with every problem by row and column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from webapp.places import addresses
from webapp.places.generator import MOST_DOORS, MOST_FLOORS, MOST_UNITS
from webapp.places.imports import attribution, cells, crs, layout, outlines, shapes
from webapp.places.imports.checks import check_buildings
from webapp.places.imports.findings import Finding, Unreadable
from webapp.places.imports.layout import Table
from webapp.places.imports.naming import Named, Words, identify
from webapp.places.imports.options import Options, WrongUse, apply_choice
from webapp.places.imports.records import BuildingRecord, DoorRecord, Reading
from webapp.places.imports.sheets import Book, Cell, Row, blank_to_none, text_of
from webapp.places.imports.vocabulary import ENDING_NOTES, has_cjk
from webapp.places.numbers import floor_of, room_key, shown_room, tidy, unit_key

_NOTHING = {"-", "--", "/", "无", "N/A", "NA", "NULL", "NONE"}
_LONGEST_ROOM = 24
_LOOKED_AT = 200
_ROOM = re.compile(r"(?=.*[^\W_0])[\w#(][\w\-#./()、,&·]*")
"""A room's number or name: something but zeros and marks, and nothing like a formula."""
_COUNTS = {
    "floors": MOST_FLOORS,
    "units": MOST_UNITS,
    "dwellings": MOST_DOORS,
    "rooms_per_floor": MOST_DOORS,
}
"""What a building can have of each; more is a slip of the hand."""


def read(book: Book, options: Options) -> Reading:
    """Everything that the file says.

    Raises Unreadable when it has no buildings (or, for a list of doors, no rooms), WrongUse for
    a sheet or column that it does not have.
    """
    reading = Reading(source=book.source, notices=list(book.notices))
    reading.attribution = attribution.plain(options.attribution) or book.attribution
    reading.tables = tables(book, options)
    if not any(_usable(table) for table in reading.tables):
        raise Unreadable("no_columns", found=_headings(book))
    if options.wants == "households" and not any(_lists_doors(t) for t in reading.tables):
        raise Unreadable("no_rooms", found=_headings(book))
    _say_sheets(book, options, reading)
    buildings: dict[str, BuildingRecord] = {}
    for table in reading.tables:
        if _usable(table):
            _Reader(table, options, reading, buildings, several=len(reading.tables) > 1).read()
    if not reading.rows:
        raise Unreadable("no_rows")
    reading.buildings = [b for b in buildings.values() if not _empty(b)]
    check_buildings(reading)
    if reading.attribution:
        said = {"attribution": reading.attribution}
        reading.notices.append(Finding("attribution", params=said))
    reading.problems.sort(key=lambda finding: (finding.sheet or "", finding.row or 0))
    return reading


def tables(book: Book, options: Options) -> list[Table]:
    """The tables that will be read, with the person's choice of columns.

    Raises WrongUse for a sheet or column that the file does not have.
    """
    sheets = book.sheets
    if options.sheet is not None:
        sheets = [s for s in sheets if tidy(s.name) == tidy(options.sheet)]
        if not sheets:
            names = ", ".join(s.name for s in book.sheets if s.name) or "–"
            raise WrongUse("unknown_sheet", sheet=options.sheet, sheets=names)
    headings = [heading for _field, heading in options.mapping]
    found: set[str] = set()
    result = []
    for sheet in sheets:
        table = layout.find(sheet, wanted=headings)
        if table is None and (headings or options.chosen.get(sheet.name)):
            table = layout.first_table(sheet)
        if table is None:
            continue
        table, has = apply_choice(table, options)
        found |= has
        result.append(table)
    missing = [heading for heading in headings if heading not in found]
    if missing:
        raise WrongUse("unknown_column", column=missing[0], columns=_headings(book))
    return result


def _say_sheets(book: Book, options: Options, reading: Reading) -> None:
    used = {table.sheet.name for table in reading.tables if _usable(table)}
    left = [sheet.name for sheet in book.sheets if sheet.name not in used]
    if left and options.sheet is None:
        reading.notices.append(Finding("sheets_unused", params={"sheets": ", ".join(left)}))


def _usable(table: Table) -> bool:
    fields = table.fields()
    if table.sheet.geometries is not None:
        return True
    if fields & {"building", "name", "door", "address"}:
        return True
    if "room" not in fields:
        return False
    return _heading_place(table) is not None or _whole_doors(table)


def _whole_doors(table: Table) -> bool:
    """Whether the rooms' cells name their buildings (`3幢2单元1204`), as far as the first tell."""
    column = table.column("room")
    texts = [text_of(row[column.index]) for _n, row in table.rows()[:_LOOKED_AT]] if column else []
    return any(_whole(text).building for text in texts)


def _whole(text: str) -> addresses.Place:
    """A door that names its building; `12-3` and `2-1204` stay rooms."""
    place = addresses.parse(text)
    return place if place.building and place.room else addresses.Place()


def _lists_doors(table: Table) -> bool:
    return bool(table.fields() & {"room", "door"}) or (
        "address" in table.fields() and not table.fields() & {"building", "name"}
    )


def _heading_place(table: Table) -> addresses.Place | None:
    """The building that the sheet's name or the title above the headings names."""
    for text in (table.sheet.name, *table.titles):
        place = addresses.parse(text)
        if place.building:
            return place
    return None


def _headings(book: Book) -> str:
    """The headings that were found, to say what was looked at."""
    for sheet in book.sheets:
        if sheet.rows:
            columns = layout.first_table(sheet).columns
            texts = [c.label.replace("\n", " ")[:20] for c in columns if c.label][:8]
            return ", ".join(texts) or "–"
    return "–"


def _empty(building: BuildingRecord) -> bool:
    return not building.number and building.source_id is None


class _Reader:
    """Reads one table into `buildings`, which the tables of a file share."""

    def __init__(
        self,
        table: Table,
        options: Options,
        reading: Reading,
        buildings: dict[str, BuildingRecord],
        *,
        several: bool,
    ) -> None:
        self.table, self.options, self.reading = table, options, reading
        self.buildings = buildings
        self.sheet = table.sheet.name if several else None
        self.columns = {c.field: c for c in table.columns if c.field}
        self.doors = "room" in self.columns or "door" in self.columns
        self.shapes = table.sheet.geometries
        heading = self.columns.get("building")
        labels = heading.label if heading else "".join(c.label for c in table.columns)
        self.chinese = has_cjk(labels)
        self.heading = None if heading or "door" in self.columns else _heading_place(table)
        self.merged = 0
        self.doubtful: set[str] = set()

    def read(self) -> None:
        """All rows; what was left out is said once."""
        rows = [(number, self._mended(number, row)) for number, row in self.table.rows()]
        self.reading.rows += len(rows)
        self._judge_columns(rows)
        if self.doors:
            rows = self._filled_down(rows)
        for number, row in rows:
            if not self._is_note(row):
                self._read_row(number, row)
        self._say_columns()
        if self.merged:
            self._notice("rows_merged", None, count=self.merged)

    def _mended(self, number: int, row: Row) -> Row:
        """The row with what somebody corrected in the check."""
        cells_ = self.options.mended.get(self.table.sheet.name, {}).get(number)
        if not cells_:
            return row
        return [blank_to_none(cells_[i]) if i in cells_ else cell for i, cell in enumerate(row)]

    # -- columns -------------------------------------------------------------------------------

    def _judge_columns(self, rows: list[tuple[int, Row]]) -> None:
        """What only all rows tell: whether ids are the buildings', what "unit" counts."""
        if "source_id" in self.columns:
            self.doubtful = self._repeated_ids(rows)
            if self.doors or len(self.doubtful) * 4 > len(rows):
                del self.columns["source_id"]
        if self.doors:
            return
        if "floor" in self.columns and "floors" not in self.columns:
            self.columns["floors"] = self.columns.pop("floor")
        if "unit" in self.columns and "units" not in self.columns and self._unit_is_count(rows):
            self.columns["units"] = self.columns.pop("unit")

    def _repeated_ids(self, rows: list[tuple[int, Row]]) -> set[str]:
        """Ids that different rows share: they name no building. The same row twice is harmless."""
        said: dict[str, set[str]] = {}
        for number, row in rows:
            if source_id := text_of(self._cell(row, "source_id")):
                said.setdefault(source_id, set()).add(repr((row, self._geometry(number))))
        return {source_id for source_id, different in said.items() if len(different) > 1}

    def _unit_is_count(self, rows: list[tuple[int, Row]]) -> bool:
        """`3号楼 | 2`: two units, when no building has a second row."""
        keys = [
            tuple(tidy(text_of(self._cell(row, f))) for f in ("compound", "building", "name"))
            for _n, row in rows
        ]
        counts = [text_of(self._cell(row, "unit")) for _n, row in rows]
        return (
            len(set(keys)) == len(keys)
            and all(count.isdecimal() for count in counts if count)
            and any(count.isdecimal() and int(count) > 1 for count in counts)
        )

    def _say_columns(self) -> None:
        for kind in ("personal", "state"):
            labels = [c.label for c in self.table.columns if c.kind == kind]
            if labels:
                self._notice(f"columns_{kind}", None, columns=_joined(labels))
        unused = [c.label for c in self.table.columns if c.kind == "other" and c.label]
        if unused:
            self._notice("columns_unused", None, columns=_joined(unused))

    # -- rows ----------------------------------------------------------------------------------

    def _cell(self, row: Row, field: str) -> Cell:
        column = self.columns.get(field)
        return row[column.index] if column is not None and column.index < len(row) else None

    def _text(self, row: Row, field: str) -> str:
        text = " ".join(text_of(self._cell(row, field)).split())
        text = text.removeprefix("'")  # a spreadsheet's mark for "this is text"
        return "" if text.upper() in _NOTHING else text

    def _is_note(self, row: Row) -> bool:
        """Remarks and sums below a list: one filled cell that begins like one, or a sentence."""
        if self.shapes is not None:
            return False
        texts = [text_of(row[c.index]) for c in self.columns.values() if row[c.index] is not None]
        first = texts[0] if texts else ""
        starts = ENDING_NOTES.match(min(texts, key=len) if len(texts) == 1 else first)
        wordy = len(texts) == 1 and len(first) > 40 and "address" not in self.columns
        return bool(starts) or wordy

    def _filled_down(self, rows: list[tuple[int, Row]]) -> list[tuple[int, Row]]:
        """Cells that were merged before the list was saved as text: as above, where most are."""
        column = self.columns.get("building")
        blank = [row for _n, row in rows if not self._text(row, "building")]
        few = len(blank) < 2 or len(blank) * 2 < len(rows)
        if column is None or few or not self._text(rows[0][1], "building"):
            return rows
        above: dict[int, Cell] = {}
        filled = []
        fields = [self.columns[f] for f in ("compound", "building", "unit") if f in self.columns]
        for number, row in rows:
            row = list(row)
            if row[column.index] is not None:
                above = {c.index: row[c.index] for c in fields}
            for c in fields:
                if row[c.index] is None:
                    row[c.index] = above.get(c.index)
                above[c.index] = row[c.index]
            filled.append((number, row))
        self._notice("filled_down", None, count=len(blank))
        return filled

    def _read_row(self, number: int, row: Row) -> None:
        geometry = self._geometry(number)
        if self.shapes is not None and not self._is_building(number, row, geometry):
            return
        for field in ("building", "unit", "room", "door"):
            if cells.is_date(self._cell(row, field)):
                self._problem("a_date", number, field, value=text_of(self._cell(row, field)))
                return
        named = self._identify(number, row, located=geometry is not None)
        source_id = self._source_id(row, geometry)
        if named is None and (source_id is None or geometry is None):
            self._problem("no_building", number, self._building_field())
            return
        counts = self._counts(number, row)
        if counts is None:
            return
        record = self._record(number, named, source_id)
        door = self._door(number, row, named, record, counts.get("floors"))
        if door is None and self.doors:
            return
        self._describe(record, row, number, named, counts, geometry)
        if door is not None:
            self._keep_door(record, door)

    def _identify(self, number: int, row: Row, *, located: bool) -> Named | None:
        words = Words(
            building=self._text(row, "building"),
            name=self._text(row, "name"),
            compound=self._text(row, "compound") or self.options.compound,
            street=self._text(row, "street"),
            address=self._text(row, "address"),
            door=self._text(row, "door") or self._whole_door(row),
            chinese=self.chinese,
            located=located or self._cell(row, "lat") is not None,
        )
        named = identify(words)
        if named is None and self.heading is not None:
            compound = words.compound or self.heading.before
            named = identify(Words(building=self.heading.building, compound=compound, chinese=True))
        if named is not None and (not named.number or len(named.name) > 100):
            return None
        return named

    def _whole_door(self, row: Row) -> str:
        """A room's cell that names the building too (`3幢2单元1204`)."""
        text = self._text(row, "room")
        return text if "building" not in self.columns and addresses.parse(text).building else ""

    def _building_field(self) -> str:
        fields = ("building", "name", "door", "address", "room")
        return next((field for field in fields if field in self.columns), "building")

    # -- doors ---------------------------------------------------------------------------------

    def _door(
        self,
        number: int,
        row: Row,
        named: Named | None,
        record: BuildingRecord,
        floors: float | None,
    ) -> DoorRecord | None:
        """The row's door; none when it names none or has a problem, which is then said."""
        place = named.place if named is not None else addresses.Place()
        text = self._text(row, "room")
        if text:
            inside = addresses.parse_door(text, with_building=True)
            room, unit_text, floor_text = inside.room, inside.unit, inside.floor
        else:
            room, unit_text, floor_text = place.room, place.unit, place.floor
        unit = self._unit(row) or unit_key(unit_text or place.unit)
        if unit and not self.doors and not room:
            record.unit_names[unit] = None
        if not room:
            if self.doors:
                self._problem("no_room", number, "room" if "room" in self.columns else "door")
            return None
        code, params = _wrong_room(room)
        if code:
            self._problem(code, number, "room" if text else self._building_field(), **params)
            return None
        if len(unit) > 20:
            self._problem("unit_wrong", number, "unit", value=unit[:40])
            return None
        said = self._floor(number, row, floor_text)
        highest = int(floors) if floors else record.floors
        floor = floor_of(room) if said is None else said
        if floor is not None and said is None and highest and not record.exact and floor > highest:
            floor = None
        labels = (self._label("room") or self._label("door"), self._label("floor"))
        return DoorRecord(
            unit, shown_room(room), floor, said is not None, number, labels, self.sheet
        )

    def _unit(self, row: Row) -> str:
        text = self._text(row, "unit")
        place = addresses.parse_door(text, with_building=True) if text else addresses.Place()
        return unit_key(place.unit or text)

    def _floor(self, number: int, row: Row, text: str) -> int | None:
        cell: Cell = self._cell(row, "floor")
        try:
            value = cells.floor(cell if cell is not None else text or None)
        except cells.NotANumber:
            self._notice("floor_unread", number, "floor", value=text_of(cell))
            return None
        if value is None:
            return None
        if not -10 <= value <= 200:
            self._notice("floor_unread", number, "floor", value=text_of(cell))
            return None
        if value != int(value):
            self._notice("floors_rounded", number, "floor", value=value, whole=cells.rounded(value))
        return cells.rounded(value)

    def _keep_door(self, record: BuildingRecord, door: DoorRecord) -> None:
        key = (unit_key(door.unit), room_key(door.room))
        known = record.doors.get(key)
        if known is None:
            record.doors[key] = door
            record.unit_names.setdefault(door.unit, None)
        else:
            self.merged += 1
            if known.floor is None or (door.said and not known.said):
                known.floor, known.said = door.floor, door.said

    # -- buildings -----------------------------------------------------------------------------

    def _record(self, number: int, named: Named | None, source_id: str | None) -> BuildingRecord:
        """The record that the row belongs to; a new one is kept once the row has proved good."""
        key = f"#{source_id}" if source_id else f"{named.scope}|{named.number}" if named else "#"
        record = self.buildings.get(key)
        if record is None:
            record = BuildingRecord(
                row=number,
                sheet=self.sheet,
                column=self._label(self._building_field()),
                source_id=source_id,
            )
            if self.shapes is not None:
                record.exact = False
        return record

    def _describe(
        self,
        record: BuildingRecord,
        row: Row,
        number: int,
        named: Named | None,
        counts: dict[str, float],
        geometry: outlines.Geometry | None,
    ) -> None:
        key = f"#{record.source_id}" if record.source_id else ""
        if named is not None:
            record.scope, record.number = record.scope or named.scope, named.number
            record.name = record.name or named.name
            record.compound = record.compound or named.compound
            record.address = record.address or named.address
            key = key or record.key
        else:
            record.compound = record.compound or self._text(row, "compound")
        again = key in self.buildings
        self.buildings.setdefault(key, record)
        record.grid = record.grid or self._text(row, "grid")[:120]
        record.access_note = record.access_note or self._text(row, "access_note")[:240]
        self._take_counts(record, counts)
        for text in re.split(r"[;,，、；/]", self._text(row, "unit_names")[:400]):
            if len(unit := unit_key(text)) <= 20 and unit:
                record.unit_names.setdefault(unit)
        if geometry is not None:
            shapes.locate(record, geometry, self.options.crs)
        elif record.lat is None:
            self._locate(record, number, row)
        if again and not self.doors and not self._text(row, "unit"):
            self.merged += 1

    def _counts(self, number: int, row: Row) -> dict[str, float] | None:
        """Floors, units, dwellings of the row; none when one is no number (said as a problem)."""
        counts = {}
        for field, most in _COUNTS.items():
            cell = self._cell(row, field)
            try:
                value = cells.number(cell)
            except cells.NotANumber:
                if self.shapes is None:
                    self._problem("no_number", number, field, value=text_of(cell)[:40])
                    return None
                self._notice("number_unread", number, field, value=text_of(cell)[:40])
                continue
            if value is not None and not 0 <= value <= most:
                said = {"value": text_of(cell)[:40], "most": most}
                if self.shapes is None:
                    self._problem("number_range", number, field, **said)
                    return None
                self._notice("number_unread", number, field, **said)
                continue
            if value is not None:
                counts[field] = value
                if value != int(value):
                    whole = max(1, cells.rounded(value))
                    self._notice("floors_rounded", number, field, value=value, whole=whole)
        return counts

    def _take_counts(self, record: BuildingRecord, counts: dict[str, float]) -> None:
        """The highest number of floors, the sum of the dwellings of several units."""
        if "floors" in counts and counts["floors"] > 0:
            value = counts["floors"]
            record.exact = record.exact and value == int(value)
            record.floors = max(record.floors or 0, 1, cells.rounded(value))
        if "units" in counts:
            record.units = max(record.units or 0, int(counts["units"])) or None
        if "rooms_per_floor" in counts:
            record.rooms_per_floor = record.rooms_per_floor or int(counts["rooms_per_floor"])
        if "dwellings" in counts:
            added = int(counts["dwellings"])
            by_unit = "unit" in self.columns and not self.doors
            before = record.dwellings if by_unit else None
            record.dwellings = (before or 0) + added if by_unit else record.dwellings or added

    def _locate(self, record: BuildingRecord, number: int, row: Row) -> None:
        try:
            point = shapes.point(
                self._cell(row, "lon"), self._cell(row, "lat"), self._text(row, "point")
            )
        except cells.NotANumber as error:
            self._notice("location_unread", number, "lat", value=str(error)[:40])
            return
        if point is not None:
            record.lon, record.lat = crs.to_wgs84(*point, self.options.crs)

    def _geometry(self, number: int) -> outlines.Geometry | None:
        return self.shapes[number - 1] if self.shapes is not None else None

    def _is_building(self, number: int, row: Row, geometry: outlines.Geometry | None) -> bool:
        """Roads and trees of a map export are no faulty rows: they are left out with a notice."""
        kinds = [c for c in self.table.columns if c.label == "building" and c.kind == "other"]
        if kinds and row[kinds[0].index] in {None, "no"}:
            self._notice("not_buildings", number)
            return False
        named = any(self._text(row, field) for field in ("building", "name"))
        if geometry is None:
            if named and self.reading.source == "osm":
                return True
            self._problem("no_shape", number, None)
            return False
        if geometry["type"] not in outlines.AREAS and not named and self.reading.source != "osm":
            self._problem("no_building", number, self._building_field())
            return False
        return True

    def _source_id(self, row: Row, geometry: outlines.Geometry | None) -> str | None:
        """The source's own id; an outline without one goes by where it is."""
        text = self._text(row, "source_id")[:120]
        if text and text not in self.doubtful:
            return text
        if geometry is None or self._text(row, "name") or self._text(row, "building"):
            return None
        middle = outlines.center(geometry)
        return f"@{middle[0]:.6f},{middle[1]:.6f}" if middle else None

    # -- findings ------------------------------------------------------------------------------

    def _label(self, field: str) -> str | None:
        column = self.columns.get(field)
        return (column.label.replace("\n", " ") or column.letter) if column else None

    def _problem(self, code: str, row: int, field: str | None, **params: object) -> None:
        label = self._label(field) if field else None
        self.reading.problems.append(Finding(code, row, label, self.sheet, params))

    def _notice(
        self, code: str, row: int | None, field: str | None = None, **params: object
    ) -> None:
        label = self._label(field) if field else None
        self.reading.notices.append(Finding(code, row, label, self.sheet, params))


def _wrong_room(room: str) -> tuple[str | None, dict[str, object]]:
    """Why a text is no room's number, or none."""
    plain = tidy(room)
    mended = cells.letter_for_digit(plain)
    if mended is not None:
        return "letter_in_room", {"value": room, "mended": mended}
    digits = Counter(c.isdecimal() for c in plain)[True]
    if not _ROOM.fullmatch(plain) or len(plain) > _LONGEST_ROOM or digits > 8:
        return "room_wrong", {"value": room[:40]}
    return None, {}


def _joined(labels: Iterable[str]) -> str:
    texts = [label.replace("\n", " ")[:30] for label in labels]
    more = f" … (+{len(texts) - 12})" if len(texts) > 12 else ""
    return ", ".join(texts[:12]) + more
