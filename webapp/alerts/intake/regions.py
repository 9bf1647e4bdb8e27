"""Region and community: `重庆市合川区南津街街道紫荆园社区`, `合川紫荆园社区`."""

from __future__ import annotations

import re

from webapp.alerts.intake import words
from webapp.alerts.intake.parts import HAN, Reading
from webapp.places.writing import Span, fold

LONGEST_RUN = 60
"""Signs before a place that are looked at."""

_NAME = rf"[{HAN}A-Za-z\d·]"
_STOP = re.compile(rf"[^{HAN}A-Za-z\d·#\-]")
_WORD = rf"{words.COMMUNITY}|(?<=[{HAN}])村(?=\d+[组社]|[{HAN}]{{1,2}}[组社](?![{HAN}]))"
_COMMUNITY_WORD = re.compile(_WORD)
_COMMUNITY = re.compile(
    rf"(?P<name>{_NAME}{{0,18}}?)(?P<word>{_WORD})(?P<letter>[甲乙丙丁A-D](?!{_NAME}))?"
    "(?![民工团卫警服矫])"
)
_VILLAGE = re.compile(rf"(?<=[镇乡道])(?P<name>[{HAN}]{{2,5}}?)(?P<word>村)(?![{HAN}]*委)")
_BEFORE = re.compile(words.BEFORE_A_PLACE)
_LEVEL = re.compile(
    rf"(?P<token>[{HAN}]{{2,7}}?(?:特别行政区|自治区|自治州|省|市|盟|地区|新区|开发区"
    "|(?<![小社园校库景片辖厂属老活宅])区|县|旗|街道办事处|街道办|街道|(?<![城集])镇|(?<![家老城])乡))"
)
_PART_OF_TOWN = re.compile("[东西南北中]区$")
"""`蓝天南区` is a part of a compound, 渝北区 a district."""
_SHORT_REGION = re.compile(rf"(?P<token>{words.PROVINCES})(?=[{HAN}]{{2}})")
_LEVEL_WORD = re.compile("(?:市|区|县|街道|镇|乡)$")
_ELSEWHERE = re.compile(rf"(?:{words.ELSEWHERE})[^,。;:]{{0,10}}:?[^,。;:]{{0,14}}$")
_LONG_FORMS = (
    ("社区居民委员会", "社区"), ("社区居委会", "社区"), ("居民委员会", "社区"), ("居委会", "社区"),
    ("村民委员会", "村"), ("村委会", "村"),
)  # fmt: skip


def community_names(text: str) -> list[str]:
    """Every name of a community that the text may mean, to look up in a gazetteer."""
    names: dict[str, None] = {}
    for match in _COMMUNITY.finditer(fold(text).text):
        name = match["name"]
        for start in range(max(0, len(name) - 10), len(name)):
            for word in ("社区", "村"):
                names[name[start:] + word] = None
    return list(names)


def read_community(reading: Reading) -> None:
    """The first community that is named, and the region right before it."""
    if "community" in reading.parts:
        return
    named = next(iter(_known_communities(reading)), None) or _named_community(reading)
    if named is None:
        return
    reading.keep("community", reading.written(*named), named)
    before = lead_start(reading, named[0])
    spans = _region_spans(reading, before, named[0]) or _unsaid_region(reading, before, named[0])
    if spans:
        _keep_region(reading, spans)


def _named_community(reading: Reading) -> Span | None:
    for pattern in (_COMMUNITY, _VILLAGE):
        for match in pattern.finditer(reading.text):
            start = _community_start(reading, match)
            if start is not None:
                return start, match.end()
    return None


def _known_communities(reading: Reading) -> list[Span]:
    """Communities that this installation knows, the longest name first."""
    found = []
    for name, _region in reading.known.communities:
        short = community_name(name)
        at = reading.text.find(short)
        if at < 0:
            continue
        end = at + len(short)
        if word := _COMMUNITY_WORD.match(reading.text, end):
            end = word.end()
        elif not short.endswith(("社区", "村")):
            continue
        found.append((len(short), (at, end)))
    return [span for _size, span in sorted(found, reverse=True)]


def community_name(name: str) -> str:
    """`紫荆园社区居民委员会` → `紫荆园社区`, folded: how people write it."""
    text = fold(name).text.strip()
    for long, short in _LONG_FORMS:
        if text.endswith(long):
            return text.removesuffix(long) + short
    return text


