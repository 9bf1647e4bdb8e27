"""A short storm on each engine: the long one is `make storm`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_short_storm_loses_nothing_and_counts_nothing_twice(engine: str) -> None:
    """2,000 operations, 3 kills, 1 restore; python -m tests.storm tells what it found."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.storm", "--engine", engine, "--operations", "2000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5_000:]
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["engine"] == engine
    assert summary["operations"] >= 2_000
    assert summary["kills"] >= 3
    assert summary["restores"] == 1
    wrong = ("lost", "doubled", "counter_differences", "receipt_mismatches", "phone_differences")
    assert [summary[name] for name in wrong] == [0] * 5
