"""What one storm is made of, and the sizes that follow from the number of operations."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

MOST_DEVICES, MOST_COMMUNITIES, MOST_KILLS = 100, 20, 100
WORKERS = 6


@dataclass(frozen=True, slots=True)
class Options:
    """`operations` are at least recorded; `real` of the devices run the real TypeScript."""

    seed: int
    engine: str
    operations: int
    devices: int
    real: int
    communities: int
    kills: int
    restores: int
    port: int
    keep: bool = False

    @property
    def turn_size(self) -> int:
        """How many operations a person records in a row, on average."""
        return max(5, min(40, self.operations // 4_000))

    @property
    def doors(self) -> int:
        """Listed doors of one building: a door gets about a dozen visits."""
        return max(12, min(240, self.operations // self.communities // 48))


def read(arguments: Sequence[str]) -> Options:
    """From the command line; what is left out follows from `--operations`."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--operations", type=int, default=200_000)
    for name in ("devices", "real", "communities", "kills", "restores"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--keep", action="store_true", help="leave the server's folder behind")
    given = parser.parse_args(arguments)
    count: int = given.operations
    devices = _or(given.devices, min(MOST_DEVICES, max(10, count // 200)))
    return Options(
        seed=given.seed,
        engine=given.engine,
        operations=count,
        devices=devices,
        real=_or(given.real, max(2, devices // 12)),
        communities=_or(given.communities, min(MOST_COMMUNITIES, max(2, devices // 5))),
        kills=_or(given.kills, min(MOST_KILLS, max(3, count // 2_000))),
        restores=_or(given.restores, max(1, count // 60_000)),
        port=given.port,
        keep=given.keep,
    )


def _or(given: int | None, default: int) -> int:
    return default if given is None else given
