"""Doors and buildings written in one text: `3幢2单元1204`, `7-6-1046`, `8号楼`, `2#楼`, an address.

Read in two steps: an anchor says which building (`3幢`, `A座`, `弄5号`, `3-2-1204`), and what is
behind it is taken piece by piece (unit, floor, room) until something else comes. The parser takes
what it understands and leaves the rest; it never fails, and it knows where it took what from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from webapp.places.writing import Folded, Span, fold, plain

LONGEST = 300

_NUMERAL = "[一二三四五六七八九十百零〇两壹贰叁肆伍陆柒捌玖拾]{1,5}"
_LETTER = "(?<![A-Za-z])[A-Za-z]"
_HOUSE_NUMBER = (
    rf"(?:(?<![\d-])(?:{_LETTER})?\d{{1,3}}-\d{{1,3}}|{_LETTER}\d{{1,2}}-[A-Za-z]"
    rf"|(?:{_LETTER}{{1,2}}-?)?(?<!\d)\d{{1,4}}[A-Za-z]?|{_LETTER}{{1,2}}|{_NUMERAL}|[甲乙丙丁戊己](?:\d{{1,3}})?)"
)
_KIND_OF_HOUSE = "(?:住宅|公寓|宿舍|写字|综合|办公|教学|商住|商务|居民|家属|职工)?"
_HOUSE = rf"号\s*{_KIND_OF_HOUSE}楼|号?[栋幢](?!大楼)楼?|#\s*[楼栋幢]?"
_ANY_HOUSE = re.compile(r"(?<![这那整独几多两某全])一[栋幢]楼(?![\dA-Za-z一二三四五六七八九十])")
"""`一栋楼`: some building, none in particular."""
_NUMBERED = re.compile(rf"(?<!\d[至到~])第?({_HOUSE_NUMBER})\s*(?:{_HOUSE})")
_TOWER = re.compile(rf"(?:({_HOUSE_NUMBER})\s*座(?![位机谈])|[东西南北中][栋幢])")
_UNIT_NUMBER = rf"[A-Za-z]?\d{{1,2}}[A-Za-z]?|[A-Za-z]|{_NUMERAL}|[甲乙丙丁东西南北中]"
_UNIT_WORD = "单元|门洞|梯口|梯(?!\\d?户)|门(?![口牌面市诊店禁卫头外内前岗铺窗锁厅峡])"
_FLAT = re.compile(
    rf"(?:(?<=弄)\s*(?P<lane>\d{{1,4}}[A-Za-z]?)号"
    rf"|(?<![\d厦心场路街道巷段线-])(?P<unit>\d{{1,4}}|{_NUMERAL})[号楼](?=\s*(?:{_UNIT_NUMBER})\s*(?:单元|门洞|门\d))"
    r"|(?<![路街道巷段线\d-])(?P<room>\d{1,3})号(?=\s*\d{3,4}(?:[室房]|(?![\d号元年月日万弄])))"
    r")(?!楼|院)"
)
"""A building without its own word: `弄5号602`, `3楼2单元`, `6号2单元`, `紫荆园3号204室`."""
_TRIPLE = re.compile(
    r"(?<![\d.A-Za-z/-])#?(?P<building>[A-Za-z]?\d{1,3}[A-Za-z]?|[A-Za-z])[-/]"
    r"(?:(?P<unit>[A-Za-z]?\d{1,2}|[A-Za-z])[-/](?P<room>[A-Za-z]?\d{3,5}[A-Za-z]?|\d{1,2}-\d{1,2})"
    r"|(?P<short_unit>\d)[-/](?P<short_room>\d{1,2}[A-Za-z]?)"
    r"|(?P<floor_room>\d{2}-\d{1,2}))(?![\d/-])(?!号?[楼栋幢])"
)
_UNIT = re.compile(rf"\(?\s*第?({_UNIT_NUMBER})\s*(?:{_UNIT_WORD})\s*\)?")
_UNIT_ALONE = re.compile(rf"(?<![\dA-Za-z/+、-])(?:第?({_UNIT_NUMBER}))\s*(?:单元|门洞|门(?=\d))")
_DASHED = re.compile(
    rf"-?\s*(\d{{1,2}}|[A-Za-z]|{_NUMERAL})-(\d{{3,5}}[A-Za-z]?|\d{{1,2}}-\d{{1,2}})(?![\d-])"
)
_ONE_FLOOR = rf"-?\d{{1,3}}|[Bb]\d|[负地下]*{_NUMERAL}|(?:负|地下)\d"
_FLOOR = re.compile(
    rf"第?(?P<several>(?:{_ONE_FLOOR})\s*[-~至、,/]\s*)?(?P<floor>{_ONE_FLOOR})"
    r"\s*(?:楼|层|[Ff](?![A-Za-z0-9]))"
)
_ROOM_NUMBER = r"(?:\d{1,2}[A-Za-z]\d{2}|[A-Za-z]{0,2}-?\d{1,5}[A-Za-z]{0,2})(?:-\d{1,3}[A-Za-z]?)?"
_ROOM = re.compile(
    rf"#?(?P<room>{_ROOM_NUMBER}|{_NUMERAL}|[A-Za-z](?=室))\s*"
    r"(?:号房间?|号室|房间|室|房(?![屋东产贷租地])|户(?![主型籍口名])|单位|(?<=\d{3})\s*单元"
    r"|号(?![楼院线店码召称弄栋幢上下早晚凌前左]|\d{3})|#(?!\d*[楼栋幢]))"
)
_TITLE = "(?:某|[*＊]|先生|女士|小姐|太太|老师|阿姨|叔叔|大爷|大妈|奶奶|爷爷|同学|师傅|老人)"
"""What follows a surname; `101周女士`: what counts weeks elsewhere is a name here."""
_BARE_ROOM = re.compile(
    r"(?P<room>\d{1,2}[A-Za-z]\d{2}|[A-Za-z]{0,2}\d{3,5}[A-Za-z]{0,2}(?:-\d{1,2}(?!\d))?"
    r"|\d{1,2}-\d{1,2}|\d{1,2}[A-Za-z]-\d{1,2}|\d{1,2}[A-Za-z]{1,2}|[A-Za-z]\d{1,3}(?:-\d{1,2})?"
    r"|[一二三四五六七八九零〇]{3,4}|\d{1,2}(?=\s*(?:[,。;)]|$)))"
    rf"(?![\dA-Za-z]|[ \t]*(?![周米单年]{_TITLE})"
    r"(?:年(?!龄|纪|近)|[月日元万千岁周次人名个条起米%.:点分秒天栋幢楼层单]))"
)
_SEVERAL = re.compile(r"\s*(?:[-~]+|[至、,+&/]|\s)\s*[A-Za-z]{0,2}\d")
_SEPARATOR = re.compile(r"[\s\-/·、]*")
_COMMA = re.compile(r"[\s\-/·、,。]*")
_NOWHERE = re.compile(r"(?:某某?|[XxＸ×*]{1,4})(?:号楼|单元|[栋幢座楼层室号户])")
"""`某单元`: a place that is not said."""
_GAPS = re.compile(
    r"(?:\([^()]{1,24}\)"
    r"|[A-Za-z\d东西南北中]{0,2}(?:区|座|翼|侧|厅|塔|[东西南北]座)"
    r"|[^\W\d_在到去往于与和被称说叫女先某住我]{0,12}?"
    r"(?:大厦|大楼|中心|广场|公寓|写字楼|厂房|底商|商铺|网点|[东西南北]面|[东西南北]楼|园|[东西南北])"
    r"|\d{1,2}号(?=\d{3})|之[一二三四五六七八九\d]|[\s\-/·、,])+"
)
"""What may stand between a building and its room: the name of a house, a wing, brackets."""
_CLAUSE = re.compile(
    r"[;。]|(?:(?<=[\u4e00-\u9fff)\s])/|/(?=[\u4e00-\u9fff]))(?=[^/;]{0,40}?(?:[省市区县路街栋幢]|号楼))"
    r"|\s{2,}|\s(?=[^\s:]{1,8}:)"
)
"""Where one address ends and another begins."""
_STREET_NUMBER = re.compile(r"^(.*?)(\d+(?:[-至到、,及]\d+)*[A-Za-z]?[号弄])")
_PAIR = re.compile(r"([A-Za-z]?\d{1,3}[A-Za-z]?|[A-Za-z])[-/]([A-Za-z]?\d{3,5}[A-Za-z]?)")
_LONE_ROOM = re.compile(rf"(?<![\dA-Za-z-])(?P<room>{_ROOM_NUMBER}|[A-Za-z](?=室))(?:室|号房|房间)")
_LAST_ROOM = re.compile(r"(?<=[\u4e00-\u9fff])(?P<room>\d{3,4}|\d{1,2}-\d{1,2})(?=\s*$)")
_LONG_UNIT = re.compile(r"(?<![\dA-Za-z/+、-])(?P<room>[A-Za-z]?\d{3,5}[A-Za-z]?)\s*单元")
"""`1516单元`: no house has that many stairwells; the English "unit", a flat."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a text says; "" where it says nothing. `before` is what stands before the building.

    `spans` says where in the text building, unit, floor and room were taken from; `start` and
    `end` embrace all of them.
    """

    before: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    after: str = ""
    spans: Mapping[str, Span] = field(default_factory=dict, hash=False)

    @property
    def start(self) -> int:
        """Where the first of its parts begins."""
        return min(start for start, _end in self.spans.values())

    @property
    def end(self) -> int:
        """Where the last of its parts ends."""
        return max(end for _start, end in self.spans.values())


@dataclass(slots=True)
class _Found:
    """A door being read: parts by name with their spans in the folded text."""

    start: int
    end: int
    parts: dict[str, Span] = field(default_factory=dict)


def parse(text: str) -> Place:
    """Read a building or a door out of an address.

    The last building named in the first clause that names one counts (`58号A座2号楼4楼` is 2号楼);
    a number goes before a tower's letter. What no pattern fits stays in `before`.
    """
    text = text[:LONGEST]
    if text.isdecimal():
        return Place(before=plain(text))
    folded = fold(text)
    for read in (_numbered, _towers, _flats, _unit_alone, _room_alone):
        for start, end in _clauses(folded.text):
            *_earlier, found = [None, *read(folded.text, start, end)]
            if found is not None:
                return _place(text, folded, found)
    return Place(before=plain(text).strip())


def doors(folded: Folded, text: str) -> list[Place]:
    """Every door of a message that names its building or unit, in the order of the text."""
    size = len(folded.text)
    found: list[_Found] = []
    for read in (_numbered, _towers, _flats, _unit_alone, _room_said):
        for one in read(folded.text, 0, size):
            if not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return [_place(text, folded, one) for one in sorted(found, key=lambda one: one.start)]


def parse_door(text: str, *, with_building: bool) -> Place:
    """Read the cell of a room column: `1204`, `2单元1204`, `2-1204`, or a whole door.

    `with_building`: the building stands elsewhere, so `2-1204` is unit and room; otherwise it is
    building and room. `12-3` (floor and room) stays a room.
    """
    cell = plain(text[:LONGEST]).strip()
    pair = _PAIR.fullmatch(cell)
    if pair:
        first, room = pair[1], pair[2]
        return Place(unit=first, room=room) if with_building else Place(building=first, room=room)
    place = parse(cell)
    if place.building or place.unit:
        return place
    return Place(room=cell)


def street_number(address: str) -> tuple[str, str] | None:
    """(street, number) of an address with a house number but no building (`弥敦道591号`)."""
    folded = fold(address[:LONGEST])
    found = _STREET_NUMBER.match(folded.text)
    if found is None or not found[1].strip():
        return None
    cut = folded.span(found.start(2), found.end(2))
    return plain(address[: cut[0]]).strip(), plain(address[slice(*cut)])


def _clauses(text: str) -> Iterator[Span]:
    start = 0
    for cut in _CLAUSE.finditer(text):
        yield start, cut.start()
        start = cut.end()
    yield start, len(text)


def _numbered(text: str, start: int, end: int) -> Iterator[_Found]:
    """Buildings with a number of their own, `3幢` and `3-2-1204`, each with its door."""
    done = start
    for match in _NUMBERED.finditer(text, start, end):
        if match.start() < done or _is_room(text, match) or _ANY_HOUSE.match(text, match.start()):
            continue
        found = _Found(match.start(), match.end(), {"building": match.span()})
        _read_tail(text, found, end)
        done = found.end
        yield found
    if done == start:
        yield from _triples(text, start, end)


def _is_room(text: str, match: re.Match[str]) -> bool:
    """`8栋2001#`: behind a building, four digits and a sign are a room."""
    return len(match[1]) >= 4 and match[0].endswith("#") and "栋" in text[: match.start()]


def _triples(text: str, start: int, end: int) -> Iterator[_Found]:
    for match in _TRIPLE.finditer(text, start, end):
        found = _Found(match.start(), match.end(), {"building": match.span("building")})
        unit = "unit" if match["unit"] else "short_unit"
        room = next(name for name in ("room", "short_room", "floor_room") if match[name])
        if match[unit]:
            found.parts["unit"] = match.span(unit)
        found.parts["room"] = match.span(room)
        if word := re.compile("[室号户]").match(text, match.end()):
            found.end = word.end()
        yield found


def _towers(text: str, start: int, end: int) -> Iterator[_Found]:
    for match in _TOWER.finditer(text, start, end):
        yield _with_tail(text, match, end)


def _flats(text: str, start: int, end: int) -> Iterator[_Found]:
    for match in _FLAT.finditer(text, start, end):
        yield _with_tail(text, match, end)


def _with_tail(text: str, match: re.Match[str], end: int) -> _Found:
    found = _Found(match.start(), match.end(), {"building": match.span()})
    _read_tail(text, found, end)
    return found


def _unit_alone(text: str, start: int, end: int) -> Iterator[_Found]:
    for match in _UNIT_ALONE.finditer(text, start, end):
        found = _Found(match.start(), match.end(), {"unit": match.span(1)})
        _floor_before(text, start, found)
        _read_tail(text, found, end)
        yield found


def _room_alone(text: str, start: int, end: int) -> Iterator[_Found]:
    yield from _room_said(text, start, end)
    yield from _rooms(text, start, end, (_LAST_ROOM,))


def _room_said(text: str, start: int, end: int) -> Iterator[_Found]:
    yield from _rooms(text, start, end, (_LONE_ROOM, _LONG_UNIT))


def _rooms(
    text: str, start: int, end: int, patterns: tuple[re.Pattern[str], ...]
) -> Iterator[_Found]:
    for pattern in patterns:
        for match in pattern.finditer(text, start, end):
            if not _is_range(match["room"]) and not _SEVERAL.match(text, match.end(), end):
                found = _Found(match.start(), match.end(), {"room": match.span("room")})
                _floor_before(text, start, found)
                yield found


def _floor_before(text: str, start: int, found: _Found) -> None:
    for floor in _FLOOR.finditer(text, start, found.start):
        if floor.end() == found.start and not floor["several"]:
            found.parts["floor"] = floor.span("floor")
            found.start = floor.start()


def _read_tail(text: str, found: _Found, end: int) -> None:
    """Take unit, floor and room from behind the building; names between them are passed over."""
    while "room" not in found.parts:
        if _take(text, found, found.end, end):
            continue
        gap = _GAPS.match(text, found.end, end)
        if gap is None or not _take(text, found, gap.end(), end):
            return


def _take(text: str, found: _Found, start: int, end: int) -> bool:
    """Take one more part from `start` on; a comma may stand before one that carries its word."""
    close = _end(_SEPARATOR, text, start, end)
    loose = _end(_COMMA, text, start, end)
    if nowhere := _NOWHERE.match(text, loose, end):
        found.end = nowhere.end()
        return True
    if "unit" not in found.parts:
        if _keep(found, _UNIT.match(text, loose, end), unit=1):
            return True
        dashed = _DASHED.match(text, close, end) if "floor" not in found.parts else None
        if _keep(found, dashed, unit=1, room=2):
            if word := re.compile("[室号户]").match(text, found.end, end):
                found.end = word.end()
            return True
    if "floor" not in found.parts and (floor := _FLOOR.match(text, loose, end)):
        parts = {} if floor["several"] else {"floor": "floor"}
        return _keep(found, floor, **parts)
    room = _ROOM.match(text, loose, end) or _BARE_ROOM.match(text, close, end)
    if room is None or _is_range(room["room"]) or _SEVERAL.match(text, room.end(), end):
        return False
    return _keep(found, room, room="room")


def _keep(found: _Found, match: re.Match[str] | None, **groups: int | str) -> bool:
    if match is None:
        return False
    for name, group in groups.items():
        found.parts[name] = match.span(group)
    found.end = match.end()
    return True


def _end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    match = pattern.match(text, start, end)
    return match.end() if match else start


def _is_range(room: str) -> bool:
    """Several rooms (`412-416`) are no door; `28-4` is floor and door, `1501-3` a divided flat."""
    first, dash, last = room.rpartition("-")
    return bool(dash and first) and len(last) >= 3 and any(c.isdigit() for c in first)


def _place(text: str, folded: Folded, found: _Found) -> Place:
    spans = {name: folded.span(*span) for name, span in found.parts.items()}
    first, last = folded.span(found.start, found.end)
    return Place(
        before=plain(text[:first]).strip(" ,，、-"),
        after=plain(text[last:]).strip(),
        spans=spans,
        **{name: plain(text[slice(*span)]).strip() for name, span in spans.items()},
    )
