"""Settings and databases that cannot be used: a sentence and exit code 2, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def flask(tmp_path: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    there = {"QIAOMEN_INSTANCE": str(tmp_path), "LANG": "C.UTF-8", **environ}
    return subprocess.run(
        command, cwd=ROOT, env=kept | there, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PUBLIC_URL", "http://example.org", "PUBLIC_URL is reachable from outside without https"),
        ("PUBLIC_URL", "example.org", "PUBLIC_URL is not an address"),
        ("TRUSTED_PROXIES", "the proxy", "TRUSTED_PROXIES"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is not an address of a database"),
        ("QIAOMEN_INSTANCE", "/dev/null/instance", "QIAOMEN_INSTANCE is no folder"),
    ],
)
def test_a_setting_that_cannot_be_used_is_wrong_use(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    done = flask(tmp_path, "coverage", "verify", "--json", **{name: value})
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_database_without_tables_says_which_command_makes_them(tmp_path: Path) -> None:
    done = flask(tmp_path, "community", "add", "甲社区", "--region", "甲市", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "db upgrade" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    address = "postgresql://nobody@127.0.0.1:1/nothing"
    done = flask(tmp_path, "db", "upgrade", DATABASE_URL=address)
    assert (done.returncode, done.stdout) == (2, "")
    assert "127.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr
