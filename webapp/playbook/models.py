"""A community's own cards and their versions, field notes, and who has learned what."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class PlaybookEdition(Base):
    """The number under which the product's own cards last changed for a community.

    A community without a row got them when it was made.
    """

    __tablename__ = "playbook_edition"

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)


class PlaybookCard(Base):
    """A card that a community has changed or added; a changed one has the id of the product's.

    `published`: the version that phones have; none before the first, and after it is withdrawn.
    """

    __tablename__ = "playbook_card"

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    scam_type: Mapped[str] = mapped_column(String(20))
    published: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger)


class PlaybookVersion(Base):
    """A card as it was at one time. `status`: draft, reviewed, published, replaced, withdrawn or
    dropped; only a draft or a reviewed version ever changes, and a card has at most one of them.

    `content` is the JSON of `content.Content`, `base` the version it was made from (0: the
    product's card, none: from nothing), `note` what is new in it, `row` what phones get, once it is
    published.
    """

    __tablename__ = "playbook_version"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "card_id"], ["playbook_card.community_id", "playbook_card.id"]
        ),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    card_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    status: Mapped[str] = mapped_column(String(10), default="draft")
    content: Mapped[str] = mapped_column(Text)
    base: Mapped[int | None] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[str] = mapped_column(Id)
    changed_at: Mapped[int] = mapped_column(BigInteger)
    changed_by: Mapped[str] = mapped_column(Id)
    reviewed_at: Mapped[int | None] = mapped_column(BigInteger)
    reviewed_by: Mapped[str | None] = mapped_column(Id)
    published_at: Mapped[int | None] = mapped_column(BigInteger)
    published_by: Mapped[str | None] = mapped_column(Id)
    row: Mapped[str | None] = mapped_column(Text)


class FieldNote(Base):
    """What a coordinator made of a `scam_note`. `status`: open, merged, dismissed or taken_back.

    What was heard stands beside the operation, where it can be erased. `answer` are the
    coordinator's words to the author, `seq` numbers the row for the author's `me` bucket.
    """

    __tablename__ = "field_note"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "operation_id"], ["operation.community_id", "operation.id"]
        ),
        Index("ix_field_note_status", "community_id", "status"),
        Index("ix_field_note_member", "community_id", "member_id", "seq"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    operation_id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    moment: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(10), default="open")
    doubtful: Mapped[bool] = mapped_column(Boolean, default=False)
    card_id: Mapped[str | None] = mapped_column(Id)
    answer: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[str | None] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class Training(Base):
    """What one member has learned of one card: the fold of their `card_read` and `quiz_result`.

    `read_version` is the highest version read, `score` of `asked` the last quiz, `tries` how many.
    """

    __tablename__ = "training"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        Index("ix_training_seq", "community_id", "member_id", "seq"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    card_id: Mapped[str] = mapped_column(Id, primary_key=True)
    read_version: Mapped[int | None] = mapped_column(Integer)
    read_at: Mapped[int | None] = mapped_column(BigInteger)
    quiz_at: Mapped[int | None] = mapped_column(BigInteger)
    score: Mapped[int | None] = mapped_column(Integer)
    asked: Mapped[int | None] = mapped_column(Integer)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
