"""A hand-out list of the police as entries: columns recognised, every problem by row and field.

Each row is put into the words of a message (`姓名:何女士`) and read like one: there is one parser,
and the row stays with the alert as its original text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from webapp.alerts.intake.entering import reference_of
from webapp.alerts.intake.entry import Entry
from webapp.alerts.intake.headings import FIELDS
from webapp.alerts.intake.parser import parse
from webapp.alerts.intake.parts import Known, Parsed
from webapp.core import clock
from webapp.core.personal import account_number
from webapp.places.imports import layout, tables
from webapp.places.imports.columns import Column
from webapp.places.imports.findings import Unreadable
from webapp.places.imports.layout import Table
from webapp.places.imports.moments import moment_of
from webapp.places.imports.sheets import text_of
from webapp.places.writing import fold

MOST_ROWS = 500
_LABELS = {
    "name": "姓名", "sex": "性别", "age": "年龄", "phone": "电话", "community": "社区",
    "compound": "小区", "building": "楼栋", "unit": "单元", "room": "房号", "address": "地址",
    "level": "预警等级", "scam_type": "诈骗类型", "channel": "渠道", "amount": "金额",
}  # fmt: skip
_MUST_BE_READ = {"sex": "sex", "age": "age", "phone": "phone", "level": "level", "amount": "amount",
                 "scam_type": "scam_type", "channel": "channel"}  # fmt: skip
_SAYS = ("text", "name", "phone", "address", "compound", "building")
_NOTHING = {"", "-", "--", "/", "无", "不详", "未知", "N/A", "NULL", "NONE"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a row: `code` names the sentence, `column` the heading; `fatal`: the row is
    left out."""

    code: str
    column: str = ""
    value: str = ""
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list as it would be entered; `number` as the file's program shows it."""

    number: int
    entry: Entry
    parsed: Parsed
    findings: tuple[Finding, ...] = ()

    @property
    def good(self) -> bool:
        """Whether it would be imported."""
        return not any(finding.fatal for finding in self.findings)


@dataclass(slots=True)
class AlertList:
    """A file, read: its columns with where they go, and its rows."""

    columns: list[Column]
    lines: list[Line] = field(default_factory=list)
    left: int = 0
    """Rows beyond the limit."""


def read(
    data: bytes,
    *,
    now: int,
    timezone: str,
    known: Known | None = None,
    choice: Mapping[int, str | None] | None = None,
) -> AlertList:
    """The list in a file of any kind that `places.imports` reads.

    Raises Unreadable when it is no table, or has no column that says whom an alert is about.
    """
    table = _table(data, choice or {})
    if not table.fields() & set(_SAYS):
        raise Unreadable("no_alert_columns", found=", ".join(c.label for c in table.columns[:8]))
    rows = table.rows()
    found = AlertList(table.columns, left=max(0, len(rows) - MOST_ROWS))
    today = clock.day_of(now, timezone)
    seen: set[str] = set()
    for number, row in rows[:MOST_ROWS]:
        cells = {c.field: " ".join(text_of(row[c.index]).split()) for c in table.columns if c.field}
        line = _line(number, cells, table, now, timezone, today, known)
        if line.entry.reference in seen:
            line = Line(number, line.entry, line.parsed, (Finding("twice", fatal=True),))
        seen.add(line.entry.reference or "")
        found.lines.append(line)
    return found


def _table(data: bytes, choice: Mapping[int, str | None]) -> Table:
    book = tables.read(data)
    found = [t for sheet in book.sheets if (t := layout.find(sheet, FIELDS)) is not None]
    if not found:
        table = layout.first_table(book.sheets[0])
        table = Table(
            table.sheet, [Column(c.index, c.label, "other") for c in table.columns],
            table.start, table.titles,
        )  # fmt: skip
    else:
        table = max(found, key=lambda t: len(t.fields()))
    return table.chosen(choice) if choice else table


def _line(
    number: int,
    cells: dict[str, str],
    table: Table,
    now: int,
    timezone: str,
    today: date,
    known: Known | None,
) -> Line:
    cells = {name: text for name, text in cells.items() if text.upper() not in _NOTHING}
    text = message_of(cells)
    parsed = parse(text, known, today=today)
    labels = {c.field: c.label.replace("\n", " ") or c.letter for c in table.columns if c.field}
    findings = list(_findings(cells, parsed, labels))
    received = now
    if "received_at" in cells:
        at = moment_of(cells["received_at"], timezone)
        if at is None or at > now:
            code = "no_moment" if at is None else "in_future"
            findings.append(
                Finding(code, labels["received_at"], cells["received_at"][:40], fatal=True)
            )
        received = at or now
    reference = fold(cells.get("reference", "")).text.replace(" ", "")[:78]
    entry = Entry(
        text=text, fields={"received_at": received}, reference=reference or reference_of(text)
    )
    return Line(number, entry, parsed, tuple(findings))


def message_of(cells: Mapping[str, str]) -> str:
    """The row as a message: what it says in words first, then its columns by name."""
    lines = [cells["text"]] if "text" in cells else []
    lines += [f"{label}：{cells[name]}" for name, label in _LABELS.items() if name in cells]
    return "\n".join(lines)[:4_000]


def _findings(
    cells: Mapping[str, str], parsed: Parsed, labels: Mapping[str, str]
) -> Sequence[Finding]:
    if not cells.keys() & set(_SAYS):
        return [Finding("nobody", fatal=True)]
    for name, text in cells.items():
        if account_number(text):
            return [Finding("card_number", labels[name], fatal=True)]
    return [
        Finding("not_read", labels[name], cells[name][:40])
        for name, part in _MUST_BE_READ.items()
        if name in cells and part not in parsed.parts
    ]


def columns_of(data: bytes) -> AlertList:
    """The columns alone, of a file in which none says whom an alert is about: to choose by hand."""
    return AlertList(_table(data, {}).columns)
