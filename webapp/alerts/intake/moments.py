"""Days, times, numbers of cases: when a message was sent, and what only looks like a door."""

from __future__ import annotations

import re

from webapp.alerts.intake.parts import HAN, Reading

_HOUR = "(?:上午|下午|晚上|凌晨|中午|早上)"
_S = r"[ \t]{0,3}"
"""A little white space: without end it would cost the cube of its length."""
_NUMERIC_DAY = rf"(?:19|20)\d\d{_S}[-/.年]{_S}\d{{1,2}}{_S}[-/.月]{_S}\d{{1,2}}{_S}[日号]?"
_DAY = (
    rf"(?:{_NUMERIC_DAY}|\d{{1,2}}{_S}月{_S}\d{{1,2}}{_S}[日号]"
    r"|\d{1,2}[/.-]\d{1,2}(?=[ \t]{1,3}\d{1,2}:\d\d)"
    rf"|(?:今天|昨天|昨日|今日|星期.|周.)(?={_S}\d))"
)
_CLOCK = (
    rf"(?:(?:{_HOUR}{_S})?(?<![\d-])(?:[01]?\d|2[0-3]){_S}[:时点]{_S}[0-5]\d(?!\d)"
    rf"(?:{_S}[:分]{_S}[0-5]\d)?[分秒]?"
    rf"|{_HOUR}?(?<![\d-])\d{{1,2}}[时点](?=许|左右|[,。]|\s|接|收|发))"
)
_MOMENT = re.compile(rf"(?<![\d-])(?:(?P<day>{_DAY}){_S}(?P<clock>{_CLOCK})?|(?P<only>{_CLOCK}))")
_CASE = re.compile(
    r"(?:编号|单号|工单号?|流水号?|指令号|警情号|序号|案号|文号|工号|群号|QQ号?|验证码|尾号)"
    rf"{_S}[:为]?{_S}[A-Za-z\d-]{{3,30}}"
)
_OFFICE = (
    "警官|民警|辅警|所长|网格|书记|主任|派出所|反诈|中心|综治|群主|队长|专干|社工|指挥|值班|警务"
    "|公安|分局"
)
_LABEL = (
    "姓|名|性别|年龄|址|电话|手机|号|联系|证|类|级|渠道|方式|金额|手法|事主|受害|当事|预警|楼|单元|社区|小区"
    "|区县|街道|备注|说明|情况|内容|时间|来源|对象|风险|线索|简要|案情|要求|提示|紧急|高危|指令|人员"
)
_SENDER = (
    rf"(?![^:\n]{{0,20}}(?:[栋幢室]|号楼|单元|(?:{_LABEL}){_S}:))[{HAN}A-Za-z0-9_()·\-~ ]{{1,20}}?"
)
_END = rf"[)\]]?{_S}(?::{_S}|(?=\n)|$)"
PREFIX = re.compile(
    rf"^{_S}\[?(?:{_DAY}{_S})?{_CLOCK}\]?{_S}{_SENDER}{_S}:{_S}"
    rf"|^{_S}{_SENDER}[ \t(\[]{{1,3}}(?:{_DAY}{_S}{_CLOCK}|{_CLOCK}|{_NUMERIC_DAY}){_END}"
    rf"|^{_S}{_SENDER}[ \t(\[]{{1,3}}{_NUMERIC_DAY}{_S}{_CLOCK}[)\]]?[ \t]{{1,3}}"
    rf"|^{_S}(?:{_DAY}{_S})?{_CLOCK}{_S}(?=\n|$)"
    rf"|^{_S}@?[{HAN}A-Za-z()·]{{0,8}}(?:{_OFFICE})[{HAN}]{{0,3}}(?:\([^()]{{0,14}}\))?"
    rf"{_S}:(?!\S{{0,20}}\d{{4}}年){_S}"
)
"""Who forwarded a message and when, at its front: `陈警官 10:21:`, `2026/11/22 09:58`."""


def read(reading: Reading) -> None:
    """Keep when the message was sent; take days, times, numbers of cases and the sender away."""
    if prefix := PREFIX.match(reading.text):
        if clock := re.search(_CLOCK, prefix[0]):
            _keep(reading, clock[0], (prefix.start() + clock.start(), prefix.start() + clock.end()))
        reading.take(prefix.span())
    for match in _CASE.finditer(reading.text):
        reading.take(match.span())
    for match in _MOMENT.finditer(reading.text):
        if _is_birthday(reading, match):
            continue
        group = "clock" if match["clock"] else "only"
        if match[group]:
            _keep(reading, match[group], match.span(group))
        reading.take(match.span())


def _keep(reading: Reading, clock: str, span: tuple[int, int]) -> None:
    reading.keep("sent", re.sub(r"\s", "", clock), span, take=False)


def _is_birthday(reading: Reading, match: re.Match[str]) -> bool:
    beside = reading.before(match.start(), 6) + reading.after(match.end(), 3)
    return "生" in beside and not match["only"]
