"""`flask demo load`: once, only on this machine, with passwords that only its owner can read."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from webapp.app import create_app
from webapp.core import db
from webapp.core.settings import Settings
from webapp.demo.commands import demo
from webapp.demo.signins import FILE
from webapp.operations.models import Operation

pytestmark = pytest.mark.slow


def _run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(demo, ["load", *arguments])


def _operations(app: Flask) -> int:
    with app.app_context(), db.reading() as session:
        return session.scalar(select(func.count()).select_from(Operation)) or 0


def test_loading_prints_the_sign_ins_and_keeps_them_in_a_private_file(
    app: Flask, tmp_path: Path
) -> None:
    first = _run(app, "--if-empty")
    assert first.exit_code == 0, first.output
    file = tmp_path / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text(encoding="utf-8")
    assert text.strip() == first.stdout.strip()
    for login in ("coordinator", "volunteer1", "volunteer5", "supervisor", "admin"):
        assert login in text


def test_loading_again_changes_nothing_and_if_empty_makes_that_no_error(
    app: Flask, tmp_path: Path
) -> None:
    answer = json.loads(_run(app, "--json").stdout)
    assert answer["loaded"] is True
    assert isinstance(answer["community"], int)
    assert answer["buildings"] == 24
    assert {"login", "password", "role", "name"} == set(answer["signins"][0])
    before, text = _operations(app), (tmp_path / FILE).read_text(encoding="utf-8")

    refused = _run(app)
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert len(refused.stderr.strip().splitlines()[-1]) > 10

    again = _run(app, "--if-empty")
    assert again.exit_code == 0
    assert again.stdout.strip() == text.strip()
    assert json.loads(_run(app, "--json", "--if-empty").stdout) == {"loaded": False}

    assert _operations(app) == before > 0
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text


def test_an_address_that_others_can_reach_gets_no_demo(settings: Settings) -> None:
    public = create_app(replace(settings, public_url="https://qiaomen.example"))
    result = _run(public)
    assert result.exit_code == 2
    assert "https://qiaomen.example" in result.stderr
    assert _operations(public) == 0
    assert not (settings.instance / FILE).exists()
    public.extensions[db.EXTENSION].dispose()
