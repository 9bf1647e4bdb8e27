"""How old somebody is: `58岁`, `1965年生`, `六十多岁`, `七旬`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from webapp.alerts.intake.parts import Reading
from webapp.places.numbers import numeral
from webapp.places.writing import Span

OLDEST = 120
_NUMERAL = "[一二三四五六七八九十百零〇]{1,4}"
_YEARS = re.compile(
    rf"(?P<about>约莫?|近|年近|年过|大约|将近|大概)?(?<![\d.])(?P<number>\d{{1,3}}|{_NUMERAL})"
    rf"(?P<more>[多余来几])?(?:\s*[-~到至]\s*(?P<upper>\d{{1,3}}))?\s*(?:周岁|虚岁|岁)"
    r"(?P<more_after>左右|上下|出头|以上)?"
)
_DECADES = re.compile(rf"(?:年近|年过|近)?(?P<number>\d|{_NUMERAL})旬")
_LABELLED = re.compile(
    rf"年龄\s*[:为]?\s*(?P<number>\d{{1,3}}|{_NUMERAL})(?P<more>[多余来])?"
    r"(?!\d|\s*(?:周岁|岁|多|余|[-~到至]))"
)
_BORN = re.compile(
    r"(?:(?:出生于|生于|出生(?:日期|年月|时间|年份)?\s*[:为]?|生日\s*[:为]?)\s*(?P<after>(?:19|20)\d\d)"
    r"(?:[年./-]?\s*\d{0,2}[月./-]?\s*\d{0,2}日?)?"
    r"|(?<!\d)(?P<before>(?:19|20)\d\d)年?(?:[./-]?\d{1,2}月?)?(?:[./-]?\d{1,2}日?)?(?:出生|生人|生(?![活产病命日效意]))"
    r"|(?<![\d])(?P<short>[3-9]\d)年(?:\d{1,2}月)?(?:出生|生人|生(?![活产病命日效意])))"
)
_BESIDE_NAME = re.compile(r"\s*[,(、|/-]?\s*(?P<number>[1-9]\d)(?=\s*[,。;)、|/]|\s*$|\s+\D)")
_SOMEBODY_ELSE = re.compile(
    "(?:女儿|儿子|丈夫|妻子|老公|老婆|老伴|配偶|父亲|母亲|孙子|孙女|外孙|哥哥|弟弟|姐姐|妹妹|孩子|小孩)[^,。;]{0,6}$"
)


_PARENT = re.compile("的(?:母亲|父亲|妈妈|爸爸|爷爷|奶奶|外公|外婆|公公|婆婆|岳母|岳父|老伴)[(,]?$")
"""`何女士的母亲(75岁)`: the parent is the one at risk."""


@dataclass(frozen=True, slots=True)
class Age:
    """`years`, where it stands, and whether it is only about right; `theirs`: no relative's."""

    years: int
    span: Span
    about: bool = False
    theirs: bool = True


def found(reading: Reading) -> list[Age]:
    """All ages that are written, in the order of the text."""
    ages = [
        replace(age, theirs=_is_theirs(reading.before(age.span[0], 12)))
        for age in (*_years(reading), *_decades(reading), *_born(reading))
        if 0 < age.years <= OLDEST
    ]
    return sorted(ages, key=lambda age: age.span)


def beside_name(reading: Reading, end: int) -> Age | None:
    """`何女士,58,疑似被骗`: a number of two digits right behind the name."""
    match = _BESIDE_NAME.match(reading.text, end)
    return None if match is None else Age(int(match["number"]), match.span("number"))


def _years(reading: Reading) -> Iterator[Age]:
    for match in _YEARS.finditer(reading.text):
        years = _number(match["number"])
        if years is not None:
            about = any(match[name] for name in ("about", "more", "upper", "more_after"))
            yield Age(years, match.span(), about)
    for match in _LABELLED.finditer(reading.text):
        years = _number(match["number"])
        if years is not None:
            yield Age(years, match.span("number"), about=bool(match["more"]))


def _decades(reading: Reading) -> Iterator[Age]:
    for match in _DECADES.finditer(reading.text):
        decades = _number(match["number"])
        if decades is not None:
            yield Age(decades * 10, match.span(), about=True)


def _born(reading: Reading) -> Iterator[Age]:
    """A year of birth; the birthday of this year may lie ahead, so it is about right."""
    for match in _BORN.finditer(reading.text):
        year = int(match["after"] or match["before"] or f"19{match['short']}")
        yield Age(reading.today.year - year, match.span(), about=True)


def _is_theirs(before: str) -> bool:
    return not _SOMEBODY_ELSE.search(before) or bool(_PARENT.search(before))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else numeral(text)
