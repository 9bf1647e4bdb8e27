"""What a community has: its name, its buildings by number, its compounds. Read once a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.alerts.intake import regions
from webapp.alerts.intake.parts import Known
from webapp.core import db
from webapp.core.errors import NotFound
from webapp.places.models import STANDS, Building, Gazetteer
from webapp.places.numbers import building_key, compound_key
from webapp.places.writing import fold

_NAMES = 400
"""Names that are looked up in the gazetteer at most, for one paste."""
_ENDINGS = ("社区", "社区居民委员会", "社区居委会", "居民委员会", "居委会")
_ENDING = re.compile("(?:社区)?(?:居民委员会|居委会)$|(?:村民委员会|村委会)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A building as messages may name it; `number` and `scope` (its compound) are compared."""

    id: str
    name: str
    compound: str
    address: str
    number: str
    scope: str
    lat: float | None
    lon: float | None

    @property
    def label(self) -> str:
        """With its compound, unless the name says it."""
        return self.name if self.name.startswith(self.compound) else f"{self.compound} {self.name}"


@dataclass(frozen=True, slots=True)
class Place:
    """A community of the gazetteer."""

    name: str
    region: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """A community's places; practice and merged buildings are left out."""

    community_id: int
    name: str
    region: str
    timezone: str
    blocks: tuple[Block, ...]
    by_number: dict[str, list[Block]] = field(default_factory=dict)
    by_scope: dict[str, list[Block]] = field(default_factory=dict)

    @property
    def compounds(self) -> tuple[str, ...]:
        """The names of the compounds as messages write them, without the word for compound."""
        names = {
            fold(compound).text.strip().removesuffix("小区")
            for compound in {block.compound for block in self.blocks}
        }
        return tuple(sorted(name for name in names if len(name) >= 2))

    def known(self, session: Session, texts: Iterable[str]) -> Known:
        """What the parser may know: this community, others that these texts seem to name."""
        names = [name for text in texts for name in regions.community_names(text)]
        others = [(place.name, place.region) for place in named(session, names)]
        own = (self.name, self.region)
        return Known((own, *(other for other in others if other != own)), self.compounds)


def read(session: Session, community_id: int) -> Grounds:
    """The community and its buildings in two statements. Raises NotFound."""
    community = session.get(Community, community_id)
    if community is None:
        raise NotFound("community_unknown")
    columns = (
        Building.id, Building.key, Building.name, Building.compound, Building.address,
        Building.lat, Building.lon,
    )  # fmt: skip
    rows = session.execute(
        select(*columns).where(
            Building.community_id == community_id, Building.practice.is_(False), STANDS
        )
    )
    blocks = tuple(
        Block(
            row.id, row.name, row.compound, row.address, _number(row.key, row.name, row.compound),
            _scope(row.compound or row.key.partition("|")[0] * ("|" in row.key)), row.lat, row.lon,
        )
        for row in rows
    )  # fmt: skip
    by_number: dict[str, list[Block]] = {}
    by_scope: dict[str, list[Block]] = {}
    for block in blocks:
        by_number.setdefault(block.number, []).append(block)
        by_scope.setdefault(block.scope, []).append(block)
    return Grounds(
        community_id, community.name, community.region, community.timezone, blocks, by_number,
        by_scope,
    )  # fmt: skip


def named(session: Session, names: Sequence[str]) -> list[Place]:
    """Communities of the gazetteer by the names that people write (`紫荆园社区`)."""
    forms = {form for name in names for form in _forms(name)}
    found: list[Place] = []
    for some in db.chunks(sorted(forms)[: 5 * _NAMES], 500):
        query = select(Gazetteer.name, Gazetteer.region).where(Gazetteer.name.in_(some))
        found += [Place(name, region) for name, region in session.execute(query)]
    return found


def _forms(name: str) -> tuple[str, ...]:
    """How a list may write the community's name."""
    stem = _ENDING.sub("", name).removesuffix("社区")
    if name.endswith("村"):
        return name, f"{name}村民委员会", f"{name}民委员会", f"{name}委会"
    return tuple(f"{stem}{ending}" for ending in _ENDINGS)


def _number(key: str, name: str, compound: str) -> str:
    _scope, bar, number = key.partition("|")
    if bar and number:
        return number.partition("#")[0]
    return building_key(name.removeprefix(compound) or name)


@lru_cache(maxsize=4_096)
def _scope(compound: str) -> str:
    return compound_key(fold(compound).text)
