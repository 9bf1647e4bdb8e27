"""Amounts of money: `5万`, `78,000元`, `十五万`, `3.5万余元` → fen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from webapp.alerts.intake.parts import Reading
from webapp.places.writing import Span

_NUMERAL = "[一二三四五六七八九十百千万零〇两壹贰叁肆伍陆柒捌玖拾佰仟]"
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,4})?"
_NO_MONEY = re.compile(
    r"\s*(?:[人名户次步里平公份张条粉室号楼层单年月日点时分:岁]|[达科象隆盛家一无])"
)
_GAP = "[ \\t]{0,2}"
_AMOUNT = re.compile(
    rf"(?P<about>约|近|大约|将近|超过|超|逾)?(?P<sign>[¥￥]|人民币|RMB)?{_GAP}"
    rf"(?:(?P<digits>{_DIGITS}){_GAP}(?P<scale>[余多来]?[万千百亿wWkK]+)?"
    rf"(?P<rest>\d[千百]?(?![\d.]))?|(?P<numeral>{_NUMERAL}{{1,9}}))"
    rf"(?P<more>[余多来]?万?[余多来]?){_GAP}"
    r"(?P<unit>元|圆|块钱?|人民币|RMB)?(?P<end>[整左右上下]*)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:金额|数额|涉案|资金|转账|汇款|被骗|损失)[^\d,。;\n]{0,4}[:为]\s*$"
    r"|(?:转|汇|付|骗|充|投|转账|汇款|支付|充值)[了出走去]?\s*$"
)
"""What says that the number behind it is money, even without a unit."""
_SCALES = {"万": 10_000, "W": 10_000, "千": 1_000, "K": 1_000, "百": 100, "亿": 100_000_000}
_HOLDS = {"十": 10, "百": 100, "千": 1_000}
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NOT_AT_RISK = re.compile(
    "返|佣金|工资|月入|收入|中奖|奖金|额度|补贴|赚|盈利|收益|利息|红包|优惠|退还|退回|赔偿|理赔|到账|套餐|话费|保额|押金"
)
_GONE = re.compile(
    "已经?(?:被)?(?:转|汇|付|支付|充值|损失|投入|骗)|转了|汇了|付了|转走|转出|骗走|损失|骗去|充了|投了"
)
_LOAN = re.compile("贷款?$|借款?$|办理$|申请$")
_MOST = 10**13
"""Fen: what nobody has; more is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class _Sum:
    fen: int
    span: Span
    about: bool
    weight: int


def read(reading: Reading) -> None:
    """Keep the amount that is at risk: what is about to go, else what is gone.

    Rebates, credit lines and promised gains are no amounts at risk.
    """
    sums = list(_sums(reading))
    reading.take(*(one.span for one in sums))
    likely = [one for one in sums if one.weight > 0]
    if likely:
        best = max(likely, key=lambda one: (one.weight, one.fen))
        reading.keep("amount", best.fen, best.span, about=best.about, take=False)


def _sums(reading: Reading) -> Iterator[_Sum]:
    done = 0
    for match in _AMOUNT.finditer(reading.text):
        fen = _fen(reading, match)
        if match.start() < done or fen is None or not 0 < fen < _MOST:
            continue
        done = match.end()
        start = match.start() + len(match["about"] or "")
        about = bool(match["about"] or match["end"] or re.search("[余多来]", match[0]))
        span = start, len(match[0].rstrip()) + match.start()
        yield _Sum(fen, span, about, _weight(reading, match.start()))


def _weight(reading: Reading, start: int) -> int:
    before = re.split("[,。;\n]", reading.before(start, 10))[-1]
    if _NOT_AT_RISK.search(before):
        return 0
    if _GONE.search(before):
        return 2
    return 1 if _LOAN.search(before) else 3


def _fen(reading: Reading, match: re.Match[str]) -> int | None:
    """The amount, or none when the text is no money: money carries its unit, a sign or a label."""
    before = reading.text[max(0, match.start() - 16) : match.start()]
    after = reading.text[match.end() : match.end() + 4]
    labelled = bool(match["sign"]) or bool(_LABEL.search(before))
    if before[-1:].isalnum() and before[-1:].isascii() and not match["sign"]:
        return None
    if before.endswith(("几", "数", "上")):
        return None  # `几十万`: nobody says how much
    if match["unit"] == "元" and after[:1] in {"旦", "宵", "件"}:
        return None
    if match["numeral"]:
        return _from_numeral(match, after)
    return _from_digits(match, after, labelled=labelled)


def _from_digits(match: re.Match[str], after: str, *, labelled: bool) -> int | None:
    scale = re.sub("[余多来]", "", (match["scale"] or "").upper())
    if "万" in match["more"]:
        scale += "万"
    wide = any(sign in scale for sign in "万亿W")
    if not (match["unit"] or labelled or wide):
        return None
    if not match["unit"] and _NO_MONEY.match(after):
        return None
    number = Decimal(match["digits"].replace(",", ""))
    for sign in scale:
        number *= _SCALES[sign]
    if match["rest"] and scale:
        number += _rest(match["rest"], scale)
    return int(number * 100)


def _rest(text: str, scale: str) -> int:
    """`5万3` is 53,000, `5万3千` too."""
    digit = int(text[0])
    if text[1:]:
        return digit * _HOLDS[text[1:]]
    factor = _SCALES[scale[-1]]
    return digit * factor // 10


def _from_numeral(match: re.Match[str], after: str) -> int | None:
    text = match["numeral"].translate(_FORMAL)
    value = _value(text)
    if value is None or (match["unit"] == "元" and after[:1] in {"桥", "里", "区", "坊"}):
        return None
    money = match["unit"] or ("万" in text and not _NO_MONEY.match(after))
    return value * 100 if money else None


def _value(text: str) -> int | None:
    """`十五万` → 150,000, `两万三` → 23,000, `三千五百` → 3,500."""
    head, wan, tail = text.partition("万")
    if wan:
        high = _below(head)
        low = _below(tail) if tail else 0
        if high is None or low is None:
            return None
        if len(tail) == 1 and tail in _DIGIT:
            low *= 1_000
        return high * 10_000 + low
    return _below(text)


def _below(text: str) -> int | None:
    if not text or text[0] in "百千":
        return None
    total, digit, hold = 0, 0, 10
    for sign in text:
        if sign in _HOLDS:
            hold = _HOLDS[sign]
            total += (digit or 1) * hold
            digit = 0
        elif sign in _DIGIT:
            digit = _DIGIT[sign]
            hold = 10 if sign in "零〇" else hold
        else:
            return None
    if digit and len(text) > 1 and text[-2] in "百千":
        return total + digit * hold // 10  # 三千五 is 3,500
    return total + digit
