"""What may be recorded and what phones get: features add theirs, nobody here knows them by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec
from sqlalchemy.orm import Session

from webapp.operations.batch import Batch, Item


@dataclass(frozen=True, slots=True)
class Described:
    """An operation in words. `place` names the door; `facts` are (catalogue key, value) pairs;
    `before`, `after` the door's display state without and with it, where there is one."""

    place: str = ""
    building_id: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    before: str | None = None
    after: str | None = None


class Kind(ABC):
    """One type of operation.

    `stage` orders types within a push: what brings subjects comes before what needs them.
    `judge` sets every item's status to accepted, waiting or held; `apply` gives accepted ones
    their effect; `undo` takes it back when they are voided: at once, if that was before they came.
    """

    name: ClassVar[str]
    schema: ClassVar[type[msgspec.Struct]]
    stage: ClassVar[int]

    @abstractmethod
    def subject(self, operation: Any) -> str | None:
        """The id of what it is about."""

    @abstractmethod
    def check(self, operation: Any) -> str | None:
        """The field that breaks a rule across fields, or none."""

    @abstractmethod
    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """Decide on each item, given what the database holds."""

    @abstractmethod
    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """Give accepted items their effect."""

    def free_text(self, operation: Any, recorded: str) -> str | None:
        """What it says in words, kept apart so that it can be erased; none if it says nothing.

        `recorded` is the operation's JSON. See `free_text.py` for types with more than a note.
        """
        note: str | None = getattr(operation, "note", None)
        return note or None

    def without_text(self, recorded: str) -> str:
        """The JSON of an operation that has free text, without it."""
        fields: dict[str, Any] = msgspec.json.decode(recorded)
        del fields["note"]
        return msgspec.json.encode(fields).decode()

    def with_text(self, kept: str, text: str) -> str:
        """The JSON as it was recorded, from the one without free text and the text."""
        fields: dict[str, Any] = msgspec.json.decode(kept)
        return msgspec.json.encode({**fields, "note": text}).decode()

    def describe(self, session: Session, community_id: int, operation: Any) -> Described:
        """What it says and what it would change, for the person who decides on a held one."""
        return Described()

    @abstractmethod
    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """Take back the effect of items that were voided."""


Row = tuple[int, bytes]
"""A row's seq and its JSON."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose pull it is."""

    community_id: int
    member_id: str
    person_id: int


Feed = Callable[[Session, Reader, str, int], Iterable[Row]]
"""(session, reader, bucket's id or "", since) → rows with a greater seq."""

Scope = Callable[[Session, Reader], Sequence[str]]
"""Buckets that this member has in addition."""

Latest = Callable[[Session, Reader, Sequence[str]], Mapping[str, int]]
"""(session, reader, ids of buckets of one kind) → the highest seq of any row in each."""

Finish = Callable[[Batch], None]

Effect = Callable[[Batch, Sequence[Item], int], None]
"""(batch, accepted operations of one type, 1 or, when they are taken back, -1)"""


@dataclass
class Registry:
    """Types of operations, feeds by kind of bucket, scopes, and what runs at the end of a push."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    feeds: dict[str, list[Feed]] = field(default_factory=dict)
    scopes: list[Scope] = field(default_factory=list)
    finishers: list[Finish] = field(default_factory=list)
    latest: dict[str, Latest] = field(default_factory=dict)
    effects: dict[str, list[Effect]] = field(default_factory=dict)

    def add_kind(self, kind: Kind) -> None:
        """Let phones record this type."""
        self.kinds[kind.name] = kind

    def add_feed(self, bucket: str, feed: Feed) -> None:
        """Give phones these rows in buckets of this kind (`community`, `me`, `building`)."""
        feeds = self.feeds.setdefault(bucket, [])
        if feed not in feeds:
            feeds.append(feed)

    def add_scope(self, scope: Scope) -> None:
        """Give members these buckets."""
        if scope not in self.scopes:
            self.scopes.append(scope)

    def add_latest(self, bucket: str, latest: Latest) -> None:
        """Let buckets of this kind that have nothing new be passed over. It must know of all rows
        that the kind's feeds give."""
        self.latest[bucket] = latest

    def add_effect(self, name: str, effect: Effect) -> None:
        """Tell a feature of another one's operations, each when it counts and when no more."""
        effects = self.effects.setdefault(name, [])
        if effect not in effects:
            effects.append(effect)

    def apply(self, name: str, batch: Batch, items: Sequence[Item]) -> None:
        """Give accepted operations of a type their effect, with whoever else listens."""
        self.kinds[name].apply(batch, items)
        for effect in self.effects.get(name, ()):
            effect(batch, items, 1)

    def undo(self, name: str, batch: Batch, items: Sequence[Item]) -> None:
        """Take it back."""
        self.kinds[name].undo(batch, items)
        for effect in self.effects.get(name, ()):
            effect(batch, items, -1)

    def add_finisher(self, finish: Finish) -> None:
        """Run at the end of every push, in its transaction."""
        if finish not in self.finishers:
            self.finishers.append(finish)


registry = Registry()
