"""What a person says about a file before it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from webapp.places.imports.columns import field_named
from webapp.places.imports.layout import Table
from webapp.places.imports.vocabulary import label_key

Wants = Literal["buildings", "households"]


class WrongUse(Exception):
    """An option that fits nothing in the file; `code` and `params` make the sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Options:
    """`mapping` is (field, heading or letter) pairs for all sheets; `chosen` is by sheet and
    column index, field or none, as the wizard's page sends it. `mended` are cells that somebody
    corrected in the check, by sheet, row number and column index. `compound` stands in where the
    file names none, `attribution` for what the file says of itself.
    """

    wants: Wants = "buildings"
    sheet: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    chosen: dict[str, dict[int, str | None]] = field(default_factory=dict)
    mended: dict[str, dict[int, dict[int, str]]] = field(default_factory=dict)
    crs: str = "wgs84"
    generate: bool = False
    compound: str = ""
    attribution: str = ""


def apply_choice(table: Table, options: Options) -> tuple[Table, set[str]]:
    """The table with what the person chose, and which of the mapped headings it has.

    Raises WrongUse for a field that does not exist.
    """
    choice: dict[int, str | None] = dict(options.chosen.get(table.sheet.name, {}))
    found = set()
    for name, heading in options.mapping:
        field_name = field_named(name)
        if field_name is None:
            raise WrongUse("unknown_field", field=name)
        index = _index(table, heading)
        if index is not None:
            choice[index] = field_name
            found.add(heading)
    return (table.chosen(choice) if choice else table), found


def _index(table: Table, heading: str) -> int | None:
    """A column by its heading, by one line of it, or by its letter."""
    key = label_key(heading)
    for column in table.columns:
        if column.label and key in {label_key(column.label), column.label}:
            return column.index
    for column in table.columns:
        if key in {label_key(line) for line in column.label.split("\n") if line}:
            return column.index
    letters = {column.letter: column.index for column in table.columns}
    return letters.get(heading.strip().upper())
