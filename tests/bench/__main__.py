"""`python -m tests.bench`; `JOB=size` (or several, comma separated) for some of the jobs.

A table goes to standard error; the last line of standard output is one JSON object. Exit code 1
when a limit is broken.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

from tests.bench import imports, overview, phone, pushes, size
from tests.bench.measures import Figure, Report, Skip, tell

JOBS: dict[str, Callable[[], list[Figure]]] = {
    "size": size.run,
    "phone": phone.run,
    "overview": overview.run,
    "import": imports.run,
    "pushes": pushes.run,
}


def main() -> int:
    """Run the jobs that are asked for, one after the other."""
    asked = [name for name in os.environ.get("JOB", "").replace(" ", "").split(",") if name]
    if unknown := set(asked) - JOBS.keys():
        tell(f"no such job: {', '.join(sorted(unknown))}; there are {', '.join(JOBS)}")
        return 2
    report = Report()
    for name in asked or JOBS:
        tell(f"{name} …")
        begin = time.monotonic()
        try:
            report.figures[name] = JOBS[name]()
        except Skip as reason:
            report.skipped[name] = str(reason)
        report.seconds[name] = time.monotonic() - begin
    tell(report.table())
    sys.stdout.write(json.dumps(report.as_json(), ensure_ascii=False) + "\n")
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
