"""Where the person lives: the door, and compound, street and number before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from webapp.alerts.intake import regions, words
from webapp.alerts.intake.parts import HAN, TAKEN, Reading
from webapp.places import addresses
from webapp.places.addresses import Place
from webapp.places.imports import cells
from webapp.places.numbers import building_key, numeral, room_key, shown_room, unit_key
from webapp.places.writing import Folded, Span, fold

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_NAME = rf"[{HAN}A-Za-z\d·]"
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_STREET = re.compile(
    rf"(?P<street>[{HAN}\d]{{1,12}}?(?:大道|路|街|巷|胡同|弄|条|段|道)"
    r"(?:[东西南北中]段|[一二三四五六七八九十]+段|[东南西北])?)"
    r"\s*(?P<number>(?:\d{1,5}弄)?[甲乙丙丁特附]?"
    rf"(?:\d{{1,5}}(?:-\d{{1,4}})?|{_NUMERAL})(?:号院?|弄)(?:附\d{{1,4}}号)?)(?![楼栋幢])"
)
_YARD = re.compile(rf"(?P<number>(?<![\d-])(?:\d{{1,5}}|{_NUMERAL})(?:号院|弄))")
_NOWHERE = re.compile(
    r"(?:某+|(?<![A-Za-z])[XxＸ×*○〇]{1,4}|某[XxＸ×*]+)"
    r"(?:小区|社区|单元|号楼|[栋幢座楼层室号户路街道镇村苑园])+"
)
"""`某小区某单元`: a place that is not said."""
_COMPOUND = re.compile(
    rf"(?P<compound>{_NAME}{{1,10}}?小区|{_NAME}{{1,9}}?(?:{words.COMPOUND_END})"
    rf"(?=[{TAKEN},。;\s(]|$|[一二三四五六七八九\d]期|居民|业主|住户))"
)
_NO_COMPOUND = re.compile(words.NO_COMPOUND)
_IN_BRACKETS = re.compile(rf"\((?P<compound>[{HAN}]{{2,10}})\)(?=$)")
_APART = re.compile(rf"(?:{TAKEN}|[{HAN}]社区)[\s,]*(?P<compound>[{HAN}]{{2,8}})[\s,]+(?=$)")
"""`紫荆园社区 金色年华 2号楼`: a word of its own between the community and the door."""
_PAIR = re.compile(
    rf"(?<=[{HAN}A-Za-z])(?P<building>\d{{1,3}})-(?P<room>\d{{3,4}})"
    rf"(?=[室号{HAN},。;\s{TAKEN}(]|$)(?!\s*[元万年月日点])"
)
_ROOM_AFTER = re.compile(
    r"\s*(?P<room>\d{3,4}|\d{1,2}-\d{1,2})(?:室|号|户)?"
    rf"(?=[{HAN},。;\s{TAKEN}(]|$)(?!\s*[元万年月日点米次人])"
)
_ELSEWHERE = re.compile(rf"(?:{words.ELSEWHERE})[^,。;:]{{0,10}}:?[^,。;:]{{0,14}}$")
_AT_HOME = re.compile(rf"(?:{words.AT_HOME})[^,。;]{{0,30}}$")
_LABELS = {
    name: re.compile(rf"(?<![{HAN}])(?:{label})\s*[:为]\s*(?P<value>{value})")
    for name, label, value in (
        ("building", "楼栋号?|楼号|栋号|幢号|楼幢|几[栋幢]", r"[^\s,。;、]{1,12}"),
        ("unit", "单元号?", r"[^\s,。;、]{1,8}"),
        ("floor", "楼层", r"[^\s,。;、]{1,6}"),
        (
            "room",
            "房号|室号|房间号?|门牌号?|门号|户号|房屋编?号",
            r"[A-Za-z\d一二三四五六七八九十〇零-]{1,10}",
        ),
        ("compound", "小区(?:名称|名)?", f"{_NAME}{{2,20}}"),
        ("community", "(?:所属)?社区(?:名称|名)?", f"{_NAME}{{2,20}}"),
        ("region", "(?:所属)?(?:区县|区域|辖区|街道|行政区划)", f"{_NAME}{{2,30}}"),
    )
}
_WORD_BEHIND = {
    "unit": re.compile("单元|门洞|梯口?|门"),
    "floor": re.compile("楼|层|[Ff]"),
    "room": re.compile("号房间?|号室|房间|[室房户号]|单元"),
}
"""The word belongs to the number when the page shows what was taken."""


def read(reading: Reading) -> None:
    """Keep what the message says about the place, and make it invisible to what reads later."""
    for match in _NOWHERE.finditer(reading.text):
        reading.take(match.span())
    _read_labels(reading)
    regions.read_community(reading)
    door = _door(reading)
    if door is not None:
        _keep_door(reading, door)
        _read_lead(reading, door.start)
    else:
        _read_street(reading, 0, len(reading.text))
        _room_behind_number(reading)
    if "compound" not in reading.parts:
        _read_compound(reading)
    regions.read(reading)


def _read_labels(reading: Reading) -> None:
    for name, pattern in _LABELS.items():
        match = pattern.search(reading.text)
        if match is None or _is_nowhere(match["value"]):
            continue
        value = _normal(name, match["value"])
        if value:
            reading.keep(name, value, match.span("value"))


def _normal(name: str, text: str) -> str:
    """The value of a part as it is compared and shown."""
    text = text.translate(_FORMAL)
    if name == "building":
        return building_key(text)
    if name == "unit":
        return unit_key(text)
    if name == "floor":
        return _floor(text)
    if name == "room":
        shown = shown_room(text)
        return room_key(text) if numeral(shown) is not None else shown
    return text


def _floor(text: str) -> str:
    try:
        value = cells.floor(text)
    except cells.NotANumber:
        return ""
    return "" if value is None else str(int(value))


def _is_nowhere(text: str) -> bool:
    return bool(
        re.fullmatch("[某Xx×*○〇]+(?:小区|社区|单元|栋|幢|号楼|室|号)?|无|不详|未知|-+", text)
    )


# -- the door -------------------------------------------------------------------------------------


def _door(reading: Reading) -> Place | None:
    folded = Folded(reading.text, reading.folded.origin)
    found = [place for place in addresses.doors(folded, reading.original) if place.spans]
    if not found:
        found = list(_pairs(reading))
    return max(found, key=lambda place: (_home_score(reading, place), -place.start), default=None)


def _home_score(reading: Reading, place: Place) -> int:
    start = reading.index(place.start)
    before = reading.before(start, 40)
    score = 2 * bool(place.building) + bool(place.unit) + 2 * bool(place.room)
    if _AT_HOME.search(before):
        score += 4
    if _ELSEWHERE.search(before):
        score -= 6
    return score


def _pairs(reading: Reading) -> Iterator[Place]:
    for match in _PAIR.finditer(reading.text):
        spans = {name: reading.folded.span(*match.span(name)) for name in ("building", "room")}
        yield Place(building=match["building"], room=match["room"], spans=spans)


def _keep_door(reading: Reading, door: Place) -> None:
    """Keep its parts, each with its word; the whole of it is out of sight from now on."""
    start, last = reading.index(door.start), reading.index(door.end - 1) + 1
    for name, span in door.spans.items():
        first, end = _folded_span(reading, span)
        if word := _WORD_BEHIND[name].match(reading.text, end) if name in _WORD_BEHIND else None:
            end = word.end()
        last = max(last, end)
        if value := _normal(name, getattr(door, name)):
            reading.keep(name, value, (first, end), take=False)
    reading.take((start, last))


def _folded_span(reading: Reading, span: Span) -> Span:
    return reading.index(span[0]), reading.index(span[1] - 1) + 1


# -- what stands before the door -------------------------------------------------------------------


def _read_lead(reading: Reading, door_start: int) -> None:
    """Street, number and compound from the words right before the door."""
    end = reading.index(door_start)
    start = regions.lead_start(reading, end)
    if not _read_street(reading, start, end) and reading.text[start - 1 : start] in {"(", ")"}:
        _read_street(reading, max(start - 30, 0), end)
    start = regions.lead_start(reading, end)
    text = reading.text[start:end].strip(" -")
    if "compound" in reading.parts:
        return
    if text:
        _keep_compound(reading, start, end)
    elif (bracket := _IN_BRACKETS.search(reading.text, 0, end)) and bracket.end() == end:
        _keep_bracketed(reading, bracket)
    elif (earlier := _APART.search(reading.text, 0, end)) and earlier.end() == end:
        _keep_compound(reading, earlier.start("compound"), earlier.end("compound"))


def _keep_bracketed(reading: Reading, bracket: re.Match[str]) -> None:
    """`蓝天小区(南区)12栋`: the compound before the bracket, `123弄(康乐小区)5号` the one in it."""
    start = regions.lead_start(reading, bracket.start())
    if start < bracket.start():
        _keep_compound(reading, start, bracket.start())
    else:
        _keep_compound(reading, bracket.start("compound"), bracket.end("compound"))


def _read_street(reading: Reading, start: int, end: int) -> bool:
    match = _STREET.search(reading.text, start, end)
    if match:
        street = max(regions.lead_start(reading, match.end("street")), match.start("street"))
        street = regions.cut_off(reading, street, match.end("street"))
        if street < match.end("street") - 1:
            reading.keep(
                "street", reading.text[street : match.end("street")], (street, match.end("street")),
                take=False,
            )  # fmt: skip
        reading.keep("number", match["number"], match.span("number"), take=False)
        reading.take((street, match.end("number")))
        return True
    yard = _YARD.search(reading.text, start, end)
    if yard:
        reading.keep("number", yard["number"], yard.span("number"))
    return yard is not None


def _keep_compound(reading: Reading, start: int, end: int) -> None:
    start = regions.cut_off(reading, start, end)
    while start < end and reading.text[start] in " -·":
        start += 1
    while end > start and reading.text[end - 1] in " -·#":
        end -= 1
    text = reading.text[start:end]
    if len(text) < 2 or _NO_COMPOUND.search(text) or not re.search(f"[{HAN}]", text):
        return
    reading.keep("compound", reading.written(start, end), (start, end))


def _read_compound(reading: Reading) -> None:
    """A compound without a door behind it: one that is known, else one that says what it is."""
    for name in sorted(reading.known.compounds, key=len, reverse=True):
        at = reading.text.find(fold(name).text) if len(name) >= 2 else -1
        if at >= 0:
            end = at + len(name)
            if reading.text[end : end + 2] == "小区":
                end += 2
            reading.keep("compound", reading.written(at, end), (at, end))
            _room_behind(reading, end)
            return
    for match in _COMPOUND.finditer(reading.text):
        start = regions.lead_start(reading, match.end())
        start = max(start, match.start())
        _keep_compound(reading, start, match.end())
        if "compound" in reading.parts:
            _room_behind(reading, match.end())
            return


def _room_behind(reading: Reading, end: int) -> None:
    """`紫荆园1204何女士`: a number right behind the compound is the door."""
    if any(name in reading.parts for name in ("building", "unit", "room")):
        return
    match = _ROOM_AFTER.match(reading.text, end)
    if match:
        reading.keep("room", match["room"], match.span("room"))


def _room_behind_number(reading: Reading) -> None:
    """`文华路6号4-2`: behind a street's number, the door."""
    if "number" in reading.parts and not any(n in reading.parts for n in ("unit", "room")):
        _start, end = reading.parts["number"].spans[-1]
        _room_behind(reading, reading.index(end - 1) + 1)
