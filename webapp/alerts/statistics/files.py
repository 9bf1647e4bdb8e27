"""The report as CSV and XLSX: the figures of every group, month and person; nobody's data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from webapp.alerts.codes import OUTCOMES
from webapp.alerts.statistics.figures import AMOUNTS, Figures
from webapp.alerts.statistics.names import group_name
from webapp.alerts.statistics.report import Report
from webapp.core.cells import safe
from webapp.core.i18n import _

CSV, XLSX = (
    "text/csv; charset=utf-8",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
GRADES = ("claimed", "bank", "police")
FEN = {"at_risk", "remaining", "stop_payment_amount"}
HUNDRED = 100
"""Fen a yuan, basis points a percent."""

Cell = str | int | float | None
Line = list[Cell]


def as_csv(view: Report) -> tuple[bytes, str]:
    """One table after the other, an empty line between; with a byte-order mark for Excel."""
    text = io.StringIO()
    writer = csv.writer(text)
    for title, lines in tables(view):
        writer.writerow([title])
        writer.writerows(lines)
        writer.writerow([])
    return b"\xef\xbb\xbf" + text.getvalue().encode(), CSV


def as_xlsx(view: Report) -> tuple[bytes, str]:
    """A sheet for each table, its head frozen."""
    book = Workbook(write_only=True)
    for title, lines in tables(view):
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "B2"
        for number, line in enumerate(lines):
            cells = [WriteOnlyCell(sheet, value=value) for value in line]
            for cell in cells if number == 0 else ():
                cell.font = Font(bold=True)
            sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue(), XLSX


def tables(view: Report) -> Iterator[tuple[str, list[Line]]]:
    """(title, lines with their head) of each table."""
    for name, lines in view.groups.items():
        rows = [(group_name(name, code), found) for code, found in lines]
        yield _(f"alerts.report.by.{name}"), _figures(_(f"alerts.report.by.{name}"), rows, view)
    rows = [(str(line.month), line.figures) for line in view.months]
    by_month = _figures(_("alerts.report.by.month"), rows, view)
    by_month[0].append(_("alerts.report.cases"))
    for line, month in zip(by_month[1:], view.months, strict=False):
        line.append(month.cases)
    yield _("alerts.report.by.month"), by_month
    yield _("alerts.report.by.person"), _people(view)


def _figures(title: str, rows: Sequence[tuple[str, Figures]], view: Report) -> list[Line]:
    everything = [*rows, (_("alerts.report.total"), view.total)]
    return [[title, *_heads()], *([safe(name), *_values(found)] for name, found in everything)]


COUNTS = ("count", "open", "in_time", "late", "on_time_rate", "measured", "success_rate")
TRIES = ("attempts", "door_visits", "mean_tries", "median_tries")
REST = (
    "at_risk",
    "remaining",
    "stop_payments",
    "stop_payment_amount",
    "cases",
    "follow_ups_done",
    "follow_ups_due",
    "repeats",
    "cheated_again",
    "gifts_declined",
    "thanks",
)
"""Columns of the files, between them the outcomes, and the kinds of money by grade."""


def _heads() -> Iterator[str]:
    yield from (_(f"alerts.figure.{name}") for name in COUNTS)
    yield from (_(f"alerts.outcome.{outcome}") for outcome in OUTCOMES)
    yield from (_(f"alerts.figure.{name}") for name in TRIES)
    for kind in AMOUNTS:
        kind_name = _(f"alerts.figure.{kind}")
        yield from (f"{kind_name} ({_(f'alerts.grade.{grade}')})" for grade in GRADES)
    yield from (_(f"alerts.figure.{name}") for name in REST)


def _values(found: Figures) -> Iterator[Cell]:
    """Rates in percent, money in yuan."""
    yield from (_plain(name, getattr(found, name)) for name in COUNTS)
    yield from (found.outcomes[outcome] for outcome in OUTCOMES)
    yield from (_plain(name, getattr(found, name)) for name in TRIES)
    for kind in AMOUNTS:
        yield from (found.amount(kind, grade) / HUNDRED for grade in GRADES)
    yield from (_plain(name, getattr(found, name)) for name in REST)


def _plain(name: str, value: int | float | None) -> Cell:
    if value is None:
        return None
    return value / HUNDRED if name.endswith("_rate") or name in FEN else round(value, 2)


def _people(view: Report) -> list[Line]:
    names = ("dissuaded", "worked", "attempts", "door_visits", "follow_ups")
    heads: Line = [_("alerts.report.by.person"), *(_(f"alerts.person.{name}") for name in names)]
    return [
        heads,
        *([safe(one.name), *(getattr(one, name) for name in names)] for one in view.people),
    ]
