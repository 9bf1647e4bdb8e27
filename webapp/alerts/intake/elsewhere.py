"""Whether a message is about another community: by its name, the region path and the gazetteer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from webapp.alerts.intake.grounds import Grounds, Place, named
from webapp.alerts.intake.parts import Parsed
from webapp.alerts.intake.regions import community_name
from webapp.places.writing import fold

_LEVELS = re.compile(
    r"[^省市区县旗镇乡]{1,9}?(?:自治区|特别行政区|省|市|区|县|旗|街道办事处|街道办|街道|镇|乡)"
)
_KIND = re.compile("(自治区|特别行政区|省|市|区|县|旗|街道|镇|乡)(?:办事处|办)?$")
_ALIKE = 80
"""From which likeness (0–100) a community's name may be ours, written with a slip."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Why it may not be ours: `other_community` or `other_region`, what was read (`said`), and
    where in the gazetteer it may be."""

    why: str
    said: str
    places: tuple[Place, ...] = ()


def elsewhere(session: Session, grounds: Grounds, parsed: Parsed) -> Elsewhere | None:
    """A doubt that the message is ours, or none. Only a hint: a person decides."""
    said = parsed.value("community")
    region = parsed.value("region")
    if said:
        if _is_ours(grounds.name, said):
            return None
        name = community_name(said)
        places = tuple(named(session, [name, *_without_region(name)]))
        return Elsewhere("other_community", region + said, places[:3])
    if region and not fits(grounds.region, region):
        return Elsewhere("other_region", region)
    return None


def fits(path: str, region: str) -> bool:
    """Whether a region as written can be part of the community's path (`合川` in 重庆市/合川区).

    Only a level of the same kind with another name speaks against it.
    """
    levels = [level for level in fold(path).text.split("/") if level]
    text = fold(region).text
    for level in levels:
        stem = _KIND.sub("", level)
        if level in text or len(stem) >= 2:
            text = text.replace(level if level in text else stem, "", 1)
    rest = [token for token in _LEVELS.findall(text) if len(token) > 1]
    kinds = {_kind(level) for level in levels}
    if any(_kind(token) in kinds for token in rest):
        return False
    return bool(rest) or not levels or not text.strip()


def _kind(level: str) -> str:
    match = _KIND.search(level)
    return (
        {"县": "区", "旗": "区", "镇": "街道", "乡": "街道"}.get(match[1], match[1])
        if match
        else ""
    )


def _is_ours(own: str, said: str) -> bool:
    ours, theirs = _stem(own), _stem(said)
    if not ours or not theirs:
        return False
    return theirs.endswith(ours) or ours.endswith(theirs) or fuzz.ratio(ours, theirs) >= _ALIKE


def _stem(name: str) -> str:
    return community_name(name).removesuffix("社区").removesuffix("村") or community_name(name)


def _without_region(name: str) -> list[str]:
    """`合川凉亭子社区` → 凉亭子社区 …: the region before it may not be told apart."""
    return [name[start:] for start in range(1, min(len(name) - 3, 8))]
