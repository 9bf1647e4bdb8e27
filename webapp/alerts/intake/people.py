"""Who is at risk: surname and title or a masked name, sex and age; not who else is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.alerts.intake import ages, surnames, words
from webapp.alerts.intake.parts import HAN, TAKEN, Reading
from webapp.alerts.intake.surnames import DOUBLE, SINGLE
from webapp.places.writing import Span

_TITLES = "|".join(
    sorted(f"{words.FEMALE}|{words.MALE}|{words.EITHER}".split("|"), key=len, reverse=True)
)
_SEX_OF = {
    **dict.fromkeys(words.FEMALE.split("|"), "f"),
    **dict.fromkeys(words.MALE.split("|"), "m"),
    **words.SHORT,
}
_SEX = {"女": "f", "男": "m"}
_SURNAME = surnames.PATTERN
_MASK = "[某*XxOo×〇○✕●■□＊]"
_NO_PLACE = "(?!小区|社区|单元|号楼|[栋幢楼室层街路巷村镇苑园座户区县市]|[A-Za-z0-9])"
_NO_NAMES = frozenset("任何 单元 高危 公安 平安 安全 社会 方便 成都 武汉 东方 万元".split())
_NO_SURNAMES = _NO_NAMES | {"对方", "甲方", "乙方"}

_HAN_LAST = re.compile(f"[{HAN}]$")
_NAME_LABEL = re.compile(r"(?:姓名|名字|事主|受害人|当事人|对象|机主)\s*[:为是]\s*$")
_TITLED = re.compile(rf"(?P<title>{_TITLES})")
_SURNAME_FIRST = re.compile(rf"(?P<name>{_SURNAME}姓(?P<title>{_TITLES}|[女男]性?))")
_SURNAME_SAID = re.compile(rf"姓(?P<name>{_SURNAME})的?(?:一[名位])?(?P<title>{_TITLES})?")
_MASKED = re.compile(
    rf"(?P<name>{_SURNAME}"
    rf"(?:{_MASK}{{1,3}}[{HAN}]?(?=[^{HAN}]|$|{_TITLES}|{words.ROLE})|{_MASK}{{1,3}}))"
    rf"(?P<title>{_TITLES})?{_NO_PLACE}"
)
_FULL = re.compile(
    rf"(?P<name>{_SURNAME}[{HAN}]{{1,2}})"
    rf"(?=\s*[(,、]?\s*(?:[女男]性?\s*[,)、。\s{TAKEN}]|[1-9]\d\s*(?:周岁|岁)|{TAKEN}|[女男],?\d)"
    r"|\s*[(,]?\s*(?:身份证|电话|手机|年龄|现住|家住|住|性别|\d{4}年))"
)
_NICKNAME = re.compile(
    rf"(?:(?<![{HAN}])|(?<=[生民人主]))(?P<name>[老小]{_SURNAME})(?=[^{HAN}]|$|疑|被|正|在|接)"
)
_LABELLED = re.compile(
    rf"(?:姓\s*名|名字)\s*[:为是]\s*(?P<name>[{HAN}·*XxOo×〇○]{{2,15}}?)"
    rf"(?=[^{HAN}·*XxOo×〇○]|$|性别|年龄|电话|地址|住址)"
)
_SHORT_TITLE = re.compile(
    rf"(?P<name>{_SURNAME}(?P<title>[{''.join(words.SHORT)}]))(?=[^{HAN}]|$|疑|被|正|接)"
)
_NOT_THEM = re.compile(rf"(?:{words.NOT_THEM})(?:是|为|叫|的|姓|:|\s|,?名叫|[(])*$")
_NOT_THEM_AFTER = re.compile(rf"\s*(?:{words.NOT_THEM_AFTER})")
_RELATIVE_NEXT = re.compile(rf"(?:的|之|家)?(?:{words.RELATIVE})[(,]?(?:\d|疑|被|正|接|遭|在)")
_REPORTED = re.compile(
    rf"(?:{words.REPORTING})[,:]?(?:其|她|他|自己)的?(?:{words.RELATIVE}|[父母子女夫妻])$"
)
"""`李女士反映其母亲何女士`: the relative is the one at risk."""
_ROLE_BEFORE = re.compile(rf"(?:{words.ROLE})[\s:]*$")
_SEX_MARK = re.compile(
    rf"(?<![{HAN}])(?P<sex>[女男])性?(?![{HAN}儿])"
    r"|(?P<word>[女男])(?:性|子|青年|学生|居民|事主|业主)"
)
_SEX_LABEL = re.compile(r"性\s*别\s*[:为是]?\s*(?P<sex>[女男])")


@dataclass(frozen=True, slots=True)
class _Candidate:
    span: Span
    title: Span | None
    score: int
    pieces: tuple[Span, ...] = ()


def read(reading: Reading) -> None:
    """Keep name, sex and age of the one whom the message is about."""
    written = ages.found(reading)
    name = _best(reading, written)
    if name is not None:
        _keep_name(reading, name)
    _keep_age(reading, name, written)
    _keep_sex(reading, name)
    if name is not None:
        reading.take(*(name.pieces or (name.span,)))


def _keep_name(reading: Reading, name: _Candidate) -> None:
    pieces = name.pieces or (name.span,)
    value = "".join(reading.written(*piece) for piece in pieces)
    reading.keep("name", value.replace(" ", ""), *pieces, take=False)
    if name.title is not None:
        sex = _SEX_OF.get(reading.folded.text[slice(*name.title)].removesuffix("性"))
        sex = sex or _SEX.get(reading.folded.text[name.title[0]])
        if sex:
            reading.keep("sex", sex, name.title, take=False)


def _keep_age(reading: Reading, name: _Candidate | None, written: list[ages.Age]) -> None:
    end = name.span[1] if name else 0
    beside = [age for age in written if name and 0 <= age.span[0] - end <= 3]
    theirs = [age for age in written if age.theirs]
    behind = [age for age in theirs if age.span[0] >= end]
    age = next(iter(beside or behind or theirs), None)
    if age is None:
        mark = _SEX_MARK.search(reading.text)
        ends = ([end] if name else []) + ([mark.end()] if mark else [])
        age = next(filter(None, (ages.beside_name(reading, at) for at in ends)), None)
    if age is not None:
        reading.keep("age", age.years, age.span, about=age.about)


def _keep_sex(reading: Reading, name: _Candidate | None) -> None:
    label = _SEX_LABEL.search(reading.text)
    if label:
        reading.keep("sex", _SEX[label["sex"]], label.span("sex"), take=False)
        return
    start, end = (name.span[1], name.span[1] + 16) if name else (0, len(reading.text))
    mark = _SEX_MARK.search(reading.text, start, end)
    if mark is None and name:
        mark = _SEX_MARK.search(reading.text, max(0, name.span[0] - 4), name.span[0])
    if mark:
        group = "sex" if mark["sex"] else "word"
        reading.keep("sex", _SEX[mark[group]], mark.span(group), take=False)


def _best(reading: Reading, written: list[ages.Age]) -> _Candidate | None:
    candidates = [_scored(reading, one, written) for one in _candidates(reading)]
    likely = [one for one in candidates if one.score >= 5]
    return max(likely, key=lambda one: (one.score, -one.span[0]), default=None)


def _scored(reading: Reading, one: _Candidate, written: list[ages.Age]) -> _Candidate:
    start, end = one.span
    before, after = reading.before(start, 12), reading.after(end, 12)
    score = one.score
    if _NAME_LABEL.search(before):
        score += 12
    elif _ROLE_BEFORE.search(before):
        score += 4
    elif _NOT_THEM.search(before) and not _REPORTED.search(before):
        score -= 12
    if _NOT_THEM_AFTER.match(after):
        score -= 8
    if _RELATIVE_NEXT.match(after):
        score -= 12
    if any(0 <= age.span[0] - end <= 6 for age in written):
        score += 4
    if reading.text[start - 1 : start] == TAKEN or re.match(r"[(,\s]*[女男]\b", after):
        score += 2
    return _Candidate(one.span, one.title, score, one.pieces)


def _candidates(reading: Reading) -> Iterator[_Candidate]:
    text = reading.text
    for match in _LABELLED.finditer(text):
        yield _with_title(text, match.span("name"), 14)
    for match in _SURNAME_FIRST.finditer(text):
        yield _Candidate(match.span("name"), match.span("title"), 10)
    for match in _SURNAME_SAID.finditer(text):
        title = match.span("title") if match["title"] else None
        pieces = (match.span("name"), title) if title else (match.span("name"),)
        yield _Candidate((match.start(), match.end()), title, 9, pieces)
    for match in _TITLED.finditer(text):
        if (start := _start_of_name(text, match.start())) is not None:
            yield _Candidate((start, match.end()), match.span("title"), 10)
    for match in _MASKED.finditer(text):
        title = match.span("title") if match["title"] else None
        yield _Candidate((match.start(), match.end()), title, 9)
    for match in _FULL.finditer(text):
        if _may_begin(text, match.start()) and match["name"] not in _NO_NAMES:
            yield _Candidate(match.span("name"), None, 7)
    for match in _NICKNAME.finditer(text):
        yield _Candidate(match.span("name"), None, 7)
    yield from _short_titles(text)


def _with_title(text: str, span: Span, score: int) -> _Candidate:
    """`姓名:何女士`: the title inside a labelled name."""
    title = re.search(rf"(?:{_TITLES})$", text[slice(*span)])
    at = (span[0] + title.start(), span[1]) if title else None
    return _Candidate(span, at, score)


def _start_of_name(text: str, title: int) -> int | None:
    """Where the name before a title begins: `何|女士`, `何秀英|女士`, `欧阳|女士`, `老何|先生`.

    A whole name is taken only where something else ends right before it.
    """
    for size in (3, 2):
        start = title - size
        if start >= 0 and _is_whole_name(text[start:title]) and _may_begin(text, start):
            return start
    if title >= 2 and text[title - 2 : title] in DOUBLE:
        return title - 2
    masks = re.search(rf"{_SURNAME}{_MASK}{{1,3}}$", text[max(0, title - 5) : title])
    if masks:
        return max(0, title - 5) + masks.start()
    if title >= 1 and text[title - 1] in SINGLE:
        return None if text[max(0, title - 2) : title] in _NO_SURNAMES else title - 1
    return None


def _is_whole_name(text: str) -> bool:
    given = text[2:] if text[:2] in DOUBLE else text[1:]
    known = text[:2] in DOUBLE or text[0] in SINGLE
    return known and bool(re.fullmatch(f"[{HAN}]{{1,2}}", given)) and text[:2] not in _NO_NAMES


def _may_begin(text: str, start: int) -> bool:
    """Whether a word can begin here: no letter of another word stands before, or a role does."""
    before = text[max(0, start - 8) : start]
    return not _HAN_LAST.search(before) or bool(_ROLE_BEFORE.search(before))


def _short_titles(text: str) -> Iterator[_Candidate]:
    """`王姐`, `李叔`: short titles, where no other word goes on."""
    for match in _SHORT_TITLE.finditer(text):
        yield _Candidate(match.span("name"), match.span("title"), 7)


def shortened(name: str, sex: str | None) -> str:
    """Surname and title of a whole name (`张秀兰`, f → `张女士`, `何秀英女士` → `何女士`).

    What is short, masked or of another kind stays as it is; without a sex, `张某`.
    """
    plain_name = name.strip()
    title = next((t for t in _TITLES.split("|") if plain_name.endswith(t) and plain_name != t), "")
    whole = plain_name.removesuffix(title)
    surname = whole[:2] if whole[:2] in DOUBLE else whole[:1]
    given = whole[len(surname) :]
    if surname not in SINGLE | DOUBLE or not re.fullmatch(f"[{HAN}]{{1,2}}", given):
        return plain_name
    if re.fullmatch(f"{_MASK}+", given) or whole[:1] in {"老", "小"}:
        return plain_name
    return surname + (title or {"f": "女士", "m": "先生"}.get(sex or "", "某"))
