"""`flask demo alerts`: the article's 631, once, through the product's own ways."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import make_community
from webapp.accounts.models import Member, Person
from webapp.alerts.commands import alerts
from webapp.alerts.models import AlertPerson
from webapp.core import db
from webapp.demo.commands import demo

pytestmark = pytest.mark.slow

ARTICLE = [
    ("杀猪盘", 168),
    ("贷款类", 73),
    ("电商物流", 87),
    ("冒充公检法", 38),
    ("冒充领导熟人", 24),
    ("国际诈骗电话", 26),
    ("涉诈 APP", 112),
    ("涉诈网站", 58),
    ("其他", 45),
]


def run(app: Flask, group: Any, *arguments: str) -> dict[str, Any]:
    result = app.test_cli_runner().invoke(group, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_the_articles_alerts_add_up_as_the_article_says_and_are_entered_once(app: Flask) -> None:
    community = str(make_community(app))  # without members, without buildings
    assert run(app, demo, "alerts", "--community", community) == {"alerts": 631, "added": 631}
    stats = run(app, alerts, "stats", "--community", community)
    assert stats["total"] == 631
    assert [(line["label"], line["count"]) for line in stats["buckets"]] == ARTICLE
    assert stats["outcomes"]["dissuaded"] == 588
    assert stats["avoided"] >= 400_000_000  # four million yuan
    assert run(app, demo, "alerts", "--community", community) == {"alerts": 631, "added": 0}
    assert run(app, alerts, "stats", "--community", community) == stats
    with app.app_context(), db.reading() as session:
        people = session.execute(
            select(Member.status, Person.login, Person.password_hash).join(
                Person, Person.id == Member.person_id
            )
        ).all()
        assert set(people) == {("ended", None, None)}
        assert len(session.scalars(select(AlertPerson.alert_id)).all()) == 631


@pytest.mark.parametrize(("group", "name"), [(demo, "alerts"), (alerts, "stats")])
def test_a_community_that_does_not_exist_is_said_in_one_line(
    app: Flask, group: Any, name: str
) -> None:
    result = app.test_cli_runner().invoke(group, [name, "--community", "77"])
    assert result.exit_code == 2
    assert result.stderr.strip().splitlines()[-1] == "没有这个社区"
    assert "Traceback" not in result.output


def test_a_month_that_is_none_is_named(app: Flask) -> None:
    community = str(make_community(app))
    result = app.test_cli_runner().invoke(
        alerts, ["stats", "--community", community, "--from", "June"]
    )
    assert result.exit_code == 2
    assert "June" in result.stderr
