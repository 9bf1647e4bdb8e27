"""The rows of the playbook as phones get them; the client's types are generated from these."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from webapp.playbook.content import AlertChannel, Bucket, CardText, Link, Question, Regret
from webapp.playbook.scam_types import ScamType


class Find(Struct, kw_only=True):
    """What finds a card, one line each: `names` of the trick, and sentences as they are `said`.

    `names_pinyin`, `initials` and `said_pinyin` have as many lines as what they spell; an empty
    line of `said_pinyin` is spelled as the table of `card_words` says.
    """

    names: str
    said: str
    names_pinyin: str
    initials: str
    said_pinyin: str
    en_names: str = ""
    en_said: str = ""


class CardRow(Struct, tag_field="kind", tag="card", kw_only=True):
    """A published card. `version` 0 came with the product; `text` holds a CardText as JSON for each
    language (`zh`, perhaps `en`): a phone writes the whole bucket down again whenever anything in
    it changes, and copies a long text far faster than a thousand short ones."""

    id: str
    type: ScamType
    version: int
    published_at: int | None
    channels: list[AlertChannel]
    buckets: list[Bucket]
    text: dict[str, str]
    find: Find


class CardWordsRow(Struct, tag_field="kind", tag="card_words", kw_only=True):
    """What the search knows of language: `table`, the common characters of each syllable (`ba八巴
    bai百白`), and words that mean the same, a group each."""

    id: str
    table: str
    alike: list[str]
    alike_en: list[str]


class NoteAnswerRow(Struct, tag_field="kind", tag="note_answer", kw_only=True, omit_defaults=True):
    """What became of an own field note: `merged` into a card or `dismissed`, and a word to it."""

    id: str
    status: str
    at: int
    moment: int
    card: str | None = None
    answer: str | None = None


class TrainingRow(Struct, tag_field="kind", tag="training", kw_only=True, omit_defaults=True):
    """What this member has learned of the card `id`: the version read, the last quiz."""

    id: str
    read_version: int | None = None
    quiz_at: int | None = None
    right: int | None = None
    asked: int | None = None


def bodies() -> dict[str, type[msgspec.Struct]]:
    """The structures by the name that they have in the generated documents."""
    rows = (CardRow, CardWordsRow, NoteAnswerRow, TrainingRow, Find)
    texts = (CardText, Link, Regret, Question)
    return {kind.__name__: kind for kind in (*rows, *texts)}
