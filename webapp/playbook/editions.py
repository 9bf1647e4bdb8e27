"""Tells phones that the product's cards have changed: once for each community, at an upgrade."""

from __future__ import annotations

from sqlalchemy import select

from webapp.accounts import sequence
from webapp.accounts.models import Community
from webapp.core import db
from webapp.playbook.content import edition
from webapp.playbook.models import PlaybookEdition


def announce() -> int:
    """Give the cards a new number in every community that has another edition; returns how many.

    One short transaction a community, harmless to repeat.
    """
    digest = edition()
    with db.reading() as session:
        known = select(PlaybookEdition.community_id).where(PlaybookEdition.digest == digest)
        stale = session.scalars(select(Community.id).where(Community.id.not_in(known))).all()
    for community_id in stale:
        with db.writing() as session:
            row = {
                "community_id": community_id,
                "digest": digest,
                "seq": next(sequence.draw(session, community_id)),
            }
            db.upsert(
                session, PlaybookEdition, [row], keys=["community_id"], columns=["digest", "seq"]
            )
    return len(stale)
