"""What the API says of flags and re-checks."""

from __future__ import annotations

import msgspec
from msgspec import Struct


class FlagRow(Struct, tag_field="kind", tag="visit_flag", kw_only=True, omit_defaults=True):
    """Something odd in the phone's member's own day; see `rules.Finding` for `value`. `doors` is
    how many, `moment` that of the first one (ms UTC), `place` the building's name."""

    id: str
    rule: str
    status: str
    doors: int
    value: int
    moment: int
    place: str = ""
    unit: str = ""
    floors: list[int] = msgspec.field(default_factory=list)


class RecheckRow(Struct, tag_field="kind", tag="recheck", kw_only=True, omit_defaults=True):
    """A door that this member is asked to go to; what was recorded there is not told. `open`: an
    answer is wanted."""

    id: str
    open: bool
    place: str
    address: str = ""
    unit: str = ""
    floor: int | None = None
    room: str = ""
    tries: int = 0


def bodies() -> dict[str, type[msgspec.Struct]]:
    """The structures by the name that they have in the generated documents."""
    return {one.__name__: one for one in (FlagRow, RecheckRow)}
