"""`python -m tests.bench`; `JOB=size` (or several, comma separated) for some of the jobs.

W1 to W4 do the same work with the product, with a bare Flask endpoint and with SQLite alone;
`growth` shows W1 and W4 with more and more visits stored (up to BENCH_VISITS, one million).
`ENGINE=postgresql` runs the product on PostgreSQL.

A table goes to standard error; the last line of standard output is one JSON object. Exit code 1
when a limit is broken.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable

from tests.bench import (
    coverage,
    desk,
    first,
    growth,
    imports,
    overview,
    phone,
    playbook,
    pushes,
    size,
    walks,
)
from tests.bench import map as city_map
from tests.bench.measures import Figure, Report, SideBySide, Skip, tell

JOBS: dict[str, Callable[[], list[Figure] | SideBySide]] = {
    "W1": walks.hand_over,
    "W2": first.run,
    "W3": walks.send_again,
    "W4": coverage.run,
    "growth": growth.run,
    "size": size.run,
    "phone": phone.run,
    "playbook": playbook.run,
    "overview": overview.run,
    "map": city_map.run,
    "desk": desk.run,
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
            report.add(name, JOBS[name]())
        except Skip as reason:
            report.skipped[name] = str(reason)
        report.seconds[name] = time.monotonic() - begin
    tell(report.table())
    sys.stdout.write(json.dumps(report.as_json(), ensure_ascii=False) + "\n")
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
