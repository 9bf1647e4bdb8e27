"""What is declared of rows holds together."""

from __future__ import annotations

from webapp.alerts.wire import AlertBasis, AlertPersonal, AlertRow, MyAlertRow, MyFollowUpRow


def test_who_works_an_alert_gets_all_that_the_team_gets_and_the_person() -> None:
    own = set(MyAlertRow.__struct_fields__)
    assert own == {
        *AlertBasis.__struct_fields__,
        *AlertPersonal.__struct_fields__,
        "operations",
        "follow_up_days",
    }
    assert set(MyFollowUpRow.__struct_fields__) >= set(AlertPersonal.__struct_fields__)


def test_the_team_gets_no_field_of_the_person() -> None:
    assert not set(AlertRow.__struct_fields__) & set(AlertPersonal.__struct_fields__)
