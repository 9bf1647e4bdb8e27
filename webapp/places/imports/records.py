"""What a file says about buildings and doors, before anybody has looked at the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from webapp.places.imports.findings import Finding
from webapp.places.imports.layout import Table
from webapp.places.imports.sheets import Source

DoorKey = tuple[str, str]


@dataclass(slots=True)
class DoorRecord:
    """A door of a list. `said`: the floor stands in the file, it was not derived."""

    unit: str
    room: str
    floor: int | None
    said: bool
    row: int
    columns: tuple[str | None, str | None] = (None, None)
    sheet: str | None = None


@dataclass(slots=True)
class BuildingRecord:
    """A building of a list. It is found by (`source`, `source_id`) or by `key`.

    `key` is `scope|number`: the compound (else street) and the number, normalised. `exact` says
    whether `floors` is a whole number that a list gives (estimates bound no door).
    """

    row: int
    sheet: str | None = None
    column: str | None = None
    scope: str = ""
    number: str = ""
    name: str = ""
    compound: str = ""
    grid: str = ""
    address: str = ""
    access_note: str = ""
    lat: float | None = None
    lon: float | None = None
    outline: dict[str, Any] | None = None
    units: int | None = None
    floors: int | None = None
    exact: bool = True
    dwellings: int | None = None
    rooms_per_floor: int | None = None
    source_id: str | None = None
    unit_names: dict[str, None] = field(default_factory=dict)
    doors: dict[DoorKey, DoorRecord] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key that the database finds the building by; unnamed ones go by their source."""
        return f"{self.scope}|{self.number}" if self.number else f"#{self.source_id}"

    @property
    def provisional(self) -> bool:
        """Whether nobody has named it: an outline that waits in the list "to be named"."""
        return not self.number


@dataclass(slots=True)
class Reading:
    """A whole file, read: buildings in the order of their first row, and what there is to say."""

    buildings: list[BuildingRecord] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    source: Source = "list"
    attribution: str = ""
    rows: int = 0

    @property
    def doors(self) -> int:
        """How many doors the file lists."""
        return sum(len(building.doors) for building in self.buildings)