def _community_start(reading: Reading, match: re.Match[str]) -> int | None:
    """Where the community's own name begins, or none when the words name no community."""
    start = max(lead_start(reading, match.start("word")), match.start("name"))
    spans = _region_spans(reading, start, match.start("word"))
    if spans:
        _keep_region(reading, spans)
        start = spans[-1][1]
    name = reading.text[start : match.start("word")]
    letter = match.groupdict().get("letter")
    generic = name in words.NO_COMMUNITY or name[-1:] in {"本", "我", "该"}
    return None if (generic and not letter) or len(name) > 10 else start


def _region_spans(reading: Reading, start: int, end: int) -> list[Span]:
    """The levels at the front of the run, one behind the other: 重庆市, 合川区, 南津街街道."""
    spans: list[Span] = []
    at = start
    while at < end:
        token = _region_token(reading, at, end)
        if token is None:
            break
        spans.append(token)
        at = token[1]
    return spans


def _region_token(reading: Reading, at: int, end: int) -> Span | None:
    for name in _own_levels(reading):
        if reading.text.startswith(name, at) and at + len(name) <= end:
            return at, at + len(name)
    match = _LEVEL.match(reading.text, at, end)
    short = _SHORT_REGION.match(reading.text, at)
    if short and short.end() <= end and reading.text[short.end()] not in "省市":
        return short.span("token")
    if match is None or (len(match["token"]) > 3 and _PART_OF_TOWN.search(match["token"])):
        return None
    return match.span("token")


def _own_levels(reading: Reading) -> list[str]:
    """The levels of the known communities' paths, and how people shorten them (合川区 → 合川)."""
    names: dict[str, None] = {}
    for _name, region in reading.known.communities:
        for level in fold(region).text.split("/"):
            names[level] = None
            short = _LEVEL_WORD.sub("", level)
            if len(short) >= 2:
                names[short] = None
    return sorted(names, key=len, reverse=True)


def _unsaid_region(reading: Reading, start: int, end: int) -> list[Span]:
    """`合川|紫荆园社区`: what stands right before a known community is its region, shortened."""
    text = reading.text[start:end].strip()
    return [(start, end)] if 2 <= len(text) <= 12 and re.fullmatch(f"[{HAN}]+", text) else []


def _keep_region(reading: Reading, spans: list[Span]) -> None:
    start, end = spans[0][0], spans[-1][1]
    if "region" not in reading.parts:
        reading.keep("region", reading.written(start, end), (start, end))
    else:
        reading.take((start, end))


def read(reading: Reading) -> None:
    """A region without community or door behind it: at the front of some run of signs."""
    if "region" in reading.parts:
        return
    for run in re.finditer(rf"[{HAN}A-Za-z\d]+", reading.text):
        if _ELSEWHERE.search(reading.before(run.start() + 4, 20)):
            continue
        start = lead_start(reading, run.end())
        for at in sorted({run.start(), max(start, run.start())}):
            spans = _region_spans(reading, at, run.end())
            if spans:
                _keep_region(reading, spans)
                return


def lead_start(reading: Reading, end: int) -> int:
    """Where the run of name signs before `end` begins, verbs and forms of address cut off."""
    for name in reading.known.compounds:
        if len(name) >= 2 and reading.text.endswith(name, 0, end):
            return end - len(name)
    start, furthest = end, max(0, end - LONGEST_RUN)
    while start > furthest and not _STOP.match(reading.text[start - 1]):
        start -= 1
    for filler in _BEFORE.finditer(reading.text, start, end):
        if not _inside_known(reading, filler.start(), filler.end()):
            start = filler.end()
    return start


def _inside_known(reading: Reading, start: int, end: int) -> bool:
    """Whether a filler word is part of a compound that is known (`在水一方`)."""
    for name in reading.known.compounds:
        at = reading.text.find(name, max(0, start - len(name)), end + len(name))
        if at >= 0 and at <= start and end <= at + len(name):
            return True
    return False


def cut_off(reading: Reading, start: int, end: int) -> int:
    """Where the name begins once region levels are cut off its front, which are kept."""
    spans = _region_spans(reading, start, end)
    if spans:
        _keep_region(reading, spans)
        return spans[-1][1]
    return start
