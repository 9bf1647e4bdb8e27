"""Two threads may read a structure for the first time at once."""

from __future__ import annotations

import subprocess
import sys

ROUNDS = """
import sys, threading
import msgspec
from typing import Annotated, Literal
from webapp.core import structures

FIELD = "Annotated[list[dict[str, Literal['a', 'b']]], msgspec.Meta(max_length=5)] | None"
sys.setswitchinterval(1e-6)
for number in range(200):
    names = [f"f{n}" for n in range(60)]
    fields = {"__annotations__": dict.fromkeys(names, FIELD), "__module__": __name__}
    kind = type(msgspec.Struct)(
        f"S{number}", (msgspec.Struct,), fields | dict.fromkeys(names)
    )
    structures.prepare()
    start = threading.Barrier(6)

    def read():
        start.wait()
        msgspec.convert({"f3": [{"a": "b"}], "f59": [{"a": "b"}]}, kind)

    threads = [threading.Thread(target=read) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
"""


def test_structures_that_were_prepared_are_read_by_many_threads() -> None:
    """Without `prepare` this ends with a segmentation fault, nearly every time."""
    done = subprocess.run([sys.executable, "-c", ROUNDS], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
