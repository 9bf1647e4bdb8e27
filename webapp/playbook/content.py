"""What a card says, and the cards that come with the product (files in `cards/`).

One file per kind and language, so that whoever speaks a language can mend its sentences; what no
language changes (ids, channels, buckets) stands in `cards/index.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from webapp.playbook.scam_types import ScamType

FOLDER = Path(__file__).parent / "cards"
LANGUAGES = ("zh", "en")

AlertChannel = Literal["call", "foreign_call", "sms", "app", "website", "social", "other"]
CHANNELS: tuple[AlertChannel, ...] = get_args(AlertChannel)
Bucket = Literal[
    "romance_investment",
    "loan",
    "commerce",
    "authorities",
    "acquaintance",
    "foreign_call",
    "app",
    "website",
    "other",
]

Word = Annotated[str, Meta(min_length=1, max_length=40)]
Line = Annotated[str, Meta(min_length=1, max_length=160)]
Unwritten = Annotated[str, Meta(max_length=160)]
"""A line that a draft may still lack (see `rules.NEEDED`)."""
Lines = Annotated[list[Line], Meta(max_length=12)]
Said = Annotated[list[Line], Meta(max_length=120)]


class Link(Struct, forbid_unknown_fields=True):
    """One link of the scammer's chain, and what is really behind it."""

    says: Line
    truth: Line


class Regret(Struct, forbid_unknown_fields=True):
    """What sunk cost makes a person say, and an answer to it."""

    says: Line
    answer: Line


class Question(Struct, forbid_unknown_fields=True):
    """One question of the quiz; `answer` is the place of the right option."""

    question: Line
    options: Annotated[list[Line], Meta(min_length=2, max_length=4)]
    answer: Annotated[int, Meta(ge=0, le=3)]
    why: Line


class CardText(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A card in one language.

    `mark` stands in the door-shaped tile of the list; `ladder` are three steps (what the scammer
    does, what comes of it); `keywords` and `heard` are never shown: names of the trick, and other
    ways in which its first sentences are spoken, for the search.
    """

    title: Word
    mark: Annotated[str, Meta(max_length=2)] = ""
    hook: Unwritten = ""
    lead: Unwritten = ""
    ladder: Annotated[list[tuple[Word, Word]], Meta(max_length=3)] = []
    flags: Lines = []
    openings: Lines = []
    say: Lines = []
    avoid: Lines = []
    tone: Lines = []
    whom: Lines = []
    probe: Lines = []
    first: Lines = []
    chain: Annotated[list[Link], Meta(max_length=12)] = []
    sunk: Annotated[list[Regret], Meta(max_length=12)] = []
    quiz: Annotated[list[Question], Meta(max_length=5)] = []
    keywords: Annotated[list[Word], Meta(max_length=40)] = []
    heard: Said = []


class Content(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A card in Chinese and, if somebody wrote it, in English."""

    type: ScamType
    channels: Annotated[list[AlertChannel], Meta(max_length=len(CHANNELS))] = []
    zh: CardText
    en: CardText | None = None


@dataclass(frozen=True, slots=True)
class Builtin:
    """A card of the product. `buckets`: those of the statistics that its alerts can fall into."""

    id: str
    buckets: tuple[Bucket, ...]
    content: Content


class Alike(Struct, forbid_unknown_fields=True):
    """Groups of words that mean the same to the search, a space between two words."""

    zh: list[str]
    en: list[str]


class _Listed(Struct, forbid_unknown_fields=True):
    type: ScamType
    id: str
    channels: list[AlertChannel]
    buckets: tuple[Bucket, ...]


class _Index(Struct, forbid_unknown_fields=True):
    cards: list[_Listed]


@lru_cache(maxsize=1)
def builtin() -> Mapping[str, Builtin]:
    """All cards of the product by id, in the order of the list."""
    index = msgspec.toml.decode((FOLDER / "index.toml").read_bytes(), type=_Index)
    return {listed.id: _read(listed) for listed in index.cards}


@lru_cache(maxsize=1)
def alike() -> Alike:
    """The product's groups of words that mean the same."""
    return msgspec.toml.decode((FOLDER / "alike.toml").read_bytes(), type=Alike)


@lru_cache(maxsize=1)
def edition() -> str:
    """A digest of all that comes with the product: another one means that phones need it again."""
    files = sorted(FOLDER.iterdir(), key=lambda path: path.name)
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def texts(content: Content) -> Iterator[CardText]:
    """The card in each language that it has."""
    yield content.zh
    if content.en is not None:
        yield content.en


def spoken(text: CardText) -> Iterator[str]:
    """Every sentence of a card that somebody reads."""
    yield from (text.title, text.hook, text.lead)
    yield from (part for step in text.ladder for part in step)
    for lines in (text.flags, text.openings, text.say, text.avoid, text.tone, text.whom):
        yield from lines
    yield from (*text.probe, *text.first)
    yield from (part for link in text.chain for part in (link.says, link.truth))
    yield from (part for regret in text.sunk for part in (regret.says, regret.answer))
    for question in text.quiz:
        yield from (question.question, *question.options, question.why)


def _read(listed: _Listed) -> Builtin:
    zh, en = (
        msgspec.toml.decode((FOLDER / f"{listed.type}.{language}.toml").read_bytes(), type=CardText)
        for language in LANGUAGES
    )
    content = Content(type=listed.type, channels=listed.channels, zh=zh, en=en)
    return Builtin(listed.id, listed.buckets, content)
