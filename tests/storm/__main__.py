"""`python -m tests.storm`: the last line of standard output is one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from tests.storm import options
from tests.storm.run import storm, tell


def main(arguments: Sequence[str]) -> int:
    """0: nothing lost, nothing doubled, nothing different."""
    chosen = options.read(arguments)
    tell(f"storm {chosen}")
    summary, findings, errors = storm(chosen)
    for line in (*findings.tell(), *errors[:5]):
        tell(line)
    sys.stdout.write(f"{json.dumps(summary)}\n")
    return int(any(findings.numbers().values()) or bool(errors))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
