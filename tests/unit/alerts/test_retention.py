"""What retention erases, what it leaves, and that nothing else notices."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from tests.factories.alerts import (
    acting,
    attempt,
    dues,
    make_alert,
    mine,
    outcome,
    row,
)
from tests.factories.field import DAY, NOW, Neighbourhood, Op, Phone, op
from webapp.accounts import epoch, sequence
from webapp.accounts.models import Audit
from webapp.alerts import actions, retention, settings, worker
from webapp.alerts.models import AlertChange, AlertPerson
from webapp.alerts.settings import AlertSettings
from webapp.alerts.verify import verify
from webapp.core import db
from webapp.core.errors import NotFound
from webapp.operations import receipt
from webapp.operations.models import Operation, OperationText, Tombstone

pytestmark = pytest.mark.both_engines

SECRETS = ("何女士", "13812345678", "女儿同住", "陈先生", "13800000001", "贺女士", "建材市场")
LATER = NOW + 180 * DAY + 1


def erase(hood: Neighbourhood, now: int = LATER) -> retention.Erased:
    with db.writing() as session:
        return retention.run(session, hood.community_id, now=now)


def asked(hood: Neighbourhood, now: int = LATER) -> retention.Erased:
    with db.reading() as session:
        return retention.due(session, hood.community_id, now=now)


def everything(hood: Neighbourhood) -> str:
    """All texts of all tables of the database."""
    found: list[Any] = []
    with db.reading() as session:
        for table in db.Base.metadata.sorted_tables:
            found += session.execute(select(table)).all()
    return str(found)


def worked(hood: Neighbourhood) -> tuple[str, Phone, list[Op]]:
    """An alert with everything that says something of persons, closed now."""
    ann, coordinator = hood.volunteer(), hood.member("coordinator")
    alert = make_alert(hood, to=(ann,))
    sent = [
        attempt(
            alert,
            "family",
            "family_reached",
            participant={"role": "family", "name": "陈先生", "phone": "13800000001"},
            place={"kind": "work", "text": "建材市场"},
            note="女儿同住",
        ),
        op("alert_attempt", alert=alert, channel="pigeon", result="met", note="女儿同住"),
        op("alert_attempt", alert=alert, channel="call", result="met", wings="陈先生"),
        outcome(alert, avoided=7_800_000, note="女儿同住"),
    ]
    ann.push(*sent)
    with db.writing() as session:
        actions.edit(
            session,
            hood.community_id,
            alert,
            {"resident_name": "贺女士"},
            who=acting(coordinator, "coordinator"),
            now=NOW,
        )
    return alert, ann, sent


def test_nothing_that_says_who_it_was_is_left(hood: Neighbourhood) -> None:
    alert, _, _ = worked(hood)
    before = everything(hood)
    assert all(secret in before for secret in SECRETS)
    erase(hood)
    after = everything(hood)
    assert [secret for secret in SECRETS if secret in after] == []
    assert alert in after


def test_figures_codes_and_hashes_stay(hood: Neighbourhood) -> None:
    alert, ann, sent = worked(hood)
    with db.reading() as session:
        said = receipt.of_device(session, hood.community_id, str(ann.device_id))
    erase(hood)
    found = row(alert)
    assert (found.avoided, found.outcome, found.age_band) == (7_800_000, "dissuaded", "50_59")
    assert found.erased_at == LATER
    with db.reading() as session:
        assert verify(session, hood.community_id) == []
        assert receipt.of_device(session, hood.community_id, str(ann.device_id)) == said
        fields = session.scalars(select(AlertChange.what)).all()
    assert fields == ["resident_name"]
    assert [result.status for result in ann.push(*sent)] == ["duplicate"] * 4
    assert "陈先生" not in everything(hood)


def test_nothing_is_erased_a_moment_too_early(hood: Neighbourhood) -> None:
    worked(hood)
    open_one = make_alert(hood)
    assert erase(hood, LATER - 1).nothing
    found = erase(hood)
    assert (found.alerts, found.texts, found.operations) == (1, 2, 2)
    with db.reading() as session:
        assert session.scalars(select(AlertPerson.alert_id)).all() == [open_one]


def test_a_dry_run_says_what_a_run_does_and_does_nothing(hood: Neighbourhood) -> None:
    worked(hood)
    before = everything(hood)
    said = asked(hood)
    assert everything(hood) == before
    assert erase(hood) == said
    assert erase(hood).nothing
    assert asked(hood).nothing


def test_the_community_decides_how_long(hood: Neighbourhood) -> None:
    worked(hood)
    with db.writing() as session:
        settings.save(session, hood.community_id, AlertSettings(kept_days=30), who=None, now=NOW)
    assert erase(hood, NOW + 30 * DAY).nothing
    assert erase(hood, NOW + 30 * DAY + 1).alerts == 1


def test_what_arrives_when_the_person_is_gone_goes_too(hood: Neighbourhood) -> None:
    alert, ann, _ = worked(hood)
    erase(hood)
    ann.push(attempt(alert, note="女儿同住", at=NOW), now=LATER)
    assert erase(hood).texts == 1
    assert "女儿同住" not in everything(hood)


def test_drafts_that_nobody_confirmed_go_too(hood: Neighbourhood) -> None:
    make_alert(hood, draft=True)
    assert erase(hood).alerts == 1
    assert "何女士" not in everything(hood)


def test_an_erased_alert_can_be_opened_again_but_not_edited(hood: Neighbourhood) -> None:
    alert, ann, _ = worked(hood)
    erase(hood)
    hood.member("coordinator").push(attempt(alert, result="paid", at=LATER), now=LATER)
    assert row(alert).status == "open"
    assert "resident_name" not in mine(ann)[alert]
    with db.writing() as session, pytest.raises(NotFound, match="alert_erased"):
        actions.edit(session, hood.community_id, alert, {"resident_name": "x"}, who=None, now=LATER)


def test_a_follow_up_that_nobody_did_loses_its_person(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert, risk="low"))
    (due,) = dues(alert)
    worker.open_due(NOW + 7 * DAY)
    assert mine(ann, "my_follow_up")[due.id]["resident_name"] == "何女士"
    erase(hood)
    assert "何女士" not in json.dumps(mine(ann, "my_follow_up"), ensure_ascii=False)


def test_the_audit_log_is_kept_half_a_year_at_least(hood: Neighbourhood) -> None:
    make_alert(hood)
    with db.writing() as session:
        chosen = AlertSettings(audit_days=183)
        settings.save(session, hood.community_id, chosen, who=None, now=NOW + DAY)

    def lines() -> int:
        with db.reading() as session:
            return session.scalar(select(func.count()).select_from(Audit)) or 0

    before = lines()
    erase(hood, NOW + 183 * DAY)
    assert lines() == before
    erase(hood, NOW + 183 * DAY + 1)
    assert lines() == 1  # the change of the settings


def test_a_phone_that_was_away_longer_than_tombstones_are_kept_starts_afresh(
    hood: Neighbourhood,
) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood, to=(ann, bob))
    mine(ann)
    mine(bob)
    with db.writing() as session:
        actions.withdraw(session, hood.community_id, alert, ann.member_id, who=None, now=NOW)
    assert mine(bob)  # bob has seen the tombstone's number
    erase(hood, NOW + 180 * DAY)
    assert ann.page().changes["me"].reset is False
    erase(hood, LATER)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Tombstone)) == 0
        assert sequence.head(session, hood.community_id)[1] > 0
    page = ann.page()
    assert page.changes["me"].reset is True
    assert mine(ann) == {}
    assert not any(changes.reset for changes in bob.page().changes.values())


def test_the_worker_erases_by_itself(hood: Neighbourhood) -> None:
    worked(hood)
    worker.erase(LATER)
    assert "何女士" not in everything(hood)


def test_the_command_says_what_it_did(
    app: Flask, hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked(hood)
    monkeypatch.setattr("webapp.core.clock._source", lambda: LATER)
    runner = app.test_cli_runner()
    dry = json.loads(runner.invoke(args=["retention", "run", "--dry-run", "--json"]).stdout)
    assert (dry["dry_run"], dry["alerts"], dry["texts"], dry["operations"]) == (True, 1, 2, 2)
    real = json.loads(runner.invoke(args=["retention", "run", "--json"]).stdout)
    assert real == dry | {"dry_run": False}
    again = json.loads(runner.invoke(args=["retention", "run", "--json"]).stdout)
    assert (again["alerts"], again["communities"]) == (0, [])
    wrong = runner.invoke(args=["retention", "run", "--community", "99"])
    assert wrong.exit_code == 2


def test_verify_finds_what_was_tampered_with_and_rebuild_mends_it(
    app: Flask, hood: Neighbourhood
) -> None:
    alert, _, _ = worked(hood)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["alerts", "verify", "--json"]).exit_code == 0
    epoch.ensure()
    with db.writing() as session:
        table = db.Base.metadata.tables["alert"]
        session.execute(update(table).where(table.c.id == alert).values(avoided=1, status="open"))
        session.execute(text("UPDATE follow_up_due SET risk = 'high'"))
    result = runner.invoke(args=["alerts", "verify", "--json"])
    assert result.exit_code == 1
    differences = json.loads(result.stdout)["differences"]
    assert {d["field"] for d in differences if d["table"] == "alert"} == {"avoided", "status"}
    assert {d["table"] for d in differences} == {"alert", "follow_up_due"}
    assert runner.invoke(args=["alerts", "rebuild"]).exit_code == 0
    assert row(alert).avoided == 7_800_000
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(OperationText)) == 2
        assert session.scalar(select(func.count()).select_from(Operation)) == 4
    assert runner.invoke(args=["alerts", "verify"]).exit_code == 0
