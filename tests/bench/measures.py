"""Figures with their limits, medians of a few runs, and how both are shown."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

RUNS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. With a `limit` it is kept or broken; without, it is for scale.

    An `aim` is what we work towards: the table says whether it is reached, nothing fails.
    """

    name: str
    value: float
    unit: str = ""
    limit: float | None = None
    aim: float | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the value is within its limit; none where there is none."""
        return None if self.limit is None else self.value <= self.limit

    @property
    def shown(self) -> str:
        """Three figures are enough for anybody."""
        digits = 0 if self.value >= 100 or float(self.value).is_integer() else 2
        return f"{self.value:,.{digits}f}"


Measured = dict[str, float]
"""What one variant needed for one job, such as `ops_per_s`, `server_cpu_s`, `wall_s`."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A job done by several variants: figures for the table, and all values by variant."""

    figures: list[Figure]
    variants: dict[str, Measured]


class Skip(Exception):
    """The job cannot run here; the message says why."""


@dataclass(slots=True)
class Report:
    """What the jobs found, by their names."""

    figures: dict[str, list[Figure]] = field(default_factory=dict)
    variants: dict[str, dict[str, Measured]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    """How busy the machine was when the jobs began: what else runs makes figures worse."""

    def add(self, job: str, found: list[Figure] | SideBySide) -> None:
        """Take what a job found."""
        if isinstance(found, SideBySide):
            for variant, values in found.variants.items():
                self.variants.setdefault(variant, {})[job] = {
                    name: round(value, 4) for name, value in values.items()
                }
            found = found.figures
        self.figures[job] = found

    @property
    def kept(self) -> bool:
        """Whether no figure breaks its limit."""
        return all(f.kept is not False for figures in self.figures.values() for f in figures)

    def as_json(self) -> dict[str, Any]:
        """`{variant: {job: {…}}, "kept", "load", "jobs": {job: {figure: {"value", "unit",
        "limit"?}}}, "skipped"}`."""
        jobs = {
            job: {
                figure.name: {"value": round(figure.value, 3), "unit": figure.unit}
                | ({} if figure.limit is None else {"limit": figure.limit, "kept": figure.kept})
                for figure in figures
            }
            for job, figures in self.figures.items()
        }
        return {
            **self.variants,
            "kept": self.kept,
            "load": round(self.load, 2),
            "jobs": jobs,
            "skipped": self.skipped,
        }

    def table(self) -> str:
        """The same for a person."""
        lines = [f"load of the machine before: {self.load:.1f} on {os.cpu_count()} processors"]
        for job, figures in self.figures.items():
            lines.append(f"\n{job} ({self.seconds[job]:.0f} s)")
            for figure in figures:
                bound = figure.aim if figure.limit is None else figure.limit
                limit = "" if bound is None else f"≤ {bound:g}"
                mark = {True: "ok", False: "TOO MUCH", None: ""}[figure.kept]
                if figure.aim is not None:
                    mark = "reached" if figure.value <= figure.aim else "aim missed"
                lines.append(
                    f"  {figure.name:<58} {figure.shown:>9} {figure.unit:<8} {limit:>8} {mark}"
                )
            lines += self._side_by_side(job)
        lines += [f"\n{job}: skipped, {reason}" for job, reason in self.skipped.items()]
        return "\n".join(lines)

    def _side_by_side(self, job: str) -> list[str]:
        """One line a variant."""
        return [
            f"  {variant:<13}" + "".join(f"{n} {v:,.4g}".rjust(26) for n, v in jobs[job].items())
            for variant, jobs in self.variants.items()
            if job in jobs
        ]


def median_by_name(runs: Iterable[Measured]) -> Measured:
    """The medians of each value over some runs."""
    found = list(runs)
    return {name: statistics.median(run[name] for run in found) for name in found[0]}


def median_of(measure: Callable[[], float], runs: int = RUNS) -> float:
    """The median of some runs of one measurement."""
    return statistics.median(measure() for _run in range(runs))


def milliseconds(action: Callable[[], object]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1_000


def percentile(values: Iterable[float], percent: int) -> float:
    """The value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def tell(sentence: str) -> None:
    """What is going on, on standard error."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
