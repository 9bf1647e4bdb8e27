"""Who listens to whom: the one list of operation types, feeds and listeners.

A feature above may use the ones below by import; the other way round it is told, and this is
where. `operations` and `sync` know no feature by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import announce as accounts_announce
from webapp.accounts import feed as accounts_feed
from webapp.accounts.models import Member
from webapp.alerts import announce as alerts_announce
from webapp.alerts import escalation, handovers, leaving
from webapp.alerts import feed as alerts_feed
from webapp.alerts import refold as alerts_refold
from webapp.alerts import rights as alerts_rights
from webapp.alerts import settings as alerts_settings
from webapp.alerts import worker as alerts_worker
from webapp.alerts.intake import suggesting
from webapp.alerts.operations import KINDS as ALERT_KINDS
from webapp.alerts.robots import outbox as robots_outbox
from webapp.alerts.robots import worker as robots_worker
from webapp.core import clock, jobs
from webapp.coverage import counters
from webapp.leaflets import bags
from webapp.leaflets import feed as leaflets_feed
from webapp.leaflets.operations import LeafletTakeKind
from webapp.operations import again, feeds
from webapp.operations.registry import Reader, Row, registry
from webapp.operations.void import VoidKind
from webapp.places import announce, doors
from webapp.places import feed as places_feed
from webapp.places.operations import HouseholdAddKind
from webapp.plans import feed as plans_feed
from webapp.playbook import editions, training
from webapp.playbook import feed as playbook_feed
from webapp.playbook.operations import CardReadKind, QuizResultKind, ScamNoteKind
from webapp.quality import feed as quality_feed
from webapp.quality import flagging
from webapp.quality.operations import FlagExplainKind, RecheckKind
from webapp.reports import weekly
from webapp.sessions.operations import SessionLogKind
from webapp.trust import duty as trust_duty
from webapp.trust import feed as trust_feed
from webapp.trust import watch as trust_watch
from webapp.trust.operations import ShiftKind
from webapp.visits import feed as visits_feed
from webapp.visits import refold
from webapp.visits.operations import DoorWishKind, VisitKind


def wire() -> None:
    """Connect the features; doing it twice changes nothing."""
    for kind in (HouseholdAddKind(), VisitKind(), DoorWishKind(), ShiftKind(), VoidKind()):
        registry.add_kind(kind)
    for alert_kind in ALERT_KINDS:
        registry.add_kind(alert_kind())
    for card_kind in (ScamNoteKind(), CardReadKind(), QuizResultKind()):
        registry.add_kind(card_kind)
    for plain_kind in (SessionLogKind(), LeafletTakeKind(), FlagExplainKind(), RecheckKind()):
        registry.add_kind(plain_kind)
    registry.add_effect("visit", bags.at_doors)
    registry.add_effect("session_log", bags.in_sessions)
    registry.add_effect("leaflet_take", bags.moved)
    registry.add_scope(own_buckets)
    registry.add_scope(places_feed.building_scope)
    registry.add_feed(feeds.COMMUNITY, community_rows)
    registry.add_feed(feeds.COMMUNITY, playbook_feed.card_rows)
    registry.add_feed(feeds.ME, own_member_rows)
    registry.add_feed(feeds.ME, feeds.own_results)
    registry.add_feed(feeds.ME, places_feed.assignment_rows)
    registry.add_feed(feeds.COMMUNITY, alerts_feed.alert_rows)
    registry.add_feed(feeds.COMMUNITY, alerts_settings.settings_rows)
    registry.add_feed(feeds.ME, alerts_feed.my_alert_rows)
    registry.add_feed(feeds.ME, alerts_feed.my_follow_up_rows)
    for feed in (trust_feed.badge_rows, trust_feed.shift_rows, trust_feed.late_rows):
        registry.add_feed(feeds.ME, feed)
    registry.add_feed(feeds.ME, playbook_feed.note_rows)
    registry.add_feed(feeds.ME, playbook_feed.training_rows)
    registry.add_feed(feeds.ME, plans_feed.plan_rows)
    registry.add_feed(feeds.COMMUNITY, plans_feed.campaign_rows)
    registry.add_feed(feeds.ME, leaflets_feed.bag_rows)
    registry.add_feed(feeds.COMMUNITY, leaflets_feed.kind_rows)
    registry.add_feed(feeds.ME, quality_feed.flag_rows)
    registry.add_feed(feeds.ME, quality_feed.recheck_rows)
    registry.add_feed("building", places_feed.building_rows)
    registry.add_feed("building", visits_feed.household_rows)
    registry.add_latest("building", places_feed.building_latest)
    registry.add_finisher(refold.refold_touched)
    registry.add_finisher(alerts_refold.refold_touched)
    registry.add_finisher(training.learn_again)
    doors.also_allow(alerts_rights.errands)
    accounts_announce.listen(leaving.member_ended)
    alerts_announce.listen(handovers.alert_closed)
    suggesting.know_duty(trust_duty.members)
    jobs.regularly("late shifts", trust_watch.warn_of_late, every=clock.MINUTE)
    jobs.regularly("old checks", trust_watch.forget_checks, every=clock.DAY)
    jobs.regularly("what was not understood", again.try_everywhere, every=clock.DAY)
    alerts_announce.listen(robots_outbox.queue)
    jobs.regularly("escalation", escalation.escalate, every=15 * clock.SECOND)
    jobs.regularly("robots", robots_worker.deliver, every=2 * clock.SECOND)
    jobs.regularly("weekly summaries", weekly.send_due, every=5 * clock.MINUTE)
    jobs.regularly("old deliveries", robots_worker.forget, every=clock.DAY)
    jobs.regularly("follow-ups", alerts_worker.open_due, every=clock.MINUTE)
    jobs.regularly("retention", alerts_worker.erase, every=clock.DAY)
    jobs.regularly("closed alerts", alerts_worker.tidy, every=clock.HOUR)
    announce.listen(refold.refold)
    refold.listen(flagging.mark)  # before the counters: it reads what they know
    refold.listen(counters.count)
    jobs.regularly("odd records", flagging.look, every=clock.MINUTE)


def after_upgrade() -> None:
    """What a new version of the product brings beside the database's structure."""
    editions.announce()
    bags.begin()
    again.try_everywhere(clock.now())


def own_buckets(session: Session, reader: Reader) -> Sequence[str]:
    """Everybody's own bucket; the community's once they are confirmed."""
    active = select(Member.id).where(
        Member.community_id == reader.community_id,
        Member.id == reader.member_id,
        Member.status == "active",
    )
    confirmed = session.scalar(active) is not None
    return [feeds.COMMUNITY, feeds.ME] if confirmed else [feeds.ME]


def community_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """`accounts` stands below `operations`: its rows are put into buckets here."""
    for seq, row in accounts_feed.community_rows(session, reader.community_id, since):
        yield seq, msgspec.json.encode(row)


def own_member_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The member's own row."""
    rows = accounts_feed.own_member_rows(session, reader.community_id, reader.member_id, since)
    for seq, row in rows:
        yield seq, msgspec.json.encode(row)
