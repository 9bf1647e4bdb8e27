"""Files from anybody are opened in a child process that bounds its own memory and time.

A few kilobytes may unpack to gigabytes; with the child, the worst file costs a sentence and not
the server. File on standard input, MessagePack on standard output.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from webapp.places.imports.findings import Unreadable

MOST_SECONDS = 60
MOST_MEMORY = 2 * 1024**3
_ROOT = Path(__file__).parents[3]
"""Where the child finds the package, whatever folder the server was started in."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refusals:
    """Codes for a child that was killed by a bound, and for one that broke."""

    killed: str
    broken: str
    most: int


def ask(module: str, data: bytes, kind: type[T], refusals: Refusals, *arguments: str) -> T:
    """What the child says of the file. Raises Unreadable when it is stopped or fails."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            input=data,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
            cwd=_ROOT,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_slow", most=MOST_SECONDS) from error
    if done.returncode < 0:  # killed by a bound
        raise Unreadable(refusals.killed, most=refusals.most)
    if done.returncode != 0:
        raise Unreadable(refusals.broken)
    return msgspec.msgpack.decode(done.stdout, type=kind)


def answer(say: Callable[[bytes], Any]) -> None:
    """The child's whole life: bound itself, read the file, say what it holds."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.buffer.write(msgspec.msgpack.encode(say(sys.stdin.buffer.read())))
