"""What an import has to say: problems (rows not imported) and notices, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from webapp.core.i18n import _

Params = dict[str, Any]
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about the file. `row` counts from 1 as the file's program shows it.

    `column` is the heading as the file writes it; `sheet` is named where there are several.
    """

    code: str
    row: int | None = None
    column: str | None = None
    sheet: str | None = None
    params: Params = field(default_factory=dict, hash=False)

    def as_data(self) -> Params:
        """What a job's state keeps."""
        return {
            "code": self.code,
            "row": self.row,
            "column": self.column,
            "sheet": self.sheet,
            "params": self.params,
        }

    @classmethod
    def from_data(cls, data: Params) -> Finding:
        """The inverse of `as_data`; what a page keeps beside it is left out."""
        return cls(**{name: data[name] for name in ("code", "row", "column", "sheet", "params")})


class Unreadable(Exception):
    """The file as a whole cannot be used; nothing of it is imported."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.finding = Finding(code, params=params)


def sentence(finding: Finding) -> str:
    """The finding in the reader's language; needs an application context."""
    text: str = _(f"import.finding.{finding.code}", **finding.params)
    if finding.sheet:
        text = _("import.on_sheet", sheet=finding.sheet, text=text)
    return text


def gathered(findings: Iterable[Finding]) -> list[Finding]:
    """Notices of the same kind become one, with how many there are and the first rows.

    A thousand rounded floors are one piece of news, not a thousand.
    """
    groups: dict[tuple[str, str | None, str | None], list[Finding]] = {}
    for finding in findings:
        key = (finding.code, finding.column, finding.sheet)
        groups.setdefault(key, []).append(finding)
    return [_one(group) for group in groups.values()]


def _one(group: list[Finding]) -> Finding:
    first = group[0]
    rows = [str(f.row) for f in group if f.row is not None]
    shown = ", ".join(rows[:EXAMPLES]) + (" …" if len(rows) > EXAMPLES else "")
    count = sum(f.params.get("count", 1) for f in group)
    params = {**first.params, "count": count, "rows": shown}
    return Finding(first.code, first.row, first.column, first.sheet, params)
