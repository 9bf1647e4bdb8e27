"""Cards as phones get them: what lists show, the texts as they are read, and what finds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from webapp.playbook import content
from webapp.playbook.content import Bucket, CardText, Content
from webapp.playbook.pinyin import initials, known, pinyin_of, unlike_table
from webapp.playbook.wire import CardRow, CardWordsRow, Find

WORDS_ID = "00000000-0000-7000-8000-00000000ca00"
BUILTIN_VERSION = 0


@dataclass(frozen=True, slots=True)
class Searched:
    """What finds a card: `names` of the trick, and sentences as they are `said`."""

    names: tuple[str, ...]
    said: tuple[str, ...]

    def all(self) -> Iterator[str]:
        """Both."""
        yield from self.names
        yield from self.said


def card_row(
    card_id: str, card: Content, *, version: int = BUILTIN_VERSION, published_at: int | None = None
) -> bytes:
    """The JSON of a card's row."""
    row = CardRow(
        id=card_id,
        type=card.type,
        version=version,
        published_at=published_at,
        channels=list(card.channels),
        buckets=list(buckets_of(card)),
        text=_texts(card),
        find=_find(card),
    )
    return msgspec.json.encode(row)


@lru_cache(maxsize=1)
def builtin_rows() -> dict[str, bytes]:
    """The rows of the product's own cards by id."""
    return {card_id: card_row(card_id, one.content) for card_id, one in content.builtin().items()}


@lru_cache(maxsize=1)
def words_row() -> bytes:
    """What the search knows of language: how common characters are spelled (`table`), and words
    that mean the same, a group each."""
    alike = content.alike()
    row = CardWordsRow(id=WORDS_ID, table=known().table, alike=alike.zh, alike_en=alike.en)
    return msgspec.json.encode(row)


def searched(text: CardText) -> Searched:
    """What finds a card in one language, without repeats."""
    names = (text.title, *text.keywords)
    says = (link.says for link in text.chain)
    said = (text.hook, *text.openings, *text.flags, *says, *text.heard)
    return Searched(tuple(dict.fromkeys(names)), tuple(dict.fromkeys(said)))


def buckets_of(card: Content) -> tuple[Bucket, ...]:
    """The buckets of the statistics that alerts of this kind can fall into."""
    return next(
        (one.buckets for one in content.builtin().values() if one.content.type == card.type), ()
    )


def _texts(card: Content) -> dict[str, str]:
    shown = {"zh": card.zh} | ({"en": card.en} if card.en else {})
    return {language: _shown(text) for language, text in shown.items()}


def _shown(text: CardText) -> str:
    """Without what only the search reads."""
    fields: dict[str, Any] = msgspec.to_builtins(text)
    fields.pop("heard", None)
    fields.pop("keywords", None)
    return msgspec.json.encode(fields).decode()


def _find(card: Content) -> Find:
    own, english = searched(card.zh), searched(card.en) if card.en else Searched((), ())
    names = pinyin_of(own.names)
    return Find(
        names="\n".join(own.names),
        said="\n".join(own.said),
        names_pinyin="\n".join(names),
        initials="\n".join(map(initials, names)),
        said_pinyin="\n".join(unlike_table(own.said)),
        en_names="\n".join(english.names),
        en_said="\n".join(english.said),
    )
